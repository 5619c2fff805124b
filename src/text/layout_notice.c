// What a reader without UTF-8 is told before an essay whose letters ASCII has nothing for: that
// they are there, in which script, and what would show them. An essay that has few of them needs no
// such line.
#include "setting.h"

#include <string.h>
#include <unictype.h>

#include "lectern/utf8.h"

enum { PER_CENT = 10, SCRIPTS = 24 };

// As people call what is written in a script; others are called by its Unicode name.
static const struct {
    const char *script, *name;
} names[] = {{"Han", "Chinese"},   {"Hiragana", "Japanese"}, {"Katakana", "Japanese"},
             {"Hangul", "Korean"}, {"Myanmar", "Burmese"},   {"Ethiopic", "Amharic"}};

static const char *name_of(const char *script)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].script, script) == 0)
            return names[i].name;
    return script;
}

const char *notice_of(struct setter *s)
{
    const struct doc *d = s->d;
    struct {
        const char *name;
        size_t letters;
    } seen[SCRIPTS] = {{0}};
    size_t letters = 0, lost = 0, nseen = 0;
    if (!s->o->ascii)
        return NULL;
    for (uint32_t at = 0; at < d->len;) {
        uint32_t cp;
        at += (uint32_t)utf8_decode(d->text + at, d->len - at, &cp);
        if (!uc_is_general_category(cp, UC_LETTER))
            continue;
        letters++;
        const uc_script_t *script = cp < 0x80 || utf8_ascii(cp) ? NULL : uc_script(cp);
        if (!script)
            continue;
        lost++;
        size_t i = 0;
        while (i < nseen && strcmp(seen[i].name, script->name) != 0)
            i++;
        if (i == nseen && nseen < SCRIPTS)
            seen[nseen++].name = script->name;
        if (i < SCRIPTS)
            seen[i].letters++;
    }
    if (lost * 100 <= letters * PER_CENT)
        return NULL;
    size_t most = 0, kana = 0, han = 0;
    for (size_t i = 0; i < nseen; i++) {
        most = seen[i].letters > seen[most].letters ? i : most;
        if (strcmp(seen[i].name, "Hiragana") == 0 || strcmp(seen[i].name, "Katakana") == 0)
            kana += seen[i].letters;
        if (strcmp(seen[i].name, "Han") == 0)
            han = seen[i].letters;
    }
    const char *name = kana * 20 > han && han ? "Japanese" : name_of(seen[most].name);
    return arena_printf(s->l->arena,
                        "%s of this essay is in %s, which cannot be shown in ASCII: a question "
                        "mark stands for it. In a UTF-8 locale (LANG=en_US.UTF-8) it can be read.",
                        lost == letters              ? "All"
                        : lost * 100 >= letters * 50 ? "Most"
                                                     : "Some",
                        name);
}

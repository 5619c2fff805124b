// What was typed, made ready to be asked: anything means something, and what does not is said. What
// was found is read here, too. See find.h.
#include <stdlib.h>
#include <string.h>

#include "find_state.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"

enum {
    LONGEST = 4096, // bytes of what is typed
    MOST_PHRASES = 48,
    LEAST_LETTERS = 2, // of the beginning of a word
    TYPED_LETTERS = 3, // of one that is still being typed: each key asks anew
};

static void remark(struct finding *f, const char *text)
{
    if (!f->remark)
        f->remark = mem_strdup(text);
}

static size_t letters(const struct phrase *p)
{
    const struct token *t = &p->words.items[p->words.n - 1];
    size_t n = 0;
    if (t->first) // of a pair
        return LEAST_LETTERS;
    for (size_t i = 0; i < t->n; i++)
        n += ((unsigned char)p->words.folded[t->at + i] & 0xC0) != 0x80;
    return n;
}

// Phrases without a word are no terms; beginnings of one letter are words.
static void clear_up(struct finding *f)
{
    struct sieve *s = f->sieve;
    size_t kept = 0, phrases = 0;
    bool dropped = false;
    for (size_t i = 0; i < s->n; i++) {
        struct term *t = &s->terms[i];
        size_t left = 0;
        for (size_t p = 0; term_of_text(t) && p < t->n; p++) {
            bool any = t->phrases[p].words.n > 0;
            if (any && ++phrases <= MOST_PHRASES) {
                if (t->phrases[p].prefix && letters(&t->phrases[p]) < LEAST_LETTERS) {
                    t->phrases[p].prefix = false;
                    remark(f, "One letter is too little for the beginning of a word");
                }
                t->words[left] = t->words[p];
                t->phrases[left++] = t->phrases[p];
            } else {
                if (any)
                    remark(f, "Only the first words are looked for: there are too many");
                pattern_free(&t->words[p]);
                phrase_free(&t->phrases[p]);
            }
        }
        dropped |= term_of_text(t) && !left;
        if (term_of_text(t) && !left) {
            free(t->words);
            free(t->phrases);
            if (i + 1 < s->n && s->terms[i + 1].joined)
                s->terms[i + 1].joined = t->joined;
            continue;
        }
        if (term_of_text(t))
            t->n = left;
        s->terms[kept++] = *t;
    }
    s->n = kept;
    if (dropped && !kept)
        remark(f, "There is no word in that to look for");
}

bool finding_only_texts(const struct finding *f, size_t from, size_t end)
{
    for (size_t i = from; i < end; i++)
        if (!term_of_text(&f->sieve->terms[i]) || (f->sieve->terms[i].not &&end - from > 1))
            return false;
    return true;
}

// What the index is asked: clauses of nothing but words. A minus before a lone one turns it round.
static void make_clauses(struct finding *f)
{
    struct sieve *s = f->sieve;
    f->terms = mem_array(s->n + 1, sizeof *f->terms);
    f->clauses = mem_array(s->n + 1, sizeof *f->clauses);
    f->sets = mem_array(s->n + 1, sizeof *f->sets);
    f->after = INT64_MIN;
    f->before = INT64_MAX;
    for (size_t i = 0; i < s->n; i++) {
        const struct term *t = &s->terms[i];
        if (term_of_text(t))
            f->terms[i] = (struct search_term){.columns = t->field == ANY ? 0 : term_columns(t),
                                               .phrases = t->phrases,
                                               .n = t->n,
                                               .near = t->near};
    }
    for (size_t i = 0, end; i < s->n; i = end) {
        const struct term *t = &s->terms[i];
        end = sieve_clause(s, i);
        if (finding_only_texts(f, i, end)) {
            f->clauses[f->nclauses++] = (struct search_clause){&f->terms[i], end - i, t->not };
            f->positive |= !t->not ;
        }
        if (end == i + 1 && !t->not &&t->field == AFTER && t->number > f->after)
            f->after = t->number;
        if (end == i + 1 && !t->not &&t->field == BEFORE && t->number < f->before)
            f->before = t->number;
    }
}

struct finding *finding_new(const char *typed, struct when when, int64_t now, bool partial,
                            enum find_order order)
{
    struct finding *f = mem_alloc(sizeof *f);
    struct err e = ERR_INIT;
    size_t len = strlen(typed);
    char *text = utf8_clean_dup(typed, len > LONGEST ? LONGEST : len, UTF8_LINE);
    f->order = order;
    f->sieve = sieve_read(text, when, now, &e);
    if (e.kind != ERR_NONE)
        remark(f, e.msg);
    struct term *last = f->sieve->n ? &f->sieve->terms[f->sieve->n - 1] : NULL;
    if (partial && last && term_of_text(last) && len && typed[len - 1] != ' ') {
        struct phrase *p = &last->phrases[last->n - 1];
        p->prefix |=
            p->words.n && !p->words.items[p->words.n - 1].first && letters(p) >= TYPED_LETTERS;
    }
    clear_up(f);
    make_clauses(f);
    free(text);
    return f;
}

void finding_free(struct finding *f)
{
    if (!f)
        return;
    search_close(f->search);
    search_base_free(&f->base);
    for (size_t i = 0; f->sets && i < f->sieve->n; i++)
        free(f->sets[i].items);
    sieve_free(f->sieve);
    arena_free(f->arena);
    arena_free(f->note_arena);
    free(f->noted);
    free(f->remark);
    free(f->clauses);
    free(f->terms);
    free(f->sets);
    free(f->weighed);
    free(f->marks);
    free(f->bits);
    free(f->ids);
    free(f);
}

const char *finding_remark(const struct finding *f)
{
    return f->remark;
}

bool finding_empty(const struct finding *f)
{
    return sieve_empty(f->sieve);
}

const int64_t *finding_ids(const struct finding *f, size_t *n)
{
    *n = f->n;
    return f->ids;
}

void finding_scanned(const struct finding *f, int64_t *looked, int64_t *of)
{
    *looked = f->looked;
    *of = f->unindexed > f->looked ? f->unindexed : f->looked;
}

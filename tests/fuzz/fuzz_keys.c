// Any bytes as bind lines and as keys that are then pressed, as a `:` line, and as a configuration
// of newsboat: no damage, every problem told with its line, and what is taken of newsboat is right.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/newsboat.h"
#include "lectern/conf.h"
#include "lectern/utf8.h"
#include "ui/ex.h"
#include "ui/keymap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void press(struct keymap *k, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        bool unknown;
        enum view_kind v = (enum view_kind)(data[i] % VIEW_KIND_COUNT);
        struct step s =
            keymap_feed(k, v, data[i] > 250 ? KEYS_UP + data[i] - 250 : data[i], &unknown);
        for (int n = 0; s.action != ACT_NONE; s = keymap_rest(k), n++)
            if (s.action >= ACT_COUNT || s.count < 0 || (s.line && s.action != ACT_COMMAND) ||
                n > 16)
                abort();
    }
}

static void bind(const char *text, size_t size, const uint8_t *data)
{
    struct conf *c = conf_new();
    conf_parse(c, text, size, "config");
    struct keymap *k = keymap_new(c);
    keymap_more(k, c);
    conf_free(c);
    size_t n;
    const struct conf_problem *p = keymap_problems(k, &n);
    for (size_t i = 0; i < n; i++)
        if (!*p[i].message || !utf8_valid(p[i].message, strlen(p[i].message)) || p[i].line < 1)
            abort();
    press(k, data, size);
    struct buf keys = {0};
    for (int v = 0; v < VIEW_KIND_COUNT; v++) {
        const char *does;
        for (int a = 0; a < ACT_COUNT; a++)
            keymap_keys(k, (enum view_kind)v, (enum action)a, &keys);
        for (size_t i = 0; keymap_macro(k, (enum view_kind)v, i, &keys, &does); i++)
            if (!*does)
                abort();
    }
    if (!utf8_valid(buf_cstr(&keys), keys.len))
        abort();
    buf_free(&keys);
    keymap_free(k);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 4096)
        return 0;
    char *text = malloc(size + 1);
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    bind(text, size, data);
    struct err e = {0};
    if (!ex_known(text, &e) && !*e.msg)
        abort();
    newsboat_is_config(text, size);
    struct newsboat n;
    newsboat_read(&n, text, size, "config");
    struct conf *c = conf_new();
    size_t wrong;
    conf_parse(c, n.lines.data, n.lines.len, "taken");
    conf_problems(c, &wrong);
    if (wrong)
        abort();
    conf_free(c);
    newsboat_free(&n);
    free(text);
    return 0;
}

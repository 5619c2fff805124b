// Any bytes as a configuration file: every option must come out in its range, and what is written
// of it must be read back without a complaint and to the same end.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct conf *c = conf_new();
    conf_parse(c, (const char *)data, size, "/nonexistent/config"); // includes lead nowhere
    if (conf_int(c, CONF_MEASURE) < 20 || conf_int(c, CONF_MEASURE) > 200)
        abort();
    struct buf first = {0}, second = {0};
    conf_write(c, &first);
    size_t n, binds, again;
    const struct conf_problem *p = conf_problems(c, &n);
    for (size_t i = 0; i < n; i++)
        if (!p[i].message || !*p[i].message || !p[i].file || p[i].line < 1)
            abort();
    conf_binds(c, &binds);
    conf_free(c);

    c = conf_new();
    conf_parse(c, buf_cstr(&first), first.len, "written");
    conf_write(c, &second);
    conf_problems(c, &n);
    conf_binds(c, &again);
    if (n || again != binds || strcmp(buf_cstr(&first), buf_cstr(&second)) != 0)
        abort();
    conf_free(c);
    buf_free(&first);
    buf_free(&second);

    char *text = malloc(size + 1);
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    char **words;
    if (conf_words(text, &words, &n, NULL)) {
        for (size_t i = 0; i < n; i++)
            if (strlen(words[i]) > size)
                abort();
        if (words[n])
            abort();
        free(words);
    }
    free(text);
    return 0;
}

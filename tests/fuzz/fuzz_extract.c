// Pages of strangers -> the article: no crash, no stall, every promise of doc.h and extract.h kept,
// and both shapes for other programs written. The first byte chooses what is known of the page.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/extract.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const urls[] = {NULL, "https://e.example/p/x",
                                       "https://en.wikipedia.org/wiki/X",
                                       "http://e.example/story-1.html"};
    static const char *const keeps[] = {NULL, "main > p, .story *", "[class^=a] div", "#x"};
    uint8_t how = size ? data[0] : 0;
    struct extract_source src = {.url = urls[how & 3], .keep = keeps[how >> 2 & 3]};
    if (how & 16) { // a selector of a stranger's
        size_t n = size > 64 ? 64 : size;
        char selector[65];
        memcpy(selector, data, n);
        selector[n] = '\0';
        struct err e = ERR_INIT;
        if (extract_selector_ok(selector, &e)) {
            src.remove = selector;
            struct extract x;
            if (extract_page((const char *)data, size, &src, &x, &e))
                extract_free(&x);
            src.remove = NULL;
        }
    }
    struct extract x;
    struct err e = ERR_INIT;
    if (!extract_page((const char *)data, size, &src, &x, &e)) {
        if (!*e.msg)
            abort();
        return 0;
    }
    if (!doc_check(x.doc, &e)) {
        fprintf(stderr, "%s\n", e.msg);
        abort();
    }
    if (x.doc->preview && !x.paywalled)
        abort();
    struct buf out = {0};
    extract_json(&out, &x);
    extract_html(&out, &x);
    buf_free(&out);
    extract_free(&x);
    return 0;
}

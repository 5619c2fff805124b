// Markdown of strangers -> discount -> document, and out and in again.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "lectern/doc.h"
#include "lectern/layout.h"
#include "lectern/write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct doc_source src = {.url = "https://e.example/p/x"};
    struct doc *d = doc_from_markdown((const char *)data, size, &src);
    struct err e = ERR_INIT;
    if (!doc_check(d, &e)) {
        fprintf(stderr, "%s\n", e.msg);
        abort();
    }
    struct buf out = {0};
    write_markdown(&out, d, true);
    struct doc *again = doc_from_markdown(buf_cstr(&out), out.len, &src);
    if (!doc_check(again, &e))
        abort();
    buf_free(&out);
    struct layout_opts o = {.width = 68};
    layout_free(layout_new(d, &o));
    doc_free(again);
    doc_free(d);
    return 0;
}

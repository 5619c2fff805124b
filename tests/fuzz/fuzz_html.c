// HTML of strangers -> document -> lines and every writer: no crash, no stall, and every promise of
// doc.h kept.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "lectern/doc.h"
#include "lectern/layout.h"
#include "lectern/write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct doc_source src = {.url = "https://e.example/p/x", .title = "Title"};
    struct doc *d = doc_from_html_bytes((const char *)data, size, NULL, &src);
    struct err e = ERR_INIT;
    if (!doc_check(d, &e)) {
        fprintf(stderr, "%s\n", e.msg);
        abort();
    }
    struct buf out = {0};
    write_html(&out, d);
    struct doc *again = doc_from_html(buf_cstr(&out), out.len, &src);
    if (!doc_check(again, &e))
        abort();
    write_markdown(&out, d, true);
    write_text(&out, d);
    write_dump(&out, d);
    buf_free(&out);
    struct layout_opts o = {.width = 1 + (size ? data[0] % 90 : 0)};
    layout_free(layout_new(d, &o));
    doc_free(again);
    doc_free(d);
    return 0;
}

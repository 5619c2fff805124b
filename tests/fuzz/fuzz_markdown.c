// Markdown of strangers -> discount -> document -> lines and pages, and out and in again. How it is
// set hangs on the input's length and last byte.
#include "promises.h"

#include "lectern/write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct doc_source src = {.url = "https://e.example/p/x"};
    struct doc *d = doc_from_markdown((const char *)data, size, &src);
    promise_doc(d);
    struct buf out = {0};
    write_markdown(&out, d, true);
    struct doc *again = doc_from_markdown(buf_cstr(&out), out.len, &src);
    promise_doc(again);
    buf_free(&out);
    promise_layout(d, (uint8_t)size, size ? data[size - 1] : 0);
    doc_free(again);
    doc_free(d);
    return 0;
}

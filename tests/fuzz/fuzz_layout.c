// Bytes as HTML -> document -> lines at several widths -> pages, with every promise checked on the
// way.
#include "promises.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct doc_source src = {0};
    struct doc *d = doc_from_html((const char *)data + 2, size - 2, &src);
    promise_doc(d);
    promise_layout(d, data[0], data[1]);
    doc_free(d);
    return 0;
}

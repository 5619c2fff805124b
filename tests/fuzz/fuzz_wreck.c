// Pages, cells and records of a damaged library: any bytes as a file and its log, opened, followed
// from every page, each value read to its last byte.
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lectern/mem.h"
#include "store/wreck.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile uint8_t sink;

static void on_cell(void *ctx, const struct wreck_cell *c)
{
    struct wreck_value values[WRECK_COLUMNS];
    size_t n = wreck_record(c->payload, c->len, values);
    (void)ctx;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < values[i].len; k++)
            sink ^= values[i].bytes[k];
}

static void put(const char *path, const uint8_t *bytes, size_t len)
{
    FILE *f = fopen(path, "w");
    if (!f || fwrite(bytes, 1, len, f) != len || fclose(f) != 0)
        abort();
}

// The first two bytes say where the log begins, so that both are of the same input.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64], log[80];
    struct wreck w;
    size_t part = size < 2 ? 0 : (size_t)(data[0] << 8 | data[1]);
    if (size < 2)
        return 0;
    data += 2;
    size -= 2;
    part = part < size ? part : size;
    snprintf(path, sizeof path, "/dev/shm/wreck-%d", (int)getpid());
    snprintf(log, sizeof log, "%s-wal", path);
    put(path, data, part);
    put(log, data + part, size - part);
    if (wreck_open(path, &w, NULL)) {
        uint8_t *page = mem_alloc(w.page_size), *used = mem_array((size_t)w.npages + 1, 1);
        wreck_free_pages(&w, used);
        for (uint32_t n = 1; n <= w.npages && n < 64; n++) {
            struct wreck_child *children;
            bool bad = false;
            size_t lost = 0;
            if (!wreck_page(&w, n, page))
                continue;
            wreck_cells(&w, page, n, used, on_cell, NULL, &lost);
            size_t count = wreck_children(&w, page, n, &children, &bad);
            for (size_t i = 0; i < count; i++)
                if (children[i].page < 2 || children[i].page > w.npages)
                    abort();
            free(children);
        }
        free(page);
        free(used);
        wreck_close(&w);
    }
    on_cell(NULL, &(struct wreck_cell){.payload = data, .len = size});
    unlink(path);
    unlink(log);
    return 0;
}

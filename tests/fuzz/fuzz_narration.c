// What a newsletter says of who reads an essay aloud: whatever it is, only clean web addresses and
// sentences of our own come out.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/narration.h"
#include "lectern/audio.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct narrations w;
    struct buf api = {0};
    if (narration_read((const char *)data, size, "https://slow.example/p/kettle", a, &w, NULL)) {
        if (w.n > NARRATIONS || (w.n == 0) != (w.why != NULL))
            abort();
        for (size_t i = 0; i < w.n; i++)
            if (!audio_address_ok(w.items[i].url) || !*narration_name(w.items[i].kind) ||
                w.items[i].seconds < 0)
                abort();
    }
    char *page = mem_strndup((const char *)data, size);
    if (narration_address(page, &api) && strpbrk(api.data + 8, "?#@\\"))
        abort();
    free(page);
    buf_free(&api);
    arena_free(a);
    return 0;
}

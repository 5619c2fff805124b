// Taking essays into the index: read and cut into words without a lock, put in with one, a little
// at a time, so that nobody who writes waits for it.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "find_text.h"
#include "lectern/mem.h"

enum { TEXT_AT_ONCE = 1 << 20 };

// What cannot be read is in the index without its words: it cannot be read by opening it either.
static size_t read_one(struct store *s, const struct search_item *it, struct finding_texts *x,
                       struct search_doc *out)
{
    struct arena *a = arena_new();
    struct item_body item;
    size_t bytes = 0;
    *out = (struct search_doc){.of = *it};
    *x = (struct finding_texts){0};
    if (store_item(s, it->item, a, &item, NULL)) {
        texts_of(&item, NULL, x);
        for (int c = 0; c < SEARCH_COLUMNS; c++) {
            out->column[c] = x->column[c].len ? x->column[c].folded : NULL;
            bytes += x->column[c].len;
            free(x->column[c].items);
            x->column[c].items = NULL;
        }
        doc_free(x->doc);
        x->doc = NULL;
    }
    arena_free(a);
    return bytes;
}

// Reading a text must not bring the program down; where it does all the same, the next one knows by
// what it was at: once more one by one, and the one that did it is left out.
static const char trying[] = "find.trying";

static bool note(struct store *s, int64_t item, size_t *most, bool *leave_out, struct err *e)
{
    struct arena *a = arena_new();
    const char *was = NULL;
    char batch[32], alone[32];
    snprintf(batch, sizeof batch, "%lld", (long long)item);
    snprintf(alone, sizeof alone, "%lld!", (long long)item);
    bool ok = store_get(s, trying, a, &was, e);
    *leave_out = ok && was && strcmp(was, alone) == 0;
    bool fell = *leave_out || (ok && was && strcmp(was, batch) == 0);
    if (fell)
        *most = 1;
    ok = ok && store_put(s, trying, fell ? alone : batch, e);
    arena_free(a);
    return ok;
}

bool find_index(struct store *s, size_t most, bool *more, struct err *e)
{
    struct search_item *items = mem_array(most + 1, sizeof *items);
    struct search_doc *docs = mem_array(most + 1, sizeof *docs);
    struct finding_texts *texts = mem_array(most + 1, sizeof *texts);
    size_t n = 0, taken = 0, bytes = 0;
    bool leave_out = false;
    bool ok = search_waiting(s, items, most, &n, e) &&
              (n == 0 || note(s, items[0].item, &most, &leave_out, e));
    for (; ok && taken < n && taken < most && bytes < TEXT_AT_ONCE; taken++) {
        docs[taken] = (struct search_doc){.of = items[taken]};
        if (!leave_out)
            bytes += read_one(s, &items[taken], &texts[taken], &docs[taken]);
    }
    ok = ok && (n == 0 || (search_put(s, docs, taken, e) && store_put(s, trying, NULL, e)));
    *more = ok && n > 0;
    for (size_t i = 0; i < taken; i++)
        texts_free(&texts[i]);
    free(items);
    free(docs);
    free(texts);
    return ok;
}

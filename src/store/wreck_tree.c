// Cells of b-tree pages. Every number in a page is a claim: offsets stay within the page, lengths
// within the file, chains within as many steps as their length needs.
#include "store/wreck.h"

#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"

enum { LEAF_HEADER = 8, INNER_HEADER = 12, LONGEST = 1 << 30 };

static uint32_t be16(const uint8_t *p)
{
    return (uint32_t)p[0] << 8 | p[1];
}

static uint32_t be32(const uint8_t *p)
{
    return be16(p) << 16 | be16(p + 2);
}

size_t wreck_varint(const uint8_t *p, const uint8_t *end, uint64_t *v)
{
    *v = 0;
    for (size_t i = 0; i < 9 && p + i < end; i++) {
        if (i == 8) {
            *v = *v << 8 | p[i];
            return 9;
        }
        *v = *v << 7 | (p[i] & 0x7F);
        if (!(p[i] & 0x80))
            return i + 1;
    }
    return 0;
}

static size_t start(uint32_t n) // the first page begins with the file's header
{
    return n == 1 ? 100 : 0;
}

enum wreck_kind wreck_kind(const uint8_t *page, uint32_t n)
{
    switch (page[start(n)]) {
    case 0x0D:
        return WRECK_TABLE;
    case 0x05:
        return WRECK_TABLE_INNER;
    case 0x0A:
        return WRECK_INDEX;
    case 0x02:
        return WRECK_INDEX_INNER;
    default:
        return WRECK_NONE;
    }
}

static bool is_inner(enum wreck_kind k)
{
    return k == WRECK_TABLE_INNER || k == WRECK_INDEX_INNER;
}

// The rest of a payload from the pages it goes on in.
static bool follow(const struct wreck *w, uint32_t next, uint8_t *into, size_t left, uint8_t *used,
                   uint8_t *page)
{
    size_t room = w->usable - 4;
    while (left) {
        if (!wreck_page(w, next, page))
            return false;
        if (used)
            used[next] = 1;
        size_t n = left < room ? left : room;
        memcpy(into, page + 4, n);
        into += n;
        left -= n;
        next = be32(page);
    }
    return true;
}

struct buffers {
    uint8_t *page, *whole;
    size_t cap;
};

static bool take(const struct wreck *w, const uint8_t *page, size_t at, enum wreck_kind kind,
                 uint8_t *used, struct buffers *b, wreck_cell_fn *fn, void *ctx)
{
    const uint8_t *p = page + at, *end = page + w->usable;
    struct wreck_cell c = {0};
    uint64_t len, rowid = 0;
    size_t n;
    if (kind == WRECK_INDEX_INNER)
        p += 4;
    if (p >= end || !(n = wreck_varint(p, end, &len)))
        return false;
    p += n;
    if (kind == WRECK_TABLE) {
        if (!(n = wreck_varint(p, end, &rowid)))
            return false;
        p += n;
    }
    uint64_t file = (uint64_t)w->npages * w->page_size, u = w->usable;
    if (!len || len > file || len > LONGEST)
        return false;
    uint64_t most = kind == WRECK_TABLE ? u - 35 : (u - 12) * 64 / 255 - 23,
             least = (u - 12) * 32 / 255 - 23, local = len;
    if (len > most) {
        local = least + (len - least) % (u - 4);
        local = local > most ? least : local;
    }
    if (local + (local < len ? 4 : 0) > (uint64_t)(end - p))
        return false;
    c.rowid = (int64_t)rowid;
    c.payload = p;
    c.len = (size_t)len;
    if (local < len) {
        if (b->cap < len) {
            b->whole = mem_realloc(b->whole, (size_t)len);
            b->cap = (size_t)len;
        }
        memcpy(b->whole, p, (size_t)local);
        if (!follow(w, be32(p + local), b->whole + local, (size_t)(len - local), used, b->page))
            return false;
        c.payload = b->whole;
    }
    fn(ctx, &c);
    return true;
}

// How many cells the page can have at most, whatever it says.
static size_t count(const struct wreck *w, const uint8_t *page, uint32_t n, size_t *first)
{
    size_t at = start(n), said = be16(page + at + 3);
    *first = at + (is_inner(wreck_kind(page, n)) ? INNER_HEADER : LEAF_HEADER);
    size_t room = (w->usable - *first) / 2;
    return said < room ? said : room;
}

size_t wreck_cells(const struct wreck *w, const uint8_t *page, uint32_t n, uint8_t *used,
                   wreck_cell_fn *fn, void *ctx, size_t *bad)
{
    enum wreck_kind kind = wreck_kind(page, n);
    size_t first, cells = count(w, page, n, &first), good = 0;
    struct buffers b = {.page = mem_alloc(w->page_size)};
    for (size_t i = 0; i < cells && kind != WRECK_NONE && kind != WRECK_TABLE_INNER; i++) {
        size_t at = be16(page + first + 2 * i);
        if (at >= first + 2 * cells && at < w->usable && take(w, page, at, kind, used, &b, fn, ctx))
            good++;
        else if (bad)
            ++*bad;
    }
    free(b.page);
    free(b.whole);
    return good;
}

size_t wreck_children(const struct wreck *w, const uint8_t *page, uint32_t n,
                      struct wreck_child **children, bool *bad)
{
    size_t first, cells = count(w, page, n, &first), kept = 0;
    struct wreck_child *list = mem_array(cells + 1, sizeof *list);
    for (size_t i = 0; i <= cells; i++) {
        size_t at = i < cells ? be16(page + first + 2 * i) : start(n) + 8;
        struct wreck_child c = {.page = at + 4 <= w->usable ? be32(page + at) : 0,
                                .most = INT64_MAX};
        uint64_t key;
        if (i < cells && c.page && wreck_kind(page, n) == WRECK_TABLE_INNER &&
            wreck_varint(page + at + 4, page + w->usable, &key))
            c.most = (int64_t)key;
        if (c.page > 1 && c.page <= w->npages)
            list[kept++] = c;
        else
            *bad = true;
    }
    *children = list;
    return kept;
}

bool wreck_free_pages(const struct wreck *w, uint8_t *used)
{
    uint8_t *page = mem_alloc(w->page_size);
    uint32_t trunk = w->header ? w->free_first : 0;
    uint32_t left = w->free_count;
    while (left && trunk && trunk <= w->npages && !used[trunk]) {
        used[trunk] = 1;
        left--;
        if (!wreck_page(w, trunk, page))
            break;
        uint32_t n = be32(page + 4);
        for (uint32_t i = 0; i < n && left && 8 + 4 * (size_t)i + 4 <= w->usable; i++, left--) {
            uint32_t leaf = be32(page + 8 + 4 * (size_t)i);
            if (leaf && leaf <= w->npages)
                used[leaf] = 1;
        }
        trunk = be32(page);
    }
    free(page);
    return w->header && !left && !trunk;
}

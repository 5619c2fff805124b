// Allocation that never fails: when memory is exhausted the terminal is restored and the program
// ends, since every other way would lose more. The arena is a list of chunks that double up to a
// ceiling; large pieces get their own.
#include "lectern/mem.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void (*exhausted_hook)(void);

void mem_on_exhausted(void (*hook)(void))
{
    exhausted_hook = hook;
}

static void exhausted(void)
{
    static const char message[] = "lectern: out of memory\n";
    if (exhausted_hook)
        exhausted_hook();
    ssize_t n = write(2, message, sizeof message - 1);
    (void)n;
    _exit(1);
}

void *mem_alloc(size_t size)
{
    void *p = calloc(1, size ? size : 1);
    if (!p)
        exhausted();
    return p;
}

void *mem_realloc(void *p, size_t size)
{
    void *q = realloc(p, size ? size : 1);
    if (!q)
        exhausted();
    return q;
}

void *mem_array(size_t n, size_t size)
{
    if (size && n > SIZE_MAX / size)
        exhausted();
    return mem_alloc(n * size);
}

char *mem_strndup(const char *s, size_t len)
{
    char *copy = mem_alloc(len + 1);
    if (len)
        memcpy(copy, s, len);
    return copy;
}

char *mem_strdup(const char *s)
{
    return s ? mem_strndup(s, strlen(s)) : NULL;
}

char *mem_printf(const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    char *s = mem_alloc((size_t)(n < 0 ? 0 : n) + 1);
    if (n > 0)
        vsnprintf(s, (size_t)n + 1, fmt, again);
    va_end(again);
    return s;
}

void *mem_grow(void *p, size_t *cap, size_t need, size_t size)
{
    if (need <= *cap)
        return p;
    size_t more = *cap < 8 ? 8 : *cap;
    while (more < need) {
        if (more > SIZE_MAX / 2)
            exhausted();
        more *= 2;
    }
    if (size && more > SIZE_MAX / size)
        exhausted();
    p = mem_realloc(p, more * size);
    *cap = more;
    return p;
}

enum { FIRST_CHUNK = 4096, LARGEST_CHUNK = 1 << 20 };

struct chunk {
    struct chunk *next;
    size_t used, size; // of data
    max_align_t data[];
};

struct arena {
    struct chunk *chunks; // the one being filled comes first
    size_t next_size;
    size_t bytes;
};

struct arena *arena_new(void)
{
    struct arena *a = mem_alloc(sizeof *a);
    a->next_size = FIRST_CHUNK;
    return a;
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    for (struct chunk *c = a->chunks, *next; c; c = next) {
        next = c->next;
        free(c);
    }
    free(a);
}

static struct chunk *chunk_new(struct arena *a, size_t size, bool zero)
{
    if (size > SIZE_MAX - sizeof(struct chunk))
        exhausted();
    struct chunk *c = zero ? mem_alloc(sizeof *c + size) : mem_realloc(NULL, sizeof *c + size);
    c->next = NULL;
    c->used = 0;
    c->size = size;
    a->bytes += sizeof *c + size;
    return c;
}

// The chunk being filled is always zeroed; a large piece's own is only where that is asked for.
static void *piece(struct arena *a, size_t size, bool zero)
{
    const size_t align = _Alignof(max_align_t);
    if (size > SIZE_MAX - align)
        exhausted();
    size = size ? (size + align - 1) / align * align : align;
    struct chunk *c = a->chunks;
    if (!c || c->size - c->used < size) {
        if (c && size > a->next_size / 4) { // large: a chunk of its own behind the one being filled
            struct chunk *own = chunk_new(a, size, zero);
            own->used = size;
            own->next = c->next;
            c->next = own;
            return own->data;
        }
        c = chunk_new(a, size > a->next_size ? size : a->next_size, true);
        c->next = a->chunks;
        a->chunks = c;
        if (a->next_size < LARGEST_CHUNK)
            a->next_size *= 2;
    }
    void *p = (char *)c->data + c->used;
    c->used += size;
    return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
    return piece(a, size, true);
}

char *arena_strndup(struct arena *a, const char *s, size_t len)
{
    if (len == SIZE_MAX)
        exhausted();
    char *copy = piece(a, len + 1, false);
    if (len)
        memcpy(copy, s, len);
    copy[len] = '\0';
    return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    char *s = arena_alloc(a, (size_t)(n < 0 ? 0 : n) + 1);
    if (n > 0)
        vsnprintf(s, (size_t)n + 1, fmt, again);
    va_end(again);
    return s;
}

size_t arena_bytes(const struct arena *a)
{
    return a->bytes;
}

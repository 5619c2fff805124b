// Memory that is there or the program ends: allocation never returns NULL. An arena hands out
// pieces that all live until the arena is freed; documents, layouts and feed updates are each one.
#ifndef LECTERN_MEM_H
#define LECTERN_MEM_H

#include <stddef.h>
#include "lectern/err.h"

// Called once, before the program ends for want of memory: restores the terminal. Async-safe work
// only.
void mem_on_exhausted(void (*hook)(void));

void *mem_alloc(size_t size); // zeroed; size 0 gives a pointer that may be freed
void *mem_realloc(void *p, size_t size);
void *mem_array(size_t n, size_t size); // zeroed; overflow of n * size ends the program
char *mem_strdup(const char *s);        // NULL gives NULL
char *mem_strndup(const char *s, size_t len);
char *mem_printf(const char *fmt, ...) LECTERN_PRINTF(1, 2);

// Grows an array: after it, *cap >= need elements of `size` bytes. Returns the array (maybe moved).
// Use: v->items = mem_grow(v->items, &v->cap, v->n + 1, sizeof *v->items);
void *mem_grow(void *p, size_t *cap, size_t need, size_t size);

struct arena;
struct arena *arena_new(void);
void arena_free(struct arena *a);                   // NULL is fine
void *arena_alloc(struct arena *a, size_t size);    // zeroed, aligned for any type
char *arena_strdup(struct arena *a, const char *s); // NULL gives NULL
char *arena_strndup(struct arena *a, const char *s, size_t len);
char *arena_printf(struct arena *a, const char *fmt, ...) LECTERN_PRINTF(2, 3);
size_t arena_bytes(const struct arena *a); // what it holds from the system, for limits and bench

#endif

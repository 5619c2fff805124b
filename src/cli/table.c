// A table is kept until its end where columns have to be measured, and written through where they
// have not.
#include "table.h"

#include <langinfo.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "lectern/buf.h"
#include "lectern/feed.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"

enum { GAP = 2, NARROWEST = 8 };

struct table {
    const struct column *columns;
    size_t n;
    bool people, utf8;
    struct arena *arena;
    const char **cells; // rows of n
    size_t ncells, cap;
};

struct table *table_new(const struct column *columns)
{
    struct table *t = mem_alloc(sizeof *t);
    t->columns = columns;
    while (t->n < TABLE_COLUMNS && columns[t->n].head)
        t->n++;
    t->people = isatty(STDOUT_FILENO);
    t->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    t->arena = arena_new();
    return t;
}

bool table_for_people(const struct table *t)
{
    return t->people;
}

bool table_glyphs(const struct table *t)
{
    return t->people && t->utf8;
}

void table_row(struct table *t, const char *const *cells)
{
    if (!t->people) {
        for (size_t i = 0; i < t->n; i++)
            printf("%s%s", i ? "\t" : "", cells[i] ? cells[i] : "");
        putchar('\n');
        return;
    }
    t->cells = mem_grow(t->cells, &t->cap, t->ncells + t->n, sizeof *t->cells);
    for (size_t i = 0; i < t->n; i++)
        t->cells[t->ncells++] = arena_strdup(t->arena, cells[i] ? cells[i] : "");
}

int table_screen(void)
{
    const char *set = getenv("COLUMNS");
    int cols = set ? atoi(set) : 0;
    struct winsize w;
    if (cols <= 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0)
        cols = w.ws_col;
    return cols > 0 ? cols : 80;
}

static void measure(const struct table *t, int width[])
{
    int room = table_screen() - (int)(t->n - 1) * GAP;
    for (size_t i = 0; i < t->n; i++) {
        room -= width[i] = 0;
        for (size_t at = i; at < t->ncells; at += t->n) {
            int cols = utf8_cols(t->cells[at], strlen(t->cells[at]));
            width[i] = cols > width[i] ? cols : width[i];
        }
        int head = utf8_cols(t->columns[i].head, strlen(t->columns[i].head));
        width[i] = head > width[i] ? head : width[i];
        room -= width[i];
    }
    while (room < 0) { // the widest column that may gives way
        size_t widest = t->n;
        for (size_t i = 0; i < t->n; i++)
            if (t->columns[i].flexible && width[i] > NARROWEST &&
                (widest == t->n || width[i] > width[widest]))
                widest = i;
        if (widest == t->n)
            return;
        width[widest]--;
        room++;
    }
}

static void print_row(const struct table *t, const char *const *cells, const int width[])
{
    struct buf line = {0}, cell = {0};
    for (size_t i = 0; i < t->n; i++) {
        buf_clear(&cell);
        utf8_ellipsize(&cell, cells[i], strlen(cells[i]), width[i], !t->utf8);
        int pad = width[i] - utf8_cols(buf_cstr(&cell), cell.len);
        if (i)
            buf_printf(&line, "%*s", GAP, "");
        if (t->columns[i].right)
            buf_printf(&line, "%*s", pad, "");
        buf_add(&line, buf_cstr(&cell), cell.len);
        if (!t->columns[i].right)
            buf_printf(&line, "%*s", pad, "");
    }
    while (line.len && line.data[line.len - 1] == ' ')
        line.data[--line.len] = '\0';
    puts(buf_cstr(&line));
    buf_free(&line);
    buf_free(&cell);
}

void table_end(struct table *t)
{
    if (t->ncells) {
        int width[TABLE_COLUMNS];
        const char *heads[TABLE_COLUMNS];
        measure(t, width);
        for (size_t i = 0; i < t->n; i++)
            heads[i] = t->columns[i].head;
        print_row(t, heads, width);
        for (size_t at = 0; at < t->ncells; at += t->n)
            print_row(t, t->cells + at, width);
    }
    free(t->cells);
    arena_free(t->arena);
    free(t);
}

void table_date(const struct table *t, long long when, long long now, char out[32])
{
    time_t then = (time_t)when, today = (time_t)now;
    struct tm a, b;
    out[0] = '\0';
    if (!t->people)
        date_format(when, out);
    else if (localtime_r(&then, &a) && localtime_r(&today, &b))
        strftime(out, 32, a.tm_year == b.tm_year ? "%d %b" : "%Y-%m-%d", &a);
}

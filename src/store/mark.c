// Places that bear a letter. As with all that reading changes, a mark is seen at once and written
// when the lock is free: what waits lies in the handle, newest last, and is asked first.
#include <string.h>

#include "lectern/mem.h"
#include "store/store.h"

static bool shared(char letter)
{
    return letter >= 'A' && letter <= 'Z';
}

static void put(struct place_mark *marks, size_t *n, struct place_mark m)
{
    size_t i = 0;
    while (i < *n && marks[i].letter < m.letter)
        i++;
    if (i == *n || marks[i].letter != m.letter) {
        memmove(&marks[i + 1], &marks[i], (*n - i) * sizeof *marks);
        ++*n;
    }
    marks[i] = m;
}

void store_set_mark(struct store *s, struct place_mark m)
{
    int64_t other = shared(m.letter) ? 0 : store_twin(s, m.id);
    s->marks = mem_grow(s->marks, &s->marks_cap, s->nmarks + 2, sizeof *s->marks);
    s->marks[s->nmarks++] = m;
    if (other) {
        m.id = other;
        s->marks[s->nmarks++] = m;
    }
}

bool store_marks(struct store *s, int64_t id, struct place_mark out[PLACE_MARKS], size_t *n,
                 struct err *e)
{
    static const char query[] =
        "SELECT item, letter, off FROM mark WHERE item = ?1"
        " UNION ALL SELECT item, letter, off FROM mark WHERE letter BETWEEN 65 AND 90 AND item <> "
        "?1";
    sqlite3_stmt *st = sql_get(s, query, e);
    if (!st)
        return false;
    *n = 0;
    sql_bind(st, "i", id);
    int got;
    while ((got = sql_step(s, st, e)) > 0) {
        struct place_mark m = {sql_col(st, 0), (char)sql_col(st, 1), (uint32_t)sql_col(st, 2)};
        if (shared(m.letter) || (m.letter >= 'a' && m.letter <= 'z'))
            put(out, n, m);
    }
    if (got < 0)
        return false;
    for (size_t i = 0; i < s->nmarks; i++)
        if (s->marks[i].id == id || shared(s->marks[i].letter))
            put(out, n, s->marks[i]);
    return true;
}

bool marks_write(struct store *s, struct err *e)
{
    static const char elsewhere[] = "DELETE FROM mark WHERE letter = ?1 AND item <> ?2";
    static const char set[] = "INSERT INTO mark(item, letter, off) VALUES(?1, ?2, ?3)"
                              " ON CONFLICT DO UPDATE SET off = excluded.off";
    for (size_t i = 0; i < s->nmarks; i++) {
        const struct place_mark *m = &s->marks[i];
        if (shared(m->letter) && !sql_do(s, e, elsewhere, "ii", (int64_t)m->letter, m->id))
            return false;
        if (!sql_do(s, e, set, "iii", m->id, (int64_t)m->letter, (int64_t)m->off))
            return false;
    }
    return true;
}

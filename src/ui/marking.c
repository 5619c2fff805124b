// Marking a long list read, or unread again, some hundred at a time between the keys. What has been
// marked so far is one level of undo as soon as it is done, or taken back.
#include <stdlib.h>

#include "lectern/mem.h"
#include "lectern/walk.h"
#include "view.h"

enum { LOOKED = 4096, MARKED = 512 }; // at most, in one step

struct marking {
    struct ids todo, done;
    size_t at;
    struct walk *walk; // what there is to do is still being read; NULL: that is done
    bool read;
    char *what; // NULL: it is not remembered, being undo itself
};

static void marking_free(struct ui *u)
{
    struct marking *m = u->marking;
    u->marking = NULL;
    if (!m)
        return;
    walk_free(m->walk);
    ids_free(&m->todo);
    ids_free(&m->done);
    free(m->what);
    free(m);
}

static void remember(struct ui *u)
{
    struct marking *m = u->marking;
    if (m->what) {
        undo_marked(u, m->done, m->read, m->what);
        m->done = (struct ids){0};
    }
    marking_free(u);
    ui_touch_marks(u);
}

static void mark_some(struct ui *u, struct marking *m)
{
    int64_t some[MARKED];
    size_t n = 0;
    for (size_t looked = 0; looked < LOOKED && n < MARKED && m->at < m->todo.n;) {
        size_t from = n, room = MARKED - n;
        for (; n < from + room && looked < LOOKED && m->at < m->todo.n; looked++)
            some[n++] = ids_at(&m->todo, m->at++);
        size_t fresh = n - from;
        if (m->read && !store_sift_unread(u->set.store, some + from, &fresh, NULL))
            fresh = 0;
        n = from + fresh;
    }
    if (n)
        store_set_read(u->set.store, some, n, m->read);
    for (size_t i = 0; i < n && m->what; i++)
        ids_add(&m->done, some[i]);
}

static bool marking_step(struct ui *u)
{
    struct marking *m = u->marking;
    if (m->walk) {
        struct err e = ERR_INIT;
        bool ok = walk_step(m->walk, u->set.store, LOOKED, &m->todo, &e);
        if (!ok)
            ui_message(u, true, "%s", e.msg);
        if (!ok || walk_done(m->walk)) {
            walk_free(m->walk);
            m->walk = NULL;
        }
        if (m->walk)
            return true;
    }
    mark_some(u, m);
    return m->at < m->todo.n;
}

// The first step at once: nearly always it is the only one.
static void begin(struct ui *u, struct marking m)
{
    marking_end(u);
    u->marking = mem_alloc(sizeof m);
    *u->marking = m;
    if (marking_step(u)) {
        ui_message(u, false, m.read ? "Marking %s read ..." : "Bringing back what was unread ...",
                   m.what);
        ui_touch_marks(u);
    } else {
        remember(u);
    }
}

void marking_of(struct ui *u, struct ids ids, const char *what)
{
    begin(u, (struct marking){.todo = ids, .read = true, .what = mem_strdup(what)});
}

void marking_of_shelf(struct ui *u, const struct shelf *sh, const char *what)
{
    begin(u, (struct marking){.walk = walk_new(sh, true, ui_now(u), false, 0),
                              .read = true,
                              .what = mem_strdup(what)});
}

void marking_back(struct ui *u, struct ids ids, bool read)
{
    begin(u, (struct marking){.todo = ids, .read = read});
}

bool marking_stop(struct ui *u)
{
    if (!u->marking || !u->marking->what)
        return false;
    remember(u);
    return true;
}

// Where another is writing, what is marked waits, and the rest with it.
static bool may_go_on(const struct ui *u)
{
    return u->marking && store_pending(u->set.store) < 2 * MARKED;
}

bool marking_busy(const struct ui *u)
{
    return may_go_on(u);
}

void marking_on(struct ui *u)
{
    if (!may_go_on(u))
        return;
    if (!marking_step(u))
        remember(u);
    else if (u->marking->at % (64 * MARKED) < MARKED)
        ui_touch_marks(u); // the counts follow
}

void marking_end(struct ui *u)
{
    if (!u->marking)
        return;
    while (marking_step(u))
        ;
    remember(u);
}

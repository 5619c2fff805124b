// Keeps the folder of bookmarks in step. It asks the library every other second whether anything
// was changed, which costs nothing, and waits a moment for more to come: whoever tags ten bookmarks
// has the folder gone through once. Places, which change with every page that is read, wait for the
// end.
#include "in_step.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lectern/export.h"
#include "lectern/highlight.h"
#include "lectern/mem.h"
#include "lectern/store.h"

enum { PAUSE = 2 }; // seconds

struct in_step {
    const char *library, *dir;
    void (*told)(void *ctx, const char *sentence);
    void *ctx;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t woken;
    bool end;       // under the lock
    char last[512]; // what was told last
};

static void tell(struct in_step *i, const char *sentence)
{
    if (strcmp(i->last, sentence) == 0)
        return;
    snprintf(i->last, sizeof i->last, "%s", sentence);
    i->told(i->ctx, sentence);
}

static void sync_folder(struct in_step *i, struct store *s)
{
    struct folder_opts o = {.sync = true, .now = (int64_t)time(NULL)};
    struct folder_result r;
    struct err e = ERR_INIT;
    if (export_folder(s, i->dir, &o, &r, &e) || e.kind == ERR_BUSY)
        return; // the other one brings it in step
    tell(i, e.msg);
}

// True: the end has come.
static bool pause_for(struct in_step *i, int seconds)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += seconds;
    pthread_mutex_lock(&i->lock);
    int late = 0;
    while (!i->end && !late)
        late = pthread_cond_timedwait(&i->woken, &i->lock, &until);
    bool end = i->end;
    pthread_mutex_unlock(&i->lock);
    return end;
}

static bool changed(struct store *s, int64_t *since)
{
    int64_t *ids;
    size_t n;
    if (!store_bookmarks_changed(s, *since, &ids, &n, since, NULL))
        return false;
    free(ids);
    return n > 0;
}

static void *keep(void *data)
{
    struct in_step *i = data;
    struct store *s = NULL;
    struct err e = ERR_INIT;
    if (!store_open(i->library, STORE_WRITE, &s, &e)) {
        tell(i, e.msg);
        return NULL;
    }
    int64_t since = 0, version = 0;
    bool end = false;
    changed(s, &since);
    sync_folder(i, s);
    while (!end) {
        version = store_version(s);
        do
            end = pause_for(i, PAUSE);
        while (!end && store_version(s) == version);
        if (!end && changed(s, &since)) {
            end = pause_for(i, PAUSE);
            changed(s, &since);
            sync_folder(i, s);
        }
    }
    // What was read last is written when the reader's own end comes, just after ours was asked for.
    for (int n = 0; n < 10 && store_version(s) == version; n++)
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    sync_folder(i, s);
    store_close(s);
    return NULL;
}

struct in_step *in_step_start(const char *library, const struct conf *c,
                              void (*told)(void *ctx, const char *sentence), void *ctx)
{
    const char *dir = conf_str(c, CONF_BOOKMARKS_FOLDER);
    if (!*dir)
        return NULL;
    struct in_step *i = mem_alloc(sizeof *i);
    *i = (struct in_step){.library = library, .dir = dir, .told = told, .ctx = ctx};
    pthread_mutex_init(&i->lock, NULL);
    pthread_cond_init(&i->woken, NULL);
    if (pthread_create(&i->thread, NULL, keep, i) == 0)
        return i;
    free(i);
    return NULL;
}

void in_step_end(struct in_step *i)
{
    if (!i)
        return;
    pthread_mutex_lock(&i->lock);
    i->end = true;
    pthread_cond_signal(&i->woken);
    pthread_mutex_unlock(&i->lock);
    pthread_join(i->thread, NULL);
    free(i);
}

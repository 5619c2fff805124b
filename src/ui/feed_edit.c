// What of a feed is the reader's own: its name, tags, interval and address. Each is asked for with
// what it is now in the line, and can be taken back.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "view.h"

enum { PATIENCE_MS = 400, LONGEST_MINUTES = 10080 };

void tags_line(const char *const *tags, struct buf *out)
{
    for (; tags && *tags; tags++) {
        bool quoted = strpbrk(*tags, " '\"\\") != NULL;
        buf_str(out, out->len ? " " : "");
        buf_str(out, quoted ? "\"" : "");
        for (const char *p = *tags; *p; p++) {
            if (*p == '"' || *p == '\\')
                buf_char(out, '\\');
            buf_char(out, *p);
        }
        buf_str(out, quoted ? "\"" : "");
    }
}

// As it is now, as a line to be changed. An address has its password here: see feed_ask.
static void value_of(const struct feed_row *f, enum feed_field field, struct buf *out)
{
    switch (field) {
    case FIELD_NAME:
        buf_str(out, f->own_title ? f->own_title : "");
        return;
    case FIELD_TAGS:
        tags_line((const char *const *)f->tags, out);
        return;
    case FIELD_INTERVAL:
        if (f->interval)
            buf_printf(out, "%lld", (long long)(f->interval / 60));
        return;
    case FIELD_ADDRESS:
        buf_str(out, f->address);
        return;
    }
}

bool tag_set(struct store *s, int64_t id, const char *tag, bool on, struct err *e)
{
    return id < 0 ? store_bookmark_tag(s, id, tag, on, e) : store_feed_tag(s, id, tag, on, e);
}

static bool set_tags(struct store *s, int64_t id, const char *const *were, const char *words,
                     struct err *e)
{
    char **tags;
    size_t n;
    if (!conf_words(words, &tags, &n, e))
        return false;
    bool ok = true;
    for (const char *const *t = were; ok && t && *t; t++) {
        bool stays = false;
        for (size_t i = 0; i < n; i++)
            stays = stays || strcmp(tags[i], *t) == 0;
        ok = stays || tag_set(s, id, *t, false, e);
    }
    for (size_t i = 0; ok && i < n; i++)
        ok = tag_set(s, id, tags[i], true, e);
    free(tags);
    return ok;
}

static bool set_interval(struct store *s, int64_t id, const char *text, struct err *e)
{
    char *end;
    long minutes = *text ? strtol(text, &end, 10) : 0;
    if (*text && (end == text || *end || minutes < 5 || minutes > LONGEST_MINUTES))
        return err_set(e, ERR_USAGE,
                       "An interval is a number of minutes, 5 to %d; none: as the feed asks",
                       LONGEST_MINUTES);
    return store_feed_set_interval(s, id, minutes * 60, e);
}

static bool set_address(struct store *s, int64_t id, const char *text, struct err *e)
{
    if (strncmp(text, "https://", 8) != 0 && strncmp(text, "http://", 7) != 0 &&
        strncmp(text, "file://", 7) != 0)
        return err_set(e, ERR_USAGE, "A feed's address is whole: https://...");
    return store_feed_move(s, id, text, e);
}

bool feed_set(struct ui *u, int64_t id, enum feed_field field, const char *value, struct err *e)
{
    struct store *s = u->set.store;
    struct arena *a = arena_new();
    struct feed_row f = {0};
    struct item_row kept = {0};
    store_set_wait(s, PATIENCE_MS);
    bool ok = id < 0 ? store_rows(s, &id, 1, a, &kept, e) : store_feed(s, id, a, &f, e);
    const char **tags = id < 0 ? kept.tags : f.tags;
    if (ok)
        ok = field == FIELD_NAME       ? store_feed_rename(s, id, *value ? value : NULL, e)
             : field == FIELD_TAGS     ? set_tags(s, id, (const char *const *)tags, value, e)
             : field == FIELD_INTERVAL ? set_interval(s, id, value, e)
                                       : set_address(s, id, value, e);
    store_set_wait(s, 0);
    arena_free(a);
    if (ok)
        ui_touch(u);
    return ok;
}

void feed_change(struct ui *u, int64_t id, enum feed_field field, const char *value)
{
    struct arena *a = arena_new();
    struct feed_row was, now;
    struct buf before = {0}, after = {0};
    struct err e = ERR_INIT;
    char *clean =
        utf8_clean_dup(value, strlen(value), field == FIELD_ADDRESS ? UTF8_ADDRESS : UTF8_LINE);
    if (!id) {
        ui_hint(u, "There is no feed here");
    } else if (!ui_may_write(u)) {
        ;
    } else if (!store_feed(u->set.store, id, a, &was, &e) || !feed_set(u, id, field, clean, &e) ||
               !store_feed(u->set.store, id, a, &now, &e)) {
        ui_message(u, true, "%s", e.msg);
    } else {
        value_of(&was, field, &before);
        value_of(&now, field, &after);
        if (strcmp(buf_cstr(&before), buf_cstr(&after)) != 0)
            undo_field(u, id, now.title, field, buf_cstr(&before));
        static const char *const said[] = {"%s is called %s now", "%s: %s",
                                           "%s is fetched every %s minutes",
                                           "%s is fetched from %s now"};
        const char *shown = field == FIELD_NAME      ? now.title
                            : field == FIELD_ADDRESS ? now.url
                                                     : buf_cstr(&after);
        if (field == FIELD_INTERVAL && !*shown)
            ui_message(u, false, "%s is fetched as it asks for", now.title);
        else if (field == FIELD_TAGS && !*shown)
            ui_message(u, false, "%s has no tags now", now.title);
        else
            ui_message(u, false, said[field], was.title, shown);
    }
    free(clean);
    buf_free(&before);
    buf_free(&after);
    arena_free(a);
}

static void name_typed(struct ui *u, struct view *v, const char *text)
{
    (void)v;
    feed_change(u, ui_hand(u).feed, FIELD_NAME, text);
}

static void tags_typed(struct ui *u, struct view *v, const char *text)
{
    (void)v;
    feed_change(u, ui_hand(u).feed, FIELD_TAGS, text);
}

static void interval_typed(struct ui *u, struct view *v, const char *text)
{
    (void)v;
    feed_change(u, ui_hand(u).feed, FIELD_INTERVAL, text);
}

static void address_typed(struct ui *u, struct view *v, const char *text)
{
    (void)v;
    struct arena *a = arena_new();
    struct feed_row f;
    int64_t id = ui_hand(u).feed;
    bool same = store_feed(u->set.store, id, a, &f, NULL) && strcmp(f.url, text) == 0;
    if (*text && !same) // as it was shown, a password it has stays
        feed_change(u, id, FIELD_ADDRESS, text);
    arena_free(a);
}

void feed_ask(struct ui *u, enum feed_field field)
{
    static const struct {
        const char *label;
        ui_answer done;
    } asked[] = {{"A name of your own: ", name_typed},
                 {"Tags: ", tags_typed},
                 {"Minutes between fetches: ", interval_typed},
                 {"New address: ", address_typed}};
    struct arena *a = arena_new();
    struct feed_row f;
    struct err e = ERR_INIT;
    struct buf now = {0};
    int64_t id = ui_hand(u).feed;
    if (!id)
        ui_hint(u, "There is no feed here");
    else if (!ui_may_write(u))
        ;
    else if (!store_feed(u->set.store, id, a, &f, &e))
        ui_message(u, true, "%s", e.msg);
    else {
        value_of(&f, field, &now);
        ui_prompt(u, asked[field].label,
                  field == FIELD_NAME      ? f.title
                  : field == FIELD_ADDRESS ? f.url
                                           : buf_cstr(&now),
                  asked[field].done);
    }
    buf_free(&now);
    arena_free(a);
}

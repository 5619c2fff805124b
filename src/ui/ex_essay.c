// Commands about what is under the hand: the essay or feed of the current line, or the essay that
// is open. What they change in the library they say, with the command that takes it back.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ex.h"
#include "prompt.h"
#include "lectern/essay.h"
#include "lectern/export.h"

void ex_file_path(const char *name, struct buf *out)
{
    const char *home = getenv("HOME");
    if (strncmp(name, "~/", 2) == 0 && home)
        buf_printf(out, "%s%s", home, name + 1);
    else
        buf_str(out, name);
}

// ---- an essay into a file ----

static bool ends(const char *name, const char *ending)
{
    size_t n = strlen(name), m = strlen(ending);
    return n > m && strcmp(name + n - m, ending) == 0;
}

static void write_essay(struct ui *u, struct view *v, const char *file)
{
    (void)v;
    struct hand h = ui_hand(u);
    struct arena *a = arena_new();
    struct item_body body;
    struct err e = ERR_INIT;
    struct buf out = {0}, path = {0};
    ex_file_path(file, &path);
    bool ok = store_item(u->set.store, h.item, a, &body, &e);
    if (ok && ends(file, ".epub")) {
        ok = export_epub(
            u->set.store,
            &(struct export_what){&h.item, 1, NULL, body.row.url ? body.row.url : body.row.title},
            &out, &e);
    } else if (ok) {
        essay_file(&body,
                   ends(file, ".txt")    ? ESSAY_TEXT
                   : ends(file, ".html") ? ESSAY_HTML
                                         : ESSAY_MARKDOWN,
                   &out);
    }
    if (ok)
        ok = buf_write_file(buf_cstr(&path), buf_cstr(&out), out.len, 0644, &e);
    if (ok)
        ui_message(u, false, "%s: written to %s", body.row.title, file);
    else
        ui_message(u, true, "%s", e.msg);
    buf_free(&out);
    buf_free(&path);
    arena_free(a);
}

void ex_export(struct ui *u, const char *file)
{
    struct buf path = {0};
    ex_file_path(file, &path);
    if (!ui_hand(u).item)
        ui_hint(u, "There is no essay here to write");
    else if (!ends(file, ".md") && !ends(file, ".html") && !ends(file, ".txt") &&
             !ends(file, ".epub"))
        ui_hint(u, "The file's name says what it is to be: .md, .html, .txt or .epub");
    else if (access(buf_cstr(&path), F_OK) == 0)
        ui_ask_about(u, write_essay, file, "%s is there already. Write over it? (y/n)", file);
    else
        write_essay(u, NULL, file);
    buf_free(&path);
}

// ---- marks ----

void ex_mark(struct ui *u, bool read)
{
    int64_t id = ui_hand(u).item;
    struct item_row row = {0};
    struct arena *a = arena_new();
    if (id && store_rows(u->set.store, &id, 1, a, &row, NULL) && row.entry > 0)
        id = row.entry;
    if (!id || !row.id)
        ui_hint(u, "There is no essay here");
    else if (id < 0)
        ui_hint(u, "A bookmark is neither read nor unread");
    else if (!(row.flags & ITEM_UNREAD) == read)
        ui_hint(u, read ? "It is read already" : "It is unread already");
    else if (ui_may_write(u)) {
        undo_read(u, &id, 1, read, row.title);
        ui_hint(u, read ? "Marked read" : "Marked unread");
    }
    arena_free(a);
}

// ---- names and tags ----

// Tags belong to feeds and to bookmarks; an essay's are those of its feed.
void ex_tag(struct ui *u, const char *words)
{
    struct hand h = ui_hand(u);
    int64_t id = h.item < 0 ? h.item : h.feed;
    char **tags = NULL;
    size_t n = 0;
    struct err e = ERR_INIT;
    struct arena *a = arena_new();
    struct feed_row feed = {0};
    struct item_row kept = {0};
    struct buf said = {0}, before = {0};
    if (!id)
        ui_hint(u, "There is no feed here and no bookmark");
    else if (ui_may_write(u)) {
        bool ok = conf_words(words, &tags, &n, &e) &&
                  (id < 0 ? store_rows(u->set.store, &id, 1, a, &kept, &e)
                          : store_feed(u->set.store, id, a, &feed, &e));
        const char *title = id < 0 ? kept.title : feed.title;
        if (ok)
            tags_line((const char *const *)(id < 0 ? kept.tags : feed.tags), &before);
        for (size_t i = 0; ok && i < n; i++) {
            bool off = tags[i][0] == '-' && tags[i][1];
            ok = tag_set(u->set.store, id, tags[i] + off, !off, &e);
            buf_printf(&said, "%s%s %s", i ? ", " : "", off ? "no longer" : "tagged",
                       tags[i] + off);
        }
        if (said.len) // some may have been set before one could not be
            undo_field(u, id, title, FIELD_TAGS, buf_cstr(&before));
        ui_touch(u);
        if (ok)
            ui_message(u, false, "%s: %s", title, buf_cstr(&said));
        else
            ui_message(u, true, "%s", e.msg);
    }
    free(tags);
    buf_free(&said);
    buf_free(&before);
    arena_free(a);
}

// ---- going there ----

static bool open_essay(struct ui *u, int64_t id, struct err *e)
{
    struct view *v = reader_new(u, id, e);
    if (v)
        ui_push(u, v);
    return v != NULL;
}

static bool tag_named(struct ui *u, const char *name, struct arena *a)
{
    struct tag_row *tags;
    size_t n;
    if (!store_tags(u->set.store, a, &tags, &n, NULL))
        return false;
    for (size_t i = 0; i < n; i++)
        if (strcmp(tags[i].tag, name) == 0)
            return true;
    return false;
}

// The words of one argument: "a b" in quotes, or all of it.
static char *one_word(const char *s)
{
    char **words, *out = NULL;
    size_t n;
    if ((*s == '"' || *s == '\'') && conf_words(s, &words, &n, NULL)) {
        if (n == 1)
            out = mem_strdup(words[0]);
        free(words);
    }
    return out ? out : mem_strdup(s);
}

void ex_open(struct ui *u, const char *what)
{
    struct arena *a = arena_new();
    struct feed_row feed;
    struct err e = ERR_INIT;
    char *name = one_word(what);
    int64_t id;
    bool ok = true;
    if (store_parse_id(name, &id)) {
        ok = open_essay(u, id, &e);
    } else if (tag_named(u, name, a)) {
        ui_push(u, contents_new(u, &(struct shelf){SHELF_TAG, 0, name}, name, NULL));
    } else {
        ok = store_feed_find(u->set.store, name, a, &feed, &e);
        if (ok)
            ui_push(u,
                    contents_new(u, &(struct shelf){SHELF_FEED, feed.id, NULL}, feed.title, NULL));
    }
    if (!ok)
        ui_hint(u, "%s", e.msg);
    free(name);
    arena_free(a);
}

void ex_feed_named(struct ui *u, const char *what, bool fetch)
{
    struct arena *a = arena_new();
    struct feed_row feed;
    struct err e = ERR_INIT;
    char *name = one_word(what);
    if (!store_feed_find(u->set.store, name, a, &feed, &e))
        ui_hint(u, "%s", e.msg);
    else if (fetch)
        subscribe_fetch(u, feed.id);
    else
        feed_open(u, feed.id);
    free(name);
    arena_free(a);
}

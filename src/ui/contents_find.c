// Essays by their words, out of the whole library: a list like any other, with the sentence in
// which the words were found under each title. What is typed is followed key by key; looking goes
// on between the keys, and what was found before stays until there is something else to show.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "contents.h"
#include "lectern/find.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "prompt.h"

enum { SENTENCES = 96, SENTENCE_MS = 12, LEAST_ROWS = 6 };
static const char saved_as[] = "find:"; // how a kept search says that it is one

struct found_in {
    int64_t id;
    struct sentence sentence;
};
struct find_list {
    char *typed, *before; // before: what it was when others began to be typed; NULL: nothing
    struct finding *finding;
    enum find_order order;
    bool partial, on; // on: it goes on
    bool fresh;       // nothing of it is shown yet: its first is under the cursor then
    bool quiet;       // what is shown stays until it is done
    size_t shown;     // of what was found
    struct found_in sentences[SENTENCES];
    size_t nsentences;
};

static struct contents *of(struct view *v)
{
    return v->ops->kind == VIEW_CONTENTS && ((struct contents *)v)->find ? (struct contents *)v
                                                                         : NULL;
}

static void forget_sentences(struct find_list *f)
{
    for (size_t i = 0; i < f->nsentences; i++)
        sentence_free(&f->sentences[i].sentence);
    f->nsentences = 0;
}

void contents_find_free(struct contents *v)
{
    struct find_list *f = v->find;
    if (!f)
        return;
    forget_sentences(f);
    finding_free(f->finding);
    free(f->typed);
    free(f->before);
    free(f);
    v->find = NULL;
}

// ---- looking ----

static void show_found(struct contents *v)
{
    size_t n;
    const int64_t *ids = finding_ids(v->find->finding, &n);
    contents_found(v, ids, n);
    v->find->shown = n;
    if (v->find->fresh)
        list_go(&v->list, 0);
    v->find->fresh = false;
    v->total = finding_empty(v->find->finding) ? -1 : (int64_t)n;
    v->view.ui->dirty = true;
}

void contents_find_on(struct contents *v)
{
    struct find_list *f = v->find;
    struct err e = ERR_INIT;
    size_t n;
    if (!f->on)
        return;
    f->on = finding_step(f->finding, v->view.ui->set.store, &e);
    if (e.kind != ERR_NONE)
        ui_message(v->view.ui, true, "%s", e.msg);
    finding_ids(f->finding, &n);
    // The first screens as they come, the rest now and then.
    if (!f->on || (!f->quiet && n && (f->shown < 2 * v->list.rows || n > 2 * f->shown)))
        show_found(v);
    int64_t looked, of_all;
    finding_scanned(f->finding, &looked, &of_all);
    v->view.ui->dirty |= of_all > 0 && f->on;
}

static void begin(struct contents *v, bool quiet)
{
    struct find_list *f = v->find;
    struct ui *u = v->view.ui;
    struct buf words = {0};
    buf_str(&words, f->typed);
    if (v->unread_only)
        buf_str(&words, " is:unread");
    finding_free(f->finding);
    f->finding =
        finding_new(buf_cstr(&words), u->when, ui_now(u), f->partial && !v->unread_only, f->order);
    buf_free(&words);
    forget_sentences(f);
    f->quiet = quiet;
    f->on = true;
    f->shown = 0;
    contents_find_on(v);
}

void contents_find_again(struct contents *v, bool keep)
{
    begin(v, keep);
}

static void look_for(struct contents *v, const char *typed, bool partial)
{
    struct find_list *f = v->find;
    if (f->finding && strcmp(f->typed, typed) == 0 && f->partial == partial)
        return;
    char *words = mem_strdup(typed);
    free(f->typed);
    f->typed = words;
    f->partial = partial;
    free(v->title);
    v->title = *typed ? mem_printf("“%s”", typed) : mem_strdup("Find");
    f->fresh = true;
    begin(v, false);
}

void contents_find_order(struct contents *v, bool newest)
{
    v->find->order = newest ? FIND_NEWEST : FIND_BEST;
    v->order = ORDER_DATE;
    v->reverse = false;
    v->find->fresh = true;
    begin(v, false);
}

bool contents_find_newest(const struct contents *v)
{
    return v->find && v->find->order == FIND_NEWEST;
}

// ---- sentences ----

static struct found_in *sentence_of(struct find_list *f, int64_t id)
{
    for (size_t i = 0; i < f->nsentences; i++)
        if (f->sentences[i].id == id)
            return &f->sentences[i];
    return NULL;
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void read_sentence(struct contents *v, int64_t id)
{
    struct find_list *f = v->find;
    struct arena *a = arena_new();
    struct item_body item;
    if (f->nsentences == SENTENCES)
        forget_sentences(f);
    struct found_in *new = &f->sentences[f->nsentences++];
    *new = (struct found_in){.id = id, .sentence = {.off = DOC_NONE}};
    if (store_item(v->view.ui->set.store, id, a, &item, NULL))
        finding_sentence(f->finding, &item, &new->sentence);
    if (!new->sentence.text)
        new->sentence.text = mem_strdup("");
    arena_free(a);
}

// Those on the screen, as many as there is time for. False: more to read.
static bool read_sentences(struct contents *v)
{
    int64_t began = now_ms();
    if (contents_lines(v) < 2)
        return true;
    for (size_t i = v->list.top; i < list_end(&v->list); i++) {
        int64_t id = contents_id(v, i);
        if (!id || sentence_of(v->find, id))
            continue;
        if (now_ms() - began >= SENTENCE_MS)
            return false;
        read_sentence(v, id);
    }
    return true;
}

bool contents_find_busy(const struct contents *v)
{
    struct find_list *f = v->find;
    if (f->on)
        return true;
    for (size_t i = v->list.top; contents_lines(v) > 1 && i < list_end(&v->list); i++)
        if (ids_at(v->ids, i) && !sentence_of(f, ids_at(v->ids, i)))
            return true;
    return false;
}

void contents_find_idle(struct contents *v)
{
    if (v->find->on)
        contents_find_on(v);
    else if (contents_find_busy(v)) {
        read_sentences(v);
        v->view.ui->dirty = true;
    }
}

// ---- drawing ----

int contents_lines(const struct contents *v)
{
    return v->find && ui_list_rows(v->view.ui) >= LEAST_ROWS ? 2 : 1;
}

void contents_find_prepare(struct contents *v)
{
    read_sentences(v);
}

void contents_find_draw(struct contents *v, struct canvas *c, int row, int left, int width,
                        int64_t id)
{
    struct ui *u = v->view.ui;
    const struct found_in *found = sentence_of(v->find, id);
    int indent = width >= 26 ? 3 : 2, room = width - indent - 1;
    if (!found || room < 4)
        return;
    struct sentence s = {.text = mem_strdup(found->sentence.text), .n = found->sentence.n};
    if (u->set.ascii) { // marks would be elsewhere
        struct buf plain = {0};
        utf8_to_ascii(&plain, s.text, strlen(s.text));
        free(s.text);
        s.text = buf_take(&plain, NULL);
        s.marks = finding_marks(v->find->finding, s.text, strlen(s.text), 1u << SEARCH_TEXT, &s.n);
    } else {
        s.marks = mem_array(s.n + 1, sizeof *s.marks);
        if (s.n)
            memcpy(s.marks, found->sentence.marks, s.n * sizeof *s.marks);
    }
    sentence_fit(&s, room, u->set.ascii);
    canvas_str_fit(c, row, left + indent, room, s.text, STYLE(LIST_DIM), u->set.ascii);
    for (size_t i = 0; i < s.n; i++)
        canvas_mark(c, row, left + indent + utf8_cols(s.text, s.marks[i].off),
                    utf8_cols(s.text + s.marks[i].off, s.marks[i].len), MARK_MATCH);
    sentence_free(&s);
}

void contents_find_words(const struct contents *v, struct buf *out)
{
    int64_t looked, of_all;
    if (!v->find->finding)
        return;
    finding_scanned(v->find->finding, &looked, &of_all);
    if (v->find->on && of_all > 0)
        buf_printf(out,
                   v->view.ui->cols >= 60 ? "%zu so far; %lld of %lld looked through"
                                          : "%zu, %lld/%lld",
                   v->list.n, (long long)looked, (long long)of_all);
    else if (!v->filter && contents_find_newest(v))
        buf_printf(out, "%zu, newest first", v->list.n);
}

void contents_find_nothing(const struct contents *v, struct buf *out)
{
    const struct find_list *f = v->find;
    if (f->on)
        return;
    if (finding_remark(f->finding))
        buf_printf(out, "%s.", finding_remark(f->finding));
    else if (finding_empty(f->finding))
        buf_str(out, "Words are looked for in all essays and bookmarks: letter  lett*  \"quiet "
                     "letter\"  -harbour  title:letter  author:lind  feed:slow  is:unread  "
                     "after:2026. Tab lists them.");
    else if (f->partial)
        buf_str(out, "No essay has that.");
    else
        buf_str(out, "No essay has that. A star stands for the rest of a word: lett*");
}

// ---- opened at what was found ----

void contents_opened(struct view *list, struct view *reader, int64_t id)
{
    struct contents *v = of(list);
    if (!v || !v->find->finding)
        return;
    if (!sentence_of(v->find, id))
        read_sentence(v, id);
    reader_found(reader, v->find->finding, v->find->typed, sentence_of(v->find, id)->sentence.off);
}

// ---- kept ----

void contents_find_saved(const struct contents *v, struct buf *out)
{
    buf_printf(out, "%s%s%s%s", saved_as, v->find->typed, v->filter ? " " : "",
               v->filter ? v->filter : "");
}

const char *contents_find_of(const char *words)
{
    size_t n = sizeof saved_as - 1;
    return words && strncmp(words, saved_as, n) == 0 ? words + n : NULL;
}

void contents_find_start(struct contents *v, const char *typed)
{
    v->find = mem_alloc(sizeof *v->find);
    v->find->typed = mem_strdup("");
    v->unread = -1;
    contents_found(v, NULL, 0);
    char *title = mem_strdup(v->title);
    look_for(v, typed, false);
    free(v->title); // it may bear the name it was kept under
    v->title = title;
}

// ---- asking ----

static void typed_on(struct ui *u, struct view *view, const char *text)
{
    struct contents *v = of(view);
    if (!v)
        return;
    if (text) {
        look_for(v, text, true);
    } else if (v->find->before) {
        look_for(v, v->find->before, false);
    } else {
        ui_pop(u);
    }
}

static void typed_out(struct ui *u, struct view *view, const char *text)
{
    struct contents *v = of(view);
    if (!v)
        return;
    if (!*text && !v->find->before) {
        ui_pop(u);
        return;
    }
    look_for(v, text, false);
    const char *remark = finding_remark(v->find->finding);
    if (remark && v->list.n)
        ui_hint(u, "%s", remark);
}

static struct contents *list_to_ask(struct ui *u, const char *words)
{
    static const struct shelf all = {.kind = SHELF_ALL};
    struct contents *v = of(ui_top(u));
    if (v)
        return v;
    ui_push(u, contents_new(u, &all, "Find", saved_as));
    v = of(ui_top(u));
    if (*words)
        look_for(v, words, false);
    return v;
}

void find_ask(struct ui *u)
{
    struct contents *v = of(ui_top(u));
    bool there = v != NULL;
    v = list_to_ask(u, "");
    free(v->find->before);
    v->find->before = there ? mem_strdup(v->find->typed) : NULL;
    prompt_open(u,
                &(struct prompt_kind){.label = u->cols >= 40 ? "Find everywhere: " : "Find: ",
                                      .done = typed_out,
                                      .typed = typed_on,
                                      .complete = complete_filter,
                                      .history = '/'},
                v->find->typed);
}

void find_words(struct ui *u, const char *words)
{
    struct contents *v = list_to_ask(u, words);
    look_for(v, words, false);
}

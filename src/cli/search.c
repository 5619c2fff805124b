// `lectern search`: essays by their words, best first. What is not in the index yet is taken into
// it before, so that what is found is all there is; where the library may not be written it is
// read.
#include <jansson.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "args.h"
#include "commands.h"
#include "list.h"
#include "styled.h"
#include "table.h"
#include "lectern/doc.h"
#include "lectern/essay.h"
#include "lectern/find.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"

enum { AT_ONCE = 128, DEFAULT_MOST = 50, INDENT = 3, LINES = 2 };

struct searching {
    const struct session *session;
    struct store *store;
    struct finding *finding;
    int64_t limit, now;
    bool json, people;
    struct theme *theme;
};

// ---- the index ----

static void catch_up(struct store *s)
{
    struct err e = ERR_INIT;
    time_t told = time(NULL);
    bool more = store_writable(s), said = false;
    int64_t left, of;
    while (more && find_index(s, AT_ONCE, &more, &e)) {
        if (!isatty(STDERR_FILENO) || time(NULL) == told || !search_progress(s, &left, &of, NULL))
            continue;
        told = time(NULL);
        said = true;
        fprintf(stderr, "\rtaking essays into the index: %lld of %lld ", (long long)(of - left),
                (long long)of);
    }
    if (said)
        fputs("\r\x1b[K", stderr);
}

// ---- one that was found ----

static void put(struct styled *st, struct buf *out, const char *text, size_t len,
                struct style style)
{
    if (styled_wanted(false))
        styled_put(st, out, text, len, style);
    else
        buf_add(out, text, len);
}

static void put_marked(struct styled *st, struct buf *out, const char *text, const struct match *m,
                       size_t n, struct style style)
{
    size_t at = 0, len = strlen(text);
    for (size_t i = 0; i < n; i++) {
        struct style found = {style.role, (uint16_t)(style.marks | MARK_MATCH)};
        put(st, out, text + at, m[i].off - at, style);
        put(st, out, text + m[i].off, m[i].len, found);
        at = m[i].off + m[i].len;
    }
    put(st, out, text + at, len - at, style);
}

// Its title, what it is of, and the sentence, on lines that fit.
static void print_for_people(struct searching *q, const struct item_row *r,
                             const struct sentence *found)
{
    bool ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
    int width = table_screen();
    struct styled st = {q->theme, styled_means(false), width, 0};
    struct buf out = {0}, line = {0};
    struct sentence title = {.text = mem_strdup(*r->title ? r->title : "(untitled)")},
                    text = {.text = mem_strdup(found->text), .n = found->n};
    char id[32];
    title.marks =
        finding_marks(q->finding, title.text, strlen(title.text), 1u << SEARCH_TITLE, &title.n);
    text.marks = mem_array(found->n + 1, sizeof *text.marks);
    if (found->n)
        memcpy(text.marks, found->marks, found->n * sizeof *text.marks);
    list_id(r->id, id);
    sentence_fit(&title, width - (int)strlen(id) - 2, ascii);
    put_marked(&st, &out, title.text, title.marks, title.n,
               r->flags & ITEM_UNREAD ? STYLE(LIST_UNREAD) : STYLE(LIST_TITLE));
    buf_printf(&line, "  %s", id);
    put(&st, &out, line.data, line.len, STYLE(LIST_DIM));
    styled_end(&st, &out);
    buf_clear(&line);
    buf_printf(&line, "%*s", INDENT, "");
    essay_byline(r, r->words, (struct when){INT32_MAX}, ascii, &line);
    put(&st, &out, line.data, utf8_fit(line.data, line.len, width, NULL), STYLE(LIST_DIM));
    styled_end(&st, &out);
    if (*text.text) {
        sentence_fit(&text, LINES * (width - INDENT) - width / 8, ascii);
        buf_clear(&line);
        buf_printf(&line, "%*s", INDENT, "");
        put(&st, &out, line.data, line.len, STYLE(TEXT));
        put_marked(&st, &out, text.text, text.marks, text.n, STYLE(TEXT));
        styled_end(&st, &out);
    }
    fwrite(out.data, 1, out.len, stdout);
    sentence_free(&title);
    sentence_free(&text);
    buf_free(&out);
    buf_free(&line);
}

static void print_fields(const struct item_row *r, const struct sentence *found)
{
    char id[32], date[32] = "";
    list_id(r->id, id);
    date_format(r->published, date);
    printf("%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\n", id, list_state(r), date,
           r->feed_title ? r->feed_title : "", r->title, doc_minutes(r->words),
           r->url ? r->url : "", found->text);
}

static void add_sentence(json_t *o, const struct sentence *found)
{
    json_t *marks = json_array();
    json_object_set_new(o, "sentence", json_string(found->text));
    for (size_t i = 0; i < found->n; i++) {
        const struct match *m = &found->marks[i];
        json_array_append_new(marks, json_stringn(found->text + m->off, m->len));
    }
    json_object_set_new(o, "matches", marks);
    json_object_set_new(o, "offset",
                        found->off == DOC_NONE ? json_null() : json_integer(found->off));
}

static bool print_one(struct searching *q, int64_t id, bool first, bool *printed, struct err *e)
{
    struct arena *a = arena_new();
    struct item_body body;
    struct sentence found = {0};
    struct err gone = ERR_INIT;
    bool ok = store_item(q->store, id, a, &body, &gone);
    *printed = ok;
    if (ok) {
        finding_sentence(q->finding, &body, &found);
        json_t *o = NULL;
        if (q->json && (ok = list_json(q->store, &body.row, a, &o, e))) {
            add_sentence(o, &found);
            list_print_json(o, first);
        } else if (!q->json && q->people) {
            if (!first)
                putchar('\n');
            print_for_people(q, &body.row, &found);
        } else if (!q->json) {
            print_fields(&body.row, &found);
        }
    } else if (gone.kind == ERR_MISSING) {
        ok = true; // it went meanwhile
    } else if (e) {
        *e = gone;
    }
    sentence_free(&found);
    arena_free(a);
    return ok;
}

// ---- all ----

static bool print_found(struct searching *q, size_t *shown, struct err *e)
{
    bool ok = true, more = true;
    size_t n = 0, at = 0, most = q->limit ? (size_t)q->limit : SIZE_MAX;
    if (q->json)
        putchar('[');
    *shown = 0;
    while (ok && *shown < most && (more || at < n) && !ferror(stdout)) {
        const int64_t *ids = finding_ids(q->finding, &n);
        bool printed;
        if (at < n) {
            ok = print_one(q, ids[at++], *shown == 0, &printed, e);
            *shown += printed;
        } else {
            struct err why = ERR_INIT;
            more = finding_step(q->finding, q->store, &why);
            finding_ids(q->finding, &n);
            if (why.kind != ERR_NONE) {
                *e = why;
                ok = false;
            }
        }
    }
    while (ok && more && finding_step(q->finding, q->store, NULL)) // how many there are
        ;
    if (q->json)
        fputs(*shown ? "\n]\n" : "]\n", stdout);
    return ok || ferror(stdout);
}

static int search_for(struct searching *q, const char *words, enum find_order order)
{
    struct err e = ERR_INIT;
    size_t shown = 0, n = 0;
    if (!store_open(q->session->library, STORE_READER, &q->store, &e))
        return args_fail(&cmd_search, &e);
    catch_up(q->store);
    q->finding = finding_new(words, (struct when){INT32_MAX}, q->now, false, order);
    if (q->people)
        q->theme = theme_load(conf_str(q->session->conf, CONF_THEME), &e);
    e.kind = ERR_NONE;
    bool ok = print_found(q, &shown, &e);
    finding_ids(q->finding, &n);
    fflush(stdout);
    if (finding_remark(q->finding))
        fprintf(stderr, "lectern search: %s\n", finding_remark(q->finding));
    if (ok && n > shown && q->people)
        fprintf(stderr, "%zu of %zu; --limit shows more\n", shown, n);
    finding_free(q->finding);
    theme_free(q->theme);
    store_close(q->store);
    return !ok ? args_fail(&cmd_search, &e) : shown ? EXIT_DONE : EXIT_FAILED;
}

static int run_search(const struct session *session, int argc, char **argv)
{
    struct searching q = {.session = session, .now = (int64_t)time(NULL)};
    struct arg_list words = {0};
    struct buf text = {0};
    const char *sort = NULL;
    const struct arg_option options[] = {
        {"limit", 'n', .number = &q.limit, .min = 1, .max = INT32_MAX},
        {"sort", 'o', .value = &sort},
        {"json", 'j', .flag = &q.json},
        {0},
    };
    if (!args_parse(&cmd_search, argc, argv, options, &words, 1, -1))
        return EXIT_USAGE;
    bool newest = sort && strcmp(sort, "date") == 0;
    if (sort && !newest && strcmp(sort, "best") != 0) {
        args_free(&words);
        return args_usage(&cmd_search, "--sort %s is not known; there is best and date", sort);
    }
    q.people = isatty(STDOUT_FILENO) && !q.json;
    if (!q.limit && q.people)
        q.limit = DEFAULT_MOST;
    for (size_t i = 0; i < words.n; i++)
        buf_printf(&text, "%s%s", i ? " " : "", words.items[i]);
    int code = search_for(&q, buf_cstr(&text), newest ? FIND_NEWEST : FIND_BEST);
    args_free(&words);
    buf_free(&text);
    return code;
}

const struct command cmd_search = {
    "search",
    "search [--sort best|date] [--limit N] [--json] WORD...",
    "find essays by their words, best first",
    "WORD              whole words, in text, title, subtitle or author; case and accents do not "
    "count. All of them\n"
    "                  have to be there\n"
    "  lett*             words that begin so\n"
    "  '\"quiet letter\"'  these words one behind the other\n"
    "  quiet NEAR letter at most ten words between them; NEAR/3: at most three\n"
    "  letter OR post    one of them\n"
    "  -harbour          not with this word (after --, where it comes first)\n"
    "  title:letter author:lind\n"
    "                    in the title, in the author's name\n"
    "  feed:NAME tag:TAG is:unread is:bookmarked has:audio over:20 after:2026-03 before:7d\n"
    "                    what `lectern list` understands, too\n"
    "  -o, --sort ORDER  best (the default) or date, newest first\n"
    "  -n, --limit N     at most N; on a terminal 50 if nothing is said\n"
    "  -j, --json        an array of objects as `lectern list` has them, with sentence, matches "
    "(the words in it)\n"
    "                    and offset (bytes of the essay's text before the first)\n\n"
    "On a terminal: title and id, where it is from, the sentence. Elsewhere each line is the seven "
    "fields of\n"
    "`lectern list` and the sentence, parted by tabs. The exit code is 1 where nothing was found.",
    run_search,
};

// `lectern read`: one essay to standard output, from the library, a file, an address or a pipe, as
// the reader sets it or in another shape.
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "args.h"
#include "commands.h"
#include "styled.h"
#include "lectern/doc.h"
#include "lectern/encoding.h"
#include "lectern/essay.h"
#include "lectern/extract.h"
#include "lectern/feed.h"
#include "lectern/fetch.h"
#include "lectern/layout.h"
#include "lectern/store.h"
#include "lectern/theme.h"
#include "lectern/utf8.h"
#include "lectern/when.h"
#include "lectern/whole.h"
#include "lectern/write.h"

enum shape { AS_LINES, AS_TEXT, AS_MARKDOWN, AS_HTML, AS_DOC, AS_JSON };

struct essay {
    struct doc *doc;
    char *title, *subtitle, *byline; // of the library; NULL: what the document says
    char *language;                  // of the feed; NULL: not known
    bool extracting;                 // only the article of a page is wanted
    struct extract page;             // then: what is known of it; it has no document of its own
};

static void essay_free(struct essay *x)
{
    doc_free(x->doc);
    free(x->title);
    free(x->subtitle);
    free(x->byline);
    free(x->language);
    extract_free(&x->page);
}

// ---- where it comes from ----

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n > m && strcasecmp(s + n - m, end) == 0;
}

static bool is_address(const char *s)
{
    return strncasecmp(s, "http://", 7) == 0 || strncasecmp(s, "https://", 8) == 0 ||
           strncmp(s, "lectern:", 8) == 0;
}

static bool element_is(const char *s, size_t len, const char *name)
{
    size_t n = strlen(name);
    return len > n + 1 && memcmp(s + 1, name, n) == 0 && strchr(" \t\r\n>", s[n + 1]);
}

// People give the address or the file of a whole feed: its first element says so.
static bool is_feed(const char *s, size_t len)
{
    static const char mark[] = "https://jsonfeed.org/version/";
    if (len > 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0)
        s += 3, len -= 3;
    for (;;) {
        while (len && isspace((unsigned char)*s))
            s++, len--;
        if (!len || *s != '<')
            return len && *s == '{' && memmem(s, len < 4096 ? len : 4096, mark, sizeof mark - 1);
        if (len < 2 || (s[1] != '?' && s[1] != '!'))
            break;
        const char *close = len > 4 && memcmp(s, "<!--", 4) == 0 ? "-->" : ">";
        const char *end = memmem(s, len, close, strlen(close));
        if (!end)
            return false;
        end += strlen(close);
        len -= (size_t)(end - s);
        s = end;
    }
    return element_is(s, len, "rss") || element_is(s, len, "feed") || element_is(s, len, "rdf:RDF");
}

static bool refuse_feed(const char *what, const char *s, size_t len, struct err *e)
{
    if (!is_feed(s, len))
        return false;
    if (strcmp(what, "-") == 0)
        err_set(e, ERR_FORMAT,
                "standard input is a feed, not an essay; `lectern parse -` shows it");
    else
        err_set(e, ERR_FORMAT, "%s is a feed, not an essay; `lectern add %s` subscribes to it",
                what, what);
    return true;
}

// What the bytes look like when neither the reader of this nor the name says it.
static enum content_type look(const char *s, size_t len)
{
    size_t tags = 0, marks = 0;
    if (len > 65536)
        len = 65536;
    for (size_t i = 0; i + 2 < len; i++) {
        bool start = i == 0 || s[i - 1] == '\n';
        if (s[i] == '<' &&
            (isalpha((unsigned char)s[i + 1]) || s[i + 1] == '/' || s[i + 1] == '!') &&
            memchr(s + i, '>', len - i < 2000 ? len - i : 2000))
            tags++;
        else if ((start && (strncmp(s + i, "# ", 2) == 0 || strncmp(s + i, "## ", 3) == 0 ||
                            strncmp(s + i, "---\n", 4) == 0)) ||
                 (s[i] == ']' && s[i + 1] == '(') || (s[i] == '*' && s[i + 1] == '*'))
            marks++;
    }
    return tags > marks ? CONTENT_HTML
           : marks      ? CONTENT_MARKDOWN
           : tags       ? CONTENT_HTML
                        : CONTENT_TEXT;
}

// The article of a page alone; the document is the essay's, as if it had been read whole.
static bool extract(const struct session *se, const char *s, size_t len, const char *charset,
                    const struct doc_source *src, struct essay *x, struct err *e)
{
    const struct extract_source from = {
        .url = src->url,
        .charset = charset,
        .keep = src->url ? conf_site(se->conf, CONF_SITE_EXTRACT, src->url) : NULL,
        .remove = src->url ? conf_site(se->conf, CONF_SITE_EXTRACT_REMOVE, src->url) : NULL};
    if (!extract_page(s, len, &from, &x->page, e))
        return false;
    x->doc = x->page.doc;
    x->page.doc = NULL;
    return true;
}

static struct doc *read_bytes(const char *s, size_t len, enum content_type type,
                              const char *charset, const struct doc_source *src)
{
    if (type != CONTENT_MARKDOWN && type != CONTENT_TEXT)
        return doc_from_html_bytes(s, len, charset, src);
    // These say nothing of their encoding: what the sender said, else what they look like.
    char *said = charset ? mem_printf("charset=%s", charset) : NULL;
    struct text_bytes text;
    encoding_read(&text, s, len < DOC_MAX_INPUT + 1 ? len : DOC_MAX_INPUT + 1, said);
    struct doc *d = type == CONTENT_MARKDOWN ? doc_from_markdown(text.s, text.len, src)
                                             : doc_from_text(text.s, text.len, src);
    buf_free(&text.own);
    free(said);
    return d;
}

static enum content_type by_name(const char *name)
{
    if (ends_with(name, ".md") || ends_with(name, ".markdown") || ends_with(name, ".mdown"))
        return CONTENT_MARKDOWN;
    if (ends_with(name, ".txt") || ends_with(name, ".text"))
        return CONTENT_TEXT;
    if (ends_with(name, ".html") || ends_with(name, ".htm") || ends_with(name, ".xhtml"))
        return CONTENT_HTML;
    return CONTENT_NONE;
}

static bool from_file(const struct session *s, const char *name, enum content_type type,
                      const char *url, struct essay *x, struct err *e)
{
    struct buf b = {0};
    if (!buf_read_file(&b, name, DOC_MAX_INPUT + 1024, e)) {
        buf_free(&b);
        return false;
    }
    if (type == CONTENT_NONE)
        type = by_name(name);
    if (type == CONTENT_NONE && refuse_feed(name, buf_cstr(&b), b.len, e)) {
        buf_free(&b);
        return false;
    }
    if (type == CONTENT_NONE)
        type = look(buf_cstr(&b), b.len);
    const struct doc_source src = {.url = url};
    bool ok = true;
    if (x->extracting)
        ok = extract(s, buf_cstr(&b), b.len, NULL, &src, x, e);
    else
        x->doc = read_bytes(buf_cstr(&b), b.len, type, NULL, &src);
    buf_free(&b);
    return ok;
}

static bool from_address(const struct session *s, const char *address, enum content_type type,
                         struct essay *x, struct err *e)
{
    struct http_reply r = {0};
    if (!fetch_get(address, s->conf, &r, e))
        return false;
    if (type == CONTENT_NONE && refuse_feed(address, r.body, r.len, e)) {
        http_reply_free(&r);
        return false;
    }
    const char *mime = r.content_type ? r.content_type : "";
    const char *at = strcasestr(mime, "charset=");
    char charset[64] = "";
    if (at)
        snprintf(charset, sizeof charset, "%.*s", (int)strcspn(at + 8 + (at[8] == '"'), "\"; "),
                 at + 8 + (at[8] == '"'));
    if (type == CONTENT_NONE && strncasecmp(mime, "text/markdown", 13) == 0)
        type = CONTENT_MARKDOWN;
    if (type == CONTENT_NONE)
        type = by_name(address);
    if (type == CONTENT_NONE && strncasecmp(mime, "text/plain", 10) == 0)
        type = CONTENT_TEXT;
    const struct doc_source src = {.url = r.url ? r.url : address};
    bool ok = true;
    if (x->extracting)
        ok = extract(s, r.body, r.len, charset, &src, x, e);
    else
        x->doc =
            read_bytes(r.body, r.len, type == CONTENT_NONE ? CONTENT_HTML : type, charset, &src);
    http_reply_free(&r);
    return ok;
}

static void part(struct buf *b, const char *s)
{
    if (s && *s) {
        if (b->len)
            buf_str(b, " · ");
        buf_str(b, s);
    }
}

static bool is_utf8_locale(void)
{
    const char *l = getenv("LC_ALL");
    if (!l || !*l)
        l = getenv("LC_CTYPE");
    if (!l || !*l)
        l = getenv("LANG");
    return l && (strcasestr(l, "utf-8") || strcasestr(l, "utf8"));
}

static bool ascii_only(const struct session *s)
{
    const char *glyphs = conf_str(s->conf, CONF_GLYPHS);
    return strcmp(glyphs, "ascii") == 0 ||
           (strcmp(glyphs, "auto") == 0 && isatty(1) && !is_utf8_locale());
}

// What an essay said before its feed changed it: 1 is the text before the last change.
static bool take_revision(struct store *store, int64_t id, int64_t number, struct arena *a,
                          struct item_body *body, struct err *e)
{
    struct revision_row *rows;
    size_t n;
    if (!store_revisions(store, id, a, &rows, &n, e))
        return false;
    if (n == 0)
        return err_set(e, ERR_MISSING, "essay %lld was never changed by its feed", (long long)id);
    if ((size_t)number > n)
        return err_set(e, ERR_MISSING, "of essay %lld only %zu earlier text%s are kept",
                       (long long)id, n, n == 1 ? "" : "s");
    return store_revision(store, rows[number - 1].id, a, body, e);
}

// The article of an entry's page: the one that is kept, else it is fetched and kept.
static bool take_whole(const struct session *s, int64_t id, struct store **store, struct arena *a,
                       struct item_body *body, struct err *e)
{
    uint32_t words;
    const char *why;
    if (!store_item(*store, id, a, body, e))
        return false;
    if (id < 0 || body->whole)
        return true;
    if (body->has_whole) { // though the reader looks at what the feed sent
        struct whole w;
        bool ok = store_whole(*store, id, a, &w, e);
        body->content = w.content;
        body->content_len = w.content_len;
        body->type = CONTENT_HTML;
        body->base = w.url;
        return ok;
    }
    store_close(*store);
    *store = NULL;
    return fetch_page(s->library, s->conf, id, &words, &why, e) &&
           store_open(s->library, STORE_READ, store, e) && store_item(*store, id, a, body, e);
}

// For the shapes that carry them.
static void tell_facts(struct doc *d, const struct item_row *row)
{
    char day[32] = "";
    struct tm tm;
    time_t at = (time_t)row->published;
    if (row->published && gmtime_r(&at, &tm))
        strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%SZ", &tm);
    d->title = arena_strdup(d->arena, row->title);
    d->subtitle = arena_strdup(d->arena, row->subtitle);
    d->author = arena_strdup(d->arena, row->author);
    d->url = arena_strdup(d->arena, row->url);
    d->date = *day ? arena_strdup(d->arena, day) : NULL;
}

static bool from_library(const struct session *s, int64_t id, int64_t revision, struct essay *x,
                         struct err *e)
{
    struct store *store;
    if (!store_open(s->library, STORE_READ, &store, e))
        return false;
    struct arena *a = arena_new();
    struct item_body body;
    bool ok = x->extracting ? take_whole(s, id, &store, a, &body, e)
              : revision    ? take_revision(store, id, revision, a, &body, e)
                            : store_item(store, id, a, &body, e);
    if (ok) {
        const struct item_row *row = &body.row;
        x->doc = essay_document(&body);
        x->title = mem_strdup(row->title);
        x->subtitle = mem_strdup(row->subtitle);
        x->language = mem_strdup(body.language);
        struct buf by = {0};
        essay_byline(row, x->doc->words, (struct when){INT32_MAX}, ascii_only(s), &by);
        x->byline = buf_take(&by, NULL);
        if (x->extracting)
            tell_facts(x->doc, row);
    }
    arena_free(a);
    store_close(store);
    return ok;
}

// ---- how it is shown ----

static void put_lines(struct buf *out, const struct layout *l)
{
    for (size_t i = 0; i < l->nlines; i++) {
        size_t start = out->len, margin = (size_t)l->margin;
        for (size_t k = 0; k < margin; k++)
            buf_char(out, ' ');
        layout_line_text(l, i, out);
        if (out->len == start + margin) // no blanks on an empty line
            out->len = start;
        buf_char(out, '\n');
    }
}

// In the reader's theme; one that cannot be had is told, and the default takes its place.
static void put_styled(const struct session *s, struct buf *out, const struct layout *l, int width,
                       bool color)
{
    struct err e = ERR_INIT;
    struct theme *t = theme_load(conf_str(s->conf, CONF_THEME), &e);
    if (e.kind != ERR_NONE)
        args_fail(&cmd_read, &e);
    struct styled lines = {t, styled_means(color), width, 0};
    styled_layout(&lines, out, l);
    theme_free(t);
}

static int terminal_width(void)
{
    struct winsize w;
    if (ioctl(1, TIOCGWINSZ, &w) == 0 && w.ws_col > 0)
        return w.ws_col;
    const char *columns = getenv("COLUMNS");
    int n = columns ? atoi(columns) : 0;
    return n > 0 && n < 10000 ? n : 80;
}

static bool write_fd(int fd, const struct buf *b)
{
    for (size_t at = 0; at < b->len;) {
        ssize_t n = write(fd, b->data + at, b->len - at);
        if (n <= 0)
            return false;
        at += (size_t)n;
    }
    return true;
}

static bool on_path(const char *name)
{
    const char *path = getenv("PATH");
    for (const char *p = path; p && *p;) {
        size_t n = strcspn(p, ":");
        char *full = mem_printf("%.*s/%s", (int)n, p, name);
        bool there = access(full, X_OK) == 0;
        free(full);
        if (there)
            return true;
        p += n + (p[n] == ':');
    }
    return false;
}

// Through $PAGER, by its words and no shell. False: there is none, or it did not start.
static bool page(const struct buf *b)
{
    const char *pager = getenv("PAGER");
    if (!pager || !*pager)
        pager = on_path("less") ? "less -R" : NULL;
    char **words = NULL;
    size_t n = 0;
    if (!pager || !conf_words(pager, &words, &n, NULL) || n == 0) {
        free(words);
        return false;
    }
    int fd[2];
    if (pipe(fd) != 0) {
        free(words);
        return false;
    }
    pid_t pid = fork();
    if (pid == 0) {
        dup2(fd[0], 0);
        close(fd[0]);
        close(fd[1]);
        if (!getenv("LESS"))
            setenv("LESS", "FRX", 1);
        execvp(words[0], words);
        _exit(127);
    }
    close(fd[0]);
    free(words);
    if (pid < 0) {
        close(fd[1]);
        return false;
    }
    write_fd(fd[1], b); // ends early when the reader of it does
    close(fd[1]);
    int status = 0;
    while (waitpid(pid, &status, 0) < 0)
        ;
    return !(WIFEXITED(status) && WEXITSTATUS(status) == 127);
}

static void byline_of(const struct doc *d, struct buf *by)
{
    char minutes[32];
    part(by, d->author);
    struct buf day = {0};
    int64_t t;
    // A day without an hour is that day everywhere.
    if (d->date && date_parse(d->date, &t))
        when_long((struct when){strlen(d->date) > 10 ? INT32_MAX : 0}, t, &day);
    part(by, day.len ? day.data : d->date);
    buf_free(&day);
    snprintf(minutes, sizeof minutes, "%d min", doc_minutes(d->words));
    part(by, minutes);
}

static void show_lines(const struct session *s, const struct essay *x, int64_t width, bool color)
{
    bool tty = isatty(1) && !color;
    struct buf by = {0}, out = {0};
    byline_of(x->doc, &by);
    struct layout_opts o = {.width = width ? (int)width : terminal_width(),
                            .ascii = ascii_only(s),
                            .head = {.title = x->title ? x->title : x->doc->title,
                                     .subtitle = x->subtitle ? x->subtitle : x->doc->subtitle,
                                     .byline = x->byline       ? x->byline
                                               : x->doc->title ? buf_cstr(&by)
                                                               : NULL}};
    layout_configure(&o, s->conf, tty);
    o.hyphens = o.hyphenate ? hyphens_new(NULL, true) : NULL;
    o.language = x->language;
    struct layout *l = layout_new(x->doc, &o);
    if (styled_wanted(color))
        put_styled(s, &out, l, o.width, color);
    else
        put_lines(&out, l);
    if (!(tty && page(&out)))
        fwrite(buf_cstr(&out), 1, out.len, stdout);
    layout_free(l);
    hyphens_free(o.hyphens);
    buf_free(&by);
    buf_free(&out);
}

static void show(const struct session *s, struct essay *x, enum shape shape, int64_t width,
                 bool color)
{
    struct buf out = {0};
    switch (shape) {
    case AS_LINES:
        show_lines(s, x, width, color);
        return;
    case AS_TEXT:
        write_text(&out, x->doc);
        break;
    case AS_MARKDOWN:
        write_markdown(&out, x->doc, true);
        break;
    case AS_HTML:
    case AS_JSON:
        if (!x->extracting) {
            write_html(&out, x->doc);
            break;
        }
        x->page.doc = x->doc; // lent
        (shape == AS_HTML ? extract_html : extract_json)(&out, &x->page);
        x->page.doc = NULL;
        break;
    case AS_DOC:
        write_dump(&out, x->doc);
        break;
    }
    fwrite(buf_cstr(&out), 1, out.len, stdout);
    buf_free(&out);
}

static bool one_of(const char *value, const char *const *names, int *out)
{
    for (int i = 0; names[i]; i++)
        if (strcmp(value, names[i]) == 0) {
            *out = i;
            return true;
        }
    return false;
}

static int run(const struct session *s, int argc, char **argv)
{
    static const char *const types[] = {"html", "markdown", "text", NULL}, *const shapes[] = {
                                                                               "lines",    "text",
                                                                               "markdown", "html",
                                                                               "doc",      "json",
                                                                               NULL};
    static const enum content_type type_of[] = {CONTENT_HTML, CONTENT_MARKDOWN, CONTENT_TEXT};
    const char *from = NULL, *format = "lines", *url = NULL;
    int64_t width = 0, revision = 0;
    bool color = false;
    struct arg_list words = {0};
    struct essay x = {0};
    const struct arg_option options[] = {
        {.name = "from", .value = &from},
        {.name = "format", .value = &format},
        {.name = "url", .value = &url},
        {.name = "width", .letter = 'w', .number = &width, .min = 1, .max = 10000},
        {.name = "color", .flag = &color},
        {.name = "extract", .flag = &x.extracting},
        {.name = "revision", .number = &revision, .min = 1, .max = 1000},
        {.name = NULL},
    };
    if (!args_parse(&cmd_read, argc, argv, options, &words, 1, 1))
        return EXIT_USAGE;
    int type = -1, shape = AS_LINES, code = EXIT_DONE;
    const char *what = words.items[0];
    int64_t id;
    struct err e = ERR_INIT;
    if (from && !one_of(from, types, &type)) {
        code = args_usage(&cmd_read, "--from is html, markdown or text, not '%s'", from);
    } else if (!one_of(format, shapes, &shape)) {
        code = args_usage(&cmd_read, "--format is lines, text, markdown, html or doc, not '%s'",
                          format);
    } else if (shape == AS_JSON && !x.extracting) {
        code = args_usage(&cmd_read, "--format json is for --extract");
    } else if (x.extracting && type > 0) {
        code = args_usage(&cmd_read, "--extract takes the article out of a page: --from is html");
    } else {
        enum content_type t = type < 0 ? CONTENT_NONE : type_of[type];
        bool ok = is_address(what) ? from_address(s, what, t, &x, &e)
                  : store_parse_id(what, &id) && access(what, F_OK) != 0
                      ? from_library(s, id, revision, &x, &e)
                      : from_file(s, what, t, url, &x, &e);
        if (!ok) {
            code = args_fail(&cmd_read, &e);
        } else if (x.doc->nblocks == 0) {
            err_set(&e, ERR_FORMAT, "%s has nothing to read in it",
                    strcmp(what, "-") == 0 ? "standard input" : what);
            code = args_fail(&cmd_read, &e);
        } else {
            show(s, &x, (enum shape)shape, width, color);
        }
    }
    essay_free(&x);
    args_free(&words);
    return code;
}

const struct command cmd_read = {
    .name = "read",
    .usage = "read ID|FILE|ADDRESS|- [--from html|markdown|text] [--width N] [--format "
             "lines|text|markdown|html|doc|json] [--color] "
             "[--url ADDRESS] [--extract] [--revision N]",
    .summary = "put an essay on standard output",
    .help = "ID is what `lectern list` shows; a file or an address may be a whole page or a part "
            "of one; - is standard input.\n"
            "\n"
            "  --from TYPE    what a file is: html, markdown or text; else by its name's ending or "
            "its look\n"
            "  --format WHAT  lines: as the reader sets it, through $PAGER on a terminal (the "
            "default)\n"
            "                 text: unwrapped; markdown; html; doc: the document's outline, for "
            "the curious\n"
            "  --width N      columns there are, for lines; else the terminal's\n"
            "  --color        the theme's styles for lines even where the output is no terminal\n"
            "  --url ADDRESS  where a file came from: relative links start there\n"
            "  --extract      only the article of a web page, without what stands around it; html "
            "and json (which is for this\n"
            "                 alone) carry title, byline and date\n"
            "  --revision N   of an essay that its feed changed: the text before the last change "
            "(1), the one before (2) ...\n"
            "\n"
            "Nothing is marked as read. Exit code 1 when there is no such essay, or nothing to "
            "read in it.",
    .run = run,
};

// A Markdown file read as a bookmark: one that Lectern wrote, also after a person or a note program
// changed it; or any other whose front matter names an address. See page.h.
#include "trade/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/buf.h"
#include "lectern/doc.h"
#include "lectern/feed.h"
#include "lectern/write.h"

static size_t line_at(const char *s, size_t len)
{
    const char *nl = memchr(s, '\n', len);
    return nl ? (size_t)(nl - s) + 1 : len;
}

static bool dashes(const char *s, size_t n)
{
    return n >= 4 && memcmp(s, "---", 3) == 0 && (s[3] == '\n' || (s[3] == '\r' && n == 5));
}

size_t page_front(const char *bytes, size_t len, const char **inside, size_t *inside_len)
{
    size_t at = line_at(bytes, len);
    if (!dashes(bytes, at))
        return 0;
    *inside = bytes + at;
    for (size_t n; at < len && at < 1 << 20; at += n) {
        n = line_at(bytes + at, len - at);
        if (dashes(bytes + at, n) ||
            (at + n == len && n == 3 && memcmp(bytes + at, "---", 3) == 0)) {
            *inside_len = (size_t)(bytes + at - *inside);
            return at + n;
        }
    }
    return 0;
}

// ---- parts of a file ----

// Where the highlights begin, behind their mark; NULL: there are none.
static const char *highlights_at(const char *text, size_t len, const char **mark)
{
    const char *found = NULL;
    size_t n = strlen(PAGE_MARK);
    for (size_t at = 0, k; at < len; at += k) {
        k = line_at(text + at, len - at);
        if (k >= n && memcmp(text + at, PAGE_MARK, n) == 0) {
            *mark = text + at;
            found = text + at + k;
        }
    }
    return found;
}

void page_text(const char *bytes, size_t len, const char **text, size_t *text_len)
{
    const char *inside, *mark;
    size_t n, at = page_front(bytes, len, &inside, &n);
    *text = bytes + at;
    *text_len = len - at;
    if (highlights_at(*text, *text_len, &mark))
        *text_len = (size_t)(mark - *text);
    while (*text_len && strchr("\r\n", **text)) {
        ++*text;
        --*text_len;
    }
    while (*text_len && strchr(" \t\r\n", (*text)[*text_len - 1]))
        --*text_len;
}

// Those that Lectern writes.
static bool ours(const char *key, size_t len)
{
    static const char *const keys[] = {"title", "subtitle",      "author",   "source",  "url",
                                       "date",  "kept",          "language", "tags",    "audio",
                                       "note",  "read",          "marks",    "preview", "revised",
                                       "text",  "audio-seconds", "lectern"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strlen(keys[i]) == len && memcmp(key, keys[i], len) == 0)
            return true;
    return false;
}

char *page_extra(const char *bytes, size_t len)
{
    const char *inside;
    size_t n;
    struct buf out = {0};
    if (!page_front(bytes, len, &inside, &n))
        return NULL;
    bool own = true;
    for (size_t at = 0, k; at < n; at += k) {
        k = line_at(inside + at, n - at);
        // What is indented, a list or a remark belongs to the key above it.
        if (!strchr(" \t-#\r\n", inside[at])) {
            const char *colon = memchr(inside + at, ':', k);
            size_t key = colon ? (size_t)(colon - inside) - at : k;
            own = ours(inside + at, key);
        }
        if (!own)
            buf_add(&out, inside + at, k);
    }
    if (!out.len)
        return NULL;
    return buf_take(&out, NULL);
}

// ---- front matter ----

struct reading {
    struct brought *b;
    struct kept *k;
    const char *text;     // what "text:" says
    bool stamped, marked; // has a stamp; marks were read
    struct enclosure audio[16];
};

static void take_read(struct kept *k, const char *v)
{
    int percent;
    unsigned place;
    struct item_row *r = &k->body.row;
    if (strcasecmp(v, "finished") == 0) {
        r->flags |= ITEM_FINISHED;
        r->progress = 1;
    } else if (sscanf(v, "%d%% at %u", &percent, &place) == 2 && percent >= 0 && percent <= 100) {
        r->flags |= ITEM_STARTED;
        r->progress = percent / 100.0;
        r->place = place;
    }
}

static void take_marks(struct reading *r, const char *v)
{
    struct carried *c = &r->k->carried;
    if (!c->marks)
        c->marks = arena_alloc(r->b->arena, 26 * sizeof *c->marks);
    for (; *v && c->nmarks < 26; v += strcspn(v, ",") + (v[strcspn(v, ",")] == ',')) {
        char letter;
        unsigned off;
        if (sscanf(v, " %c %u", &letter, &off) == 2 && letter >= 'a' && letter <= 'z')
            c->marks[c->nmarks++] = (struct place_mark){0, letter, off};
    }
}

static void take_audio(struct reading *r, const char *v, size_t len)
{
    struct item_body *b = &r->k->body;
    const char *url = brought_address(r->b, v, len);
    if (!url || b->nenclosures == sizeof r->audio / sizeof *r->audio)
        return;
    r->audio[b->nenclosures++] =
        (struct enclosure){.url = url, .type = "", .kind = ENCLOSURE_AUDIO};
}

static void take_stamp(struct reading *r, const char *v)
{
    char uid[CARRY_UID + 1];
    if (sscanf(v, "%35s", uid) == 1 && carry_uid_fits(uid)) {
        strcpy(r->k->carried.uid, uid);
        r->stamped = true;
    }
}

// Names that note programs and other writers of front matter use for the same are taken, too.
static void take(void *ctx, const char *key, const char *v, size_t len, int line)
{
    struct reading *r = ctx;
    struct item_row *row = &r->k->body.row;
    const struct {
        const char *key;
        const char **to;
    } lines[] = {{"title", &row->title},
                 {"subtitle", &row->subtitle},
                 {"author", &row->author},
                 {"source", &row->feed_title},
                 {"language", &r->k->body.language},
                 {"lang", &r->k->body.language},
                 {"text", &r->text}};
    (void)line;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (strcasecmp(key, lines[i].key) == 0) {
            const char *clean = brought_line(r->b, v, len);
            if (clean)
                *lines[i].to = clean;
            return;
        }
    if (strcasecmp(key, "url") == 0 || strcasecmp(key, "link") == 0)
        row->url = brought_address(r->b, v, len);
    else if (strcasecmp(key, "date") == 0 || strcasecmp(key, "published") == 0)
        row->published = brought_date(v);
    else if (strcasecmp(key, "kept") == 0)
        row->kept = brought_date(v);
    else if (strcasecmp(key, "tags") == 0 || strcasecmp(key, "tag") == 0)
        brought_tag(r->b, v, len);
    else if (strcasecmp(key, "audio") == 0)
        take_audio(r, v, len);
    else if (strcasecmp(key, "audio-seconds") == 0)
        row->audio_seconds = strtoll(v, NULL, 10);
    else if (strcasecmp(key, "note") == 0)
        r->k->note = brought_note(r->b, v, len);
    else if (strcasecmp(key, "read") == 0)
        take_read(r->k, v);
    else if (strcasecmp(key, "marks") == 0)
        take_marks(r, v);
    else if (strcasecmp(key, "preview") == 0 && strcasecmp(v, "true") == 0)
        row->flags |= ITEM_PREVIEW;
    else if (strcasecmp(key, "revised") == 0 && strcasecmp(v, "true") == 0)
        row->flags |= ITEM_REVISED;
    else if (strcmp(key, "lectern") == 0)
        take_stamp(r, v);
}

// ---- highlights ----

static bool comment(const char *line, size_t n, struct kept_highlight *h, struct brought *b)
{
    char text[160], colour[16], made[32];
    long long id;
    unsigned from, to;
    if (n < 13 || n >= sizeof text || memcmp(line, "<!-- lectern:", 13) != 0)
        return false;
    memcpy(text, line, n);
    text[n] = '\0';
    if (sscanf(text, "<!-- lectern: %lld %15s %31s %u %u", &id, colour, made, &from, &to) != 5)
        return false;
    h->id = id > 0 ? id : 0;
    h->colour = brought_line(b, colour, strlen(colour));
    h->made = brought_date(made);
    h->from = from;
    h->to = to;
    return true;
}

struct section { // of one highlight: its words, then what was noted
    struct buf quote, note;
    struct kept_highlight h;
    bool open;
};

static void end_section(struct reading *r, struct section *s, size_t *cap)
{
    struct kept *k = r->k;
    if (s->open) {
        if (s->quote.len)
            s->quote.data[--s->quote.len] = '\0'; // the last line's end
        s->h.quote = brought_text(r->b, buf_cstr(&s->quote), s->quote.len);
        s->h.note = brought_note(r->b, buf_cstr(&s->note), s->note.len);
        if (s->h.quote) {
            if (k->nhighlights == *cap) {
                struct kept_highlight *more =
                    arena_alloc(r->b->arena, (*cap * 2 + 8) * sizeof *more);
                if (*cap)
                    memcpy(more, k->highlights, *cap * sizeof *more);
                k->highlights = more;
                *cap = *cap * 2 + 8;
            }
            k->highlights[k->nhighlights++] = s->h;
        }
    } else if (s->note.len) { // words before the first: about the whole
        const char *more = brought_note(r->b, s->note.data, s->note.len);
        if (more)
            k->note = k->note ? arena_printf(r->b->arena, "%s\n\n%s", k->note, more) : more;
    }
    buf_clear(&s->quote);
    buf_clear(&s->note);
    s->h = (struct kept_highlight){0};
}

static void take_highlights(struct reading *r, const char *text, size_t len)
{
    struct section s = {0};
    size_t cap = 0;
    bool quoting = false;
    for (size_t at = 0, k; at < len; at += k) {
        k = line_at(text + at, len - at);
        const char *line = text + at;
        size_t n = k;
        while (n && strchr("\r\n", line[n - 1]))
            n--;
        size_t slashes = 0;
        while (slashes < n && line[slashes] == '\\')
            slashes++;
        if (n && *line == '>') {
            if (!quoting) {
                end_section(r, &s, &cap);
                s.open = true;
            }
            quoting = true;
            size_t skip = n > 1 && line[1] == ' ' ? 2 : 1;
            buf_add(&s.quote, line + skip, n - skip);
            buf_char(&s.quote, '\n');
            continue;
        }
        quoting = false;
        if (s.open && comment(line, n, &s.h, r->b))
            continue;
        if (!s.open && n && *line == '#') // the heading
            continue;
        if (slashes && slashes < n &&
            (line[slashes] == '>' ||
             (n - slashes >= 4 && memcmp(line + slashes, "<!--", 4) == 0))) {
            line++;
            n--;
        }
        buf_add(&s.note, line, n);
        buf_char(&s.note, '\n');
    }
    end_section(r, &s, &cap);
    buf_free(&s.quote);
    buf_free(&s.note);
}

// ---- the whole ----

// Its document; NULL: it has no text.
static struct doc *take_text(struct reading *r, const char *bytes, size_t len)
{
    struct item_body *b = &r->k->body;
    const char *text;
    size_t n;
    page_text(bytes, len, &text, &n);
    if (!n && r->stamped && !r->text) { // a text with nothing in it that can be read
        b->content = "\n";
        b->content_len = 1;
        b->type = CONTENT_MARKDOWN;
    }
    if (!n || (r->text && strcasecmp(r->text, "none") == 0))
        return NULL;
    struct buf all = {0};
    buf_add(&all, text, n);
    buf_char(&all, '\n');
    const char *clean = brought_text(r->b, all.data, all.len);
    struct doc_source src = {.url = b->row.url, .title = b->row.title, .language = b->language};
    bool html = r->text && strcasecmp(r->text, "html") == 0;
    struct doc *d = (html ? doc_from_html : doc_from_markdown)(clean ? clean : "",
                                                               clean ? strlen(clean) : 0, &src);
    if (r->text && strcasecmp(r->text, "summary") == 0) {
        struct buf as = {0};
        write_html(&as, d);
        b->summary = arena_strndup(r->b->arena, buf_cstr(&as), as.len);
        b->summary_type = CONTENT_HTML;
        buf_free(&as);
    } else {
        b->content = clean;
        b->content_len = clean ? strlen(clean) : 0;
        b->type = !clean ? CONTENT_NONE : html ? CONTENT_HTML : CONTENT_MARKDOWN;
        b->row.words = d->words;
    }
    buf_free(&all);
    return d;
}

// Where its words stand: nearest to where they stood.
static void find_highlight(struct brought *b, const struct doc *d, struct kept_highlight *h)
{
    enum { AROUND = 40 };
    size_t len = strlen(h->quote), best = SIZE_MAX, far = SIZE_MAX;
    for (const char *p = d->text; len && (p = strstr(p, h->quote)); p++) {
        size_t at = (size_t)(p - d->text), away = at > h->from ? at - h->from : h->from - at;
        if (away < far) {
            far = away;
            best = at;
        }
    }
    if (best == SIZE_MAX)
        return;
    size_t from = best > AROUND ? best - AROUND : 0, to = best + len + AROUND;
    while (from < best && ((unsigned char)d->text[from] & 0xC0) == 0x80)
        from++;
    to = to < d->len ? to : d->len;
    while (to > best + len && ((unsigned char)d->text[to] & 0xC0) == 0x80)
        to--;
    h->from = (uint32_t)best;
    h->to = (uint32_t)(best + len);
    h->before = arena_strndup(b->arena, d->text + from, best - from);
    h->after = arena_strndup(b->arena, d->text + best + len, to - best - len);
}

bool page_read(struct brought *b, const char *bytes, size_t len, struct err *e)
{
    const char *inside, *mark;
    size_t n, at = page_front(bytes, len, &inside, &n);
    if (!at)
        return err_set(e, ERR_MISSING, "it has no front matter");
    struct reading r = {.b = b, .k = brought_add(b, 1)};
    if (!front_read(inside, n, take, &r, e)) {
        b->n--;
        return false;
    }
    struct item_row *row = &r.k->body.row;
    bool web = row->url && (strncasecmp(row->url, "http://", 7) == 0 ||
                            strncasecmp(row->url, "https://", 8) == 0);
    if (!r.stamped && !web) {
        b->n--;
        return err_set(e, ERR_MISSING, "its front matter names no address");
    }
    if (r.k->body.nenclosures) {
        r.audio[0].seconds = row->audio_seconds > 0 ? row->audio_seconds : 0;
        r.k->body.enclosures = arena_alloc(b->arena, sizeof r.audio);
        memcpy(r.k->body.enclosures, r.audio, sizeof r.audio);
        row->audio = r.audio[0].url;
    }
    struct doc *d = take_text(&r, bytes, len);
    const char *below = highlights_at(bytes + at, len - at, &mark);
    if (below)
        take_highlights(&r, below, (size_t)(bytes + len - below));
    for (size_t i = 0; d && i < r.k->nhighlights; i++)
        find_highlight(b, d, &r.k->highlights[i]);
    doc_free(d);
    brought_end(b);
    return true;
}

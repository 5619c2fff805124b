// A bookmark written as a Markdown file. See page.h.
#include "trade/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/buf.h"
#include "lectern/essay.h"
#include "lectern/feed.h"
#include "lectern/hash.h"
#include "lectern/write.h"

enum { FORM = 1 }; // to be raised when files are written in another way: all are written anew then

static bool same_document(const struct doc *x, const struct doc *y)
{
    struct buf a = {0}, b = {0};
    write_dump(&a, x);
    write_dump(&b, y);
    bool same = a.len == b.len && (!a.len || memcmp(a.data, b.data, a.len) == 0);
    buf_free(&a);
    buf_free(&b);
    return same;
}

static bool reads_back(const struct item_body *b, const struct doc *d, const struct buf *md)
{
    struct doc_source src = {.url = b->row.url, .title = b->row.title, .language = b->language};
    struct doc *again = doc_from_markdown(buf_cstr(md), md->len, &src);
    bool same = same_document(d, again);
    doc_free(again);
    return same;
}

uint64_t page_body(const struct kept *k, struct buf *out)
{
    const struct item_body *b = &k->body;
    struct item_body text = *b;
    bool html = false;
    if (!b->content_len) { // the summary alone, without the words that say so in the reader
        text.content = b->summary ? b->summary : "";
        text.content_len = strlen(text.content);
        text.type = b->summary_type;
    }
    if (text.content_len) {
        struct doc *d = essay_document(&text);
        write_markdown(out, d, false);
        html = !reads_back(b, d, out);
        if (html) {
            buf_clear(out);
            write_html(out, d);
        }
        doc_free(d);
    }
    return (hash_bytes(buf_cstr(out), out->len, 0) & ~UINT64_C(1)) | html;
}

// ---- front matter ----

// A text of several lines as YAML has them, without blank ends.
static void long_text(struct buf *out, const char *key, const char *text)
{
    text += strspn(text, " \t\n");
    size_t len = strlen(text);
    while (len && strchr(" \t\n", text[len - 1]))
        len--;
    if (len)
        buf_printf(out, "%s: |-\n", key);
    for (size_t at = 0; at < len;) {
        size_t n = strcspn(text + at, "\n");
        n = n < len - at ? n : len - at;
        if (n)
            buf_printf(out, "  %.*s", (int)n, text + at);
        buf_char(out, '\n');
        at += n + 1;
    }
}

static void reading(struct buf *out, const struct kept *k)
{
    const struct item_row *r = &k->body.row;
    const struct carried *c = &k->carried;
    if (r->flags & ITEM_FINISHED)
        buf_str(out, "read: finished\n");
    else if (r->flags & ITEM_STARTED)
        buf_printf(out, "read: %d%% at %u\n", (int)(r->progress * 100 + 0.5), r->place);
    if (!c->nmarks)
        return;
    buf_str(out, "marks:");
    for (size_t i = 0; i < c->nmarks; i++)
        buf_printf(out, "%s %c %u", i ? "," : "", c->marks[i].letter, c->marks[i].off);
    buf_char(out, '\n');
}

// All of it but the stamp and the dashes.
static void front(struct buf *out, const struct kept *k, bool html)
{
    const struct item_body *b = &k->body;
    struct buf own = {0};
    static const char dashes[] = "---\n\n";
    essay_front_matter(b, &own);
    buf_add(out, own.data + 4, own.len - 4 - (sizeof dashes - 1));
    buf_free(&own);
    if (b->row.audio_seconds > 0)
        buf_printf(out, "audio-seconds: %lld\n", (long long)b->row.audio_seconds);
    if (k->note)
        long_text(out, "note", k->note);
    reading(out, k);
    if (b->row.flags & ITEM_PREVIEW)
        buf_str(out, "preview: true\n");
    if (b->row.flags & ITEM_REVISED)
        buf_str(out, "revised: true\n");
    if (!b->content_len)
        buf_str(out, b->summary && *b->summary ? "text: summary\n" : "text: none\n");
    else if (html)
        buf_str(out, "text: html\n");
}

// ---- highlights ----

static void quote(struct buf *out, const char *text)
{
    while (*text) {
        size_t n = strcspn(text, "\n");
        buf_printf(out, n ? "> %.*s\n" : ">\n", (int)n, text);
        text += n + (text[n] == '\n');
    }
}

// What begins as a quotation or a mark of ours does is told apart by a backslash.
static void note(struct buf *out, const char *text)
{
    buf_char(out, '\n');
    while (*text) {
        size_t n = strcspn(text, "\n"), slashes = strspn(text, "\\");
        if (text[slashes] == '>' || strncmp(text + slashes, "<!--", 4) == 0)
            buf_char(out, '\\');
        buf_printf(out, "%.*s\n", (int)n, text);
        text += n + (text[n] == '\n');
    }
}

static void highlights(struct buf *out, const struct kept *k)
{
    char made[32];
    if (!k->nhighlights)
        return;
    buf_str(out, PAGE_MARK "\n\n## Highlights\n");
    for (size_t i = 0; i < k->nhighlights; i++) {
        const struct kept_highlight *h = &k->highlights[i];
        date_format(h->made, made);
        buf_char(out, '\n');
        quote(out, h->quote);
        buf_printf(out, "<!-- lectern: %lld %s %s %u %u -->\n", (long long)h->id,
                   h->colour ? h->colour : "yellow", made, h->from, h->to);
        if (h->note)
            note(out, h->note);
    }
}

// ---- the whole ----

uint64_t page_facts(const struct kept *k, uint64_t body)
{
    struct buf b = {0};
    front(&b, k, body & 1);
    highlights(&b, k);
    uint64_t facts = hash_bytes(b.data, b.len, hash_bytes(&body, sizeof body, FORM));
    buf_free(&b);
    return facts;
}

void page_write(const struct kept *k, const struct buf *text, uint64_t body, const char *extra,
                struct buf *out)
{
    struct buf rest = {0};
    buf_str(out, "---\n");
    front(out, k, body & 1);
    if (extra)
        buf_str(out, extra);
    buf_str(&rest, "---\n");
    if (text->len) {
        buf_char(&rest, '\n');
        buf_add(&rest, text->data, text->len);
    }
    // A text may tell of the mark itself: the last one is ours.
    if (k->nhighlights || (text->len && strstr(text->data, PAGE_MARK)))
        buf_char(&rest, '\n');
    if (k->nhighlights)
        highlights(&rest, k);
    else if (text->len && strstr(text->data, PAGE_MARK))
        buf_str(&rest, PAGE_MARK "\n");
    uint64_t bytes = hash_bytes(rest.data, rest.len, hash_bytes(out->data, out->len, 0));
    buf_printf(out, "lectern: %s %016llx %016llx\n", k->carried.uid,
               (unsigned long long)page_facts(k, body), (unsigned long long)bytes);
    buf_add(out, rest.data, rest.len);
    buf_free(&rest);
}

// The line is where page_write puts it, or the file was changed.
struct page_stamp page_stamp(const char *bytes, size_t len)
{
    struct page_stamp s = {.edited = true};
    const char *inside, *line = NULL;
    size_t n;
    if (!page_front(bytes, len, &inside, &n))
        return s;
    for (const char *p = inside, *end = inside + n; p < end;) {
        if (end - p > 9 && memcmp(p, "lectern: ", 9) == 0)
            line = p;
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        p = nl ? nl + 1 : end;
    }
    char uid[CARRY_UID + 1], facts[24], sum[24];
    char copy[128] = "";
    if (line)
        snprintf(copy, sizeof copy, "%.*s", (int)strcspn(line, "\n"), line);
    if (sscanf(copy, "lectern: %35s %23s %23s", uid, facts, sum) != 3 || !carry_uid_fits(uid))
        return s;
    strcpy(s.uid, uid);
    s.facts = strtoull(facts, NULL, 16);
    const char *after = line + strcspn(line, "\n") + 1;
    uint64_t was = strtoull(sum, NULL, 16),
             is = hash_bytes(after, (size_t)(bytes + len - after),
                             hash_bytes(bytes, (size_t)(line - bytes), 0));
    s.edited = was != is;
    return s;
}

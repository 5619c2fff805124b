// What lists do not show of an entry - body, summary, enclosures, people, links - as bytes: a row
// of fields, each a tag byte, a length of seven bits a byte, and that many bytes. Fields that are
// not known are skipped, so a later Lectern may add some. A group (enclosure, link) opens with its
// address; the fields after it belong to it.
#include <string.h>

#include "lectern/buf.h"
#include "store/store.h"

enum field {
    F_CONTENT = 1,
    F_CONTENT_TYPE,
    F_SUMMARY,
    F_SUMMARY_TYPE,
    F_BASE,
    F_LANGUAGE,
    F_IMAGE,
    F_GUID,
    F_EXTERNAL,
    F_COMMENTS,
    F_CATEGORY,
    F_UPDATED,
    F_ENCLOSURE = 32,
    F_ENCLOSURE_TYPE,
    F_ENCLOSURE_TITLE,
    F_ENCLOSURE_SIZE,
    F_ENCLOSURE_SECONDS,
    F_ENCLOSURE_KIND,
    F_LINK = 48,
    F_LINK_REL,
    F_LINK_TYPE,
    F_PERSON = 64,
    F_PERSON_URL,
    F_PERSON_EMAIL,
};

static void put_varint(struct buf *out, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        buf_char(out, (char)(v | 0x80));
    buf_char(out, (char)v);
}

static void put_bytes(struct buf *out, enum field f, const char *s, size_t len)
{
    buf_char(out, (char)f);
    put_varint(out, len);
    buf_add(out, s, len);
}

static void put_text(struct buf *out, enum field f, const char *s)
{
    if (s)
        put_bytes(out, f, s, strlen(s));
}

static void put_number(struct buf *out, enum field f, int64_t n)
{
    if (n <= 0)
        return;
    struct buf tmp = {0};
    put_varint(&tmp, (uint64_t)n);
    put_bytes(out, f, tmp.data, tmp.len);
    buf_free(&tmp);
}

void record_write(struct buf *out, const struct feed_entry *e, const char *feed_language)
{
    if (e->content) {
        put_bytes(out, F_CONTENT, e->content, e->content_len);
        put_number(out, F_CONTENT_TYPE, e->type);
    }
    put_text(out, F_SUMMARY, e->summary);
    put_number(out, F_SUMMARY_TYPE, e->summary_type);
    put_text(out, F_BASE, e->base);
    put_text(out, F_LANGUAGE, e->language ? e->language : feed_language);
    put_text(out, F_IMAGE, e->image);
    put_text(out, F_GUID, e->guid);
    put_text(out, F_EXTERNAL, e->external_url);
    put_text(out, F_COMMENTS, e->comments);
    put_number(out, F_UPDATED, e->updated);
    for (size_t i = 0; i < e->ncategories; i++)
        put_text(out, F_CATEGORY, e->categories[i]);
    for (size_t i = 0; i < e->nenclosures; i++) {
        const struct enclosure *n = &e->enclosures[i];
        put_text(out, F_ENCLOSURE, n->url ? n->url : "");
        put_text(out, F_ENCLOSURE_TYPE, n->type);
        put_text(out, F_ENCLOSURE_TITLE, n->title);
        put_number(out, F_ENCLOSURE_SIZE, n->size);
        put_number(out, F_ENCLOSURE_SECONDS, n->seconds);
        put_number(out, F_ENCLOSURE_KIND, n->kind);
    }
    for (size_t i = 0; i < e->nlinks; i++) {
        put_text(out, F_LINK, e->links[i].url ? e->links[i].url : "");
        put_text(out, F_LINK_REL, e->links[i].rel);
        put_text(out, F_LINK_TYPE, e->links[i].type);
    }
    for (size_t i = 0; i < e->nauthors; i++) {
        put_text(out, F_PERSON, e->authors[i].name ? e->authors[i].name : "");
        put_text(out, F_PERSON_URL, e->authors[i].url);
        put_text(out, F_PERSON_EMAIL, e->authors[i].email);
    }
}

static bool take_varint(const char **p, const char *end, uint64_t *v)
{
    *v = 0;
    for (int shift = 0; *p < end && shift < 64; shift += 7) {
        unsigned char c = (unsigned char)*(*p)++;
        *v |= (uint64_t)(c & 0x7F) << shift;
        if (!(c & 0x80))
            return true;
    }
    return false;
}

static bool damaged(struct err *e)
{
    return err_set(e, ERR_FORMAT,
                   "the text of this essay is damaged in the library; `lectern fetch --force` may "
                   "bring it back");
}

// One field into the item; `en` is the enclosure that is open, NULL if none.
static void take(struct item_body *out, struct enclosure *en, enum field f, const char *p,
                 size_t len, struct arena *a)
{
    uint64_t n = 0;
    const char *q = p;
    switch (f) {
    case F_CONTENT:
        out->content = arena_strndup(a, p, len);
        out->content_len = len;
        break;
    case F_CONTENT_TYPE:
        if (take_varint(&q, p + len, &n) && n <= CONTENT_MARKDOWN)
            out->type = (enum content_type)n;
        break;
    case F_SUMMARY:
        out->summary = arena_strndup(a, p, len);
        break;
    case F_SUMMARY_TYPE:
        if (take_varint(&q, p + len, &n) && n <= CONTENT_MARKDOWN)
            out->summary_type = (enum content_type)n;
        break;
    case F_BASE:
        out->base = arena_strndup(a, p, len);
        break;
    case F_LANGUAGE:
        out->language = arena_strndup(a, p, len);
        break;
    case F_IMAGE:
        out->image = arena_strndup(a, p, len);
        break;
    case F_EXTERNAL:
        out->external_url = arena_strndup(a, p, len);
        break;
    case F_COMMENTS:
        out->comments = arena_strndup(a, p, len);
        break;
    case F_ENCLOSURE_TYPE:
        en->type = arena_strndup(a, p, len);
        break;
    case F_ENCLOSURE_TITLE:
        en->title = arena_strndup(a, p, len);
        break;
    case F_ENCLOSURE_SIZE:
        if (take_varint(&q, p + len, &n))
            en->size = (int64_t)n;
        break;
    case F_ENCLOSURE_SECONDS:
        if (take_varint(&q, p + len, &n))
            en->seconds = (int64_t)n;
        break;
    case F_ENCLOSURE_KIND:
        if (take_varint(&q, p + len, &n) && n <= ENCLOSURE_IMAGE)
            en->kind = (enum enclosure_kind)n;
        break;
    default:
        break;
    }
}

static bool next_field(const char **p, const char *end, enum field *f, const char **data,
                       size_t *len)
{
    *f = (enum field)(unsigned char)*(*p)++;
    uint64_t n;
    if (!take_varint(p, end, &n) || n > (uint64_t)(end - *p))
        return false;
    *data = *p;
    *len = (size_t)n;
    *p += n;
    return true;
}

bool record_read(const char *bytes, size_t len, struct arena *a, struct item_body *out,
                 struct err *e)
{
    const char *end = bytes + len, *data;
    enum field f;
    size_t n, count = 0;
    for (const char *p = bytes; p < end;) {
        if (!next_field(&p, end, &f, &data, &n))
            return damaged(e);
        count += f == F_ENCLOSURE;
    }
    out->enclosures = arena_alloc(a, count * sizeof *out->enclosures);
    for (const char *p = bytes; p < end;) {
        next_field(&p, end, &f, &data, &n);
        if (f == F_ENCLOSURE) {
            struct enclosure *en = &out->enclosures[out->nenclosures++];
            en->url = arena_strndup(a, data, n);
            en->type = "";
        } else if (f < F_ENCLOSURE || f > F_ENCLOSURE_KIND || out->nenclosures) {
            take(out, out->nenclosures ? &out->enclosures[out->nenclosures - 1] : NULL, f, data, n,
                 a);
        }
    }
    return true;
}

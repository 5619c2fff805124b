// What an entry's pieces come to: which text is the body and which its summary, what stands under
// the title, who it is when it has no guid, how long it takes to read, where a paywall cut it, and
// the sound that is only in the body.
#include "build.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/mem.h"
#include "lectern/utf8.h"

enum {
    LONGEST_GUID = 2048,
    LONGEST_SUBTITLE = 400,
    LOOK_FOR_TEASER = 6000,
    CUT_TEASER = 200,
    TAIL = 600,
    WHOLE_POST = 120
};

// FNV-1a, 64 bits.
static uint64_t hash(uint64_t h, const char *s)
{
    for (; s && *s; s++)
        h = (h ^ (unsigned char)*s) * UINT64_C(1099511628211);
    return (h ^ 0xFF) * UINT64_C(1099511628211);
}

static void set_guid(struct build *b, struct draft *d, struct feed_entry *e)
{
    const uint64_t seed = UINT64_C(14695981039346656037);
    if (d->guid && strlen(d->guid) <= LONGEST_GUID) {
        e->guid = d->guid;
    } else if (d->guid) {
        e->guid = arena_printf(b->a, "long:%016llx", (unsigned long long)hash(seed, d->guid));
    } else if (e->url) {
        e->guid = e->url;
    } else {
        char date[32];
        date_format(e->published, date);
        uint64_t h = hash(hash(seed, e->title), date);
        if (!*e->title)
            h = hash(h, e->content ? e->content : e->summary);
        e->guid = arena_printf(b->a, "hash:%016llx", (unsigned long long)h);
    }
}

// The longest run of plain ASCII words at the beginning of a line: good to look for in HTML, where
// quotes are references.
static const char *probe(const char *line, size_t *len)
{
    size_t best = 0, n = 0, end = strnlen(line, 160);
    const char *at = NULL;
    for (size_t i = 0; i <= end; i++) {
        unsigned char c = (unsigned char)line[i];
        if (i < end && (isalnum(c) || c == ' ' || c == ',')) {
            n++;
        } else {
            if (n > best) {
                best = n;
                at = line + i - n;
            }
            n = 0;
        }
    }
    *len = best > 40 ? 40 : best;
    return at;
}

// Does the body begin with (or soon say) what the line says? Then the line is a teaser made from
// it.
static bool is_teaser(const char *line, const char *body, size_t len)
{
    size_t whole = strlen(line);
    if (markup_is_cut(line, whole))
        return true;
    // Substack makes a teaser where the author wrote no subtitle, and cuts it after a word.
    if (whole > CUT_TEASER && (isalnum((unsigned char)line[whole - 1]) || line[whole - 1] == ','))
        return true;
    size_t n;
    const char *p = probe(line, &n);
    if (len > LOOK_FOR_TEASER)
        len = LOOK_FOR_TEASER;
    return n >= 12 && memmem(body, len, p, n);
}

// Substack ends what only subscribers may read with a paragraph of nothing but a link to the page.
static bool ends_in_read_more(const struct feed_entry *e)
{
    if (!e->content || !e->url)
        return false;
    size_t from = e->content_len > TAIL ? e->content_len - TAIL : 0;
    const char *s = e->content + from, *a = NULL, *end = e->content + e->content_len;
    for (const char *p = s; (p = memmem(p, (size_t)(end - p), "<a ", 3)); p += 3)
        a = p;
    const char *open = a ? memchr(a, '>', (size_t)(end - a)) : NULL;
    const char *close = open ? memmem(open, (size_t)(end - open), "</a>", 4) : NULL;
    if (!close)
        return false;
    const char *text = open + 1;
    size_t n = (size_t)(close - text);
    while (n && isspace((unsigned char)*text))
        text++, n--;
    while (n && isspace((unsigned char)text[n - 1]))
        n--;
    if (n != 9 || strncasecmp(text, "Read more", 9) != 0)
        return false;
    for (const char *p = close + 4; p < end; p++) // only closing tags after it
        if (*p == '<' ? p[1] != '/' : p[-1] == '>' && !isspace((unsigned char)*p))
            return false;
    struct buf href = {0};
    bool own = markup_attr(a, (size_t)(open - a) + 1, "href", &href) &&
               strncmp(buf_cstr(&href), e->url, strcspn(e->url, "?#")) == 0;
    buf_free(&href);
    return own;
}

// An id as Substack gives its uploads: a UUID or a number, nothing else gets into an address.
static bool is_upload(const char *s)
{
    size_t len = strlen(s);
    if (len && len <= 19 && strspn(s, "0123456789") == len)
        return true;
    if (len != 36)
        return false;
    for (size_t i = 0; i < len; i++)
        if (i == 8 || i == 13 || i == 18 || i == 23 ? s[i] != '-' : !isxdigit((unsigned char)s[i]))
            return false;
    return true;
}

char *feed_upload(const char *id)
{
    if (!id || !is_upload(id))
        return NULL;
    return mem_printf("https://api.substack.com/api/v1/audio/upload/%s/src", id);
}

// Substack's player: an empty element that knows its upload's id, its name and its length. Substack
// answers that address for anyone with a redirect to the sound.
static void find_clip(struct build *b, const char *attrs)
{
    json_t *o = json_loads(attrs, 0, NULL), *id = json_object_get(o, "mediaUploadId");
    const char *s = json_string_value(id);
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)json_integer_value(id));
    if (json_is_integer(id))
        s = number;
    double seconds = json_number_value(json_object_get(o, "duration"));
    char *url = feed_upload(s);
    if (url)
        build_enclosure(b, NULL, url, "audio/mpeg", NULL,
                        json_string_value(json_object_get(o, "label")), 0,
                        seconds >= 1 && seconds < 360000 ? (int64_t)(seconds + 0.5) : 0);
    free(url);
    json_decref(o);
}

static size_t file_name(const char *url, const char **name)
{
    size_t end = strcspn(url, "?#"), from = end;
    while (from && url[from - 1] != '/')
        from--;
    *name = url + from;
    return end - from;
}

// A link to a sound file, called what the link says. Notes of an episode link to the episode, by
// another road: what has the name of a file that is known is no other recording.
static void find_link(struct build *b, const char *base, const char *url, const char *words,
                      size_t len)
{
    struct draft *d = &b->d;
    const char *name, *other;
    size_t n = file_name(url, &name), before = d->nenclosures;
    for (size_t i = 0; i < d->nenclosures; i++)
        if (d->enclosures[i].kind == ENCLOSURE_AUDIO &&
            file_name(d->enclosures[i].url, &other) == n && strncmp(name, other, n) == 0)
            return;
    char *title = feed_plain(words, len, true);
    build_enclosure(b, base, url, NULL, NULL, *title ? title : NULL, 0, 0);
    free(title);
    if (d->nenclosures > before && d->enclosures[before].kind != ENCLOSURE_AUDIO)
        d->nenclosures = before;
}

// Sound that stands only in the body: <audio src>, <audio><source src>, Substack's player, links to
// sound files. One player without a name beside the feed's own audio is that same recording.
static void find_sound(struct build *b, struct draft *d, const char *base)
{
    const char *s = d->body.s, *end = s + d->body.len;
    bool own = false, in_audio = false;
    size_t clips = 0, clip = 0;
    for (size_t i = 0; i < d->nenclosures; i++)
        own = own || d->enclosures[i].kind == ENCLOSURE_AUDIO;
    for (const char *p = s; (p = memchr(p, '<', (size_t)(end - p)));) {
        size_t len = markup_tag_end(p, (size_t)(end - p), 0), before = d->nenclosures;
        struct buf src = {0}, type = {0};
        if (markup_tag_is(p, len, "audio") || (in_audio && markup_tag_is(p, len, "source"))) {
            in_audio = true;
            markup_attr(p, len, "type", &type);
            if (markup_attr(p, len, "src", &src) && src.len)
                build_enclosure(b, base, src.data, type.len ? type.data : NULL, "audio", NULL, 0,
                                0);
        } else if (len > 7 && strncasecmp(p, "</audio", 7) == 0) {
            in_audio = false;
        } else if (markup_tag_is(p, len, "div") && memmem(p, len, "native-audio-embed", 18) &&
                   markup_attr(p, len, "data-attrs", &src)) {
            find_clip(b, buf_cstr(&src));
            if (d->nenclosures > before) {
                clips++;
                clip = before;
            }
        } else if (markup_tag_is(p, len, "a") && markup_names_sound(p, len) &&
                   markup_attr(p, len, "href", &src) && src.len) {
            const char *close = memmem(p + len, (size_t)(end - p) - len, "</a>", 4);
            find_link(b, base, src.data, p + len, close ? (size_t)(close - p) - len : 0);
        }
        buf_free(&src);
        buf_free(&type);
        p += len;
        if (p >= end)
            break;
    }
    if (own && clips == 1 && !d->enclosures[clip].title) {
        if (!d->seconds)
            d->seconds = d->enclosures[clip].seconds;
        memmove(d->enclosures + clip, d->enclosures + clip + 1,
                (--d->nenclosures - clip) * sizeof *d->enclosures);
    }
}

// A feed that gives only a description: is that the essay or a few words about it?
static bool is_whole(const struct build *b, const struct draft *d, const struct markup_facts *f)
{
    const struct offer *o = &d->description;
    if (o->len > TAIL ? markup_is_cut(o->s + o->len - TAIL, TAIL) : markup_is_cut(o->s, o->len))
        return false;
    if (o->len > 8 && memmem(o->s + (o->len > TAIL ? o->len - TAIL : 0),
                             o->len > TAIL ? TAIL : o->len, "ead more", 8))
        return false;
    return (f->blocks && f->words >= WHOLE_POST) || f->words >= 2 * WHOLE_POST || !d->title.s ||
           b->u->format == FEED_JSON;
}

static void set_texts(struct build *b, struct draft *d, struct feed_entry *e,
                      struct markup_facts *facts)
{
    struct offer *body = &d->body, *about = &d->description;
    if (!body->s && about->s) {
        markup_facts(about->s, about->len, about->type == CONTENT_HTML, facts);
        if (is_whole(b, d, facts))
            *body = *about;
    } else if (body->s) {
        markup_facts(body->s, body->len, body->type == CONTENT_HTML, facts);
    }
    e->words = facts->words;
    if (body->s) {
        e->content = body->s;
        e->content_len = body->len;
        e->type = body->type;
    }
    if (about->s && about->s != body->s) {
        e->summary = about->s;
        e->summary_type = about->type;
    }
    const char *base = body->base ? body->base : about->base ? about->base : d->base;
    if (base == b->base && (b->link_base || !base)) // nothing was said: relative to its page
        base = e->url ? e->url : b->u->home;
    e->base = base;
    const char *own = d->language ? d->language : body->language;
    e->language = own && b->u->language && strcasecmp(own, b->u->language) == 0 ? NULL : own;
}

static void set_subtitle(struct build *b, struct draft *d, struct feed_entry *e)
{
    const char *line = d->subtitle.s;
    if (!line && e->summary && e->content &&
        strnlen(e->summary, LONGEST_SUBTITLE * 4) < LONGEST_SUBTITLE * 4)
        line = build_plain(b, e->summary, strlen(e->summary),
                           e->summary_type == CONTENT_HTML ? PLAIN_HTML : PLAIN_GUESS);
    if (!line || strlen(line) > LONGEST_SUBTITLE || strcasecmp(line, e->title) == 0)
        return;
    if (e->content && is_teaser(line, e->content, e->content_len))
        return;
    e->subtitle = line;
}

void entry_finish(struct build *b, struct draft *d, struct feed_entry *e)
{
    struct markup_facts facts = {0};
    e->title = d->title.s ? d->title.s : "";
    e->url = d->url.s;
    if (!e->url && d->permalink && d->guid)
        e->url = build_address(b, NULL, d->guid);
    e->external_url = d->external_url;
    e->published = d->published ? d->published : d->updated;
    e->updated = d->updated;
    set_texts(b, d, e, &facts);
    set_subtitle(b, d, e);
    b->in_entry = true;
    if (facts.sound && d->body.s)
        find_sound(b, d, e->base ? e->base : e->url);
    b->in_entry = false;
    for (size_t i = 0; i < d->nenclosures;
         i++) // itunes:duration speaks of the one recording there is
        if (d->enclosures[i].kind == ENCLOSURE_AUDIO || d->enclosures[i].kind == ENCLOSURE_VIDEO) {
            if (!d->enclosures[i].seconds)
                d->enclosures[i].seconds = d->seconds;
            break;
        }
    e->preview = ends_in_read_more(e);
    e->image = d->image.s;
    for (size_t i = 0; i < d->nenclosures && !e->image; i++)
        if (d->enclosures[i].kind == ENCLOSURE_IMAGE)
            e->image = d->enclosures[i].url;
    e->comments = d->comments;
    set_guid(b, d, e);
#define SETTLE(what)                                                                   \
    do {                                                                               \
        e->n##what = d->n##what;                                                       \
        e->what = d->n##what ? arena_alloc(b->a, d->n##what * sizeof *e->what) : NULL; \
        if (d->n##what)                                                                \
            memcpy(e->what, d->what, d->n##what * sizeof *e->what);                    \
    } while (0)
    SETTLE(authors);
    SETTLE(categories);
    SETTLE(enclosures);
    SETTLE(links);
#undef SETTLE
}

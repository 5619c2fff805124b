// Helpers of the readers: strings cleaned into the arena, persons, enclosures, offers of different
// rank for one field.
#include "build.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "lectern/utf8.h"

enum { LONGEST_FIELD = 1 << 16, MOST_OF_A_KIND = 200, MOST_WARNINGS = 20 };

struct build *build_new(const struct feed_source *src)
{
    struct build *b = mem_alloc(sizeof *b);
    b->a = arena_new();
    b->u = arena_alloc(b->a, sizeof *b->u);
    b->u->arena = b->a;
    b->u->title = "";
    b->u->encoding = "utf-8";
    b->u->version = "";
    if (src && src->url)
        b->base = build_address(b, NULL, src->url);
    if (src && src->content_location) {
        const char *there = build_address(b, b->base, src->content_location);
        if (there)
            b->base = there;
    }
    return b;
}

static void free_scratch(struct build *b)
{
    free(b->d.authors);
    free(b->d.categories);
    free(b->d.enclosures);
    free(b->d.links);
    buf_free(&b->tmp);
}

// A vector on the heap becomes one in the arena.
static void *settle(struct arena *a, void *p, size_t n, size_t size)
{
    void *copy = n ? arena_alloc(a, n * size) : NULL;
    if (n)
        memcpy(copy, p, n * size);
    free(p);
    return copy;
}

struct feed_update *built_finish(struct build *b)
{
    struct feed_update *u = b->u;
    u->entries = settle(b->a, u->entries, u->nentries, sizeof *u->entries);
    u->warnings = settle(b->a, u->warnings, u->nwarnings, sizeof *u->warnings);
    u->authors = settle(b->a, u->authors, u->nauthors, sizeof *u->authors);
    u->categories = settle(b->a, u->categories, u->ncategories, sizeof *u->categories);
    free_scratch(b);
    free(b);
    return u;
}

void build_drop(struct build *b)
{
    feed_free(built_finish(b));
}

void feed_free(struct feed_update *u)
{
    if (u)
        arena_free(u->arena);
}

void build_warn(struct build *b, const char *fmt, ...)
{
    char text[400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    struct feed_update *u = b->u;
    for (size_t i = 0; i < u->nwarnings; i++)
        if (strcmp(u->warnings[i], text) == 0)
            return;
    if (u->nwarnings == MOST_WARNINGS)
        return;
    u->warnings = mem_grow(u->warnings, &b->warnings_cap, u->nwarnings + 1, sizeof *u->warnings);
    u->warnings[u->nwarnings++] = build_line(b, text, strlen(text));
}

static const char *keep(struct build *b)
{
    return b->tmp.len ? arena_strndup(b->a, b->tmp.data, b->tmp.len) : NULL;
}

// Where a field that is too long is cut: not inside a character.
static size_t cut(const char *s, size_t len)
{
    if (len <= LONGEST_FIELD)
        return len;
    len = LONGEST_FIELD;
    while (len && ((unsigned char)s[len] & 0xC0) == 0x80)
        len--;
    return len;
}

const char *build_line(struct build *b, const char *s, size_t len)
{
    buf_clear(&b->tmp);
    utf8_clean(&b->tmp, s, cut(s, len), UTF8_LINE);
    return keep(b);
}

const char *build_plain(struct build *b, const char *s, size_t len, enum plain_mode mode)
{
    buf_clear(&b->tmp);
    markup_plain(&b->tmp, s, cut(s, len), mode);
    return keep(b);
}

const char *build_address(struct build *b, const char *base, const char *s)
{
    if (base == b->base && b->link_base)
        base = b->link_base;
    char *made = s ? feed_resolve(base, s) : NULL;
    const char *kept = arena_strdup(b->a, made);
    free(made);
    return kept;
}

// Is there, in valid UTF-8, anything that utf8_clean would change? Many bytes at a time where they
// are plain ASCII.
static bool needs_cleaning(const char *s, size_t len)
{
#ifndef __SSE2__
    const uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
#endif
    size_t i = 0;
    while (i < len) {
#ifdef __SSE2__
        while (len - i >= 16) { // as signed bytes: from ' ' to '~', or a line's end
            __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(s + i));
            __m128i fine = _mm_andnot_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(0x7F)),
                                            _mm_cmpgt_epi8(v, _mm_set1_epi8(0x1F)));
            fine = _mm_or_si128(fine, _mm_cmpeq_epi8(v, _mm_set1_epi8('\n')));
            unsigned mask = (unsigned)_mm_movemask_epi8(fine);
            i += mask == 0xFFFF ? 16 : (size_t)__builtin_ctz(~mask);
            if (mask != 0xFFFF)
                break;
        }
        if (i == len)
            break;
#else
        uint64_t w;
        if (len - i >= 8) {
            memcpy(&w, s + i, 8);
            uint64_t del = w ^ (ones * 0x7F);
            if (!((w | (w - ones * 0x20) | (del - ones)) & highs)) {
                i += 8;
                continue;
            }
        }
#endif
        unsigned char c = (unsigned char)s[i];
        if (c < 0x80) {
            if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7F)
                return true;
            i++;
        } else if (c < 0xE0) {
            if (c == 0xC2 && (unsigned char)s[i + 1] < 0xA0)
                return true;
            i += 2;
        } else if (c < 0xF0) {
            unsigned char d = (unsigned char)s[i + 1], f = (unsigned char)s[i + 2];
            if (c == 0xEF ||
                (c == 0xE2 && ((d == 0x80 && f >= 0xA8 && f <= 0xAE) || (d == 0x81 && f >= 0xA6))))
                return true;
            i += 3;
        } else {
            unsigned char d = (unsigned char)s[i + 1], f = (unsigned char)s[i + 2];
            if (c >= 0xF3 || ((d & 0x0F) == 0x0F && f == 0xBF))
                return true;
            i += 4;
        }
    }
    return false;
}

const char *build_body(struct build *b, const char *s, size_t len, size_t *out_len)
{
    if (needs_cleaning(s, len)) {
        for (size_t i = 0; i < len; i++) {
            unsigned char c = (unsigned char)s[i];
            if (c == 0x7F || (c < 0x20 && !strchr("\t\n\r\f\v", c))) {
                build_warn(b, "control characters were left out");
                break;
            }
        }
        buf_clear(&b->tmp);
        utf8_clean(&b->tmp, s, len, UTF8_TEXT);
        s = b->tmp.data;
        len = b->tmp.len;
    }
    while (len && strchr(" \t\n\r", s[len - 1]))
        len--;
    while (len && strchr(" \t\n\r", s[0]))
        s++, len--;
    *out_len = len;
    return len ? arena_strndup(b->a, s, len) : NULL;
}

bool offer_wins(struct offer *o, int rank)
{
    if (o->rank && o->rank <= rank)
        return false;
    *o = (struct offer){.rank = rank};
    return true;
}

static bool same(const char *a, const char *b)
{
    return a && b && strcasecmp(a, b) == 0;
}

void build_person(struct build *b, int rank, const char *name, const char *url, const char *email)
{
    struct feed_update *u = b->u;
    struct person **list = b->in_entry ? &b->d.authors : &u->authors;
    size_t *n = b->in_entry ? &b->d.nauthors : &u->nauthors;
    size_t *cap = b->in_entry ? &b->d.authors_cap : &b->authors_cap;
    int *best = b->in_entry ? &b->d.authors_rank : &b->authors_rank;
    if (!name && !url && !email)
        return;
    if (*best && rank > *best)
        return;
    if (*best && rank < *best)
        *n = 0;
    *best = rank;
    for (size_t i = 0; i < *n; i++) {
        struct person *p = &(*list)[i];
        if (same(p->name, name) || (same(p->email, email) && (!p->name || !name))) {
            p->name = p->name ? p->name : name;
            p->url = p->url ? p->url : url;
            p->email = p->email ? p->email : email;
            return;
        }
    }
    if (*n == MOST_OF_A_KIND)
        return;
    *list = mem_grow(*list, cap, *n + 1, sizeof **list);
    (*list)[(*n)++] = (struct person){name, url, email};
}

static bool is_email(const char *s, size_t len)
{
    const char *at = memchr(s, '@', len);
    return at && at > s && at + 1 < s + len && !memchr(s, ' ', len) && !memchr(s, '/', len);
}

// "mail (Name)", "Name (mail)", "Name <mail>", "mail", "Name".
void build_person_text(struct build *b, int rank, const char *s, size_t len)
{
    const char *line = build_plain(b, s, len, memchr(s, '@', len) ? PLAIN_GUESS : PLAIN_RSS);
    if (!line)
        return;
    len = strlen(line);
    static const char brackets[2][2] = {{'(', ')'}, {'<', '>'}};
    for (int i = 0; i < 2; i++) {
        const char *open = memrchr(line, brackets[i][0], len);
        if (!open || line[len - 1] != brackets[i][1])
            continue;
        const char *inner = open + 1;
        size_t n = (size_t)(line + len - 1 - inner), m = (size_t)(open - line);
        while (m && line[m - 1] == ' ')
            m--;
        bool inside = is_email(inner, n), outside = is_email(line, m);
        if (inside == outside)
            continue;
        const char *name = inside ? build_line(b, line, m) : build_line(b, inner, n);
        build_person(b, rank, name, NULL, build_line(b, inside ? inner : line, inside ? n : m));
        return;
    }
    bool email = is_email(line, len);
    build_person(b, rank, email ? NULL : line, NULL, email ? line : NULL);
}

void build_category(struct build *b, const char *s, size_t len)
{
    const char *line = build_plain(b, s, len, PLAIN_RSS);
    struct feed_update *u = b->u;
    const char ***list = b->in_entry ? &b->d.categories : &u->categories;
    size_t *n = b->in_entry ? &b->d.ncategories : &u->ncategories;
    size_t *cap = b->in_entry ? &b->d.categories_cap : &b->categories_cap;
    if (!line || *n == MOST_OF_A_KIND)
        return;
    for (size_t i = 0; i < *n; i++)
        if (strcmp((*list)[i], line) == 0)
            return;
    *list = mem_grow(*list, cap, *n + 1, sizeof **list);
    (*list)[(*n)++] = line;
}

static enum enclosure_kind kind_by_name(const char *url)
{
    static const struct {
        const char *end;
        enum enclosure_kind kind;
    } ends[] = {
        {"mp3", ENCLOSURE_AUDIO},  {"m4a", ENCLOSURE_AUDIO},  {"m4b", ENCLOSURE_AUDIO},
        {"aac", ENCLOSURE_AUDIO},  {"ogg", ENCLOSURE_AUDIO},  {"oga", ENCLOSURE_AUDIO},
        {"opus", ENCLOSURE_AUDIO}, {"wav", ENCLOSURE_AUDIO},  {"flac", ENCLOSURE_AUDIO},
        {"mp4", ENCLOSURE_VIDEO},  {"m4v", ENCLOSURE_VIDEO},  {"mov", ENCLOSURE_VIDEO},
        {"webm", ENCLOSURE_VIDEO}, {"mkv", ENCLOSURE_VIDEO},  {"ogv", ENCLOSURE_VIDEO},
        {"jpg", ENCLOSURE_IMAGE},  {"jpeg", ENCLOSURE_IMAGE}, {"png", ENCLOSURE_IMAGE},
        {"gif", ENCLOSURE_IMAGE},  {"webp", ENCLOSURE_IMAGE}, {"avif", ENCLOSURE_IMAGE},
        {"svg", ENCLOSURE_IMAGE},
    };
    size_t len = strcspn(url, "?#");
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t n = strlen(ends[i].end);
        if (len > n + 1 && url[len - n - 1] == '.' &&
            strncasecmp(url + len - n, ends[i].end, n) == 0)
            return ends[i].kind;
    }
    return ENCLOSURE_OTHER;
}

static enum enclosure_kind kind_of(const char *type, const char *medium, const char *url)
{
    const char *says = *type ? type : medium ? medium : "";
    if (strncmp(says, "audio", 5) == 0)
        return ENCLOSURE_AUDIO;
    if (strncmp(says, "video", 5) == 0)
        return ENCLOSURE_VIDEO;
    if (strncmp(says, "image", 5) == 0)
        return ENCLOSURE_IMAGE;
    enum enclosure_kind kind = kind_by_name(url);
    return kind == ENCLOSURE_OTHER && strcmp(type, "application/ogg") == 0 ? ENCLOSURE_AUDIO : kind;
}

// Lower case, without parameters; "" for what is none.
static const char *mime(struct build *b, const char *type)
{
    if (!type)
        return "";
    const char *line = build_line(b, type, strcspn(type, ";"));
    if (!line)
        return "";
    char *copy = arena_strdup(b->a, line);
    for (char *p = copy; *p; p++)
        *p = (char)(*p >= 'A' && *p <= 'Z' ? *p | 32 : *p);
    return copy;
}

void build_enclosure(struct build *b, const char *base, const char *url, const char *type,
                     const char *medium, const char *title, int64_t size, int64_t seconds)
{
    struct draft *d = &b->d;
    const char *address = build_address(b, base, url);
    if (!b->in_entry || !address || d->nenclosures == MOST_OF_A_KIND)
        return;
    struct enclosure n = {
        .url = address,
        .type = mime(b, type),
        .title = title ? build_plain(b, title, strlen(title), PLAIN_GUESS) : NULL,
        .size = size > 0 ? size : 0,
        .seconds = seconds > 0 ? seconds : 0,
    };
    n.kind = kind_of(n.type, medium, n.url);
    for (size_t i = 0; i < d->nenclosures; i++) {
        struct enclosure *old = &d->enclosures[i];
        if (strcmp(old->url, n.url) != 0)
            continue;
        old->size = old->size ? old->size : n.size;
        old->seconds = old->seconds ? old->seconds : n.seconds;
        old->title = old->title ? old->title : n.title;
        if (!*old->type && *n.type) {
            old->type = n.type;
            old->kind = n.kind;
        }
        return;
    }
    d->enclosures =
        mem_grow(d->enclosures, &d->enclosures_cap, d->nenclosures + 1, sizeof *d->enclosures);
    d->enclosures[d->nenclosures++] = n;
}

void build_link(struct build *b, const char *base, const char *rel, const char *url,
                const char *type)
{
    struct draft *d = &b->d;
    const char *address = build_address(b, base, url);
    if (!b->in_entry || !address || d->nlinks == MOST_OF_A_KIND)
        return;
    for (size_t i = 0; i < d->nlinks; i++)
        if (strcmp(d->links[i].url, address) == 0 && strcmp(d->links[i].rel, rel) == 0)
            return;
    d->links = mem_grow(d->links, &d->links_cap, d->nlinks + 1, sizeof *d->links);
    d->links[d->nlinks++] =
        (struct feed_link){build_line(b, rel, strlen(rel)), address, mime(b, type)};
}

void build_title(struct build *b, int rank, const char *s, size_t len, enum plain_mode mode)
{
    int *best = b->in_entry ? &b->d.title.rank : &b->title_rank;
    if (*best && *best <= rank)
        return;
    const char *line = build_plain(b, s, len, mode);
    if (!line)
        return;
    *best = rank;
    if (b->in_entry)
        b->d.title.s = line;
    else
        b->u->title = line;
}

void build_image(struct build *b, int rank, const char *base, const char *url)
{
    int *best = b->in_entry ? &b->d.image.rank : &b->image_rank;
    if (*best && *best <= rank)
        return;
    const char *address = build_address(b, base, url);
    if (!address)
        return;
    *best = rank;
    if (b->in_entry)
        b->d.image.s = address;
    else
        b->u->image = address;
}

int64_t build_number(const char *s)
{
    if (!s)
        return 0;
    char *end;
    long long v = strtoll(s, &end, 10);
    return end == s || v < 0 || v > INT64_C(1) << 50 ? 0 : v;
}

int64_t build_duration(const char *s)
{
    if (!s)
        return 0;
    while (*s == ' ')
        s++;
    int64_t total = 0;
    if (*s == 'P' || *s == 'p') { // ISO 8601
        for (s++; *s;) {
            char *end;
            double v = strtod(s, &end);
            if (end == s) {
                s++;
                continue;
            }
            double unit = *end == 'H'   ? 3600
                          : *end == 'M' ? 60
                          : *end == 'S' ? 1
                          : *end == 'D' ? 86400
                                        : 0;
            total += v > 0 && v < 1e7 ? (int64_t)(v * unit) : 0;
            s = *end ? end + 1 : end;
        }
    } else {
        for (int part = 0; part < 3; part++) {
            char *end;
            double v = strtod(s, &end);
            if (end == s || !(v >= 0 && v < 1e7))
                return part ? total : 0;
            total = total * 60 + (int64_t)v;
            if (*end != ':')
                break;
            s = end + 1;
        }
    }
    return total > 0 && total < 1000 * 3600 ? total : 0;
}

void build_entry(struct build *b)
{
    struct draft *d = &b->d, old = *d;
    *d = (struct draft){
        .authors = old.authors,
        .authors_cap = old.authors_cap,
        .categories = old.categories,
        .categories_cap = old.categories_cap,
        .enclosures = old.enclosures,
        .enclosures_cap = old.enclosures_cap,
        .links = old.links,
        .links_cap = old.links_cap,
    };
    b->in_entry = true;
}

void build_entry_cancel(struct build *b)
{
    b->in_entry = false;
}

void build_entry_end(struct build *b)
{
    struct feed_update *u = b->u;
    b->in_entry = false;
    if (u->nentries >= FEED_MAX_ENTRIES) {
        if (!b->too_many)
            build_warn(b, "more than %d entries: the rest was left out", FEED_MAX_ENTRIES);
        b->too_many = true;
        return;
    }
    u->entries = mem_grow(u->entries, &b->entries_cap, u->nentries + 1, sizeof *u->entries);
    struct feed_entry *e = &u->entries[u->nentries++];
    *e = (struct feed_entry){0};
    entry_finish(b, &b->d, e);
}

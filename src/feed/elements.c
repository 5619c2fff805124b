// What elements mean: which text goes where, which attributes say all, what begins and ends an
// entry. One place for RSS, RDF, Atom and the vocabularies inside them, since feeds mix all of
// these.
#include "xml.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/utf8.h"

static struct frame *frame(struct xml *x)
{
    return &x->stack[x->depth - 1];
}

static bool is(const char *a, const char *b)
{
    return a && strcasecmp(a, b) == 0;
}

static bool begins(const char *a, const char *b)
{
    return a && strncasecmp(a, b, strlen(b)) == 0;
}

// How the text of an Atom construct is to be read (RFC 4287, 3.1.1 and 4.1.3; for Atom 0.3 `mode`).
static enum text_kind kind_of(struct xml *x, const struct attributes *a, bool rss)
{
    const char *type = xml_attribute(x, a, "type"), *mode = xml_attribute(x, a, "mode");
    if (is(mode, "base64"))
        return TEXT_BASE64;
    if (rss && !type)
        return TEXT_RSS;
    if (x->b->u->format == FEED_ATOM03 && !type)
        return is(mode, "escaped") ? TEXT_HTML : TEXT_GUESS;
    if (!type || !*type)
        return TEXT_GUESS;
    if (is(mode, "xml") || is(type, "xhtml") || is(type, "application/xhtml+xml"))
        return begins(type, "text/plain") || is(type, "text") ? TEXT_PLAIN : TEXT_XHTML;
    if (is(type, "html") || begins(type, "text/html"))
        return TEXT_HTML;
    if (is(type, "text") || begins(type, "text/"))
        return TEXT_PLAIN;
    size_t n = strlen(type);
    if (n > 4 && (is(type + n - 4, "/xml") || is(type + n - 4, "+xml")))
        return TEXT_XHTML;
    // Any other type is in base64, and text after all where that gives no text.
    return strchr(type, '/') ? TEXT_BASE64 : TEXT_GUESS;
}

static enum plain_mode plain_mode(enum text_kind kind)
{
    return kind == TEXT_PLAIN   ? PLAIN_TEXT
           : kind == TEXT_GUESS ? PLAIN_GUESS
           : kind == TEXT_RSS   ? PLAIN_RSS
                                : PLAIN_HTML;
}

// ---- links of Atom ----
static void feed_link(struct xml *x, const char *base, const char *rel, const char *href,
                      const char *type)
{
    struct feed_update *u = x->b->u;
    const char **slot = NULL;
    if (!rel || is(rel, "alternate")) {
        int rank = !type || begins(type, "text/html") || begins(type, "application/xhtml") ? 1 : 3;
        if (!x->atom)
            rank += 1; // RSS says it in <link>
        if (x->b->home_rank && x->b->home_rank <= rank)
            return;
        const char *address = build_address(x->b, base, href);
        if (!address)
            return;
        x->b->home_rank = rank;
        u->home = address;
        return;
    }
    if (is(rel, "self"))
        slot = &u->self;
    else if (is(rel, "hub"))
        slot = &u->hub;
    else if (is(rel, "next"))
        slot = &u->next;
    else if (is(rel, "prev-archive"))
        slot = &u->prev_archive;
    if (slot && !*slot)
        *slot = build_address(x->b, base, href);
}

static void atom_link(struct xml *x, const struct frame *f, const struct attributes *a)
{
    const char *rel = xml_attribute(x, a, "rel"), *href = xml_attribute(x, a, "href"),
               *type = xml_attribute(x, a, "type");
    if (rel && strchr(rel, '/')) // "http://www.iana.org/assignments/relation/alternate"
        rel = strrchr(rel, '/') + 1;
    if (rel && !*rel)
        rel = NULL;
    if (!href || f->place == AT_SOURCE)
        return;
    if (!x->b->in_entry) {
        feed_link(x, f->base, rel, href, type);
        return;
    }
    struct draft *d = &x->b->d;
    if (is(rel, "enclosure")) {
        const char *length = xml_attribute(x, a, "length"), *title = xml_attribute(x, a, "title");
        build_enclosure(x->b, f->base, href, type, NULL, title, build_number(length), 0);
    } else if (!rel || is(rel, "alternate")) {
        int rank = !type || begins(type, "text/html") || begins(type, "application/xhtml") ? 2 : 4;
        const char *address = build_address(x->b, f->base, href);
        if (address && offer_wins(&d->url, x->atom ? rank : rank + 1))
            d->url.s = address;
    } else if (is(rel, "related") || is(rel, "via") || is(rel, "replies") || is(rel, "license") ||
               is(rel, "next") || is(rel, "prev") || is(rel, "chapters") || is(rel, "transcript")) {
        build_link(x->b, f->base, rel, href, type);
    }
}

// ---- media ----
static int64_t media_number(struct xml *x, const struct attributes *a, const char *name)
{
    return build_number(xml_attribute(x, a, name));
}

static void media_content(struct xml *x, const struct attributes *a)
{
    x->media.url = xml_attribute(x, a, "url");
    x->media.type = xml_attribute(x, a, "type");
    x->media.medium = xml_attribute(x, a, "medium");
    x->media.size = media_number(x, a, "fileSize");
    x->media.seconds = build_duration(xml_attribute(x, a, "duration"));
    x->media.title = NULL;
}

static void enclosure(struct xml *x, const struct frame *f, const struct attributes *a)
{
    const char *url = xml_attribute(x, a, "url"), *type = xml_attribute(x, a, "type");
    if (!url)
        url = xml_attribute(x, a, "href");
    if (!url) // RDF's enc:enclosure
        url = xml_attribute(x, a, "resource");
    build_enclosure(x->b, f->base, url, type, NULL, NULL, media_number(x, a, "length"), 0);
}

// ---- start tags ----
static bool enter(struct xml *x, enum meaning m, struct frame *f, const struct attributes *a,
                  bool *into)
{
    struct build *b = x->b;
    *into = true;
    switch (m) {
    case M_INTO:
        f->place = AT_TOP;
        return true;
    case M_FEED:
        f->place = AT_FEED;
        if (f->language && !b->u->language)
            b->u->language = f->language;
        return true;
    case M_ENTRY: {
        if (b->in_entry)
            break;
        build_entry(b);
        f->place = AT_ENTRY;
        b->d.base = f->base;
        const char *about = NULL; // rdf:about is who an item of RSS 1.0 is
        for (int i = 0; i < a->n; i++)
            if (strcmp((const char *)a->list[5 * i], "about") == 0)
                about = build_line(b, (const char *)a->list[5 * i + 3],
                                   (size_t)(a->list[5 * i + 4] - a->list[5 * i + 3]));
        if (about && b->u->format != FEED_RSS2) {
            b->d.guid = about;
            b->d.permalink = true;
        }
        if (f->language && !(b->u->language && strcmp(f->language, b->u->language) == 0))
            b->d.language = f->language;
        return true;
    }
    case M_FEED_IMAGE:
        if (b->in_entry)
            break;
        f->place = AT_FEED_IMAGE;
        return true;
    case M_SOURCE:
        f->place = AT_SOURCE;
        return true;
    case M_MEDIA_GROUP:
        return true;
    case M_MEDIA_CONTENT:
        if (!b->in_entry)
            break;
        media_content(x, a);
        f->place = AT_MEDIA;
        return true;
    case M_ALTERNATE_ENCLOSURE:
        media_content(x, a);
        x->media.size = media_number(x, a, "length");
        x->media.title = xml_attribute(x, a, "title");
        f->place = AT_ALTERNATE;
        return b->in_entry;
    case M_PERSON:
    case M_CONTRIBUTOR:
        x->person.name = x->person.url = x->person.email = NULL;
        x->person.rank = m == M_PERSON ? 1 : 4;
        if (f->place == AT_SOURCE)
            x->person.rank = 5;
        f->place = AT_PERSON;
        return true;
    case M_ITUNES_OWNER:
        x->person.name = x->person.url = x->person.email = NULL;
        f->place = AT_OWNER;
        x->person.rank = 4;
        return true;
    case M_SKIP_HOURS:
        f->place = AT_HOURS;
        return true;
    case M_SKIP_DAYS:
        f->place = AT_DAYS;
        return true;
    case M_ITUNES_CATEGORY: {
        const char *text = xml_attribute(x, a, "text");
        if (text)
            build_category(b, text, strlen(text));
        return true;
    }
    default:
        break;
    }
    *into = false;
    return false;
}

// Elements that are whole when they begin: all they say stands in attributes.
static bool said_in_attributes(struct xml *x, enum meaning m, const struct frame *f,
                               const struct attributes *a)
{
    struct build *b = x->b;
    const char *url, *type;
    switch (m) {
    case M_ENCLOSURE:
        enclosure(x, f, a);
        return b->d.nenclosures > 0 || !b->in_entry;
    case M_IMAGE_HREF:
        url = xml_attribute(x, a, "href");
        build_image(b, 2, f->base, url ? url : xml_attribute(x, a, "url"));
        return true;
    case M_THUMBNAIL:
        build_image(b, 3, f->base, xml_attribute(x, a, "url"));
        return true;
    case M_TRANSCRIPT:
    case M_CHAPTERS:
        build_link(b, f->base, m == M_CHAPTERS ? "chapters" : "transcript",
                   xml_attribute(x, a, "url"), xml_attribute(x, a, "type"));
        return true;
    case M_ALTERNATE_SOURCE:
        if (f->place != AT_ALTERNATE)
            return true;
        url = xml_attribute(x, a, "uri");
        type = xml_attribute(x, a, "contentType");
        type = type ? type : x->media.type;
        build_link(b, f->base, "alternateEnclosure", url, type);
        if (begins(type, "audio/") && !strcasestr(type, "mpegurl"))
            build_enclosure(b, f->base, url, type, NULL, x->media.title, x->media.size, 0);
        return true;
    case M_SOURCE_TEXT:
        build_link(b, f->base, "via", xml_attribute(x, a, "url"), "application/rss+xml");
        return true;
    case M_COMPLETE:
        b->u->complete = true;
        return true;
    case M_ARCHIVE:
        return true;
    case M_CATEGORY:
        url = xml_attribute(x, a, "label");
        url = url && *url ? url : xml_attribute(x, a, "term");
        if (!url || f->place == AT_SOURCE)
            return f->place == AT_SOURCE;
        build_category(b, url, strlen(url));
        return true;
    case M_LINK:
        if (!xml_attribute(x, a, "href"))
            return x->atom;
        atom_link(x, f, a);
        return true;
    default:
        return false;
    }
}

bool element_start(struct xml *x, enum meaning m, struct frame *f, const struct attributes *a,
                   bool *into)
{
    struct build *b = x->b;
    if (m == M_NONE)
        return false;
    if (enter(x, m, f, a, into))
        return false;
    *into = false;
    if (said_in_attributes(x, m, f, a))
        return false;
    bool person = m == M_NAME || m == M_URI || m == M_EMAIL || (m == M_URL && x->atom);
    if (f->place == AT_SOURCE || (person && f->place != AT_PERSON && f->place != AT_OWNER) ||
        (f->place == AT_FEED_IMAGE && m != M_URL) || ((m == M_HOUR) != (f->place == AT_HOURS)) ||
        ((m == M_DAY) != (f->place == AT_DAYS)) ||
        (f->place == AT_MEDIA && m != M_DESCRIPTION_THIRD && m != M_TITLE_THIRD))
        return false;
    if ((f->place == AT_PERSON || f->place == AT_OWNER) && !person)
        return false;
    switch (m) {
    case M_GUID: {
        const char *link = xml_attribute(x, a, "isPermaLink");
        x->cap.flag = !x->atom && !is(link, "false");
        break;
    }
    case M_CONTENT: {
        const char *src = xml_attribute(x, a, "src"), *type = xml_attribute(x, a, "type");
        if (src && b->in_entry) { // the content is elsewhere
            if (begins(type, "audio/") || begins(type, "video/") || begins(type, "image/"))
                build_enclosure(b, f->base, src, type, NULL, NULL, 0, 0);
            else
                build_link(b, f->base, "content", src, type);
            const char *address = build_address(b, f->base, src);
            if (address && offer_wins(&b->d.url, 6))
                b->d.url.s = address;
            return false;
        }
        break;
    }
    case M_CREDIT:
        if (!is(xml_attribute(x, a, "role"), "author"))
            return false;
        break;
    case M_PODCAST_PERSON: {
        const char *role = xml_attribute(x, a, "role");
        if (role && !is(role, "host") && !is(role, "author"))
            return false;
        x->cap.arg = xml_attribute(x, a, "href");
        break;
    }
    default:
        break;
    }
    x->cap.kind = kind_of(x, a, !x->atom);
    if (m == M_BODY) {
        if (!b->in_entry)
            return false;
        x->cap.kind = TEXT_XHTML;
        x->cap.markup = true;
    }
    return true;
}

// ---- texts ----
static void offer_text(struct xml *x, struct offer *o, int rank, const char *s, size_t len)
{
    struct build *b = x->b;
    enum text_kind kind = x->cap.kind;
    if (o->rank && o->rank <= rank)
        return;
    size_t n;
    const char *body = build_body(b, s, len, &n);
    if (!body)
        return;
    offer_wins(o, rank);
    const char *base = frame(x)->base;
    if (x->cap.wrapper_base) {
        const char *there = build_address(b, base, x->cap.wrapper_base);
        base = there ? there : base;
    }
    *o = (struct offer){body, n, CONTENT_HTML, base, frame(x)->language, rank};
    if ((kind == TEXT_PLAIN || (kind == TEXT_GUESS && !markup_has_tags(body, n))) && !x->cap.markup)
        o->type = CONTENT_TEXT;
}

static size_t base64(const char *s, size_t len, struct buf *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t bits = 0;
    int have = 0;
    for (size_t i = 0; i < len && s[i] != '='; i++) {
        const char *at = s[i] ? strchr(digits, s[i]) : NULL;
        if (!at) {
            if (strchr(" \t\r\n", s[i]))
                continue;
            return 0;
        }
        bits = bits << 6 | (uint32_t)(at - digits);
        have += 6;
        if (have >= 8) {
            have -= 8;
            buf_char(out, (char)(bits >> have & 0xFF));
        }
    }
    return out->len;
}

static int64_t period_seconds(const char *s)
{
    static const struct {
        const char *name;
        int64_t seconds;
    } periods[] = {{"hourly", 3600},
                   {"daily", 86400},
                   {"weekly", 7 * 86400},
                   {"monthly", 30 * 86400},
                   {"yearly", 365 * 86400}};
    for (size_t i = 0; i < sizeof periods / sizeof *periods; i++)
        if (is(s, periods[i].name))
            return periods[i].seconds;
    return 0;
}

static void skip_day(struct feed_update *u, const char *s)
{
    static const char *const days[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    for (int i = 0; i < 7; i++)
        if (begins(s, days[i]))
            u->skip_days |= (uint8_t)(1u << i);
}

static void set_date(struct xml *x, enum meaning m, const char *line)
{
    struct build *b = x->b;
    int64_t t;
    if (!line)
        return;
    if (!date_parse(line, &t)) {
        build_warn(b, "a date could not be read: \"%.60s\"", line);
        return;
    }
    if (!b->in_entry) {
        if (m == M_UPDATED || !b->u->updated)
            b->u->updated = t;
        return;
    }
    struct draft *d = &b->d;
    if (m == M_UPDATED) {
        d->updated = t;
        return;
    }
    int rank = m == M_PUBLISHED ? 1 : m == M_PUBLISHED_SECOND ? 2 : 3;
    if (!d->published_rank || rank < d->published_rank) {
        d->published = t;
        d->published_rank = rank;
    }
}

static void set_link(struct xml *x, enum meaning m, const char *line)
{
    struct build *b = x->b;
    const char *address = build_address(b, frame(x)->base, line);
    if (!address)
        return;
    if (b->in_entry) {
        if (offer_wins(&b->d.url, m == M_ORIGINAL_LINK ? 1 : 2))
            b->d.url.s = address;
    } else if (!b->home_rank || b->home_rank > 1) {
        b->home_rank = 1;
        b->u->home = b->link_base = address;
    }
}

static void keywords(struct build *b, const char *s, size_t len)
{
    for (size_t i = 0; i < len;) {
        const char *comma = memchr(s + i, ',', len - i);
        size_t n = (comma ? (size_t)(comma - s) : len) - i;
        build_category(b, s + i, n);
        i += n + 1;
    }
}

static void set_guid(struct xml *x, const char *line, int rank)
{
    struct draft *d = &x->b->d;
    if (!x->b->in_entry || !line || (rank > 1 && d->guid))
        return;
    d->guid = line;
    d->permalink = x->cap.flag;
}

// Descriptions of a feed and its second names, best rank first.
static void set_feed_subtitle(struct xml *x, int rank, const char *s, size_t len)
{
    struct build *b = x->b;
    if (b->subtitle_rank && b->subtitle_rank <= rank)
        return;
    const char *line = build_plain(b, s, len, plain_mode(x->cap.kind));
    if (!line)
        return;
    b->subtitle_rank = rank;
    b->u->subtitle = line;
}

static void set_description(struct xml *x, int rank, const char *s, size_t len)
{
    if (x->b->in_entry)
        offer_text(x, &x->b->d.description, rank, s, len);
    else
        set_feed_subtitle(x, rank, s, len);
}

static void set_line(const char **slot, const char *line)
{
    if (!*slot)
        *slot = line;
}

static void feed_text(struct xml *x, enum meaning m, const char *s, size_t len)
{
    struct build *b = x->b;
    struct feed_update *u = b->u;
    const char *line = build_plain(b, s, len, x->atom ? plain_mode(x->cap.kind) : PLAIN_RSS);
    if (!line)
        return;
    switch (m) {
    case M_COPYRIGHT:
        set_line(&u->copyright, line);
        break;
    case M_GENERATOR:
        set_line(&u->generator, line);
        break;
    case M_TTL:
        u->ttl = build_number(line) * 60;
        break;
    case M_PERIOD:
        x->period = period_seconds(line);
        break;
    case M_FREQUENCY:
        x->frequency = build_number(line);
        break;
    case M_HOUR: {
        int64_t hour = build_number(line);
        if (hour <= 24)
            u->skip_hours |= UINT32_C(1) << hour % 24;
        break;
    }
    case M_DAY:
        skip_day(u, line);
        break;
    case M_ICON:
        build_image(b, 5, frame(x)->base, line);
        break;
    case M_LOGO:
        build_image(b, 2, frame(x)->base, line);
        break;
    case M_NEW_ADDRESS:
        set_line(&u->moved_to, build_address(b, frame(x)->base, line));
        break;
    default:
        break;
    }
}

static void entry_text(struct xml *x, enum meaning m, const char *s, size_t len)
{
    struct build *b = x->b;
    struct draft *d = &b->d;
    const char *line;
    switch (m) {
    case M_ENCODED:
    case M_CONTENT:
        offer_text(x, &d->body, 1, s, len);
        break;
    case M_MARKDOWN:
        if (!d->body.rank || d->body.rank > 2) {
            offer_text(x, &d->body, 2, s, len);
            if (d->body.rank == 2)
                d->body.type = CONTENT_MARKDOWN;
        }
        break;
    case M_BODY:
        offer_text(x, &d->body, 3, s, len);
        break;
    case M_SUMMARY:
        offer_text(x, &d->description, 1, s, len);
        break;
    case M_SUBTITLE:
        line = build_plain(b, s, len, PLAIN_RSS);
        if (line && offer_wins(&d->subtitle, 1))
            d->subtitle.s = line;
        break;
    case M_COMMENTS:
    case M_COMMENT_FEED:
        line = build_line(b, s, len);
        if (m == M_COMMENTS && line)
            set_line(&d->comments, build_address(b, frame(x)->base, line));
        else if (line)
            build_link(b, frame(x)->base, "replies", line, "application/rss+xml");
        break;
    case M_DURATION:
        line = build_line(b, s, len);
        if (!d->seconds)
            d->seconds = build_duration(line);
        break;
    case M_ENCLOSURE: // its address stands inside, not in an attribute
        line = build_line(b, s, len);
        build_enclosure(b, frame(x)->base, line, NULL, NULL, NULL, 0, 0);
        break;
    default:
        break;
    }
}

static void person_text(struct xml *x, enum meaning m, const char *s, size_t len)
{
    struct build *b = x->b;
    switch (m) {
    case M_NAME:
        set_line(&x->person.name, build_plain(b, s, len, PLAIN_GUESS));
        break;
    case M_EMAIL:
        set_line(&x->person.email, build_line(b, s, len));
        break;
    default:
        set_line(&x->person.url, build_address(b, frame(x)->base, build_line(b, s, len)));
        break;
    }
}

void element_text(struct xml *x, enum meaning m, const char *s, size_t len)
{
    struct build *b = x->b;
    struct buf raw = {0};
    if (x->cap.kind == TEXT_BASE64) {
        if (base64(s, len, &raw) && utf8_valid(raw.data, raw.len)) {
            s = raw.data;
            len = raw.len;
        }
        x->cap.kind = markup_has_tags(s, len) ? TEXT_HTML : TEXT_PLAIN;
    } else if (x->cap.markup && x->cap.kind != TEXT_XHTML) {
        x->cap.kind = TEXT_HTML; // elements stood in it, whatever it says it is
    }
    switch (m) {
    case M_TITLE:
    case M_TITLE_SECOND:
    case M_TITLE_THIRD:
        if (frame(x)->place == AT_MEDIA && m == M_TITLE_THIRD)
            x->media.title = build_plain(b, s, len, PLAIN_RSS);
        build_title(b,
                    m == M_TITLE          ? 1
                    : m == M_TITLE_SECOND ? 2
                                          : 3,
                    s, len, plain_mode(x->cap.kind));
        break;
    case M_DESCRIPTION:
        set_description(x, 1, s, len);
        break;
    case M_DESCRIPTION_SECOND:
        set_description(x, 2, s, len);
        break;
    case M_DESCRIPTION_THIRD:
        set_description(x, 3, s, len);
        break;
    case M_LINK:
    case M_ORIGINAL_LINK:
        set_link(x, m, build_line(b, s, len));
        break;
    case M_GUID:
        set_guid(x, build_line(b, s, len), 1);
        break;
    case M_IDENTIFIER:
        set_guid(x, build_line(b, s, len), 2);
        break;
    case M_AUTHOR:
    case M_CREATOR:
        build_person_text(b, 1, s, len);
        break;
    case M_CREATOR_SECOND:
    case M_CREDIT:
        build_person_text(b, 2, s, len);
        break;
    case M_PODCAST_PERSON:
        build_person(b, 3, build_plain(b, s, len, PLAIN_RSS),
                     build_address(b, frame(x)->base, x->cap.arg), NULL);
        break;
    case M_EMAIL_ROLE:
        if (!b->in_entry)
            build_person_text(b, 3, s, len);
        break;
    case M_PUBLISHED:
    case M_PUBLISHED_SECOND:
    case M_PUBLISHED_THIRD:
    case M_UPDATED:
        set_date(x, m, build_line(b, s, len));
        break;
    case M_CATEGORY:
        build_category(b, s, len);
        break;
    case M_KEYWORDS:
        keywords(b, s, len);
        break;
    case M_LANGUAGE:
        if (b->in_entry)
            set_line(&b->d.language, build_line(b, s, len));
        else
            b->u->language = build_line(b, s, len);
        break;
    case M_URL:
    case M_URI:
    case M_NAME:
    case M_EMAIL:
        if (frame(x)->place == AT_FEED_IMAGE) {
            const char *line = build_line(b, s, len);
            build_image(b, 1, frame(x)->base, line);
        } else {
            person_text(x, m, s, len);
        }
        break;
    default:
        if (b->in_entry)
            entry_text(x, m, s, len);
        else if (m == M_SUMMARY || m == M_SUBTITLE)
            set_feed_subtitle(x, m == M_SUMMARY ? 4 : 3, s, len);
        else
            feed_text(x, m, s, len);
        break;
    }
    buf_free(&raw);
}

void element_end(struct xml *x, const struct frame *f)
{
    struct build *b = x->b;
    switch (f->meaning) {
    case M_ENTRY:
        if (x->cut)
            build_entry_cancel(b);
        else
            build_entry_end(b);
        break;
    case M_FEED:
        if (!b->u->ttl && x->period)
            b->u->ttl = x->period / (x->frequency > 0 ? x->frequency : 1);
        break;
    case M_PERSON:
    case M_CONTRIBUTOR:
    case M_ITUNES_OWNER:
        build_person(b, x->person.rank, x->person.name, x->person.url, x->person.email);
        break;
    case M_MEDIA_CONTENT:
        build_enclosure(b, f->base, x->media.url, x->media.type, x->media.medium, x->media.title,
                        x->media.size, x->media.seconds);
        break;
    default:
        break;
    }
}

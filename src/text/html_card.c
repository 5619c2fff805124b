// What cannot be shown in a terminal, or lives only in the page's data, is named: posts, posts
// quoted from elsewhere, players, polls, formulas, galleries, files. Substack keeps these as JSON
// in data-attrs; others say it in markup.
#include "html_reader.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/utf8.h"

static json_t *attrs_of(const struct html_tree *t, uint32_t node)
{
    const char *s = html_attr(t, node, ATTR_DATA_ATTRS);
    if (!s || strlen(s) > 1 << 20)
        return NULL;
    json_t *j = json_loads(s, JSON_DISABLE_EOF_CHECK, NULL);
    if (j && !json_is_object(j)) {
        json_decref(j);
        j = NULL;
    }
    return j;
}

static const char *str(const json_t *j, const char *key)
{
    const char *s = json_string_value(json_object_get(j, key));
    return s && *s ? s : NULL;
}

// "2025-11-04T..." or "Sat Mar 04 19:36:41 +0000 2023" -> "4 November 2025"; empty when it is
// neither.
static void day_of(const char *s, char out[32])
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    out[0] = '\0';
    int y = 0, m = 0, d = 0;
    char name[4];
    if (!s)
        return;
    if (sscanf(s, "%4d-%2d-%2d", &y, &m, &d) != 3) {
        if (sscanf(s, "%*3s %3s %2d %*d:%*d:%*d %*5s %4d", name, &d, &y) != 3)
            return;
        for (m = 0; m < 12 && strncasecmp(months[m], name, 3) != 0;)
            m++;
        m++;
    }
    if (m >= 1 && m <= 12 && d >= 1 && d <= 31 && y > 0)
        snprintf(out, 32, "%d %s %d", d, months[m - 1], y);
}

static void length_of(double seconds, struct buf *out)
{
    if (seconds < 1 || seconds > 360000)
        return;
    int s = (int)(seconds + 0.5);
    if (s >= 3600)
        buf_printf(out, " · %d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
    else
        buf_printf(out, " · %d:%02d", s / 60, s % 60);
}

static const char *clean(struct html_reader *r, const char *url)
{
    return url && link_clean(&r->scratch, url, r->base) && r->scratch.data[0] != '#'
               ? r->scratch.data
               : NULL;
}

static void add(struct buf *out, const char *before, const char *s)
{
    if (s && *s) {
        buf_str(out, before);
        buf_str(out, s);
    }
}

static bool post(struct html_reader *r, const json_t *j)
{
    const char *title = str(j, "title");
    const char *url = clean(r, str(j, "canonical_url") ? str(j, "canonical_url") : str(j, "url"));
    if (!title && !url)
        return false;
    struct buf more = {0};
    char day[32];
    const json_t *by = json_object_get(j, "publishedBylines");
    if (!json_array_size(by))
        by = json_object_get(j, "bylines");
    for (size_t i = 0; i < json_array_size(by) && i < 4; i++)
        add(&more, i ? ", " : " · ", str(json_array_get(by, i), "name"));
    add(&more, " · ", str(j, "publication_name"));
    day_of(str(j, "post_date"), day);
    add(&more, " · ", day);
    struct doc_media m = {.kind = MEDIA_POST, .url = url, .title = title};
    char *address = mem_strdup(url);
    m.url = address;
    reader_card(r, "Essay", title ? title : url, buf_cstr(&more), address, &m);
    const char *words = str(j, "caption") ? str(j, "caption") : str(j, "truncated_body_text");
    if (words) {
        reader_block(r);
        doc_open(r->b, BLOCK_QUOTE);
        doc_open(r->b, BLOCK_PARAGRAPH);
        doc_text(r->b, words, strlen(words));
        doc_close(r->b);
        doc_close(r->b);
    }
    free(address);
    buf_free(&more);
    return true;
}

static bool publication(struct html_reader *r, const json_t *j)
{
    const char *name = str(j, "name");
    char *url = mem_strdup(clean(r, str(j, "base_url")));
    struct buf more = {0};
    add(&more, " · ", str(j, "author_name"));
    add(&more, " · ", str(j, "hero_text"));
    if (name)
        reader_card(r, "Newsletter", name, buf_cstr(&more), url, NULL);
    free(url);
    buf_free(&more);
    return name != NULL;
}

// Lines of a post as paragraphs.
static void paragraphs(struct html_reader *r, const char *s)
{
    struct buf plain = {0}; // the text has &amp; and its like once more
    for (; *s; s++) {
        if (*s == '<' && (s[1] == '/' || (s[1] | 32) == 's' || (s[1] | 32) == 'a') &&
            strchr(s, '>')) {
            s = strchr(s, '>'); // links come as elements
            continue;
        }
        static const struct {
            const char *name, *is;
        } names[] = {
            {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}};
        size_t i = 0, n = sizeof names / sizeof *names;
        while (i < n && strncmp(s, names[i].name, strlen(names[i].name)) != 0)
            i++;
        buf_str(&plain, i < n ? names[i].is : (char[]){*s, '\0'});
        if (i < n)
            s += strlen(names[i].name) - 1;
    }
    for (const char *p = buf_cstr(&plain); *p;) {
        size_t n = strcspn(p, "\n");
        doc_open(r->b, BLOCK_PARAGRAPH);
        doc_text(r->b, p, n);
        doc_close(r->b);
        p += n + (p[n] == '\n');
    }
    buf_free(&plain);
}

// "1234567" -> "1,234,567"
static void count(struct buf *out, const char *before, const json_t *n, const char *one,
                  const char *more)
{
    json_int_t v = json_integer_value(n);
    char digits[32];
    if (v <= 0)
        return;
    int len = snprintf(digits, sizeof digits, "%lld", (long long)v);
    buf_str(out, before);
    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            buf_char(out, ',');
        buf_char(out, digits[i]);
    }
    buf_printf(out, " %s", v == 1 ? one : more);
}

static void quoted_by(struct html_reader *r, const char *name, const char *handle, const char *date,
                      const char *url, const json_t *counts)
{
    char day[32];
    struct buf by = {0};
    day_of(date, day);
    if (name)
        buf_str(&by, name);
    if (handle)
        buf_printf(&by, by.len ? " (@%s)" : "@%s", handle);
    if (day[0])
        add(&by, by.len ? ", " : "", day);
    if (by.len) {
        doc_open(r->b, BLOCK_ATTRIBUTION);
        reader_link(r, by.data, url);
        buf_clear(&by);
        count(&by, " · ", json_object_get(counts, "like_count"), "like", "likes");
        count(&by, " · ", json_object_get(counts, "retweet_count"), "repost", "reposts");
        if (by.len)
            doc_text(r->b, by.data, by.len);
        doc_close(r->b);
    }
    buf_free(&by);
}

static bool tweet(struct html_reader *r, const json_t *j, int depth)
{
    const char *text = str(j, "full_text");
    if (!text)
        return false;
    doc_open(r->b, BLOCK_QUOTE);
    paragraphs(r, text);
    const json_t *photos = json_object_get(j, "photos");
    for (size_t i = 0; i < json_array_size(photos) && i < 8; i++) {
        const json_t *p = json_array_get(photos, i);
        const char *src = str(p, "img_url");
        struct doc_media m = {.kind = MEDIA_IMAGE, .title = str(p, "alt_text")};
        if (src && link_image(&r->scratch, src, r->base)) {
            char *url = mem_strdup(r->scratch.data);
            m.url = url;
            reader_figure(r, &m, m.title ? NULL : "A picture in the post");
            free(url);
        }
    }
    const json_t *quoted = json_object_get(j, "quoted_tweet"),
                 *page = json_object_get(j, "expanded_url");
    if (json_is_object(quoted) && depth < 3)
        tweet(r, quoted, depth + 1);
    const char *url = clean(r, str(page, "url"));
    if (url && str(page, "title"))
        reader_card(r, "Page", str(page, "title"), NULL, url, NULL);
    char *by = mem_strdup(clean(r, str(j, "url")));
    quoted_by(r, str(j, "name"), str(j, "username"),
              str(j, "date") ? str(j, "date") : str(j, "created_at"), by, j);
    free(by);
    doc_close(r->b);
    r->texts++;
    return true;
}

static bool comment(struct html_reader *r, const json_t *j)
{
    const json_t *c = json_object_get(j, "comment"), *p = json_object_get(j, "post");
    if (!json_is_object(c))
        c = json_is_object(p) ? p : j;
    const char *body = str(c, "body") ? str(c, "body") : str(c, "text");
    if (!body)
        body = str(json_object_get(c, "record"), "text");
    if (!body)
        return false;
    const char *name = str(c, "name");
    if (!name)
        name = str(json_object_get(c, "author"), "displayName");
    if (!name)
        name = str(j, "authorName");
    reader_block(r);
    doc_open(r->b, BLOCK_QUOTE);
    paragraphs(r, body);
    quoted_by(r, name, NULL, str(c, "date") ? str(c, "date") : str(c, "createdAt"), NULL, NULL);
    doc_close(r->b);
    r->texts++;
    return true;
}

// Who plays what, by host. The address of a player becomes the address of its page where that is
// plain.
static const struct player {
    const char *host, *what, *on;
    enum media_kind kind;
} players[] = {
    {"youtube.com", "Video", "YouTube", MEDIA_VIDEO},
    {"youtube-nocookie.com", "Video", "YouTube", MEDIA_VIDEO},
    {"youtu.be", "Video", "YouTube", MEDIA_VIDEO},
    {"vimeo.com", "Video", "Vimeo", MEDIA_VIDEO},
    {"dailymotion.com", "Video", "Dailymotion", MEDIA_VIDEO},
    {"ted.com", "Video", "TED", MEDIA_VIDEO},
    {"twitch.tv", "Video", "Twitch", MEDIA_VIDEO},
    {"loom.com", "Video", "Loom", MEDIA_VIDEO},
    {"videopress.com", "Video", "VideoPress", MEDIA_VIDEO},
    {"tiktok.com", "Video", "TikTok", MEDIA_VIDEO},
    {"instagram.com", "Post", "Instagram", MEDIA_EMBED},
    {"spotify.com", "Audio", "Spotify", MEDIA_AUDIO},
    {"soundcloud.com", "Audio", "SoundCloud", MEDIA_AUDIO},
    {"podcasts.apple.com", "Audio", "Apple Podcasts", MEDIA_AUDIO},
    {"music.apple.com", "Audio", "Apple Music", MEDIA_AUDIO},
    {"bandcamp.com", "Audio", "Bandcamp", MEDIA_AUDIO},
    {"mixcloud.com", "Audio", "Mixcloud", MEDIA_AUDIO},
    {"archive.org", "Recording", "the Internet Archive", MEDIA_EMBED},
    {"google.com", "Page", "Google", MEDIA_EMBED},
    {"openstreetmap.org", "Map", "OpenStreetMap", MEDIA_EMBED},
    {"datawrapper.dwcdn.net", "Chart", "Datawrapper", MEDIA_EMBED},
    {"flourish.studio", "Chart", "Flourish", MEDIA_EMBED},
    {"manifold.markets", "Prediction market", "Manifold", MEDIA_EMBED},
    {"polymarket.com", "Prediction market", "Polymarket", MEDIA_EMBED},
    {"twitter.com", "Post", "Twitter", MEDIA_EMBED},
    {"bsky.app", "Post", "Bluesky", MEDIA_EMBED},
    {"github.com", "Code", "GitHub", MEDIA_EMBED},
    {"codepen.io", "Code", "CodePen", MEDIA_EMBED},
};

static const struct player *player_of(const char *url)
{
    size_t len;
    const char *host = link_host(url, &len);
    for (size_t i = 0; i < sizeof players / sizeof *players; i++) {
        size_t n = strlen(players[i].host);
        if (len >= n && strncasecmp(host + len - n, players[i].host, n) == 0 &&
            (len == n || host[len - n - 1] == '.'))
            return &players[i];
    }
    return NULL;
}

static bool word_char(char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || c == '-';
}

// .../embed/ID?start=12 -> the page a person knows
static void page_of(const char *url, struct buf *out)
{
    static const struct {
        const char *part, *page;
    } pages[] = {
        {"youtube.com/embed/", "https://www.youtube.com/watch?v="},
        {"youtube-nocookie.com/embed/", "https://www.youtube.com/watch?v="},
        {"player.vimeo.com/video/", "https://vimeo.com/"},
        {"dailymotion.com/embed/video/", "https://www.dailymotion.com/video/"},
        {"open.spotify.com/embed/", "https://open.spotify.com/"},
        {"manifold.markets/embed/", "https://manifold.markets/"},
        {"embed.podcasts.apple.com/", "https://podcasts.apple.com/"},
    };
    buf_clear(out);
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        const char *s = strstr(url, pages[i].part);
        if (!s)
            continue;
        s += strlen(pages[i].part);
        size_t n = strcspn(s, "?#&");
        if (!n || strncmp(s, "videoseries", 11) == 0)
            continue;
        buf_str(out, pages[i].page);
        buf_add(out, s, n);
        const char *start = strstr(s, "start=");
        if (i < 2 && start && atoi(start + 6) > 0)
            buf_printf(out, "&t=%d", atoi(start + 6));
        return;
    }
    buf_str(out, url);
}

// A prediction market's question stands in its address, cut at 35 letters.
static void question_of(const char *url, struct buf *out)
{
    size_t n = strcspn(url, "?#");
    while (n && url[n - 1] == '/')
        n--;
    size_t from = n;
    while (from && url[from - 1] != '/')
        from--;
    if (n - from < 8 || !memchr(url + from, '-', n - from))
        return;
    for (size_t i = from; i < n; i++) {
        char c = url[i] == '-' ? ' ' : url[i];
        buf_char(out, i == from && c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
    }
    buf_str(out, n - from >= 34 ? "…" : "?");
}

static bool player(struct html_reader *r, const char *url, const char *title, const char *by,
                   const char *poster, double seconds)
{
    url = clean(r, url);
    if (!url)
        return false;
    struct buf page = {0}, more = {0}, name = {0};
    page_of(url, &page);
    const struct player *p = player_of(page.data);
    size_t n;
    const char *host = link_host(page.data, &n);
    if (title)
        utf8_clean(&name, title, strlen(title), UTF8_LINE);
    if (!name.len && p && strncmp(p->what, "Prediction", 10) == 0)
        question_of(page.data, &name);
    if (!name.len || strcasecmp(name.data, "youtube video player") == 0 ||
        strcasecmp(name.data, "embedded post") == 0) {
        buf_clear(&name);
        if (p)
            buf_printf(&name, "on %s", p->on);
        else
            buf_add(&name, host, n);
    } else {
        add(&more, " · ", by);
        if (p)
            add(&more, " · ", p->on);
    }
    length_of(seconds, &more);
    struct doc_media m = {.kind = p ? p->kind : MEDIA_EMBED,
                          .url = page.data,
                          .title = name.data,
                          .link = poster,
                          .seconds = seconds};
    m.link = NULL;
    reader_card(r, p ? p->what : "Page", name.data, buf_cstr(&more), page.data, &m);
    buf_free(&page);
    buf_free(&more);
    buf_free(&name);
    return true;
}

static bool youtube(struct html_reader *r, uint32_t node, const json_t *j)
{
    const char *id = str(j, "videoId");
    uint32_t frame = html_find(r->t, node, TAG_IFRAME);
    const char *title = frame == NO_NODE ? NULL : html_attr(r->t, frame, ATTR_TITLE);
    if (!id || strlen(id) > 32)
        return frame != NO_NODE &&
               player(r, html_attr(r->t, frame, ATTR_SRC), title, NULL, NULL, 0);
    for (const char *p = id; *p; p++)
        if (!word_char(*p))
            return false;
    struct buf url = {0};
    buf_printf(&url, "https://www.youtube.com/watch?v=%s", id);
    const json_t *start = json_object_get(j, "startTime");
    const char *from = json_string_value(start);
    if (from && atoi(from) > 0)
        buf_printf(&url, "&t=%d", atoi(from));
    else if (json_number_value(start) >= 1)
        buf_printf(&url, "&t=%d", (int)json_number_value(start));
    bool ok = player(r, url.data, title, NULL, NULL, 0);
    buf_free(&url);
    return ok;
}

// A recording of the newsletter's own: its address is known by its number.
static bool clip(struct html_reader *r, uint32_t node, const json_t *j)
{
    bool video = html_has_class(r->t, node, "native-video-embed");
    const char *id = str(j, "mediaUploadId"), *label = str(j, "label");
    double seconds = json_number_value(json_object_get(j, "duration"));
    struct buf url = {0}, more = {0};
    bool ok = id && strlen(id) < 64;
    for (const char *p = id; ok && *p; p++)
        ok = word_char(*p);
    if (ok)
        buf_printf(&url, "https://api.substack.com/api/v1/%s/upload/%s/src",
                   video ? "video" : "audio", id);
    length_of(seconds, &more);
    struct doc_media m = {.kind = video ? MEDIA_VIDEO : MEDIA_AUDIO,
                          .url = ok ? url.data : NULL,
                          .title = label,
                          .seconds = seconds};
    reader_card(r, video ? "Video" : "Audio",
                label   ? label
                : video ? "a film in this essay"
                        : "a recording in this essay",
                buf_cstr(&more), ok ? url.data : NULL, &m);
    buf_free(&url);
    buf_free(&more);
    return true;
}

static bool gallery(struct html_reader *r, const json_t *j)
{
    const json_t *g = json_object_get(j, "gallery");
    const json_t *images = json_object_get(g, "images");
    size_t n = json_array_size(images);
    const char *caption = str(g, "caption");
    for (size_t i = 0; i < n && i < 100; i++) {
        const json_t *im = json_array_get(images, i);
        const char *src = str(im, "src"), *alt = str(im, "alt") ? str(im, "alt")
                                                 : n == 1       ? str(g, "alt")
                                                                : NULL;
        if (!src || !link_image(&r->scratch, src, r->base))
            continue;
        char *url = mem_strdup(r->scratch.data);
        struct doc_media m = {.kind = MEDIA_IMAGE, .url = url, .title = alt};
        reader_figure(r, &m, i + 1 == n ? caption : NULL);
        free(url);
    }
    return n > 0;
}

static bool latex(struct html_reader *r, const json_t *j)
{
    const char *s = str(j, "persistentExpression");
    if (!s)
        return false;
    reader_block(r);
    uint32_t at = doc_open(r->b, BLOCK_CODE);
    doc_builder_block(r->b, at)->ref = doc_add_string(r->b, "latex");
    doc_text(r->b, s, strlen(s));
    doc_close(r->b);
    return true;
}

static bool mention(struct html_reader *r, const json_t *j)
{
    const char *name = str(j, "name");
    if (!name)
        return false;
    struct buf url = {0};
    json_int_t id = json_integer_value(json_object_get(j, "id"));
    if (clean(r, str(j, "url")))
        buf_str(&url, r->scratch.data);
    else if (id > 0 && str(j, "type") && strcmp(str(j, "type"), "user") == 0)
        buf_printf(&url, "https://substack.com/profile/%lld", (long long)id);
    if (url.len)
        doc_span_open(r->b, SPAN_LINK, doc_add_link(r->b, url.data, NULL));
    reader_say(r, name);
    if (url.len)
        doc_span_close(r->b, SPAN_LINK);
    buf_free(&url);
    return true;
}

static uint32_t find_class(const struct html_tree *t, uint32_t top, const char *token)
{
    for (uint32_t i = html_next(t, top, top, true); i != NO_NODE; i = html_next(t, i, top, true))
        if (t->nodes[i].tag != TAG_TEXT && html_has_class(t, i, token))
            return i;
    return NO_NODE;
}

static void text_of(const struct html_tree *t, uint32_t top, const char *const *classes,
                    struct buf *out)
{
    for (size_t i = 0; classes[i] && !out->len; i++) {
        uint32_t n = find_class(t, top, classes[i]);
        if (n != NO_NODE)
            html_text_of(t, n, out, 300);
    }
}

// A card in markup: its first link, the words that are its title, the words that describe it.
static bool bookmark(struct html_reader *r, uint32_t node, const char *what)
{
    static const char *const titles[] = {"kg-bookmark-title",           "kg-file-card-title",
                                         "file-embed-details-h1",       "embed__title",
                                         "markup--mixtapeEmbed-strong", NULL};
    static const char *const about[] = {"kg-bookmark-description", "kg-file-card-caption",
                                        "file-embed-details-h2",   "embed__description",
                                        "markup--mixtapeEmbed-em", NULL};
    struct html_tree *t = r->t;
    uint32_t a = t->nodes[node].tag == TAG_A ? node : html_find(t, node, TAG_A);
    struct buf title = {0}, more = {0}, words = {0};
    text_of(t, node, titles, &title);
    text_of(t, node, about, &words);
    if (!title.len && a != NO_NODE)
        html_text_of(t, a, &title, 200);
    char *url = a == NO_NODE ? NULL : mem_strdup(clean(r, html_attr(t, a, ATTR_HREF)));
    bool ok = title.len > 0;
    if (ok) {
        uint32_t caption = html_find(t, node, TAG_FIGCAPTION);
        add(&more, " · ", words.data);
        buf_clear(&words);
        if (caption != NO_NODE) // the author's own words about it
            html_text_of(t, caption, &words, 1000);
        add(&more, " · ", words.data);
        reader_card(r, what, title.data, buf_cstr(&more), url, NULL);
    }
    free(url);
    buf_free(&title);
    buf_free(&more);
    buf_free(&words);
    return ok;
}

static bool media_tag(struct html_reader *r, uint32_t node)
{
    const struct html_tree *t = r->t;
    bool video = t->nodes[node].tag == TAG_VIDEO;
    const char *src = html_attr(t, node, ATTR_SRC);
    uint32_t source = src && *src ? NO_NODE : html_find(t, node, TAG_SOURCE);
    if (source != NO_NODE)
        src = html_attr(t, source, ATTR_SRC);
    src = clean(r, src);
    if (!src)
        return false;
    char *url = mem_strdup(src);
    const char *title = html_attr(t, node, ATTR_TITLE);
    if (!title)
        title = html_attr(t, node, ATTR_ARIA_LABEL);
    struct doc_media m = {.kind = video ? MEDIA_VIDEO : MEDIA_AUDIO, .url = url, .title = title};
    reader_card(r, video ? "Video" : "Audio",
                title   ? title
                : video ? "a film in this essay"
                        : "a recording in this essay",
                NULL, url, &m);
    free(url);
    return true;
}

static bool embed(struct html_reader *r, uint32_t node, const json_t *j)
{
    const struct html_tree *t = r->t;
    uint8_t tag = t->nodes[node].tag;
    if (tag == TAG_VIDEO || tag == TAG_AUDIO)
        return media_tag(r, node);
    const char *title = str(j, "title"), *url = str(j, "url");
    uint32_t frame = tag == TAG_IFRAME || tag == TAG_EMBED || tag == TAG_OBJECT
                         ? node
                         : html_find(t, node, TAG_IFRAME);
    if (!url && frame != NO_NODE) {
        static const enum html_attr names[] = {ATTR_SRC, ATTR_DATA_SRC, ATTR_DATA_LAZY, ATTR_DATA};
        for (size_t i = 0; i < sizeof names / sizeof *names && !clean(r, url); i++)
            url = html_attr(t, frame, names[i]);
        if (!title)
            title = html_attr(t, frame, ATTR_TITLE);
    }
    const char *by = str(j, "author_name") ? str(j, "author_name") : str(j, "author");
    if (!by)
        by = str(j, "subtitle");
    if (url && link_is_pixel(url))
        return true;
    return player(r, url, title, by, NULL, json_number_value(json_object_get(j, "duration")));
}

bool html_card(struct html_reader *r, uint32_t node, enum rule_do what)
{
    json_t *j = attrs_of(r->t, node);
    bool done = false;
    if (what != DO_MENTION)
        reader_boundary(r); // before scratch is in use
    switch (what) {
    case DO_POST:
        done = post(r, j);
        break;
    case DO_PUBLICATION:
        done = publication(r, j);
        break;
    case DO_TWEET:
        if (r->sticky == NO_NODE) {
            reader_block(r);
            done = tweet(r, j, 0);
        }
        break;
    case DO_COMMENT:
        done = r->sticky == NO_NODE && comment(r, j);
        break;
    case DO_YOUTUBE:
        done = youtube(r, node, j);
        break;
    case DO_VIMEO: {
        const char *id = str(j, "videoId");
        struct buf url = {0};
        if (id && strspn(id, "0123456789") == strlen(id))
            buf_printf(&url, "https://vimeo.com/%s", id);
        done = url.len ? player(r, url.data, NULL, NULL, NULL, 0) : embed(r, node, j);
        buf_free(&url);
        break;
    }
    case DO_PLAYER:
    case DO_EMBED:
        done = embed(r, node, j);
        break;
    case DO_POLL:
        reader_card(r, "A poll, to be answered on the web page", NULL, NULL, clean(r, r->base),
                    NULL);
        done = true;
        break;
    case DO_LATEX:
        done = r->sticky == NO_NODE && latex(r, j);
        break;
    case DO_MENTION:
        done = mention(r, j);
        break;
    case DO_GALLERY:
        done = r->sticky == NO_NODE && gallery(r, j);
        break;
    case DO_CLIP:
        done = clip(r, node, j);
        break;
    case DO_FILE:
        done = bookmark(r, node, "File");
        break;
    case DO_BOOKMARK:
        done = bookmark(r, node, html_has_class(r->t, node, "kg-file-card") ? "File" : "Page");
        break;
    default:
        break;
    }
    json_decref(j);
    return done;
}

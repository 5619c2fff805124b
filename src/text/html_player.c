// Sound, film and frames that a terminal does not show: each is named by its title, who made it and
// who plays it, and leads to the page a person knows instead of to the player's.
#include "html_card.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/utf8.h"

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
    {"medium.com", "Something", "Medium", MEDIA_EMBED},
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
        {"substack.com/embed/polymarket/", "https://polymarket.com/event/"},
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
        const char *episode = strstr(s, "i=");
        if (strstr(pages[i].page, "podcasts.apple") && episode && strchr("?&", episode[-1]))
            buf_printf(out, "?i=%.*s", (int)strspn(episode + 2, "0123456789"), episode + 2);
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

// What says no more than that there is a player.
static bool says_nothing(const char *title)
{
    static const char *const all[] = {"youtube video player", "embedded post", "spotify embed"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strncasecmp(title, all[i], strlen(all[i])) == 0)
            return true;
    return false;
}

// The words that stand with a player in its figure or card, where it has no title of its own: they
// become the title. False: there are none, or there is more in them than words.
static bool words_beside(struct html_reader *r, uint32_t node, struct buf *out)
{
    struct html_tree *t = r->t;
    uint32_t box = node, words = NO_NODE;
    for (int up = 0; up < 4 && box != NO_NODE && words == NO_NODE; up++) {
        box = t->nodes[box].parent;
        if (box == NO_NODE || box == 0)
            return false;
        if (t->nodes[box].tag == TAG_FIGURE)
            words = html_find(t, box, TAG_FIGCAPTION);
        else if (html_has_class(t, box, "kg-audio-card"))
            words = card_find(t, box, "kg-audio-title");
    }
    if (words == NO_NODE || html_find(t, words, TAG_A) != NO_NODE)
        return false;
    for (uint32_t i = words; i != NO_NODE; i = html_next(t, i, words, true)) {
        const struct hnode *n = &t->nodes[i];
        if (n->tag != TAG_TEXT || html_blank(t->text.data + n->at, n->n))
            continue;
        if (out->len) // title, artist and album, each in a span
            buf_str(out, html_has_class(t, n->parent, "tmblr-audio-meta") ? " · " : " ");
        struct buf piece = {0};
        utf8_clean(&piece, t->text.data + n->at, n->n, UTF8_LINE);
        buf_str(out, buf_cstr(&piece));
        buf_free(&piece);
    }
    if (!out->len || out->len > 300)
        return false;
    t->nodes[words].flags |= NODE_SKIP;
    return true;
}

// "1:02" or "62.4" -> 62
static double seconds_beside(const struct html_reader *r, uint32_t node)
{
    const struct html_tree *t = r->t;
    for (int up = 0; up < 2 && node != NO_NODE; up++)
        node = t->nodes[node].parent;
    uint32_t at = NO_NODE;
    if (node != NO_NODE && node != 0)
        at = card_find(t, node, "kg-audio-duration");
    if (node != NO_NODE && node != 0 && at == NO_NODE)
        at = card_find(t, node, "kg-video-duration");
    if (at == NO_NODE)
        return 0;
    struct buf s = {0};
    html_text_of(t, at, &s, 20);
    char *end;
    double v = strtod(buf_cstr(&s), &end);
    while (*end == ':')
        v = v * 60 + strtod(end + 1, &end);
    buf_free(&s);
    return v >= 1 && v < 360000 ? v : 0;
}

// title, by: NULL if they are not known.
static bool player(struct html_reader *r, const char *url, const char *title, const char *by,
                   double seconds)
{
    url = card_url(r, url);
    if (!url)
        return false;
    struct buf page = {0}, more = {0}, name = {0}, what = {0};
    page_of(url, &page);
    const struct player *p = player_of(page.data);
    size_t n;
    const char *host = link_host(page.data, &n);
    if (title)
        utf8_clean(&name, title, strlen(title), UTF8_LINE);
    if (name.len && says_nothing(name.data))
        buf_clear(&name);
    if (!name.len && p && strncmp(p->what, "Prediction", 10) == 0)
        question_of(page.data, &name);
    buf_str(&what, p ? p->what : "Page");
    if (!name.len && p)
        buf_printf(&what, " on %s", p->on); // "Video on YouTube" is all that is known
    else if (!name.len)
        buf_add(&name, host, n);
    if (by && !(name.len && strstr(name.data, by)))
        card_add(&more, " · ", by);
    if (p && name.len)
        card_add(&more, " · ", p->on);
    length_of(seconds, &more);
    struct doc_media m = {.kind = p ? p->kind : MEDIA_EMBED,
                          .url = page.data,
                          .title = name.len ? name.data : NULL,
                          .seconds = seconds};
    reader_card(r, what.data, name.len ? name.data : NULL, buf_cstr(&more), page.data, &m);
    buf_free(&page);
    buf_free(&more);
    buf_free(&name);
    buf_free(&what);
    return true;
}

bool player_youtube(struct html_reader *r, uint32_t node, const json_t *j)
{
    const char *id = card_str(j, "videoId");
    uint32_t frame = html_find(r->t, node, TAG_IFRAME);
    const char *title = frame == NO_NODE ? NULL : html_attr(r->t, frame, ATTR_TITLE);
    if (!id || strlen(id) > 32)
        return frame != NO_NODE && player(r, html_attr(r->t, frame, ATTR_SRC), title, NULL, 0);
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
    bool ok = player(r, url.data, title, NULL, 0);
    buf_free(&url);
    return ok;
}

// A recording of the newsletter's own: its address is known by its number.
bool player_clip(struct html_reader *r, uint32_t node, const json_t *j)
{
    bool video = html_has_class(r->t, node, "native-video-embed");
    const char *id = card_str(j, "mediaUploadId"), *label = card_str(j, "label");
    double seconds = json_number_value(json_object_get(j, "duration"));
    struct buf url = {0}, more = {0};
    bool ok = id && *id && strlen(id) <= 36 && strspn(id, "0123456789abcdefABCDEF-") == strlen(id);
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

static bool media_tag(struct html_reader *r, uint32_t node)
{
    const struct html_tree *t = r->t;
    bool video = t->nodes[node].tag == TAG_VIDEO;
    const char *src = html_attr(t, node, ATTR_SRC);
    uint32_t source = src && *src ? NO_NODE : html_find(t, node, TAG_SOURCE);
    if (source != NO_NODE)
        src = html_attr(t, source, ATTR_SRC);
    src = card_url(r, src);
    if (!src)
        return false;
    char *url = mem_strdup(src);
    struct buf beside = {0}, more = {0};
    const char *title = html_attr(t, node, ATTR_TITLE);
    if (!title)
        title = html_attr(t, node, ATTR_ARIA_LABEL);
    if (!title && words_beside(r, node, &beside))
        title = beside.data;
    double seconds = seconds_beside(r, node);
    length_of(seconds, &more);
    struct doc_media m = {
        .kind = video ? MEDIA_VIDEO : MEDIA_AUDIO, .url = url, .title = title, .seconds = seconds};
    reader_card(r, video ? "Video" : "Audio",
                title   ? title
                : video ? "a film in this essay"
                        : "a recording in this essay",
                buf_cstr(&more), url, &m);
    free(url);
    buf_free(&beside);
    buf_free(&more);
    return true;
}

bool player_vimeo(struct html_reader *r, uint32_t node, const json_t *j)
{
    const char *id = card_str(j, "videoId"), *key = card_str(j, "videoKey");
    if (!id || strspn(id, "0123456789") != strlen(id))
        return player_frame(r, node, j);
    struct buf url = {0};
    buf_printf(&url, "https://vimeo.com/%s", id);
    bool ok = key && *key; // of a film that is not listed
    for (const char *p = key; ok && *p; p++)
        ok = word_char(*p);
    if (ok)
        buf_printf(&url, "/%s", key);
    ok = player(r, url.data, NULL, NULL, 0);
    buf_free(&url);
    return ok;
}

bool player_instagram(struct html_reader *r, const json_t *j)
{
    const char *id = card_str(j, "instagram_id");
    if (!id || strlen(id) > 64)
        return false;
    for (const char *p = id; *p; p++)
        if (!word_char(*p))
            return false;
    struct buf url = {0};
    buf_printf(&url, "https://www.instagram.com/p/%s/", id);
    bool ok = player(r, url.data, card_str(j, "title"), card_str(j, "author_name"), 0);
    buf_free(&url);
    return ok;
}

bool player_frame(struct html_reader *r, uint32_t node, const json_t *j)
{
    static const char *const pages[] = {"targetUrl", "url", "fullEmbedUrl"}, *const authors[] = {
                                                                                 "author_name",
                                                                                 "author",
                                                                                 "podcastTitle",
                                                                                 "subtitle"};
    const struct html_tree *t = r->t;
    uint8_t tag = t->nodes[node].tag;
    if (tag == TAG_VIDEO || tag == TAG_AUDIO)
        return media_tag(r, node);
    uint32_t frame = tag == TAG_IFRAME || tag == TAG_EMBED || tag == TAG_OBJECT
                         ? node
                         : html_find(t, node, TAG_IFRAME);
    json_t *inner = !j && frame != NO_NODE && frame != node ? card_data(t, frame) : NULL;
    if (inner)
        j = inner;
    const char *title = card_str(j, "title"), *url = NULL, *by = NULL;
    for (size_t i = 0; i < sizeof pages / sizeof *pages && !url; i++)
        url = card_str(j, pages[i]);
    if (!url && frame != NO_NODE) {
        static const enum html_attr names[] = {ATTR_SRC, ATTR_DATA_SRC, ATTR_DATA_LAZY, ATTR_DATA};
        for (size_t i = 0; i < sizeof names / sizeof *names && !card_url(r, url); i++)
            url = html_attr(t, frame, names[i]);
        if (!title)
            title = html_attr(t, frame, ATTR_TITLE);
    }
    for (size_t i = 0; i < sizeof authors / sizeof *authors && !by; i++)
        by = card_str(j, authors[i]);
    double seconds = json_number_value(json_object_get(j, "duration"));
    if (card_str(j, "podcastTitle"))
        seconds /= 1000;
    if (!url && tag == TAG_A)
        url = html_attr(t, node, ATTR_HREF);
    struct buf beside = {0};
    if (url && (!title || !*title || says_nothing(title)) && words_beside(r, node, &beside))
        title = beside.data;
    bool ok = (url && link_is_pixel(url)) || player(r, url, title, by, seconds);
    json_decref(inner);
    buf_free(&beside);
    return ok;
}

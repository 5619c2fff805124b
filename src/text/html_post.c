// Posts quoted from other networks, and comments: a quotation with the name and the day under it.
// Substack has them as JSON in data-attrs; in its mails they are markup, taken apart by class.
#include "html_card.h"

#include <stdlib.h>
#include <string.h>

// Lines of a post as paragraphs.
static void paragraphs(struct html_reader *r, const char *s)
{
    while (*s) {
        size_t n = strcspn(s, "\n");
        doc_open(r->b, BLOCK_PARAGRAPH);
        doc_text(r->b, s, n);
        doc_close(r->b);
        s += n + (s[n] == '\n');
    }
}

// Data has &amp; and its like once more, and links as elements.
static void plain_text(struct buf *out, const char *s)
{
    static const struct {
        const char *name, *is;
    } names[] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}};
    for (; *s; s++) {
        if (*s == '<' && (s[1] == '/' || (s[1] | 32) == 's' || (s[1] | 32) == 'a') &&
            strchr(s, '>')) {
            s = strchr(s, '>');
            continue;
        }
        size_t i = 0, n = sizeof names / sizeof *names;
        while (i < n && strncmp(s, names[i].name, strlen(names[i].name)) != 0)
            i++;
        buf_str(out, i < n ? names[i].is : (char[]){*s, '\0'});
        if (i < n)
            s += strlen(names[i].name) - 1;
    }
}

// The address of its own picture or film that the network puts behind a post's words.
static void cut_own_link(struct buf *text)
{
    static const char own[] = "https://t.co/";
    size_t n = text->len;
    while (n && strchr(" \n", text->data[n - 1]))
        n--;
    size_t from = n;
    while (from && !strchr(" \n", text->data[from - 1]))
        from--;
    if (n - from < sizeof own || strncmp(text->data + from, own, sizeof own - 1) != 0)
        return;
    while (from && strchr(" \n", text->data[from - 1]))
        from--;
    text->len = from;
    text->data[from] = '\0';
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
    card_day(date, day);
    if (name)
        buf_str(&by, name);
    if (handle)
        handle += *handle == '@';
    if (handle && *handle)
        buf_printf(&by, by.len ? " (@%s)" : "@%s", handle);
    if (day[0])
        card_add(&by, by.len ? ", " : "", day);
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

static void picture(struct html_reader *r, const char *src, const char *alt)
{
    if (!src || !link_image(&r->scratch, src, r->base))
        return;
    char *url = mem_strdup(r->scratch.data);
    struct doc_media m = {.kind = MEDIA_IMAGE, .url = url, .title = alt};
    reader_figure(r, &m, alt ? NULL : "A picture in the post");
    free(url);
}

static bool tweet(struct html_reader *r, const json_t *j, int depth)
{
    const char *said = card_str(j, "full_text");
    if (!said)
        return false;
    const json_t *photos = json_object_get(j, "photos"),
                 *quoted = json_object_get(j, "quoted_tweet"),
                 *page = json_object_get(j, "expanded_url");
    const char *film = card_str(j, "video_url");
    struct buf text = {0};
    plain_text(&text, said);
    if (json_array_size(photos) || film || card_str(quoted, "full_text"))
        cut_own_link(&text);
    doc_open(r->b, BLOCK_QUOTE);
    paragraphs(r, buf_cstr(&text));
    buf_free(&text);
    for (size_t i = 0; i < json_array_size(photos) && i < 8; i++) {
        const json_t *p = json_array_get(photos, i);
        picture(r, card_str(p, "img_url"), card_str(p, "alt_text"));
    }
    char *url = mem_strdup(card_url(r, film));
    if (url)
        reader_card(r, "Video", "a film in the post", NULL, url, NULL);
    free(url);
    if (json_is_object(quoted) && depth < 3)
        tweet(r, quoted, depth + 1);
    url = mem_strdup(card_url(r, card_str(page, "url")));
    if (url && card_str(page, "title"))
        reader_card(r, "Page", card_str(page, "title"), NULL, url, NULL);
    free(url);
    char *by = mem_strdup(card_url(r, card_str(j, "url")));
    quoted_by(r, card_str(j, "name"), card_str(j, "username"),
              card_str(j, "date") ? card_str(j, "date") : card_str(j, "created_at"), by, j);
    free(by);
    doc_close(r->b);
    r->texts++;
    return true;
}

// ---- the same as markup ----

// Words below `top` in lines, what stands in elements of class `skip` left out.
static void lines_of(const struct html_tree *t, uint32_t top, const char *const *skip,
                     struct buf *out)
{
    for (uint32_t i = html_next(t, top, top, true); i != NO_NODE;) {
        const struct hnode *n = &t->nodes[i];
        bool into = true;
        if (n->tag == TAG_TEXT)
            buf_add(out, t->text.data + n->at, n->n);
        else if (n->tag == TAG_BR || html_is_block((enum html_tag)n->tag))
            buf_char(out, '\n');
        for (size_t k = 0; n->tag != TAG_TEXT && skip[k] && into; k++)
            into = !html_has_class(t, i, skip[k]);
        i = html_next(t, i, top, into);
    }
}

static char *words_of(const struct html_tree *t, uint32_t top, const char *token, const char *other)
{
    struct buf s = {0};
    uint32_t n = card_find(t, top, token);
    if (n == NO_NODE && other)
        n = card_find(t, top, other);
    if (n != NO_NODE)
        html_text_of(t, n, &s, 200);
    return s.len ? buf_take(&s, NULL) : (buf_free(&s), NULL);
}

static void quoted_markup(struct html_reader *r, uint32_t node)
{
    static const char *const head[] = {"quote-tweet-header", "tweet-header", NULL};
    struct buf text = {0};
    lines_of(r->t, node, head, &text);
    char *name = words_of(r->t, node, "quote-tweet-author-name", "tweet-author-name"),
         *handle = words_of(r->t, node, "quote-tweet-author-handle", "tweet-author-handle");
    if (!html_blank(buf_cstr(&text), text.len)) {
        doc_open(r->b, BLOCK_QUOTE);
        paragraphs(r, text.data);
        quoted_by(r, name, handle, NULL, NULL, NULL);
        doc_close(r->b);
    }
    free(name);
    free(handle);
    buf_free(&text);
}

static bool tweet_markup(struct html_reader *r, uint32_t node)
{
    static const char *const inner[] = {"quote-tweet", "expanded-link", NULL};
    const struct html_tree *t = r->t;
    uint32_t words = card_find(t, node, "tweet-text");
    struct buf text = {0};
    if (words != NO_NODE)
        lines_of(t, words, inner, &text);
    if (html_blank(buf_cstr(&text), text.len)) {
        buf_free(&text);
        return false;
    }
    doc_open(r->b, BLOCK_QUOTE);
    paragraphs(r, text.data);
    buf_free(&text);
    char *post = NULL;
    for (uint32_t i = html_next(t, node, node, true); i != NO_NODE;
         i = html_next(t, i, node, true)) {
        const char *href = t->nodes[i].tag == TAG_A ? html_attr(t, i, ATTR_HREF) : NULL;
        if (t->nodes[i].tag == TAG_IMG && html_has_class(t, i, "tweet-photo"))
            picture(r, html_attr(t, i, ATTR_SRC), reader_alt(html_attr(t, i, ATTR_ALT)));
        else if (html_has_class(t, i, "quote-tweet"))
            quoted_markup(r, i);
        if (href && html_has_class(t, i, "expanded-link")) {
            char *title = words_of(t, i, "expanded-link-title", NULL),
                 *url = mem_strdup(card_url(r, href));
            if (title && url)
                reader_card(r, "Page", title, NULL, url, NULL);
            free(title);
            free(url);
        } else if (href && (!post || (strstr(href, "/status/") && !strstr(post, "/status/"))) &&
                   (html_has_class(t, i, "tweet-link-bottom") ||
                    html_has_class(t, i, "tweet-link-top"))) {
            free(post); // the post's own address rather than a mail's redirect
            post = mem_strdup(card_url(r, href));
        }
    }
    char *name = words_of(t, node, "tweet-author-name", NULL),
         *handle = words_of(t, node, "tweet-author-handle", "tweet-author"),
         *date = words_of(t, node, "tweet-date", NULL);
    quoted_by(r, name, handle, date, post, NULL);
    free(name);
    free(handle);
    free(date);
    free(post);
    doc_close(r->b);
    r->texts++;
    return true;
}

bool post_tweet(struct html_reader *r, uint32_t node, const json_t *j)
{
    reader_block(r);
    return tweet(r, j, 0) || tweet_markup(r, node);
}

// ---- comments, posts of a chat, Bluesky ----

static void bluesky_url(const json_t *j, struct buf *out)
{
    const char *who = card_str(j, "authorHandle") ? card_str(j, "authorHandle")
                                                  : card_str(j, "authorDid"),
               *post = card_str(j, "postId");
    if (who && post)
        buf_printf(out, "https://bsky.app/profile/%s/post/%s", who, post);
}

bool post_comment(struct html_reader *r, const json_t *j)
{
    static const char *const inside[] = {"comment", "communityPost", "post"};
    const json_t *c = j;
    for (size_t i = 0; i < sizeof inside / sizeof *inside && c == j; i++)
        if (json_is_object(json_object_get(j, inside[i])))
            c = json_object_get(j, inside[i]);
    const json_t *author = json_object_get(c, "author"),
                 *pictures = json_object_get(j, "imageUrls"),
                 *attached = json_object_get(c, "attachments");
    const char *body = card_str(c, "body") ? card_str(c, "body") : card_str(c, "text");
    if (!body)
        body = card_str(json_object_get(c, "record"), "text");
    if (!body)
        return false;
    const char *name = card_str(c, "name") ? card_str(c, "name") : card_str(author, "displayName"),
               *handle =
                   card_str(c, "handle") ? card_str(c, "handle") : card_str(j, "authorHandle"),
               *date = card_str(c, "date") ? card_str(c, "date") : card_str(c, "createdAt"),
               *url = card_str(j, "url");
    if (!name)
        name = card_str(author, "name") ? card_str(author, "name") : card_str(j, "authorName");
    if (!date)
        date = card_str(c, "created_at");
    struct buf at = {0};
    bluesky_url(j, &at);
    if (!at.len && url && !strstr(url, "substack.com/home")) // where no post is
        buf_str(&at, url);
    reader_block(r);
    doc_open(r->b, BLOCK_QUOTE);
    struct buf text = {0};
    plain_text(&text, body);
    paragraphs(r, buf_cstr(&text));
    buf_free(&text);
    for (size_t i = 0; i < json_array_size(pictures) && i < 8; i++)
        picture(r, json_string_value(json_array_get(pictures, i)), NULL);
    for (size_t i = 0; i < json_array_size(attached) && i < 8; i++)
        picture(r, card_str(json_array_get(attached, i), "imageUrl"), NULL);
    char *by = mem_strdup(card_url(r, at.len ? at.data : NULL));
    quoted_by(r, name, handle, date, by, NULL);
    free(by);
    buf_free(&at);
    doc_close(r->b);
    r->texts++;
    return true;
}

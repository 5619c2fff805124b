// What cannot be shown in a terminal, or lives only in the page's data, is named: posts, polls,
// formulas, galleries, files. Substack keeps these as JSON in data-attrs; others say it in markup.
// Players are in html_player.c, posts of other networks in html_post.c.
#include "html_card.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

json_t *card_data(const struct html_tree *t, uint32_t node)
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

const char *card_str(const json_t *j, const char *key)
{
    const char *s = json_string_value(json_object_get(j, key));
    return s && *s ? s : NULL;
}

void card_day(const char *s, char out[32])
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    out[0] = '\0';
    int y = 0, m = 0, d = 0;
    char name[16];
    const char *dot = s ? strstr(s, "∙ ") : NULL; // behind the hour
    if (dot)
        s = dot + strlen("∙ ");
    if (!s)
        return;
    if (sscanf(s, "%4d-%2d-%2d", &y, &m, &d) != 3) {
        if (sscanf(s, "%*3s %3s %2d %*d:%*d:%*d %*5s %4d", name, &d, &y) != 3 &&
            sscanf(s, "%15s %2d, %4d", name, &d, &y) != 3 &&
            sscanf(s, "%15s %2d%*2[a-z] %4d", name, &d, &y) != 3)
            return;
        for (m = 0; m < 12 && strncasecmp(months[m], name, 3) != 0;)
            m++;
        m++;
    }
    if (m >= 1 && m <= 12 && d >= 1 && d <= 31 && y > 0)
        snprintf(out, 32, "%d %s %d", d, months[m - 1], y);
}

const char *card_url(struct html_reader *r, const char *url)
{
    return url && link_clean(&r->scratch, url, r->base) && r->scratch.data[0] != '#'
               ? r->scratch.data
               : NULL;
}

void card_add(struct buf *out, const char *before, const char *s)
{
    if (s && *s) {
        buf_str(out, before);
        buf_str(out, s);
    }
}

static const char *first_of(const json_t *j, const char *key, const char *other)
{
    return card_str(j, key) ? card_str(j, key) : card_str(j, other);
}

// Unless that is its name already.
static void add_name(struct buf *out, const char *before, const char *s, const char *known)
{
    if (!s || !known || strcmp(s, known) != 0)
        card_add(out, before, s);
}

static bool post(struct html_reader *r, const json_t *j)
{
    const char *title = card_str(j, "title"), *kind = card_str(j, "type"), *author = NULL;
    char *url = mem_strdup(card_url(r, first_of(j, "canonical_url", "url")));
    if (!title && !url)
        return false;
    struct buf more = {0};
    char day[32];
    const json_t *by = json_object_get(j, "publishedBylines");
    if (!json_array_size(by))
        by = json_object_get(j, "bylines");
    for (size_t i = 0; i < json_array_size(by) && i < 4; i++) {
        author = card_str(json_array_get(by, i), "name");
        card_add(&more, i ? ", " : " · ", author);
    }
    add_name(&more, " · ", card_str(j, "publication_name"), author);
    card_day(first_of(j, "post_date", "date"), day);
    card_add(&more, " · ", day);
    struct doc_media m = {.kind = MEDIA_POST, .url = url, .title = title};
    reader_card(r, kind && strcmp(kind, "podcast") == 0 ? "Podcast" : "Essay", title ? title : url,
                buf_cstr(&more), url, &m);
    const char *words = first_of(j, "caption", "truncated_body_text");
    if (words && r->sticky == NO_NODE) {
        reader_block(r);
        doc_open(r->b, BLOCK_QUOTE);
        doc_open(r->b, BLOCK_PARAGRAPH);
        doc_text(r->b, words, strlen(words));
        doc_close(r->b);
        doc_close(r->b);
    }
    free(url);
    buf_free(&more);
    return true;
}

static bool publication(struct html_reader *r, const json_t *j)
{
    const char *name = card_str(j, "name");
    char *url = mem_strdup(card_url(r, first_of(j, "base_url", "url")));
    struct buf more = {0};
    add_name(&more, " · ", card_str(j, "author_name"), name);
    card_add(&more, " · ", card_str(j, "hero_text"));
    if (name)
        reader_card(r, "Newsletter", name, buf_cstr(&more), url, NULL);
    free(url);
    buf_free(&more);
    return name != NULL;
}

// One caption and one description for all: the description stands under the first picture, the
// caption under the last.
static bool gallery(struct html_reader *r, const json_t *j)
{
    const json_t *g = json_object_get(j, "gallery");
    const json_t *images = json_object_get(g, "images");
    size_t n = json_array_size(images);
    const char *caption = card_str(g, "caption");
    for (size_t i = 0; i < n && i < 100; i++) {
        const json_t *im = json_array_get(images, i);
        const char *src = card_str(im, "src"), *alt = card_str(im, "alt");
        if (!alt && !i)
            alt = card_str(g, "alt");
        if (!src || !link_image(&r->scratch, src, r->base))
            continue;
        char *url = mem_strdup(r->scratch.data);
        struct doc_media m = {.kind = MEDIA_IMAGE, .url = url, .title = reader_alt(alt)};
        reader_figure(r, &m, i + 1 == n ? caption : NULL);
        free(url);
    }
    return n > 0;
}

// What only the web page shows, and nothing here says what is in it.
static bool elsewhere(struct html_reader *r, uint32_t node, const json_t *j)
{
    static const struct {
        const char *token, *words;
    } all[] = {
        {"poll-embed", "A poll, to be answered on the web page"},
        {"recipe-embed", "A recipe, to be read on the web page"},
        {"meeting-embed", "A meeting, to be arranged on the web page"},
    };
    if (html_has_class(r->t, node, all[2].token) && player_frame(r, node, j))
        return true;
    const char *words = "Something that only the web page shows";
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (html_has_class(r->t, node, all[i].token))
            words = all[i].words;
    reader_card(r, words, NULL, NULL, card_url(r, r->base), NULL);
    return true;
}

// An element without content whose data no rule knows: a page it leads to, else that it is there.
static bool unknown(struct html_reader *r, uint32_t node, const json_t *j)
{
    for (uint32_t i = html_next(r->t, node, node, true); i != NO_NODE;
         i = html_next(r->t, i, node, true))
        if (r->t->nodes[i].tag != TAG_TEXT ||
            !html_blank(r->t->text.data + r->t->nodes[i].at, r->t->nodes[i].n))
            return false;
    return j && (player_frame(r, node, j) || elsewhere(r, node, j));
}

static bool latex(struct html_reader *r, const json_t *j)
{
    const char *s = card_str(j, "persistentExpression");
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
    const char *name = first_of(j, "name", "symbol"); // of a person, of a share
    if (!name)
        return false;
    struct buf url = {0};
    json_int_t id = json_integer_value(json_object_get(j, "id"));
    if (card_url(r, card_str(j, "url")))
        buf_str(&url, r->scratch.data);
    else if (id > 0 && card_str(j, "type") && strcmp(card_str(j, "type"), "user") == 0)
        buf_printf(&url, "https://substack.com/profile/%lld", (long long)id);
    if (url.len)
        doc_span_open(r->b, SPAN_LINK, doc_add_link(r->b, url.data, NULL));
    reader_say(r, name);
    if (url.len)
        doc_span_close(r->b, SPAN_LINK);
    buf_free(&url);
    return true;
}

// GitHub's snippets: a table, each row a line's number and its words.
static bool snippet(struct html_reader *r, uint32_t node)
{
    const struct html_tree *t = r->t;
    struct buf code = {0};
    for (uint32_t i = html_next(t, node, node, true); i != NO_NODE;
         i = html_next(t, i, node, true)) {
        if (t->nodes[i].tag != TAG_TD || !html_has_class(t, i, "blob-code"))
            continue;
        size_t start = code.len;
        for (uint32_t k = html_next(t, i, i, true); k != NO_NODE; k = html_next(t, k, i, true))
            if (t->nodes[k].tag == TAG_TEXT)
                buf_add(&code, t->text.data + t->nodes[k].at, t->nodes[k].n);
        while (code.len > start && code.data[code.len - 1] == '\n')
            code.len--; // an empty line's own
        buf_char(&code, '\n');
    }
    bool any = code.len && !html_blank(code.data, code.len);
    if (any) {
        reader_block(r);
        doc_open(r->b, BLOCK_CODE);
        doc_text(r->b, code.data, code.len - 1);
        doc_close(r->b);
        r->texts++;
    }
    buf_free(&code);
    return any;
}

uint32_t card_find(const struct html_tree *t, uint32_t top, const char *token)
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
        uint32_t n = card_find(t, top, classes[i]);
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
                                        "markup--mixtapeEmbed-em", NULL},
                             *const said[] = {"file-embed-description", NULL},
                             *const author[] = {"kg-bookmark-author", NULL},
                             *const house[] = {"kg-bookmark-publisher", NULL};
    struct html_tree *t = r->t;
    uint32_t a = t->nodes[node].tag == TAG_A ? node : html_find(t, node, TAG_A);
    struct buf title = {0}, more = {0}, words = {0};
    text_of(t, node, titles, &title);
    text_of(t, node, about, &words);
    if (!title.len && a != NO_NODE)
        html_text_of(t, a, &title, 200);
    char *url = a == NO_NODE ? NULL : mem_strdup(card_url(r, html_attr(t, a, ATTR_HREF)));
    bool ok = title.len > 0;
    if (ok) {
        uint32_t caption = html_find(t, node, TAG_FIGCAPTION);
        card_add(&more, " · ", words.data);
        buf_clear(&words);
        text_of(t, node, author, &words);
        card_add(&more, " · ", words.data);
        buf_clear(&words);
        text_of(t, node, house, &words);
        card_add(&more, " · ", words.data);
        buf_clear(&words);
        if (caption != NO_NODE) // the author's own words about it
            html_text_of(t, caption, &words, 1000);
        else
            text_of(t, node, said, &words);
        card_add(&more, " · ", words.data);
        reader_card(r, what, title.data, buf_cstr(&more), url, NULL);
    }
    free(url);
    buf_free(&title);
    buf_free(&more);
    buf_free(&words);
    return ok;
}

bool html_card(struct html_reader *r, uint32_t node, enum rule_do what)
{
    json_t *j = card_data(r->t, node);
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
        done = r->sticky == NO_NODE && post_tweet(r, node, j);
        break;
    case DO_COMMENT:
        done = r->sticky == NO_NODE && post_comment(r, j);
        break;
    case DO_YOUTUBE:
        done = player_youtube(r, node, j);
        break;
    case DO_VIMEO:
        done = player_vimeo(r, node, j);
        break;
    case DO_INSTAGRAM:
        done = player_instagram(r, j);
        break;
    case DO_PLAYER:
    case DO_EMBED:
        done = player_frame(r, node, j);
        break;
    case DO_ELSEWHERE:
        done = elsewhere(r, node, j);
        break;
    case DO_UNKNOWN:
        done = unknown(r, node, j);
        break;
    case DO_LATEX:
        done = r->sticky == NO_NODE && latex(r, j);
        break;
    case DO_SNIPPET:
        done = r->sticky == NO_NODE && snippet(r, node);
        break;
    case DO_MENTION:
        done = mention(r, j);
        break;
    case DO_GALLERY:
        done = r->sticky == NO_NODE && gallery(r, j);
        break;
    case DO_CLIP:
        done = player_clip(r, node, j);
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

// Pictures with their captions, preformatted text and verse. Platforms hide where a picture comes
// from, and people type prose into <pre>: both are seen through here.
#include "html_reader.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

// ---- pictures ----

static int pixels(const char *s)
{
    if (!s || !*s)
        return -1;
    char *end;
    long v = strtol(s, &end, 10);
    return *end == '%' || end == s || v < 0 || v > 100000 ? -1 : (int)v;
}

// Substack keeps the original's address in its data.
static char *original_source(const struct html_tree *t, uint32_t node)
{
    const char *s = html_attr(t, node, ATTR_DATA_ATTRS);
    s = s ? strstr(s, "\"src\":\"http") : NULL;
    return s ? mem_strndup(s + 7, strcspn(s + 7, "\"\\")) : NULL;
}

static const char *picture_source(const struct html_tree *t, uint32_t node)
{
    static const enum html_attr names[] = {ATTR_DATA_SRC, ATTR_DATA_LAZY, ATTR_DATA_ORIGINAL,
                                           ATTR_SRC};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *s = html_attr(t, node, names[i]);
        if (s && *s && strncmp(s, "data:", 5) != 0)
            return s;
    }
    return NULL;
}

const char *reader_alt(const char *alt)
{
    static const char *const nothing[] = {"image",          "picture",    "photo",        "img",
                                          "featured image", "post image", "image preview"};
    static const char *const endings[] = {".png",  ".jpg",  ".jpeg", ".gif",
                                          ".webp", ".heic", ".avif", ".svg"};
    size_t n = alt ? strlen(alt) : 0;
    if (!n || html_blank(alt, n))
        return NULL;
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
        if (strcasecmp(alt, nothing[i]) == 0)
            return NULL;
    for (size_t i = 0; i < sizeof endings / sizeof *endings && !strchr(alt, ' '); i++) {
        size_t k = strlen(endings[i]);
        if (n > k && strcasecmp(alt + n - k, endings[i]) == 0)
            return NULL;
    }
    return alt;
}

void reader_image(struct html_reader *r, uint32_t node, enum rule_do what)
{
    const struct html_tree *t = r->t;
    const char *alt = reader_alt(html_attr(t, node, ATTR_ALT)), *src = picture_source(t, node);
    int w = pixels(html_attr(t, node, ATTR_WIDTH)), h = pixels(html_attr(t, node, ATTR_HEIGHT));
    if ((w >= 0 && w <= 3) || (h >= 0 && h <= 3) || (src && link_is_pixel(src)))
        return;
    bool small = w > 0 && w <= 32 && h > 0 && h <= 32;
    if (what == DO_TEXT_ALT || (small && alt && (r->paragraph || r->sticky != NO_NODE))) {
        if (alt)
            reader_say(r, alt);
        return;
    }
    if (small && !alt)
        return; // an icon
    struct doc_media m = {
        .kind = MEDIA_IMAGE, .title = alt, .width = w > 0 ? w : 0, .height = h > 0 ? h : 0};
    char *original = original_source(t, node);
    if (original)
        src = original;
    if (!src || !link_image(&r->scratch, src, r->base)) {
        const char *set = html_attr(t, node, ATTR_SRCSET);
        char *first = set ? mem_strndup(set, strcspn(set, " ,")) : NULL;
        bool ok = first && link_image(&r->scratch, first, r->base);
        free(first);
        if (!ok && !alt) {
            free(original);
            return;
        }
        m.url = ok ? r->scratch.data : NULL;
    } else {
        m.url = r->scratch.data;
    }
    struct buf link = {0};
    if (r->nlinks && r->links[r->nlinks - 1].url &&
        link_image(&link, r->links[r->nlinks - 1].url, r->base) &&
        !(m.url && strcmp(link.data, m.url) == 0))
        m.link = link.data;
    if (r->sticky != NO_NODE) {
        if (r->sticky_kind == BLOCK_HEADING || r->sticky_kind == BLOCK_TERM ||
            r->sticky_kind == BLOCK_ATTRIBUTION || r->sticky_kind == BLOCK_FIGURE ||
            r->sticky_kind == BLOCK_PARAGRAPH) {
            r->later_figures =
                mem_grow(r->later_figures, &r->later_cap, r->nlater + 1, sizeof *r->later_figures);
            r->later_figures[r->nlater++] = doc_add_media(r->b, &m);
        } else if (alt) {
            reader_say(r, alt);
        }
    } else {
        reader_block(r);
        uint32_t media = doc_add_media(r->b, &m);
        if (r->nfigures)
            r->figures[r->nfigures - 1].media = media;
        else
            reader_media(r, media);
    }
    buf_free(&link);
    free(original);
}

void reader_caption(struct html_reader *r, uint32_t node)
{
    struct figure_ctx *f = r->nfigures ? &r->figures[r->nfigures - 1] : NULL;
    uint32_t media = f ? f->media : DOC_NONE;
    if (f)
        f->media = DOC_NONE; // not to be flushed before its own caption
    uint32_t at;
    reader_sticky(r, node, media == DOC_NONE ? BLOCK_PARAGRAPH : BLOCK_FIGURE, &at);
    if (media != DOC_NONE)
        doc_builder_block(r->b, at)->ref = media;
    r->t->nodes[node].opened |= OPEN_STICKY;
}

// ---- preformatted text ----

static void measure_pre(const struct html_tree *t, uint32_t node, size_t *longest, size_t *marks,
                        size_t *letters)
{
    size_t line = 0;
    *longest = *marks = *letters = 0;
    for (uint32_t i = node; i != NO_NODE; i = html_next(t, i, node, true)) {
        if (t->nodes[i].tag == TAG_BR)
            line = 0;
        if (t->nodes[i].tag != TAG_TEXT)
            continue;
        const char *s = t->text.data + t->nodes[i].at;
        for (uint32_t k = 0; k < t->nodes[i].n; k++) {
            line = s[k] == '\n' ? 0 : line + (((unsigned char)s[k] & 0xC0) != 0x80);
            if (line > *longest)
                *longest = line;
            *marks += strchr("{}[]();=<>|\\/_$#", s[k]) != NULL;
            *letters += ((s[k] | 32) >= 'a' && (s[k] | 32) <= 'z') || (unsigned char)s[k] >= 0x80;
        }
    }
}

static const char *language_at(const struct html_tree *t, uint32_t node)
{
    const char *lang = html_attr(t, node, ATTR_DATA_LANG), *c = html_attr(t, node, ATTR_CLASS);
    if (!lang)
        lang = html_attr(t, node, ATTR_DATA_LANGUAGE);
    static const char *const starts[] = {"language-", "lang-", "highlight-source-",
                                         "brush: ", "brush:"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts && !lang && c; i++) {
        const char *s = strstr(c, starts[i]);
        if (s)
            lang = s + strlen(starts[i]);
    }
    if (!lang && c && t->markdown && t->nodes[node].tag == TAG_CODE)
        lang = c; // discount's class is the word behind the fence
    return lang;
}

// What <pre>, the <code> in it or the <div> around it say.
static const char *code_language(const struct html_tree *t, uint32_t pre, uint32_t code,
                                 char out[32])
{
    const char *lang = code == NO_NODE ? NULL : language_at(t, code);
    if (!lang)
        lang = language_at(t, pre);
    if (!lang && t->nodes[pre].parent != NO_NODE)
        lang = language_at(t, t->nodes[pre].parent);
    size_t n = lang ? strcspn(lang, " ;,\t\n\"'`{") : 0;
    if (!n || n >= 32 || strncmp(lang, "none", 4) == 0 || strncmp(lang, "plaintext", 9) == 0)
        return NULL;
    memcpy(out, lang, n);
    out[n] = '\0';
    return out;
}

void reader_pre(struct html_reader *r, uint32_t node, bool verse)
{
    const struct html_tree *t = r->t;
    size_t longest, marks, letters;
    measure_pre(t, node, &longest, &marks, &letters);
    uint32_t code = html_find(t, node, TAG_CODE);
    char lang[32];
    const char *language = code_language(t, node, code, lang);
    if (!verse && code == NO_NODE && !language && longest > 100 && marks * 20 < letters)
        verse = true; // no code: letters typed with the wrong tool
    if (verse && longest > 100) {
        reader_boundary(r); // no verse either: prose, which wraps
        r->prose_pre = true;
        r->t->nodes[node].opened |= OPEN_BOUNDARY;
        return;
    }
    uint32_t at;
    reader_sticky(r, node, verse ? BLOCK_VERSE : BLOCK_CODE, &at);
    if (language && !verse)
        doc_builder_block(r->b, at)->ref = doc_add_string(r->b, language);
    r->t->nodes[node].opened |= OPEN_STICKY;
}

void reader_verse(struct html_reader *r, uint32_t node)
{
    uint32_t pre = r->t->nodes[node].tag == TAG_PRE ? node : html_find(r->t, node, TAG_PRE);
    if (pre == node) {
        reader_pre(r, node, true);
    } else if (pre != NO_NODE) {
        r->t->nodes[pre].todo = DO_VERSE; // the <pre> inside knows the lines
        reader_boundary(r);
        r->t->nodes[node].opened |= OPEN_BOUNDARY;
    } else {
        reader_sticky(r, node, BLOCK_VERSE, NULL);
        r->verse_flow = true;
        r->t->nodes[node].opened |= OPEN_STICKY;
    }
}

// Plain text -> document: blank lines part paragraphs, runs of indented or short ragged lines keep
// their lines as verse, a line of dashes or stars is a rule, addresses are links.
#include "lectern/doc.h"

#include <string.h>

#include "lectern/utf8.h"

static bool is_address_char(char c)
{
    return (unsigned char)c > 0x20 && c != 0x7F && !strchr("<>\"`{}|\\^", c);
}

static void say(struct doc_builder *b, const char *s, size_t len)
{
    for (size_t i = 0, from = 0;; i++) {
        bool at = i < len && (i == 0 || !is_address_char(s[i - 1]) || strchr("([,;'", s[i - 1]));
        size_t head = at && len - i > 8 && strncmp(s + i, "https://", 8) == 0  ? 8
                      : at && len - i > 7 && strncmp(s + i, "http://", 7) == 0 ? 7
                                                                               : 0;
        if (!head && i < len)
            continue;
        doc_text(b, s + from, i - from);
        if (i >= len)
            return;
        size_t n = head;
        while (i + n < len && is_address_char(s[i + n]))
            n++;
        while (n > head && strchr(".,;:!?'*_", s[i + n - 1])) // the sentence's, not the address's
            n--;
        if (n > head && s[i + n - 1] == ')' && !memchr(s + i, '(', n))
            n--;
        struct buf url = {0};
        utf8_clean(&url, s + i, n, UTF8_ADDRESS);
        if (n > head)
            doc_span_open(b, SPAN_LINK, doc_add_link(b, url.data, NULL));
        doc_text(b, s + i, n);
        if (n > head)
            doc_span_close(b, SPAN_LINK);
        buf_free(&url);
        from = i + n;
        i = from - 1;
    }
}

static bool is_rule(const char *s, size_t len)
{
    size_t marks = 0;
    for (size_t i = 0; i < len; i++) {
        if (strchr(" \t\r\n", s[i]))
            continue;
        if (!strchr("-*_=~#", s[i]))
            return false;
        marks++;
    }
    return marks >= 3;
}

struct block {
    const char *s;
    size_t len, lines, longest;
    bool indented, ragged;
};

// One run of lines that are not blank.
static size_t next_block(const char *s, size_t len, struct block *k)
{
    size_t i = 0, skip = 0;
    *k = (struct block){0};
    for (; i < len; i++) { // blank lines before it
        if (s[i] == '\n')
            skip = i + 1;
        else if (s[i] != ' ' && s[i] != '\t' && s[i] != '\r')
            break;
    }
    k->s = s + skip;
    i = skip;
    k->indented = true;
    while (i < len) {
        const char *nl = memchr(s + i, '\n', len - i);
        size_t n = nl ? (size_t)(nl - s) - i : len - i, blank = 0;
        while (blank < n && strchr(" \t\r", s[i + blank]))
            blank++;
        if (blank == n)
            break;
        k->lines++;
        k->indented = k->indented && blank > 0;
        if (n > k->longest)
            k->longest = n;
        i += n + (nl != NULL);
    }
    k->len = i - skip;
    k->ragged = k->lines >= 3 && k->longest < 50;
    return i;
}

struct doc *doc_from_text(const char *text, size_t len, const struct doc_source *src)
{
    (void)src;
    struct doc_builder *b = doc_builder_new();
    bool cut = len > DOC_MAX_INPUT;
    if (cut)
        len = DOC_MAX_INPUT;
    if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        len -= 3;
    }
    bool rule = false, any = false;
    struct block k;
    for (size_t i = 0; i < len;) {
        i += next_block(text + i, len - i, &k);
        if (!k.len)
            break;
        if (k.lines == 1 && is_rule(k.s, k.len)) {
            rule = any;
            continue;
        }
        if (rule) {
            doc_open(b, BLOCK_RULE);
            doc_close(b);
            rule = false;
        }
        any = true;
        bool verse = (k.indented && k.lines > 1 && k.longest <= 100) || k.ragged;
        doc_open(b, verse ? BLOCK_VERSE : BLOCK_PARAGRAPH);
        say(b, k.s, k.len);
        doc_close(b);
    }
    if (cut) {
        static const char notice[] = "The rest was cut off: the text is larger than Lectern reads.";
        doc_open(b, BLOCK_NOTICE);
        doc_text(b, notice, sizeof notice - 1);
        doc_close(b);
    }
    return doc_finish(b);
}

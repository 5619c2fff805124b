// The sentence something was found in: of all that have one of the words the one with most of them.
// It ends where sentences do, never in the next paragraph, and is one line.
#include <stdlib.h>
#include <string.h>

#include "find_state.h"
#include "lectern/mem.h"
#include "lectern/utf8.h"

enum { LOOKED_THROUGH = 400, LONG = 600 }; // matches; bytes before and after one

struct match *finding_marks(const struct finding *f, const char *text, size_t len, unsigned columns,
                            size_t *n)
{
    struct tokens t = tokens_new(text, len);
    struct match *all = sieve_marks(f->sieve, &t, columns, n);
    tokens_free(&t);
    return all;
}

struct match *finding_marks_doc(const struct finding *f, const struct doc *d, size_t *n)
{
    char *text = searched_text(d, NULL);
    struct match *all = finding_marks(f, text, d->len, 1u << SEARCH_TEXT, n);
    free(text);
    return all;
}

// ---- where sentences end ----

// Bytes of a mark that ends a sentence at s; 0: none. Those of Han and kana need no blank behind.
static size_t stop_at(const char *s, size_t len, bool *alone)
{
    static const char *const wide[] = {"。", "！", "？", "｡", "।", "։", "؟", "۔"};
    *alone = false;
    if (len && strchr(".!?", *s))
        return 1;
    if (len >= 3 && memcmp(s, "…", 3) == 0)
        return 3;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (len >= strlen(wide[i]) && memcmp(s, wide[i], strlen(wide[i])) == 0) {
            *alone = true;
            return strlen(wide[i]);
        }
    return 0;
}

// Quotes, brackets and note marks close a sentence behind its stop.
static size_t closers(const char *s, size_t len)
{
    static const char *const marks[] = {"\"", "'", ")", "]", "”", "’", "»", "」", "』", "）"};
    size_t n = 0;
    for (bool any = true; any;) {
        any = false;
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
            if (len - n >= strlen(marks[i]) && memcmp(s + n, marks[i], strlen(marks[i])) == 0) {
                n += strlen(marks[i]);
                any = true;
            }
    }
    return n;
}

// Where the sentence ends that the byte at `at` is in: one past its last.
static size_t sentence_end(const char *s, size_t len, size_t at)
{
    for (size_t i = at; i < len; i++) {
        bool alone;
        size_t stop = s[i] == '\n' ? 0 : stop_at(s + i, len - i, &alone);
        if (s[i] == '\n')
            return i;
        if (!stop)
            continue;
        size_t end = i + stop;
        end += closers(s + end, len - end);
        if (alone || end == len || s[end] == ' ' || s[end] == '\n')
            return end;
        i = end - 1;
    }
    return len;
}

static size_t sentence_begin(const char *s, size_t len, size_t at)
{
    size_t begin = at;
    while (begin > 0 && s[begin - 1] != '\n' && at - begin < LONG)
        begin--;
    while (begin < at && ((unsigned char)s[begin] & 0xC0) == 0x80)
        begin++;
    for (size_t end; (end = sentence_end(s, len, begin)) <= at && end > begin; begin = end)
        ;
    while (begin < at && (s[begin] == ' ' || s[begin] == '\n'))
        begin++;
    return begin;
}

static size_t word_end(const char *s, size_t len, size_t at)
{
    while (at < len && s[at] != ' ' && s[at] != '\n')
        at++;
    return at < len ? at : len;
}

// ---- the one to show ----

// How many of the different words are in [first, last).
static size_t kinds_in(const struct sieve *s, const struct tokens *t, size_t first, size_t last)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++)
        for (size_t p = 0; term_of_text(&s->terms[i]) && !s->terms[i].not &&p < s->terms[i].n;
             p++) {
            size_t k = first;
            while (k < last && !phrase_at(&s->terms[i].phrases[p], t, k, NULL))
                k++;
            n += k < last;
        }
    return n;
}

static size_t token_from(const struct tokens *t, size_t off)
{
    size_t low = 0, high = t->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (t->items[mid].off < off)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

// Text [begin, end) as one line, with what is marked in it.
static void make(const char *text, size_t begin, size_t end, const struct match *marks, size_t n,
                 struct sentence *out)
{
    struct buf b = {0};
    size_t cap = 0;
    out->off = DOC_NONE;
    bool blank = true;
    for (size_t i = begin, k = 0; i < end; i++) {
        while (k < n && marks[k].off + marks[k].len <= i)
            k++;
        if (k < n && marks[k].off == i) {
            out->marks = mem_grow(out->marks, &cap, out->n + 1, sizeof *out->marks);
            out->marks[out->n++] = (struct match){b.len, 0};
            if (out->off == DOC_NONE)
                out->off = (uint32_t)i;
        }
        bool space = text[i] == ' ' || text[i] == '\n' || text[i] == '\t';
        if (!space || !blank)
            buf_char(&b, space ? ' ' : text[i]);
        blank = space;
        if (k < n && out->n && marks[k].off + marks[k].len == i + 1)
            out->marks[out->n - 1].len = b.len - out->marks[out->n - 1].off;
    }
    while (b.len && b.data[b.len - 1] == ' ')
        b.data[--b.len] = '\0';
    for (size_t i = 0; i < out->n; i++) // one that goes on behind the end
        if (!out->marks[i].len || out->marks[i].off + out->marks[i].len > b.len)
            out->marks[i].len = b.len - out->marks[i].off;
    out->text = buf_take(&b, NULL);
}

// The sentence of a note, told to be one.
static void make_note(const char *note, const struct match *marks, size_t n, struct sentence *out)
{
    static const char is_note[] = "Note: ";
    size_t len = strlen(note), begin = sentence_begin(note, len, marks[0].off);
    make(note, begin, sentence_end(note, len, marks[0].off + marks[0].len), marks, n, out);
    char *text = mem_printf("%s%s", is_note, out->text);
    free(out->text);
    out->text = text;
    for (size_t i = 0; i < out->n; i++)
        out->marks[i].off += sizeof is_note - 1;
    out->off = DOC_NONE;
}

void finding_sentence(const struct finding *f, const struct item_body *item, struct sentence *out)
{
    struct finding_texts x;
    texts_of(item, NULL, &x);
    const struct tokens *t = &x.column[SEARCH_TEXT];
    char *text = searched_text(x.doc, item);
    size_t len = x.doc->len, n, best = 0, begin = 0, end = 0;
    struct match *marks = sieve_marks(f->sieve, t, 1u << SEARCH_TEXT, &n);
    *out = (struct sentence){.off = DOC_NONE};
    for (size_t i = 0; i < n && i < LOOKED_THROUGH; i++) {
        if (marks[i].off < end)
            continue;
        size_t from = sentence_begin(text, len, marks[i].off);
        size_t to = sentence_end(text, len, marks[i].off + marks[i].len);
        if (to - marks[i].off > LONG) // there is none
            to = word_end(text, len, marks[i].off + marks[i].len + LONG);
        size_t kinds = kinds_in(f->sieve, t, token_from(t, from), token_from(t, to));
        if (kinds > best) {
            best = kinds;
            begin = from;
            end = to;
        }
    }
    char *note = n ? NULL : finding_note(f, item->row.id);
    struct match *noted = NULL;
    size_t nnoted = 0;
    if (note)
        noted = finding_marks(f, note, strlen(note), 1u << NOTE_COLUMN, &nnoted);
    if (nnoted) {
        make_note(note, noted, nnoted, out);
    } else if (!n && item->row.subtitle && *item->row.subtitle) {
        struct match *in = finding_marks(f, item->row.subtitle, strlen(item->row.subtitle),
                                         1u << SEARCH_SUBTITLE, &n);
        make(item->row.subtitle, 0, strlen(item->row.subtitle), in, n, out);
        out->off = DOC_NONE;
        free(in);
    } else {
        while (!n && begin < len && (text[begin] == ' ' || text[begin] == '\n'))
            begin++;
        make(text, begin, n ? end : sentence_end(text, len, begin), marks, n, out);
    }
    free(noted);
    free(note);
    free(marks);
    free(text);
    texts_free(&x);
}

void sentence_free(struct sentence *s)
{
    free(s->text);
    free(s->marks);
    *s = (struct sentence){0};
}

// ---- on a line ----

// Bytes to leave out at the beginning, so that the first match is seen with something before it.
static size_t too_much(const struct sentence *s, int cols)
{
    if (!s->n || utf8_cols(s->text, strlen(s->text)) <= cols)
        return 0;
    size_t at = s->marks[0].off, end = at + s->marks[0].len;
    if (utf8_cols(s->text, end) <= cols - cols / 8)
        return 0;
    int room = cols / 3;
    size_t from = at;
    while (from > 0 && utf8_cols(s->text + from, at - from) < room) {
        from--;
        while (from > 0 && ((unsigned char)s->text[from] & 0xC0) == 0x80)
            from--;
    }
    size_t word = from;
    while (word < at && s->text[word] != ' ')
        word++;
    return word < at ? word + 1 : from;
}

void sentence_fit(struct sentence *s, int cols, bool ascii)
{
    size_t cut = too_much(s, cols), head = 0, kept = 0;
    struct buf b = {0}, fit = {0};
    if (cut) {
        buf_str(&b, ascii ? "..." : "…");
        head = b.len;
    }
    buf_str(&b, s->text + cut);
    utf8_ellipsize(&fit, b.data ? b.data : "", b.len, cols, ascii);
    // What is left of the text, without an ellipsis at the end.
    size_t same = 0;
    while (same < fit.len && same < b.len && fit.data[same] == b.data[same])
        same++;
    for (size_t i = 0; i < s->n; i++) {
        struct match m = s->marks[i];
        if (m.off < cut)
            continue;
        m.off = m.off - cut + head;
        if (m.off >= same)
            break;
        if (m.off + m.len > same)
            m.len = same - m.off;
        s->marks[kept++] = m;
    }
    s->n = kept;
    free(s->text);
    s->text = buf_take(&fit, NULL);
    buf_free(&b);
}

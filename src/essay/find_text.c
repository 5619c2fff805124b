// The words of an item, and asking them the way the index is asked: a search finds the same whether
// an essay is in the index yet or not.
#include "find_text.h"

#include <stdlib.h>
#include <string.h>

#include "lectern/essay.h"
#include "lectern/mem.h"

static void blank(char *text, size_t len, uint32_t off, uint32_t n)
{
    if (off <= len && n <= len - off)
        memset(text + off, ' ', n);
}

char *searched_text(const struct doc *d, const struct item_body *item)
{
    char *text = mem_strndup(d->text ? d->text : "", d->len);
    for (uint32_t i = 0; i < d->nspans; i++)
        if (d->spans[i].kind == SPAN_NOTE_MARK)
            blank(text, d->len, d->spans[i].off, d->spans[i].len);
    uint32_t own = DOC_NONE; // where Lectern's words begin
    for (uint32_t i = 0; i < d->nblocks; i++) {
        if (d->blocks[i].kind == BLOCK_NOTICE)
            blank(text, d->len, d->blocks[i].off, d->blocks[i].len);
        if (d->blocks[i].kind == BLOCK_RULE)
            own = d->blocks[i].off;
    }
    if (item && (!item->content || !item->content_len)) { // as essay_document has it
        if (own == DOC_NONE || !item->summary || !*item->summary)
            own = 0;
        blank(text, d->len, own, d->len - own);
    }
    return text;
}

static struct tokens tokens_of(const char *s)
{
    return tokens_new(s ? s : "", s ? strlen(s) : 0);
}

void texts_of(const struct item_body *item, const char *note, struct finding_texts *out)
{
    out->doc = essay_document(item);
    char *text = searched_text(out->doc, item);
    out->column[SEARCH_TEXT] = tokens_new(text, out->doc->len);
    out->column[SEARCH_TITLE] = tokens_of(item->row.title);
    out->column[SEARCH_SUBTITLE] = tokens_of(item->row.subtitle);
    out->column[SEARCH_AUTHOR] = tokens_of(item->row.author);
    out->column[NOTE_COLUMN] = tokens_of(note);
    free(text);
}

void texts_free(struct finding_texts *t)
{
    doc_free(t->doc);
    for (int i = 0; i < TEXT_COLUMNS; i++)
        tokens_free(&t->column[i]);
}

// ---- asking ----

bool term_of_text(const struct term *t)
{
    return t->field <= AUTHOR;
}

unsigned term_columns(const struct term *t)
{
    return t->field == TITLE    ? 1u << SEARCH_TITLE
           : t->field == AUTHOR ? 1u << SEARCH_AUTHOR
                                : (1u << TEXT_COLUMNS) - 1;
}

static bool next_phrase(const struct phrase *p, const struct tokens *t, size_t *i)
{
    for (; *i < t->n; ++*i)
        if (phrase_at(p, t, *i, NULL))
            return true;
    return false;
}

// Is there a place from which back all of them are: each with at most t->near words between its end
// and the beginning of the last?
static bool near_in(const struct term *t, const struct tokens *x)
{
    for (size_t last = 0; last < x->n; last++) {
        bool begins = false, all = true;
        for (size_t k = 0; k < t->n && !begins; k++)
            begins = phrase_at(&t->phrases[k], x, last, NULL);
        for (size_t k = 0; begins && all && k < t->n; k++) {
            size_t back = t->phrases[k].words.n + (size_t)t->near,
                   i = last > back ? last - back : 0;
            all = next_phrase(&t->phrases[k], x, &i) && i <= last;
        }
        if (begins && all)
            return true;
    }
    return false;
}

bool term_in(const struct term *t, const struct finding_texts *x)
{
    unsigned columns = term_columns(t);
    for (int c = 0; c < TEXT_COLUMNS; c++) {
        size_t i = 0;
        if (columns & 1u << c &&
            (t->n > 1 ? near_in(t, &x->column[c]) : next_phrase(&t->phrases[0], &x->column[c], &i)))
            return true;
    }
    return false;
}

double texts_rank(const struct sieve *s, const struct finding_texts *x)
{
    static const double weights[TEXT_COLUMNS] = {1, 8, 3, 4, 3};
    const double k1 = 1.2, length = k1 * (0.25 + 0.75); // as of an essay of average length
    double score = 0;
    for (size_t i = 0; i < s->n; i++) {
        const struct term *t = &s->terms[i];
        for (size_t p = 0; term_of_text(t) && !t->not &&p < t->n; p++) {
            double found = 0;
            for (int c = 0; c < TEXT_COLUMNS; c++)
                if (term_columns(t) & 1u << c)
                    for (size_t k = 0; next_phrase(&t->phrases[p], &x->column[c], &k); k++)
                        found += weights[c];
            score += found * (k1 + 1) / (found + length);
        }
    }
    return score;
}

// ---- where ----

static int by_off(const void *x, const void *y)
{
    const struct match *a = x, *b = y;
    if (a->off != b->off)
        return a->off < b->off ? -1 : 1;
    return a->len > b->len ? -1 : a->len < b->len;
}

struct match *sieve_marks(const struct sieve *s, const struct tokens *t, unsigned columns,
                          size_t *n)
{
    struct match *all = NULL;
    size_t count = 0, cap = 0, kept = 0;
    for (size_t i = 0; i < s->n; i++) {
        const struct term *term = &s->terms[i];
        if (!term_of_text(term) || term->not || !(term_columns(term) & columns))
            continue;
        for (size_t p = 0; p < term->n; p++)
            for (size_t k = 0; next_phrase(&term->phrases[p], t, &k); k++) {
                all = mem_grow(all, &cap, count + 1, sizeof *all);
                phrase_at(&term->phrases[p], t, k, &all[count++]);
            }
    }
    if (count)
        qsort(all, count, sizeof *all, by_off);
    for (size_t i = 0; i < count; i++) { // what overlaps is one
        struct match *last = kept ? &all[kept - 1] : NULL;
        if (!last || all[i].off >= last->off + last->len)
            all[kept++] = all[i];
        else if (all[i].off + all[i].len > last->off + last->len)
            last->len = all[i].off + all[i].len - last->off;
    }
    *n = kept;
    return all;
}

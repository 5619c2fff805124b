// An item as texts to be searched, and what was typed as texts are asked for it. Private to
// find*.c.
#ifndef ESSAY_FIND_TEXT_H
#define ESSAY_FIND_TEXT_H

#include "lectern/find.h"
#include "sieve_terms.h"

enum { NOTE_COLUMN = SEARCH_COLUMNS, TEXT_COLUMNS }; // what its reader wrote; not in the index
struct finding_texts {
    struct doc *doc;
    struct tokens column[TEXT_COLUMNS];
};
// The words of an item, as the index has them.
// note: NULL where there is none.
void texts_of(const struct item_body *item, const char *note, struct finding_texts *out);
void texts_free(struct finding_texts *t);
// The text of a document with blanks where its note marks and Lectern's own words are; free().
// item: NULL where there is none.
char *searched_text(const struct doc *d, const struct item_body *item);

bool term_of_text(const struct term *t); // it is asked of texts
unsigned term_columns(const struct term *t);
// Does one of the columns have it? Regardless of `not`.
bool term_in(const struct term *t, const struct finding_texts *x);
// How much the words weigh there, as the index weighs them.
double texts_rank(const struct sieve *s, const struct finding_texts *x);
// Where the words stand that are asked of one of these columns; sorted, apart; free().
struct match *sieve_marks(const struct sieve *s, const struct tokens *t, unsigned columns,
                          size_t *n);

#endif

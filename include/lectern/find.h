// Finding essays by their words: what was typed (sieve.h) asked of the index (search.h), of what is
// not indexed yet, and of rows; found things in order, step by step; and the sentence in which
// something was found. Words are whole words here, as token.h cuts them: case and accents do not
// count.
//
// A word may stand in the text, the title, the subtitle, the author's name, or in what the reader
// wrote to it: the note of the bookmark and of highlights.
//
//     letter pos* "the quiet letter" -harbour      whole words, a beginning, a phrase, not this one
//     letter OR post    letter NEAR/5 quiet        one of them; at most five words between
//     title:letter author:lind                     in the title; in the author's name
//     feed: tag: is: has: under: over: after: before:    of its row, as sieve.h has it
//
// A bookmark stands in where its entry is gone or says something else by now.
#ifndef LECTERN_FIND_H
#define LECTERN_FIND_H

#include "lectern/doc.h"
#include "lectern/match.h"
#include "lectern/search.h"
#include "lectern/sieve.h"

// ---- the index ----
// Takes some essays into the index: at most `most`, about 1 MB of text. *more: there may be more.
// ERR_BUSY: another process is writing, nothing was done.
bool find_index(struct store *s, size_t most, bool *more, struct err *e);

// ---- a search ----
// Best first: words in the title weigh most, the newer of equals comes first. Where more than
// SEARCH_WEIGHED essays have the words, those with them in the title come first, then all others by
// date.
enum find_order { FIND_BEST, FIND_NEWEST };
struct finding;
// Anything that was typed means something; what is not understood is left out and told by
// finding_remark. partial: the last word is still being typed, and stands for all that begin so.
struct finding *finding_new(const char *typed, struct when when, int64_t now, bool partial,
                            enum find_order order);
void finding_free(struct finding *f);                // NULL is fine
const char *finding_remark(const struct finding *f); // a sentence; NULL: all is understood
bool finding_empty(const struct finding *f);         // nothing is asked
// About ten milliseconds of looking. False: done, or *e says what is wrong.
bool finding_step(struct finding *f, struct store *s, struct err *e);
// What was found so far. Grows at its end from step to step once there is something.
const int64_t *finding_ids(const struct finding *f, size_t *n);
// Of what is not in the index: how much has been looked through, of about how much. 0 of 0: nothing
// need be.
void finding_scanned(const struct finding *f, int64_t *looked, int64_t *of);

// ---- where ----
// Where a text has the words that are looked for, in order; free(). columns: 1 << search_column,
// which of them the text stands for; words asked of others are passed over.
struct match *finding_marks(const struct finding *f, const char *text, size_t len, unsigned columns,
                            size_t *n);
// The same for the text of a document, whose note marks and notices are no words.
struct match *finding_marks_doc(const struct finding *f, const struct doc *d, size_t *n);
struct sentence {
    char *text; // one line; sentence_free
    struct match *marks;
    size_t n;
    uint32_t off; // of the first match in the document's text; DOC_NONE: none is there
};
// The sentence of an essay that has most of the words; where its text has none of them, what stands
// under its title, or how it begins.
void finding_sentence(const struct finding *f, const struct item_body *item, struct sentence *out);
void sentence_free(struct sentence *s);
// Cuts it to so many columns, so that the first match is seen; an ellipsis where something is left
// out.
void sentence_fit(struct sentence *s, int cols, bool ascii);

#endif

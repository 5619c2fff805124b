// Words as they are looked for: a text cut into words, each folded so that what is typed on a
// keyboard finds what was typeset. One rule for what is indexed, for what is asked, and for where
// it stands in the text, so that the three always agree.
//
// A word is a run of letters and digits. Case, accents and ligatures do not count, nor do soft
// hyphens and points of Hebrew and Arabic: "Œuvre" is "oeuvre", "Łódź" is "lodz". Apostrophes and
// hyphens part words. Scripts that put no blanks between words (Han, kana, Hangul, Thai, Lao,
// Khmer, Burmese) are cut into overlapping pairs of letters, and the last letter of a run stands
// once more alone: so any part of a run is a sequence of pairs, and one letter is the beginning of
// a pair.
#ifndef LECTERN_TOKEN_H
#define LECTERN_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/match.h"

// Raised when any of this changes: what was indexed before is then indexed anew.
enum { TOKEN_RULES = 1, TOKEN_MOST = 63 }; // bytes of a word; what goes over is left out

struct token {
    uint32_t off, len; // bytes of the text it stands for
    uint32_t at;       // of its folded word in `folded`
    uint8_t n;         // bytes of that
    uint8_t first;     // of a pair: bytes of the text its first letter takes; 0: no pair
    bool single;       // a last letter that stands once more
};
struct tokens {
    char *folded; // words with a blank between, ended by a NUL: ASCII letters and digits are in
                  // lower case, anything else is beyond ASCII
    size_t len;
    struct token *items;
    size_t n;
};
// At most 4 GB of text.
struct tokens tokens_new(const char *text, size_t len);
void tokens_free(struct tokens *t);

// Words that stand one behind the other; the last may only begin so.
struct phrase {
    struct tokens words;
    bool prefix;
};
// What was typed; words.n 0: there is no word in it. One letter of the scripts of pairs is always a
// beginning.
struct phrase phrase_new(const char *typed, size_t len, bool prefix);
void phrase_free(struct phrase *p);
// Does it stand at word i? *out: the bytes of the text; may be NULL.
bool phrase_at(const struct phrase *p, const struct tokens *t, size_t i, struct match *out);

#endif

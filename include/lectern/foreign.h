// What other feed readers keep (newsboat and its forerunner newsbeuter, newsraft, sfeed): where it
// lies, and their items as essays. Nothing here opens a database (take.h) and nothing is ever run:
// a shell file like sfeedrc is read as text.
#ifndef LECTERN_FOREIGN_H
#define LECTERN_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/feed.h"
#include "lectern/mem.h"

enum foreign_kind { FOREIGN_NONE, FOREIGN_NEWSBOAT, FOREIGN_NEWSRAFT, FOREIGN_SFEED };
bool foreign_is_name(const char *name); // "newsboat", "newsbeuter", "newsraft", "sfeed"

// ---- where it lies ----
struct foreign_place {
    enum foreign_kind kind;
    const char *name;    // "newsboat" ...; static
    char *dir;           // the folder it was found in, or the file that was named
    char *list;          // urls, feeds, sfeedrc; NULL: not there, as all that follow
    char *cache;         // cache.db, newsraft.sqlite3, the folder of sfeed's TSV files
    char *config;        // newsboat's config
    char *read;          // sfeed_curses' list of what was read
    const char *missing; // what else it would have had, as a sentence; static, NULL
};
// Where a reader keeps its things by itself: its XDG folders, then its dot folder. name NULL: the
// first reader that is found, in the order above. False: there is none.
bool foreign_find(const char *name, struct foreign_place *out);
// The folder of the first that is found, with "~/" for the home folder, and the reader's name. The
// caller's; NULL: there is none.
char *foreign_home(const char **name);
// What a path is: such a folder, or a database (kind NONE: its tables tell). name NULL: to be seen
// by what is in it. False: none of these (a list of subscriptions, say).
bool foreign_look(const char *path, const char *name, struct foreign_place *out);
void foreign_place_free(struct foreign_place *p); // the contents

// ---- items ----
struct foreign_enclosure {
    const char *url, *type;
    int64_t size, seconds;
};
struct foreign_item {              // strings as that reader has them, ended by NUL; may be NULL
    const char *guid, *url, *base; // where that reader made a guid up, it is told by its shape
    const char *title, *author, *author_url, *categories; // categories: parted by '|'
    const char *content;
    size_t content_len;
    bool plain, html_title; // the content is text; the title has tags and references
    const struct foreign_enclosure *enclosures;
    size_t nenclosures;
    int64_t published;
    const char *marks[8]; // tags of the bookmark that is to be made; none: no bookmark
    bool read, deleted;
};
struct foreign_feed {
    const char *url; // as that reader has it
    const char *title, *home, *etag, *last_modified;
    size_t n; // items
};
enum { FOREIGN_CHUNK = 1000 }; // items that are handed on at once, at most
// Items as if a feed had brought them: cleaned, words counted. entries[i] is items[i].
struct feed_update *foreign_update(const struct foreign_feed *f, const struct foreign_item *items,
                                   size_t n);

// sfeed(5): a line an item, fields parted by tabs. All strings live in the arena. Lines that are
// none are counted in *bad.
struct foreign_item *sfeed_items(const char *tsv, size_t len, struct arena *a, size_t *n,
                                 size_t *bad);
// newsraft's columns that hold several values: "\x1F^\x1Fkey=value...". *at (0 at first) goes on to
// the next group; false: there is none left. Values live in the arena, NULL where a key is missing.
bool newsraft_group(const char *s, size_t len, size_t *at, const char *const *keys, size_t nkeys,
                    const char **values, struct arena *a);

// newsboat's filter of a query feed -> words of a sieve. False, with a reason: it cannot be said.
bool newsboat_query(const char *filter, struct buf *out, const char **why);

#endif

// What a reader marks in an essay: some words of it, with a colour, and a note of their own beside
// them; and the note and tags of a whole bookmark. A highlight is its words: it stays until its
// reader removes it, whatever becomes of the essay. Where it stands is told by item: an entry and
// the bookmark that shows the same text have it together, and a bookmark made later has what its
// entry had. When a text changes, highlights are looked for anew (anchor.h, essay.h); those whose
// words are gone stay, and say so.
//
// Writes are deferred as all that reading changes is (store.h): taken at once, seen at once through
// this handle, written when the lock is free; store_flush tries.
//
// Rows, for those who index them: `highlight` and `bookmark`, each with its `note` and `removed`
// (0: it is there) and a `changed` that grows with every change of what either says; a trigger on
// them sees all. What is highlighted: a row in `highlight_at` whose highlight is not removed.
#ifndef LECTERN_HIGHLIGHT_H
#define LECTERN_HIGHLIGHT_H

#include "lectern/store.h"

// X(identifier, name)
#define HIGHLIGHT_COLOURS(X) \
    X(YELLOW, "yellow")      \
    X(GREEN, "green")        \
    X(BLUE, "blue")          \
    X(RED, "red")
enum highlight_colour {
#define X(id, name) HIGHLIGHT_##id,
    HIGHLIGHT_COLOURS(X)
#undef X
        HIGHLIGHT_COLOUR_COUNT
};
extern const char *const highlight_colours[HIGHLIGHT_COLOUR_COUNT]; // their names

enum { HIGHLIGHT_MOST = 1 << 20 }; // bytes of a quote

struct highlight {
    int64_t id;        // > 0; below 2^53, and never given twice, in another library neither
    int64_t item;      // where it stands, an entry rather than its bookmark; 0: no essay that is
                       // there has it any more
    uint32_t from, to; // bytes of the text of that item's document
    uint64_t seen;     // hash_bytes of the whole text in which it was found (or not) last; 0: never
    bool gone;         // not found in it: `from` is about where it was
    enum highlight_colour colour;
    int64_t made;               // Unix seconds
    const char *quote;          // the words; never NULL, nor are the next two
    const char *before, *after; // a little of what stood around them
    const char *note;           // NULL: none
    // Of the essay, as it was when it was marked; title is never NULL.
    const char *title, *author, *feed_title, *url;
};

// Adds one to an item. Of `h` it takes from, to, seen, colour, made (0: now), quote, before, after,
// note, and id where that is not 0 and not there yet (one that comes back from a file); the rest it
// looks up. Returns the id. 0: the item is not there, or the quote is empty or over HIGHLIGHT_MOST.
int64_t store_highlight_add(struct store *s, int64_t item, const struct highlight *h);
void store_highlight_set_note(struct store *s, int64_t id, const char *note); // NULL, "": none
void store_highlight_set_colour(struct store *s, int64_t id, enum highlight_colour colour);
// To a bin, where it waits for 90 days for restore (undo) ...
void store_highlight_remove(struct store *s, int64_t id);
void store_highlight_restore(struct store *s, int64_t id);
// Where it stands in an item now: from, to, seen and gone of `h`.
void store_highlight_place(struct store *s, int64_t id, int64_t item, const struct highlight *h);

// All of an item, in the order of its text.
bool store_highlights(struct store *s, int64_t item, struct arena *a, struct highlight **out,
                      size_t *n, struct err *e);
// All there are, newest first. *ids: free().
bool store_highlight_ids(struct store *s, int64_t **ids, size_t *n, struct err *e);
// Of ids, in the order asked; one that is gone has id 0. rows: room for n.
bool store_highlight_rows(struct store *s, const int64_t *ids, size_t n, struct arena *a,
                          struct highlight *rows, struct err *e);
bool store_highlight_count(struct store *s, int64_t *n, struct err *e); // kept, never counted

// ---- bookmarks: their notes, and many at once ----
void store_set_note(struct store *s, int64_t bookmark,
                    const char *note); // deferred; NULL, "": none
// The note of a bookmark, or of the bookmark of an entry; NULL: none.
bool store_note(struct store *s, int64_t id, struct arena *a, const char **note, struct err *e);
// Tags every bookmark of ids (others are passed over), or takes the tag away. *changed: those it
// made a difference to, for undo; free().
bool store_bookmarks_tag(struct store *s, const int64_t *ids, size_t n, const char *tag, bool on,
                         int64_t **changed, size_t *nchanged, struct err *e);
// The tags bookmarks have, by name; `unread` is 0.
bool store_bookmark_tags(struct store *s, struct arena *a, struct tag_row **out, size_t *n,
                         struct err *e);
// Bookmarks that were kept, tagged, let go, brought back, or whose note or highlights were changed
// after the moment `since` (0: all), in that order; *now: the moment to ask from next time. Those
// that were let go are among them: they have no row. *ids: free().
bool store_bookmarks_changed(struct store *s, int64_t since, int64_t **ids, size_t *n, int64_t *now,
                             struct err *e);

#endif

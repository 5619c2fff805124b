// What the views share: the stack they stand on, the line at the bottom, prompts, panels, undo.
// Only files of src/ui/ that draw or act on views include this; the world outside sees ui.h.
//
// A view draws the rows above the bottom line and answers actions. It never waits: what takes long
// is done in `idle`. What changes the library goes through undo.c, so that everything a key does
// can be taken back.
#ifndef UI_VIEW_H
#define UI_VIEW_H

#include "ui.h"
#include "lectern/ids.h"
#include "lectern/search.h"
#include "lectern/when.h"

struct view;
struct hand { // what is under the hand in a view; 0: none
    int64_t item, feed;
};
struct view_ops {
    enum view_kind kind;
    bool (*act)(struct view *v, enum action a, int count); // false: the action means nothing here
    void (*draw)(struct view *v,
                 struct canvas *c); // rows 0 .. ui_body()-1; puts the cursor on the current line
    // The rest may be NULL.
    void (*status)(struct view *v, struct buf *left,
                   struct buf *right); // the bottom line when nothing else needs it
    void (*resize)(struct view *v);
    // The library has changed: read anew what is shown; the cursor stays on its line. all: not only
    // marks and places.
    void (*refresh)(struct view *v, bool all);
    void (*idle)(struct view *v);       // the rest of what opening left for later; a step at a time
    bool (*busy)(const struct view *v); // idle wants another turn at once
    void (*save)(struct view *v);       // into the store, before an end of any kind
    void (*find)(struct view *v, const char *what,
                 int dir); // dir 0: as typed just now, from here on; else the next one
    // Remembers where it stands, or goes back there (where a search began). NULL: searches are
    // made when they are typed to the end, not while.
    void (*spot)(struct view *v, bool back);
    void (*click)(struct view *v, int row, int col); // NULL: rows are chosen, and opened
    const char *(*title)(struct view *v);            // for the terminal's title; NULL: "Lectern"
    void (*hand)(struct view *v, struct hand *out);  // what commands are about
    void (*free)(struct view *v);
};
struct view { // first member of every view
    const struct view_ops *ops;
    struct ui *ui;
    enum { FRESH, STALE_MARKS, STALE_ALL } stale; // refresh before it is drawn
    int left, cols; // of the screen (panes.c); cols is u->cols whenever the view is asked something
    bool beside;    // seen beside the top one
    int lines;      // rows an item takes; 0: one
};

// A small window at the bottom that takes all keys until it is gone.
struct panel;
struct panel_ops {
    int (*height)(struct panel *p, int cols,
                  int room); // rows it wants, at most room; 0: only the bottom line
    // May lay marks and numbers over the view above its rows, too.
    void (*draw)(struct panel *p, struct canvas *c, int row, int rows);
    void (*status)(struct panel *p, struct buf *left,
                   struct buf *right);     // the bottom line; may be NULL
    bool (*key)(struct panel *p, int key); // false: close
    void (*free)(struct panel *p);
};
struct panel { // first member of every panel
    const struct panel_ops *ops;
    struct ui *ui;
    bool of_page; // shows something of the page as it is set: closed when that is set anew
};

struct said {
    int64_t at;
    bool error;
    char *text;
};
enum feed_field { FIELD_NAME, FIELD_TAGS, FIELD_INTERVAL, FIELD_ADDRESS };
enum undo_kind {
    UNDO_READ,
    UNDO_KEPT,
    UNDO_LET_GO,
    UNDO_FEED,
    UNDO_SEARCH,
    UNDO_FIELD,
    UNDO_MARKED,   // a highlight was made
    UNDO_UNMARKED, // or removed
    UNDO_REMARKED, // its note was changed
    UNDO_NOTE,     // a bookmark's note was
    UNDO_TAGGED,   // many bookmarks got a tag
    UNDO_UNTAGGED, // or lost it
    UNDO_OWN,      // what it was knows how
};
struct undo; // undo.c
struct edit;
typedef void (*ui_answer)(struct ui *u, struct view *v,
                          const char *text); // text: what was typed; for questions "" means yes
struct completion;                           // prompt.h
struct prompt_menu;                          // prompt.c
struct history;
struct prompt_kind { // a way of asking for a line
    const char *label;
    ui_answer done;
    // After every change of the text, so that a view can follow; NULL as text: given up. May be
    // NULL.
    ui_answer typed;
    // What Tab may put in place of text[from..cursor). NULL: Tab means nothing.
    void (*complete)(struct ui *u, const char *text, size_t cursor, struct completion *out);
    char history; // ':' or '/': which lines Up and Down bring back; 0: none
};

struct ui {
    struct ui_setup set;
    struct when when;
    int cols, rows; // of the top view, and of the view that is drawn
    int all_cols;   // of the screen
    bool side;      // side by side, where it is wide enough
    struct canvas *pane;
    struct view **stack;
    size_t depth, stack_cap;
    struct panel *panel;
    struct {
        struct edit *edit;     // NULL: none
        char *label, *subject; // subject: what a question is about, handed to its answer
        ui_answer done;
        bool question; // y or n, no line is typed
        struct prompt_kind kind;
        struct prompt_menu *menu; // what Tab found; NULL: not asked
    } prompt;
    struct history *history;
    bool pasting; // a paste where no line is typed: it is not keys
    struct {
        char *text; // NULL: none
        bool error;
        int64_t until;
    } message;
    struct said *said; // oldest first
    size_t nsaid, said_cap;
    struct marking *marking; // marks that are being made; NULL: none
    struct player *player;   // NULL: not looked yet
    struct undo *undo;
    size_t nundo, undo_cap;
    char pending[32];
    char keys[4][24]; // see ui_key_of
    unsigned nkeys;
    char *found; // what was searched for last; NULL: no search is on
    struct {
        bool on;
        int total, done, failed;
    } fetch;
    struct {
        bool on;
        int64_t feed, added, reached, waits; // see client_event
    } older;
    int64_t listening_for;       // item whose newsletter was asked who reads it aloud; 0: none
    int64_t version, looked;     // of the library when it was last looked at, and when that was
    struct search_stamp stamp;   // and what it said of itself
    bool index_asked;            // for the index of words to be caught up
    int measure;                 // columns of a line; 0: as configured
    signed char justify, indent; // 1: yes, -1: no, 0: as configured
    struct hyphens *hyphens;     // NULL until words are to be divided
    bool flush_failed;           // said once
    int highlight_colour;        // of the next one
    int64_t noting;              // the highlight whose note is being typed
    int cursor_row;              // where the view put the cursor when it was drawn last
    struct {
        bool on, waits; // waits: the new left half differs
        char *left;     // of the bottom line, as shown
        const struct view *of;
    } moving; // the cursor is on its way: what the bottom line tells of each row waits for its rest
    bool done, dirty;
};

// ---- ui.c ----
void ui_push(struct ui *u, struct view *v); // now the stack's
void ui_pop(struct ui *u);                  // saves and frees the top one; the last one stays
struct view *ui_top(const struct ui *u);
struct view *ui_below(const struct ui *u, const struct view *v,
                      enum view_kind kind);    // the nearest under v; NULL
void ui_replace(struct ui *u, struct view *v); // the top one goes, v stands in its place
void ui_panel(struct ui *u, struct panel *p);  // closes the one there is; NULL closes
void ui_prompt(struct ui *u, const char *label, const char *text, ui_answer done);
void ui_ask(struct ui *u, ui_answer yes, const char *fmt, ...) LECTERN_PRINTF(3, 4);
// The same; the answer is given `subject`.
void ui_ask_about(struct ui *u, ui_answer yes, const char *subject, const char *fmt, ...)
    LECTERN_PRINTF(4, 5);
void ui_touch(struct ui *u); // we changed the library: every view reads anew before it is drawn
void ui_touch_marks(
    struct ui *u); // the same for what does not add or remove anything: read marks, places
bool ui_may_write(struct ui *u); // false and a message where the library is read-only
int64_t ui_now(const struct ui *u);
int ui_body(const struct ui *u); // rows above the bottom line; at least 1
void ui_list_block(const struct ui *u, int *left,
                   int *width); // columns lists use: all, or a readable width in the middle
void ui_search_end(struct ui *u);
int ui_head_rows(const struct ui *u);    // rows a list leaves to its title
size_t ui_list_rows(const struct ui *u); // and the rows that are left for its items; at least 1
void ui_head(struct ui *u, struct canvas *c, const char *title, const char *right); // draws it
// What `find` of a short list is made of: the cursor goes to the next item (dir as in `find`) that
// `has` it, around the end; where none has, that is said ("No link here has", then what) and the
// search is over.
struct list;
void ui_list_seek(struct view *v, struct list *l, const char *what, int dir,
                  bool (*has)(struct view *v, size_t item, const char *what), const char *none);
void ui_list_find(struct view *v,
                  enum action a); // search, search-next, search-prev of any view with `find`

// Drawing text from outside: cut to max columns with an ellipsis, in ASCII where that is all there
// is.
int ui_put(const struct ui *u, struct canvas *c, int row, int col, int max, const char *s,
           struct style st);
bool ui_contains(const char *text, const char *what); // what in lower case finds either case
int ui_cols_of(const struct ui *u, const char *s);
int ui_put_right(const struct ui *u, struct canvas *c, int row, int right, int max, const char *s,
                 struct style st);
const char *
ui_key_of(struct ui *u, enum view_kind v,
          enum action a); // the first key of an action there, "" if none; until a few calls later
enum glyph {
    GLYPH_UNREAD,
    GLYPH_STARTED,
    GLYPH_AUDIO,
    GLYPH_KEPT,
    GLYPH_DOT,
    GLYPH_RULE,
    GLYPH_DASH,
    GLYPH_COUNT
};
const char *ui_glyph(const struct ui *u, enum glyph g);

void ui_find(struct ui *u, struct view *v, const char *text); // searches for it
void ui_relayout(struct ui *u);          // sizes or settings have changed: all views are set anew
struct hand ui_hand(const struct ui *u); // what is under the hand in the top view
bool ui_may_fetch(struct ui *u);         // false and a message where nothing can be fetched

// ---- subscribe.c: what brings feeds and their essays in ----
void subscribe_add(struct ui *u, struct view *v, const char *address);
void subscribe_import(struct ui *u, struct view *v, const char *file);
void subscribe_fetch(struct ui *u, int64_t feed); // 0: says that there is none
bool subscribe_act(struct ui *u, enum action a);  // add, sample, import, fetch-all

// ---- whole.c: pages of essays ----
struct client_event;
void whole_came(struct ui *u, const struct client_event *ev); // one has, or could not
void whole_again(struct ui *u, int64_t item); // an essay that is being read, as the library has it

// ---- narrated.c: who reads an essay aloud ----
// Asks, or says what is known; false: there is nobody to ask.
bool narrated_ask(struct ui *u, const struct item_body *item);
void narrated_came(struct ui *u, const struct client_event *ev);

// ---- older.c: older essays of a feed ----
void older_act(struct ui *u, int64_t feed, int count);          // begins, or ends what is begun
void older_since(struct ui *u, int64_t feed, const char *date); // "": as the key
void older_event(struct ui *u, const struct client_event *ev);  // OLDER*
bool older_figure(const struct ui *u, struct buf *out);         // what comes in now; false: nothing
bool older_line(struct ui *u, const struct feed_row *f, struct buf *out); // where its list ends

// ---- panes.c: views side by side ----
void panes_settle(
    struct ui *u); // after every change of the stack or the size: who has which columns
void panes_draw(struct ui *u, struct canvas *c); // those beside the top one
void panes_switch(struct ui *u);                 // on, or off again
void ui_draw_view(struct view *v,
                  struct canvas *c); // one view, fresh, alone on a canvas of its size

// ---- status.c ----
void status_draw(struct ui *u, struct canvas *c);
void status_clear(struct ui *u);     // the message has been seen
int status_rows(const struct ui *u); // how many rows it takes now
// Text from outside set on at most `most` lines of `cols` columns; the last is cut where it is not
// enough. c NULL: only counts. *end: the column after the last word; may be NULL. Returns the
// lines.
int ui_put_words(const struct ui *u, struct canvas *c, int row, int col, int cols, int most,
                 const char *text, struct style st, int *end);

// ---- health.c: how a subscription does, in words ----
void health_words(const struct ui *u, const struct feed_row *f, bool brief, struct buf *out);
void health_next(struct ui *u, const struct feed_row *f,
                 struct buf *out); // "; next try 09:10 (r tries now)"
// What met it, what there is to do, when it is tried again: whole sentences; nothing when all is
// well.
void health_story(struct ui *u, const struct feed_row *f, struct buf *out);

// ---- words.c: for screen readers ----
bool ui_in_words(const struct ui *u); // it is wanted: words instead of signs and columns
void words_item(const struct ui *u, const struct item_row *r, int cols, bool kept_date, bool many,
                struct buf *out); // in so many columns; many: of several feeds
void words_shelf(const char *label, int64_t unread, int64_t total, const char *health,
                 struct buf *out);
void words_hush(struct canvas *c); // takes out what only decorates

// ---- undo.c ----
void undo_read(struct ui *u, const int64_t *ids, size_t n, bool read,
               const char *what); // marks, and remembers how it was
void undo_marked(struct ui *u, struct ids ids, bool read,
                 const char *what); // the same for marks that are made; takes ids
void undo_kept(struct ui *u, int64_t bookmark, bool kept,
               const char *title); // a bookmark was made, or let go
bool undo_feed(struct ui *u, const struct feed_row *f,
               struct err *e); // removes it; undo brings it back whole
void undo_search(struct ui *u, const char *name,
                 const char *words); // forgets a saved search; undo keeps it again
void undo_field(struct ui *u, int64_t id, const char *title, enum feed_field field,
                const char *before); // it was changed
void undo_highlight(struct ui *u, enum undo_kind kind, int64_t id, const char *what,
                    const char *before); // MARKED .. NOTE; before: the note there was, else NULL
void undo_tagged(struct ui *u, bool on, int64_t *ids, size_t n,
                 const char *tag); // TAGGED, UNTAGGED; takes ids
// Anything else: `back` takes it back and says so, or says in *e why not; data is freed with `drop`
// sooner or later.
void undo_own(struct ui *u, const char *what, void *data,
              bool (*back)(struct ui *u, void *data, struct err *e), void (*drop)(void *data));
void undo_last(struct ui *u);
void undo_free(struct ui *u);

// ---- marking.c: many marks, between the keys ----
void marking_of(struct ui *u, struct ids ids, const char *what); // takes ids; read what is unread
void marking_of_shelf(struct ui *u, const struct shelf *sh, const char *what);
void marking_back(struct ui *u, struct ids ids, bool read); // of undo; takes ids
bool marking_stop(struct ui *u); // what is done so far becomes a level of undo; false: none is on
void marking_on(struct ui *u);   // the next step
bool marking_busy(const struct ui *u);
void marking_end(struct ui *u); // all that is left of it

// ---- keep.c: what the contents and the essay both do to an item ----
void item_toggle_kept(struct ui *u, int64_t id);
void item_let_go(struct ui *u, int64_t id);
void item_listen(struct ui *u, int64_t id);
void item_enqueue(struct ui *u, int64_t id); // to be heard later
void item_browse(struct ui *u, const char *url, const char *title);
void item_copy(struct ui *u, const char *url);
void item_copy_text(struct ui *u, const char *text);
void item_handoff(struct ui *u, const char *url, const char *title);
void item_address(struct ui *u, enum action a, const char *url,
                  const char *title); // one of these three, by its action
// item: whose recording it is, 0: of no essay.
bool item_play(struct ui *u, int64_t item, const char *url, const char *title,
               struct err *e); // on this machine
void item_sound(struct ui *u, int64_t item, const char *url, const char *title,
                const char *head); // played, or handed on

// ---- highlight_edit.c: highlights and notes, written and to be undone ----
struct doc;
struct highlight;
// 0: it could not be made, and why is said.
int64_t highlight_make(struct ui *u, int64_t item, const struct doc *d, uint32_t from, uint32_t to);
void highlight_drop(struct ui *u, const struct highlight *h);
void highlight_note(struct ui *u, int64_t id, const char *note);
void highlight_colour(struct ui *u, int64_t id, int colour);
void highlight_ask(struct ui *u, int64_t id);       // for its note
void bookmark_note(struct ui *u, const char *text); // of what is under the hand
void bookmark_ask(struct ui *u);
void bookmarks_tag(struct ui *u, const int64_t *ids, size_t n, const char *tag, bool on);

// ---- feed_edit.c: what of a feed is the reader's own ----
// value: a name, tags parted by blanks, minutes, an address; "" where there is to be none.
// A feed's, or with id < 0 a bookmark's, which has tags alone.
bool feed_set(struct ui *u, int64_t id, enum feed_field field, const char *value, struct err *e);
void feed_change(struct ui *u, int64_t id, enum feed_field field,
                 const char *value); // the same, said and to be undone
bool tag_set(struct store *s, int64_t id, const char *tag, bool on, struct err *e);
void tags_line(const char *const *tags, struct buf *out); // as conf_words reads them back
void feed_ask(struct ui *u, enum feed_field field);       // of the feed under the hand

// ---- the views ----
struct view *shelf_new(struct ui *u);
// words: narrowed by them from the beginning; NULL or "": all.
struct view *contents_new(struct ui *u, const struct shelf *sh, const char *title,
                          const char *words);
struct view *reader_new(struct ui *u, int64_t id, struct err *e); // NULL: the essay cannot be had
struct doc;
struct view *
links_new(struct ui *u, const struct doc *d,
          uint32_t from); // copies what it needs; starts at the link at or after `from`
// The headings of an essay; NULL: it has none. title, doc: copied.
struct view *outline_new(struct ui *u, const struct doc *d, const char *title, uint32_t place);
// An essay as delivered, at the fraction `at` of it; NULL: nothing was.
struct view *source_new(struct ui *u, const struct item_body *item, double at);
// The keys of a view; about: only what has this word, "" all.
struct view *help_new(struct ui *u, enum view_kind of, const char *about);
struct view *messages_new(struct ui *u);
struct view *highlights_new(struct ui *u, int64_t item); // of an essay; 0: all there are
int64_t reader_marked_step(const struct view *v, int64_t id,
                           int dir); // the highlight after one, or before it; 0: none
struct view *queue_new(struct ui *u);
struct queue_row;
void undo_queued(struct ui *u, const struct queue_row *r);      // it came into the queue
struct view *feed_new(struct ui *u, int64_t id, struct err *e); // NULL: the feed is not there
void feed_open(struct ui *u, int64_t id); // its page; id 0: says that there is none
struct finding;
// What was found in it, by finding_marks_doc: marked, and the one at `off` (DOC_NONE: the first)
// shown. what: as it was typed.
void reader_found(struct view *v, const struct finding *f, const char *what, uint32_t off);
void reader_show(struct view *v,
                 uint32_t off);               // a jump: brings an offset of the text onto the page
void reader_go(struct view *v, uint32_t off); // a jump: its line becomes the page's first
// The essay before or after in a list, or the next one that is unread; 0: none. The list's cursor
// follows with contents_show.
int64_t contents_step(struct view *v, int64_t from, int dir, bool unread);
void contents_show(struct view *v, int64_t id);
void contents_filter(struct ui *u, const char *words);  // of the list on top; says so where none is
void contents_tag_all(struct ui *u, const char *words); // all bookmarks it lists
void contents_order(struct ui *u, const char *name);    // "title", "-title" the other way round
// ---- contents_find.c: essays by their words, out of the whole library ----
void find_ask(struct ui *u); // on top from then on
void find_words(struct ui *u, const char *words);
// An essay of a list was opened: where the list was searched for, at what was found.
void contents_opened(struct view *list, struct view *reader, int64_t id);
struct completion;
void complete_filter(struct ui *u, const char *text, size_t cursor, struct completion *out);
void shelf_added(struct view *v, int64_t feed); // a feed that was just added: its row is shown

#endif

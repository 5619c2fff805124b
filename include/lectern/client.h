// The reader's handle on the worker process: forked right after argv and configuration, before
// SQLite, curses or curl are touched. Lines go both ways over a socket pair: "get all", "get due",
// "get 12", "add TAB address", "import TAB file", "older TAB feed limit since",
// "older stop", "stop", "quit" -> worker; "begin 38", "get 12",
// "ok 12 3 1", "same 12", "err 12 could not resolve host", "added 12 20 title", "adderr sentence",
// "page TAB 7" asks for an essay's page: "page 7 1 why", "pageerr 7 sentence"; "page 7 0" comes
// unasked. "narration TAB 7" asks who reads an essay aloud: "narration 7 2 why", "narrationerr 7
// sentence". "note sentence", "went 12 3", "imported 5 2 1 20143 312 format", "end 3 1" -> reader.
// Never blocks; a worker that dies is told as an event and started again on the next request (by a
// spare parent forked early).
#ifndef LECTERN_CLIENT_H
#define LECTERN_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/conf.h"
#include "lectern/err.h"

struct client;
struct store;
// What the worker does when there is nothing else to do, about `most` of it at a time; *more: there
// may be more. ERR_BUSY: not now. (find_index; the fetcher knows no texts.)
typedef bool (*client_chore)(struct store *s, size_t most, bool *more, struct err *e);
bool client_start(const char *library, const struct conf *c, client_chore chore,
                  struct client **out, struct err *e); // chore: may be NULL
int client_fd(const struct client *c);               // for poll(POLLIN); -1 when there is no worker
bool client_fetch_all(struct client *c, bool force); // false: no worker
bool client_fetch_feed(struct client *c, int64_t feed);
bool client_add(struct client *c, const char *address);
bool client_import(struct client *c, const char *file); // see fetch_import
bool client_page(struct client *c, int64_t entry);      // see fetch_page
bool client_narration(struct client *c, int64_t item);  // see fetch_narration
bool client_wake(struct client *c); // starts the worker for what it does unasked
// Its chore is done when there is nothing else to do, from now on ("index" -> worker; "indexed" ->
// reader, when there is no more of it).
bool client_index(struct client *c);
void client_stop_fetch(struct client *c);
// See fetch_older; limit, since 0: all.
bool client_older(struct client *c, int64_t feed, int64_t limit, int64_t since);
void client_stop_older(struct client *c); // an OLDER_END follows
struct store;
// Has a walk through what is older than this feed's own document come to its end before?
bool client_older_ended(struct store *s, int64_t feed);

enum client_event_kind {
    CLIENT_NONE,
    CLIENT_BEGIN,
    CLIENT_GET,
    CLIENT_OK,
    CLIENT_SAME,
    CLIENT_ERR,
    CLIENT_END,
    CLIENT_ADDED,
    CLIENT_ADD_ERR,
    CLIENT_IMPORTED,
    CLIENT_KEPT, // bookmarks came: added; changed is those there already; failed those skipped
    CLIENT_NOTE,
    CLIENT_OLDER,
    CLIENT_OLDER_END,
    CLIENT_OLDER_ERR,
    CLIENT_WENT,
    CLIENT_PAGE,
    CLIENT_PAGE_ERR,
    CLIENT_INDEXED, // all essays are in the index of words
    CLIENT_NARRATION,
    CLIENT_NARRATION_ERR,
    CLIENT_DIED
};
struct client_event {
    enum client_event_kind kind;
    int64_t feed;
    int64_t added, changed; // OK; ADDED: added is the number of essays; END: totals; IMPORTED:
                            // feeds added, there already; OLDER*: added so far, and in `changed`
                            // the date of the oldest (0: none known)
    int total, failed;      // BEGIN, END; IMPORTED: failed is how many lines were skipped
                            // WENT: changed essays went by the rule of the configuration
    int64_t essays, unread; // IMPORTED: what came with them from another reader
    bool existed;           // ADDED: the feed was there already; PAGE: nobody asked for this one
    int64_t item;           // PAGE, PAGE_ERR: whose page; NARRATION: added is how many there are
    bool more;              // OLDER_END: there is more to ask for
    int64_t waits;          // OLDER: until when its server wants peace; 0: it does not
    // ERR of feed 0: the whole run could not be done (another Lectern is fetching, a full disk).
    char text[512]; // ERR, ADD_ERR (of imports too), NOTE (worth remembering, no more), DIED,
                    // OLDER_END, OLDER_ERR: a sentence; ADDED: the title; PAGE: what says that it
                    // is not all, or ""
};
// The next event there is; false when there is none now.
bool client_next(struct client *c, struct client_event *ev);
int client_worker(const struct client *c); // the process id of the worker that runs now; 0: none,
                                           // or not heard of yet
void client_end(struct client *c);         // asks it to end and does not wait; NULL is fine

#endif

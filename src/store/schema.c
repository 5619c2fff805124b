// The shape of the library and the steps that led to it. A step, once released, is never edited:
// what changes is a new step. Each runs in a transaction of its own that re-reads the version
// first, so two Lecterns may start at once.
//
// Why it is shaped so: `entry` rows are what lists show and nothing else; bodies of one feed are
// compressed together in `pack` and addressed by offset, which packs tighter and writes fewer rows
// than one blob an essay; `known` is identity and change in one small tree, read whole for each
// fetch of a feed; `tally` is what the triggers count. Every list is a walk along one of the
// indexes below, newest first, with the rowid as the last word.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store.h"

// Feeds, and what a fetch leaves behind.
static const char feeds1[] =
    "CREATE TABLE feed("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " url TEXT NOT NULL,"
    " key TEXT NOT NULL UNIQUE," // the address without what does not matter in it
    " name TEXT NOT NULL,"       // what is shown: own_title, else title, else url
    " fold TEXT NOT NULL,"       // name, folded for sorting
    " title TEXT, own_title TEXT, home TEXT, subtitle TEXT, language TEXT, image TEXT,"
    " meta INTEGER NOT NULL DEFAULT 0," // hash of what the feed said about itself
    " cut_short INTEGER NOT NULL DEFAULT 0,"
    " added INTEGER NOT NULL DEFAULT 0,"
    " interval INTEGER NOT NULL DEFAULT 0"
    ") STRICT;"
    "CREATE INDEX feed_fold ON feed(fold);"
    "CREATE TABLE feed_tag("
    " feed INTEGER NOT NULL, tag TEXT NOT NULL COLLATE NOCASE,"
    " PRIMARY KEY(feed, tag)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX feed_tag_tag ON feed_tag(tag, feed);"
    // What the last fetch left behind; small rows, since every fetch of every feed writes one.
    "CREATE TABLE fetch("
    " feed INTEGER PRIMARY KEY,"
    " next_due INTEGER NOT NULL DEFAULT 0,"
    " last_tried INTEGER NOT NULL DEFAULT 0,"
    " last_good INTEGER NOT NULL DEFAULT 0,"
    " failures INTEGER NOT NULL DEFAULT 0,"
    " parked INTEGER NOT NULL DEFAULT 0,"
    " http_status INTEGER NOT NULL DEFAULT 0,"
    " bytes INTEGER NOT NULL DEFAULT 0,"
    " body_hash INTEGER NOT NULL DEFAULT 0,"
    " etag TEXT, last_modified TEXT, moved_to TEXT, error TEXT) STRICT;"
    "CREATE TABLE tally("
    " feed INTEGER PRIMARY KEY,"
    " total INTEGER NOT NULL DEFAULT 0,"
    " unread INTEGER NOT NULL DEFAULT 0,"
    " started INTEGER NOT NULL DEFAULT 0,"
    " audio INTEGER NOT NULL DEFAULT 0) STRICT;"
    // guid and hash are 64-bit hashes; entry 0: thrown away by the reader, never to come back.
    "CREATE TABLE known("
    " feed INTEGER NOT NULL, guid INTEGER NOT NULL,"
    " hash INTEGER NOT NULL, entry INTEGER NOT NULL,"
    " PRIMARY KEY(feed, guid)) STRICT, WITHOUT ROWID;";
static const char entries1[] =
    // The last id given: ids are never used twice, and AUTOINCREMENT would write its own table for
    // every row.
    "CREATE TABLE counter(one INTEGER PRIMARY KEY, entry INTEGER NOT NULL) STRICT;"
    "INSERT INTO counter VALUES(1, 0);"
    "CREATE TABLE entry("
    " id INTEGER PRIMARY KEY,"
    " feed INTEGER NOT NULL,"
    " sort INTEGER NOT NULL," // published, or seen when there is no date or one after it
    " unread INTEGER NOT NULL,"
    " started INTEGER NOT NULL DEFAULT 0," // 1 started, 2 finished
    " naudio INTEGER NOT NULL,"
    " flags INTEGER NOT NULL," // ITEM_REVISED, ITEM_PREVIEW
    " words INTEGER NOT NULL,"
    " place INTEGER NOT NULL DEFAULT 0,"
    " progress REAL NOT NULL DEFAULT 0,"
    " opened INTEGER NOT NULL DEFAULT 0,"
    " bookmark INTEGER NOT NULL DEFAULT 0,"
    " published INTEGER NOT NULL," // as the feed says, 0: not
    " seen INTEGER NOT NULL,"      // when it was first fetched
    " guid INTEGER NOT NULL,"
    " text INTEGER NOT NULL," // hash of what is read: title and body
    " pack INTEGER NOT NULL, off INTEGER NOT NULL, len INTEGER NOT NULL,"
    " audio_seconds INTEGER NOT NULL,"
    " title TEXT NOT NULL, subtitle TEXT, author TEXT, url TEXT, audio TEXT) STRICT;"
    "CREATE INDEX entry_sort ON entry(sort);"
    "CREATE INDEX entry_unread ON entry(sort) WHERE unread = 1;"
    "CREATE INDEX entry_feed ON entry(feed, sort);"
    "CREATE INDEX entry_feed_unread ON entry(feed, sort) WHERE unread = 1;"
    "CREATE INDEX entry_audio ON entry(sort) WHERE naudio > 0;"
    "CREATE INDEX entry_audio_unread ON entry(sort) WHERE naudio > 0 AND unread = 1;"
    "CREATE INDEX entry_started ON entry(opened) WHERE started = 1;"
    "CREATE TRIGGER entry_added AFTER INSERT ON entry BEGIN"
    " UPDATE tally SET total = total + 1, unread = unread + new.unread,"
    "  started = started + (new.started = 1), audio = audio + (new.naudio > 0) WHERE feed = "
    "new.feed;"
    "END;"
    "CREATE TRIGGER entry_changed AFTER UPDATE OF unread, started, naudio ON entry"
    " WHEN new.unread <> old.unread OR new.started <> old.started OR new.naudio <> old.naudio BEGIN"
    " UPDATE tally SET unread = unread + new.unread - old.unread,"
    "  started = started + (new.started = 1) - (old.started = 1),"
    "  audio = audio + (new.naudio > 0) - (old.naudio > 0) WHERE feed = new.feed;"
    "END;"
    "CREATE TRIGGER entry_removed AFTER DELETE ON entry BEGIN"
    " UPDATE tally SET total = total - 1, unread = unread - old.unread,"
    "  started = started - (old.started = 1), audio = audio - (old.naudio > 0) WHERE feed = "
    "old.feed;"
    " UPDATE pack_live SET live = live - 1 WHERE pack = old.pack;"
    " DELETE FROM revision WHERE entry = old.id;"
    " UPDATE bookmark SET entry = NULL WHERE entry = old.id;"
    "END;";
static const char bodies1[] =
    // Bodies. `live` is kept apart from the bytes, since changing a row writes all of it.
    "CREATE TABLE pack(id INTEGER PRIMARY KEY AUTOINCREMENT, data BLOB NOT NULL) STRICT;"
    "CREATE TABLE pack_live(pack INTEGER PRIMARY KEY, live INTEGER NOT NULL) STRICT;"
    "CREATE TRIGGER pack_unused AFTER UPDATE ON pack_live WHEN new.live <= 0 BEGIN"
    " DELETE FROM pack WHERE id = new.pack;"
    " DELETE FROM pack_live WHERE pack = new.pack;"
    "END;"
    // What an entry said before its feed changed it.
    "CREATE TABLE revision("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " entry INTEGER NOT NULL, replaced INTEGER NOT NULL, words INTEGER NOT NULL,"
    " pack INTEGER NOT NULL, off INTEGER NOT NULL, len INTEGER NOT NULL,"
    " title TEXT NOT NULL, subtitle TEXT, author TEXT) STRICT;"
    "CREATE INDEX revision_entry ON revision(entry);"
    "CREATE TRIGGER revision_removed AFTER DELETE ON revision BEGIN"
    " UPDATE pack_live SET live = live - 1 WHERE pack = old.pack;"
    "END;";
static const char bookmarks1[] =
    // Bookmarks own all they show. removed: when it went to the bin, 0: it is not there.
    "CREATE TABLE bookmark("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " entry INTEGER, feed INTEGER NOT NULL,"
    " kept INTEGER NOT NULL, removed INTEGER NOT NULL DEFAULT 0,"
    " started INTEGER NOT NULL DEFAULT 0,"
    " place INTEGER NOT NULL DEFAULT 0,"
    " progress REAL NOT NULL DEFAULT 0,"
    " opened INTEGER NOT NULL DEFAULT 0,"
    " flags INTEGER NOT NULL, words INTEGER NOT NULL, published INTEGER NOT NULL,"
    " text INTEGER NOT NULL, naudio INTEGER NOT NULL, audio_seconds INTEGER NOT NULL,"
    " feed_title TEXT, title TEXT NOT NULL, subtitle TEXT, author TEXT, url TEXT, audio TEXT) "
    "STRICT;"
    "CREATE UNIQUE INDEX bookmark_entry ON bookmark(entry) WHERE removed = 0 AND entry IS NOT NULL;"
    "CREATE INDEX bookmark_of ON bookmark(entry) WHERE entry IS NOT NULL;"
    "CREATE INDEX bookmark_kept ON bookmark(kept) WHERE removed = 0;"
    "CREATE INDEX bookmark_started ON bookmark(opened) WHERE removed = 0 AND started = 1;"
    "CREATE INDEX bookmark_bin ON bookmark(removed) WHERE removed > 0;"
    "CREATE TABLE bookmark_body(bookmark INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;"
    "CREATE TABLE bookmark_tag("
    " bookmark INTEGER NOT NULL, tag TEXT NOT NULL COLLATE NOCASE,"
    " PRIMARY KEY(bookmark, tag)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE bookmark_tally(one INTEGER PRIMARY KEY, kept INTEGER NOT NULL) STRICT;"
    "INSERT INTO bookmark_tally VALUES(1, 0);"
    "CREATE TRIGGER bookmark_added AFTER INSERT ON bookmark BEGIN"
    " UPDATE bookmark_tally SET kept = kept + (new.removed = 0);"
    "END;"
    "CREATE TRIGGER bookmark_changed AFTER UPDATE OF removed ON bookmark BEGIN"
    " UPDATE bookmark_tally SET kept = kept + (new.removed = 0) - (old.removed = 0);"
    "END;"
    "CREATE TRIGGER bookmark_removed AFTER DELETE ON bookmark BEGIN"
    " UPDATE bookmark_tally SET kept = kept - (old.removed = 0);"
    "END;"
    "CREATE TABLE value(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;";

// Places by letter; letter: its code. Ids are never used twice, so what is left of an item that
// went says nothing about another, and is there again when the item is.
static const char marks2[] =
    "CREATE TABLE mark("
    " item INTEGER NOT NULL, letter INTEGER NOT NULL, off INTEGER NOT NULL,"
    " PRIMARY KEY(item, letter)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX mark_shared ON mark(letter) WHERE letter BETWEEN 65 AND 90;";

static const char searches3[] =
    "CREATE TABLE search(name TEXT PRIMARY KEY COLLATE NOCASE, query TEXT NOT NULL)"
    " STRICT, WITHOUT ROWID;";

// What is marked in essays. `highlight` is what its reader made of it and stands for itself;
// `highlight_at` says where it stands, in an entry and in the bookmark that shows the same text,
// and is left as it is when an item goes: ids are never used twice.
static const char highlights4[] =
    "CREATE TABLE highlight("
    " id INTEGER PRIMARY KEY,"
    " colour INTEGER NOT NULL, made INTEGER NOT NULL,"
    " removed INTEGER NOT NULL DEFAULT 0,"
    " changed INTEGER NOT NULL DEFAULT 0,"
    " quote TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, note TEXT,"
    " title TEXT NOT NULL, author TEXT, feed_title TEXT, url TEXT) STRICT;"
    "CREATE INDEX highlight_made ON highlight(made) WHERE removed = 0;"
    "CREATE INDEX highlight_bin ON highlight(removed) WHERE removed > 0;"
    "CREATE INDEX highlight_changed ON highlight(changed);"
    "CREATE TABLE highlight_at("
    " item INTEGER NOT NULL, highlight INTEGER NOT NULL,"
    " first INTEGER NOT NULL, last INTEGER NOT NULL," // bytes of the document's text
    " gone INTEGER NOT NULL, seen INTEGER NOT NULL,"  // as of the text with this hash
    " PRIMARY KEY(item, highlight)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX highlight_at_of ON highlight_at(highlight);"
    "ALTER TABLE bookmark_tally ADD COLUMN highlights INTEGER NOT NULL DEFAULT 0;"
    "CREATE TRIGGER highlight_added AFTER INSERT ON highlight BEGIN"
    " UPDATE bookmark_tally SET highlights = highlights + (new.removed = 0);"
    "END;"
    "CREATE TRIGGER highlight_binned AFTER UPDATE OF removed ON highlight BEGIN"
    " UPDATE bookmark_tally SET highlights = highlights + (new.removed = 0) - (old.removed = 0);"
    "END;"
    "CREATE TRIGGER highlight_removed AFTER DELETE ON highlight BEGIN"
    " UPDATE bookmark_tally SET highlights = highlights - (old.removed = 0);"
    " DELETE FROM highlight_at WHERE highlight = old.id;"
    "END;";
// Bookmarks have notes; how many have a tag is counted as they get it.
static const char notes4[] =
    "ALTER TABLE bookmark ADD COLUMN note TEXT;"
    "CREATE TABLE kept_tag(tag TEXT PRIMARY KEY COLLATE NOCASE, kept INTEGER NOT NULL)"
    " STRICT, WITHOUT ROWID;"
    "INSERT INTO kept_tag SELECT min(t.tag), count(*) FROM bookmark_tag t JOIN bookmark b"
    " ON b.id = t.bookmark AND b.removed = 0 GROUP BY t.tag;"
    "CREATE TRIGGER kept_tag_added AFTER INSERT ON bookmark_tag BEGIN"
    " INSERT INTO kept_tag SELECT new.tag, 0 WHERE NOT EXISTS"
    "  (SELECT 1 FROM kept_tag WHERE tag = new.tag);"
    " UPDATE kept_tag SET kept = kept + EXISTS(SELECT 1 FROM bookmark WHERE id = new.bookmark AND"
    "  removed = 0) WHERE tag = new.tag;"
    "END;"
    "CREATE TRIGGER kept_tag_removed AFTER DELETE ON bookmark_tag BEGIN"
    " UPDATE kept_tag SET kept = kept - EXISTS(SELECT 1 FROM bookmark WHERE id = old.bookmark AND"
    "  removed = 0) WHERE tag = old.tag;"
    "END;"
    "CREATE TRIGGER kept_tag_binned AFTER UPDATE OF removed ON bookmark"
    " WHEN (new.removed = 0) <> (old.removed = 0) BEGIN"
    " UPDATE kept_tag SET kept = kept + iif(new.removed = 0, 1, -1) WHERE tag IN"
    "  (SELECT tag FROM bookmark_tag WHERE bookmark = new.id);"
    "END;";
// What says that something was changed, for those who keep something in step with it.
static const char changes4[] =
    "ALTER TABLE counter ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE bookmark ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;"
    "UPDATE bookmark SET changed = id;"
    "UPDATE counter SET changed = (SELECT coalesce(max(id), 0) FROM bookmark);"
    "CREATE INDEX bookmark_moment ON bookmark(changed);"
#define MOMENT "UPDATE counter SET changed = changed + 1; "
#define KEPT "UPDATE bookmark SET changed = (SELECT changed FROM counter) WHERE id "
#define MARKED "UPDATE highlight SET changed = (SELECT changed FROM counter) WHERE id "
    "CREATE TRIGGER bookmark_touched AFTER UPDATE OF removed, note ON bookmark"
    " BEGIN " MOMENT KEPT "= new.id; END;"
    "CREATE TRIGGER bookmark_touched_new AFTER INSERT ON bookmark"
    " BEGIN " MOMENT KEPT "= new.id; END;"
    "CREATE TRIGGER tag_touched AFTER DELETE ON bookmark_tag"
    " BEGIN " MOMENT KEPT "= old.bookmark; END;"
    "CREATE TRIGGER tag_touched_new AFTER INSERT ON bookmark_tag"
    " BEGIN " MOMENT KEPT "= new.bookmark; END;"
    "CREATE TRIGGER highlight_touched AFTER UPDATE OF removed, note, colour ON highlight"
    " BEGIN " MOMENT MARKED "= new.id; " KEPT
    "IN (SELECT -item FROM highlight_at WHERE highlight = new.id); END;"
    "CREATE TRIGGER highlight_touched_new AFTER INSERT ON highlight"
    " BEGIN " MOMENT MARKED "= new.id; END;"
    "CREATE TRIGGER highlight_at_touched AFTER UPDATE OF gone ON highlight_at"
    " WHEN new.gone <> old.gone"
    " BEGIN " MOMENT KEPT "= -new.item; END;"
    "CREATE TRIGGER highlight_at_touched_new AFTER INSERT ON highlight_at"
    " BEGIN " MOMENT KEPT "= -new.item; END;";
#undef MOMENT
#undef KEPT
#undef MARKED

// The index of words (search.h). It has no texts of its own, and what is put in stays; the column
// that has most comes first, since naming a column costs two bytes a word. A trigger's own OR
// IGNORE would give way to that of the statement that fired it.
static const char find5[] =
    "CREATE VIRTUAL TABLE find USING fts5(text, title, subtitle, author, content='',"
    " tokenize='ascii');"
    "CREATE TABLE find_state("
    " one INTEGER PRIMARY KEY, entry INTEGER NOT NULL, bookmark INTEGER NOT NULL,"
    " docs INTEGER NOT NULL, rules INTEGER NOT NULL) STRICT;"
    "INSERT INTO find_state VALUES(1, 0, 0, 0, 0);"
    "CREATE TABLE find_todo(item INTEGER PRIMARY KEY) STRICT;"
    "CREATE TABLE find_again(item INTEGER PRIMARY KEY, version INTEGER NOT NULL) STRICT;"
    "CREATE TRIGGER entry_reworded AFTER UPDATE OF text, title, subtitle, author ON entry"
    " WHEN (new.text <> old.text OR new.title <> old.title OR new.subtitle IS NOT old.subtitle"
    "  OR new.author IS NOT old.author) AND new.id <= (SELECT entry FROM find_state) BEGIN"
    " INSERT INTO find_todo SELECT new.id WHERE NOT EXISTS"
    "  (SELECT 1 FROM find_todo WHERE item = new.id);"
    "END;"
    // One that lay in the bin could not be read when its turn came.
    "CREATE TRIGGER bookmark_back AFTER UPDATE OF removed ON bookmark"
    " WHEN new.removed = 0 AND old.removed > 0 BEGIN"
    " INSERT INTO find_todo SELECT -new.id WHERE NOT EXISTS"
    "  (SELECT 1 FROM find_todo WHERE item = -new.id);"
    "END;";

// Articles taken out of the pages of essays (whole.h); data NULL: none could be had yet. A feed
// that changes a summary does not make the article shorter.
static const char pages6[] =
    "CREATE TABLE page("
    " entry INTEGER PRIMARY KEY,"
    " fetched INTEGER NOT NULL, tries INTEGER NOT NULL,"
    " words INTEGER NOT NULL, flags INTEGER NOT NULL, shown INTEGER NOT NULL,"
    " url TEXT, author TEXT, why TEXT, failure TEXT, data BLOB) STRICT;"
    "CREATE TRIGGER page_gone AFTER DELETE ON entry BEGIN"
    " DELETE FROM page WHERE entry = old.id;"
    "END;"
    "CREATE TRIGGER page_words AFTER UPDATE OF words ON entry WHEN new.words <> old.words BEGIN"
    " UPDATE entry SET words = (SELECT words FROM page WHERE entry = new.id)"
    "  WHERE id = new.id AND (SELECT words FROM page WHERE entry = new.id AND shown = 1) > "
    "new.words;"
    "END;";

// What a bookmark is called in every library and file it comes to (carry.h); bare: only its address
// is known. Given by a trigger, so that nobody who makes a bookmark need think of it.
static const char carry9[] =
    "CREATE TABLE carry("
    " bookmark INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE,"
    " bare INTEGER NOT NULL DEFAULT 0,"
    " page INTEGER NOT NULL DEFAULT 0,"         // hash of its text as Markdown, 0: not known
    " seen INTEGER NOT NULL DEFAULT 0) STRICT;" // what its file in bookmarks-folder said last
    "CREATE INDEX carry_bare ON carry(bookmark) WHERE bare = 1;"
    "INSERT INTO carry(bookmark, uid) SELECT id, lower(hex(randomblob(8))) FROM bookmark;"
    "CREATE TRIGGER carry_added AFTER INSERT ON bookmark BEGIN"
    " INSERT INTO carry(bookmark, uid) VALUES(new.id, lower(hex(randomblob(8))));"
    "END;"
    "CREATE TRIGGER carry_removed AFTER DELETE ON bookmark BEGIN"
    " DELETE FROM carry WHERE bookmark = old.id;"
    "END;";

// Listening: how far a recording was heard, what is to be heard later, what plays.
static const char listen7[] =
    "CREATE TABLE sound("
    " address TEXT PRIMARY KEY, at REAL NOT NULL, length REAL NOT NULL,"
    " finished INTEGER NOT NULL, heard INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE queue("
    " id INTEGER PRIMARY KEY AUTOINCREMENT, rank INTEGER NOT NULL, item INTEGER NOT NULL,"
    " address TEXT NOT NULL UNIQUE, title TEXT NOT NULL, feed_title TEXT, type TEXT,"
    " length REAL NOT NULL) STRICT;"
    "CREATE INDEX queue_rank ON queue(rank);"
    "CREATE TABLE playing("
    " one INTEGER PRIMARY KEY, socket TEXT, item INTEGER NOT NULL, address TEXT, title TEXT,"
    " error TEXT, since INTEGER NOT NULL) STRICT;";

// Who reads an essay aloud, as the newsletter said when it was asked (narration.h); row 0 is the
// answer, the others are recordings. What is kept of an essay keeps its voices when the essay goes.
static const char narration11[] =
    "CREATE TABLE narration("
    " item INTEGER NOT NULL, nth INTEGER NOT NULL, asked INTEGER NOT NULL,"
    " kind INTEGER NOT NULL, seconds INTEGER NOT NULL, url TEXT, why TEXT,"
    " PRIMARY KEY(item, nth)) STRICT, WITHOUT ROWID;"
    "CREATE TRIGGER narration_gone AFTER DELETE ON entry BEGIN"
    " UPDATE OR IGNORE narration SET item = -old.bookmark"
    "  WHERE item = old.id AND old.bookmark > 0;"
    " DELETE FROM narration WHERE item = old.id;"
    "END;"
    "CREATE TRIGGER narration_let_go AFTER DELETE ON bookmark BEGIN"
    " DELETE FROM narration WHERE item = -old.id;"
    "END;"
    // A feed that changes an essay does not know of them.
    "CREATE TRIGGER narration_counted AFTER UPDATE OF naudio ON entry WHEN new.naudio = 0 AND"
    " EXISTS(SELECT 1 FROM narration WHERE item = new.id AND nth = 1) BEGIN"
    " UPDATE entry SET naudio = (SELECT count(*) - 1 FROM narration WHERE item = new.id),"
    "  (audio, audio_seconds) ="
    "  (SELECT url, seconds FROM narration WHERE item = new.id AND nth = 1) WHERE id = new.id;"
    "END;";

// Recordings on this machine, or on their way to it.
static const char download12[] =
    "CREATE TABLE download("
    " address TEXT PRIMARY KEY, item INTEGER NOT NULL, title TEXT NOT NULL, folder TEXT NOT NULL,"
    " name TEXT NOT NULL, validator TEXT, file TEXT, size INTEGER NOT NULL, error TEXT,"
    " since INTEGER NOT NULL) STRICT;";

const struct schema_step schema_steps[] = {
    // clang-format off
    {1, {feeds1, entries1, bodies1, bookmarks1}},
    {2, {marks2}},
    {3, {searches3}},
    {4, {highlights4, notes4, changes4}},
    {5, {find5}},
    {6, {pages6}},
    {7, {listen7}},
    {9, {carry9}},
    {11, {narration11}},
    {12, {download12}},
    {0, {NULL}},
    // clang-format on
};

static bool version(struct store *s, int64_t *out, struct err *e)
{
    static const char query[] = "PRAGMA user_version";
    return sql_int(s, e, 0, out, query, "");
}

// The last copy and the one before it stay; what is older has served.
static void drop_old(const struct store *s, int64_t from)
{
    bool before = false;
    for (int64_t v = from - 1; v > 0; v--) {
        char *file = mem_printf("%s.v%d.backup", s->path, (int)v);
        if (before)
            unlink(file);
        before = before || access(file, F_OK) == 0;
        free(file);
    }
}

// A copy as of now, whatever is still in the write-ahead log. Written under another name first: a
// copy that bears the name is whole.
static bool back_up(struct store *s, int64_t from, struct err *e)
{
    char *to = mem_printf("%s.v%d.backup", s->path, (int)from), *part = mem_printf("%s.part", to);
    unlink(part);
    mode_t mask = umask(0177);
    sqlite3 *copy = NULL;
    int code = sqlite3_open_v2(part, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    umask(mask);
    if (code == SQLITE_OK) {
        sqlite3_backup *b = sqlite3_backup_init(copy, "main", s->db, "main");
        if (b) {
            while ((code = sqlite3_backup_step(b, 4096)) == SQLITE_OK)
                ;
            sqlite3_backup_finish(b);
        }
        code = sqlite3_extended_errcode(copy);
    }
    bool ok = code == SQLITE_OK || code == SQLITE_DONE;
    if (!ok)
        sql_error_code(copy, code, part, "cannot back up the library before bringing it up to date",
                       e);
    sqlite3_close(copy);
    if (ok && rename(part, to) != 0)
        ok = err_set(e, ERR_OTHER, "cannot back up the library as %s: %s", to, strerror(errno));
    if (ok)
        drop_old(s, from);
    else
        unlink(part);
    free(part);
    free(to);
    return ok;
}

static bool run_step(struct store *s, const struct schema_step *step, struct err *e)
{
    if (!sql_write_begin(s, e))
        return false;
    int64_t now;
    bool ok = version(s, &now, e);
    if (ok && now < step->version) {
        char set[128];
        snprintf(set, sizeof set, "PRAGMA application_id = %d; PRAGMA user_version = %d",
                 SCHEMA_APPLICATION, step->version);
        for (size_t i = 0; ok && i < SCHEMA_PIECES && step->sql[i]; i++)
            ok = sql_exec(s, step->sql[i], e);
        ok = ok && sql_exec(s, set, e);
    }
    return sql_write_end(s, ok, e);
}

bool schema_migrate(struct store *s, const struct schema_step *steps, struct err *e)
{
    int64_t now;
    if (!version(s, &now, e))
        return false;
    bool backed_up = now == 0; // a new one has nothing to lose
    for (; steps->version; steps++) {
        if (steps->version <= now)
            continue;
        if (!backed_up && !back_up(s, now, e))
            return false;
        backed_up = true;
        if (!run_step(s, steps, e))
            return err_wrap(e, "bringing the library to version %d", steps->version);
    }
    return true;
}

// SQLite in the manner of this house: statements prepared once and kept by the address of their
// text, one-letter binding, and errors as sentences. Private to the store.
#ifndef STORE_SQL_H
#define STORE_SQL_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lectern/err.h"
#include "lectern/mem.h"

struct store;

// What went wrong with the library just now, while "doing": kind and sentence from SQLite's code
// and errno.
bool sql_error(struct store *s, const char *doing, struct err *e);
bool sql_error_code(sqlite3 *db, int code, const char *path, const char *doing, struct err *e);

// The statement of a text that lives as long as the store (a literal): reset, ready to be bound.
// NULL: told in *e.
sqlite3_stmt *sql_get(struct store *s, const char *text, struct err *e);
// Binds in order: i int64_t, d double, t const char * (NULL: null), b const void *, size_t. The
// values are not copied: they stay until the statement is done.
void sql_bind(sqlite3_stmt *st, const char *types, ...);
// 1: a row is there; 0: no more, reset; -1: error told, reset.
int sql_step(struct store *s, sqlite3_stmt *st, struct err *e);
void sql_done(sqlite3_stmt *st); // leaves a statement before its last row; NULL is fine
// Steps to the end.
bool sql_run(struct store *s, sqlite3_stmt *st, struct err *e);
// Text without values, several statements allowed; not kept.
bool sql_exec(struct store *s, const char *text, struct err *e);
// get, bind, run.
bool sql_do(struct store *s, struct err *e, const char *text, const char *types, ...);
// First column of the first row; `otherwise` when there is none.
bool sql_int(struct store *s, struct err *e, int64_t otherwise, int64_t *out, const char *text,
             const char *types, ...);
void sql_close(struct store *s); // finalizes all

int64_t sql_col(sqlite3_stmt *st, int column);
char *sql_text(sqlite3_stmt *st, int column, struct arena *a); // NULL for null

// Reading several statements as of one moment; nested and inside a write it costs nothing.
bool sql_read_begin(struct store *s, struct err *e);
void sql_read_end(struct store *s);
// A write: takes the lock (ERR_BUSY after the store's waiting time), or a savepoint inside
// store_begin.
bool sql_write_begin(struct store *s, struct err *e);
// ok: commits, else takes everything since begin back. Returns whether it is written.
bool sql_write_end(struct store *s, bool ok, struct err *e);

#endif

// Feeds that are on this machine: a file, a folder of Markdown essays, the sample.
#ifndef FETCH_FILE_H
#define FETCH_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include "lectern/buf.h"
#include "lectern/err.h"
#include "lectern/feed.h"

struct file_answer {
    bool same;       // as when `mark` was made: nothing was read
    char *mark;      // what it was like: size and times. Takes the place of an ETag. free()
    struct buf body; // of a file; buf_free
    struct feed_update *update; // of a folder; feed_free
};
bool file_is_local(const char *url); // a file address or the sample
// A folder with no essay in it, a file larger than max bytes, what is no file or folder: an error.
bool file_get(const char *url, const char *mark, size_t max, struct file_answer *out,
              struct err *e);
void file_answer_free(struct file_answer *a); // its contents

// A folder as a feed: each *.md, *.markdown, *.mkd (also in folders below, to a depth of four) is
// an essay; names that begin with '.' or '_' are left out, as is what front matter calls a draft.
bool folder_read(const char *path, size_t max, struct feed_update **out, struct err *e);
// What a folder is like without reading the essays.
bool folder_mark(const char *path, struct buf *out, struct err *e);
// One essay, for the tests: text of a Markdown file -> entry.
void folder_essay(struct arena *a, const char *name, const char *text, size_t len,
                  struct feed_entry *out, bool *draft);

#endif

// Errors as sentences. Every function that can fail for a reason a person should hear returns
// bool and takes a struct err; false leaves its outputs untouched. A message says what was being
// done, to what, and what the reader can do about it. Only main, cli and ui print messages.
#ifndef LECTERN_ERR_H
#define LECTERN_ERR_H

#include <stdbool.h>

enum err_kind {
    ERR_NONE,
    ERR_OTHER,   // something failed
    ERR_USAGE,   // the words on the command line are off: exit code 2
    ERR_MISSING, // what was named is not there
    ERR_FORMAT,  // bytes that are not what they should be (not a feed, not a library)
    ERR_NETWORK, // could not be reached, refused, timed out
    ERR_BUSY,    // another process holds a lock: worth trying again
    ERR_FULL,    // no room on the disk
    ERR_NEWER,   // made by a newer Lectern
    ERR_DAMAGED, // a library that cannot be read as it is, but perhaps saved
};

struct err {
    enum err_kind kind;
    char msg[512]; // one sentence, no newline, valid UTF-8, no control characters
};

#define ERR_INIT     \
    {                \
        ERR_NONE, "" \
    }

#if defined(__GNUC__)
#define LECTERN_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define LECTERN_PRINTF(f, a)
#endif

// Fills *e (which may be NULL) and returns false, so that a function can end in `return
// err_set(...)`. Text from outside may be passed: control characters are replaced, a cut never
// splits a character.
bool err_set(struct err *e, enum err_kind kind, const char *fmt, ...) LECTERN_PRINTF(3, 4);

// Puts "fmt: " before the message that is there and keeps its kind. Returns false.
bool err_wrap(struct err *e, const char *fmt, ...) LECTERN_PRINTF(2, 3);

#endif

// Lines "feed ADDRESS NAME VALUE": what holds for some addresses only. Private to conf*.c.
#ifndef BASE_CONF_SITE_H
#define BASE_CONF_SITE_H

#include "lectern/conf.h"
#include "lectern/mem.h"

enum site_kind {
    SITE_MINUTES,
    SITE_TEXT,
    SITE_PROXY,
    SITE_HEADER,
    SITE_LOGIN,
    SITE_FILE,
    SITE_NUMBER,
    SITE_YESNO
};
struct site_option {
    const char *name;
    enum site_kind kind;
    const char *value, *meaning;
};
extern const struct site_option site_table[CONF_SITE_COUNT];

struct site_line {
    enum conf_site option;
    const char *address, *value; // in the arena
};
struct sites {
    struct site_line *items;
    size_t n, cap;
};
// The option of that name; CONF_SITE_COUNT: none.
enum conf_site site_find(const char *name);
// Is this value one? Messages never repeat the value: it may be a secret.
bool site_check(enum conf_site o, const char *address, const char *value, struct err *e);
void site_add(struct sites *s, struct arena *a, enum conf_site o, const char *address,
              const char *value);
bool site_secret(const struct site_line *l); // has a value that must not be shown
// How much of `url` an address of a line covers (0: it does not match; 1: "*").
size_t site_match(const char *address, const char *url);
void site_write(const struct sites *s, bool secrets, struct buf *out);
bool site_proxy_ok(const char *value);
// A proxy's address without user and password, appended.
void site_proxy_shown(const char *value, struct buf *out);

#endif

// `lectern doctor` in parts: each looks at one thing and says what it found. Private to doctor*.c.
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include <jansson.h>
#include "lectern/command.h"
#include "lectern/err.h"
#include "lectern/store.h"

enum finding { WELL, WORTH_KNOWING, WRONG };
struct doctor {
    const struct session *session;
    struct store *store; // NULL: it could not be opened
    int64_t now;
    bool network, quiet;
    json_t *json; // NULL: for people
    int wrong, known;
};
// What is about which part, and what to do about it (NULL: nothing).
void doctor_say(struct doctor *d, const char *part, enum finding f, const char *advice,
                const char *fmt, ...) LECTERN_PRINTF(5, 6);

void doctor_library(struct doctor *d);
void doctor_feeds(struct doctor *d);
void doctor_config(struct doctor *d);
void doctor_terminal(struct doctor *d);
void doctor_programs(struct doctor *d);
void doctor_network(struct doctor *d);
void doctor_clock(struct doctor *d);

#endif

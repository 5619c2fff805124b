// When a feed is asked next. Pure: the same facts give the same time.
#ifndef FETCH_SCHEDULE_H
#define FETCH_SCHEDULE_H

#include <stdint.h>
#include "lectern/conf.h"

struct schedule {
    int64_t now;
    int64_t interval; // seconds, of the configuration: the floor
    int64_t own;      // the reader's own for this feed; 0: none. Beats all that the feed asks for
    int64_t fresh;    // seconds the server promises that nothing changes; 0: nothing said
    int64_t ttl;      // seconds the feed itself asks for; 0: nothing said
    uint32_t skip_hours;
    uint8_t skip_days;
    int failures;        // in a row, this one included
    int64_t retry_after; // 0, or when the server wants to see us again
    uint64_t seed;       // of the jitter
};
// Seconds between two fetches that the configuration says for this address; 0: it says nothing, -1:
// never without being named.
int64_t schedule_own(const struct conf *c, const char *url);
// After an answer: the longest that is asked for between the floor and a day, then out of the hours
// and days to skip.
int64_t schedule_good(const struct schedule *s);
// After a failure: a sixth of the interval (at least five minutes), doubled with each failure in a
// row up to a day, give or take a fifth; never before retry_after.
int64_t schedule_failed(const struct schedule *s);

#endif

// Times as people read them: dates of lists and bylines, lengths of audio. Months are English on
// every machine, as the rest of the reader is; the offset from UTC is the machine's or, in tests, a
// fixed one.
#ifndef LECTERN_WHEN_H
#define LECTERN_WHEN_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>
#include "lectern/buf.h"

struct when {
    int utc_offset; // seconds east; INT32_MAX: as the machine says
};
void when_local(struct when w, int64_t t, struct tm *out);
void when_list(
    struct when w, int64_t t, int64_t now,
    struct buf *out); // "14:05" today, "18 Nov" this year, else "2024"; never over 6 columns
void when_day(struct when w, int64_t t, int64_t now,
              struct buf *out);                            // the same in running text: "3 Nov"
void when_long(struct when w, int64_t t, struct buf *out); // "18 November 2026"
// A line over a day's essays: "Today", "Yesterday", "Wednesday, 18 November", with its year where
// that is another.
void when_heading(struct when w, int64_t t, int64_t now, struct buf *out);
bool when_same_day(struct when w, int64_t a, int64_t b);
void when_clock(struct when w, int64_t t, int64_t now,
                struct buf *out);                   // "08:12", or "18 Nov 08:12" on another day
void when_length(int64_t seconds, struct buf *out); // "31:04", "1:02:03"

#endif

// The sample newsletter, built into the program: a whole feed document as a server would send it,
// served under the address "lectern:sample". Its essays are also in src/sample/ as Markdown.
#ifndef LECTERN_SAMPLE_H
#define LECTERN_SAMPLE_H

// The bytes are sample_feed .. sample_feed_end - 1, RSS 2.0 in UTF-8; a NUL stands at
// sample_feed_end.
extern const char sample_feed[];
extern const char sample_feed_end[];

#define SAMPLE_ADDRESS "lectern:sample"
#define SAMPLE_CONTENT_TYPE "application/rss+xml; charset=utf-8"

#endif

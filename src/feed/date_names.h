// Words that stand in dates: months in the languages of Europe, zones by name.
#ifndef FEED_DATE_NAMES_H
#define FEED_DATE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

// 1..12 for a word (UTF-8, any case, short or long) that begins like a month's name, else 0.
int date_month(const char *s, size_t len);
// Minutes east of Greenwich of "EST", "Z", "CEST" ... (upper case).
bool date_zone(const char *name, int *minutes);

#endif

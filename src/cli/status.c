// How a feed is: some lines for people, members of an object for programs. What is wrong comes with
// what to do about it.
#include "status.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lectern/fetch.h"
#include "lectern/house.h"
#include "lectern/mem.h"
#include "words.h"

const char *status_health(enum feed_health h)
{
    static const char *const words[] = {"new", "ok", "failing", "parked", "cut short"};
    return words[h];
}

// "3 minutes ago", "in 2 hours", with the hour where it is today or nearly.
static void when_words(int64_t when, int64_t now, const char *none, char *out, size_t size)
{
    static const struct {
        int64_t seconds;
        const char *one, *many;
    } units[] = {{86400, "a day", "days"}, {3600, "an hour", "hours"}, {60, "a minute", "minutes"}};
    if (!when) {
        snprintf(out, size, "%s", none);
        return;
    }
    int64_t far = when > now ? when - now : now - when;
    char span[48] = "less than a minute";
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (far >= units[i].seconds) {
            int64_t n = far / units[i].seconds;
            if (n == 1)
                snprintf(span, sizeof span, "%s", units[i].one);
            else
                snprintf(span, sizeof span, "%lld %s", (long long)n, units[i].many);
            break;
        }
    char clock[24] = "";
    struct tm tm;
    time_t t = (time_t)when;
    if (localtime_r(&t, &tm))
        strftime(clock, sizeof clock, " (%Y-%m-%d %H:%M)", &tm);
    snprintf(out, size, when > now ? "in %s%s" : "%s ago%s", span, clock);
}

static void print_one(struct store *s, const struct conf *c, const struct feed_row *r, int64_t now)
{
    char tried[80], good[80], due[80];
    struct buf size = {0};
    when_words(r->last_tried, now, "never", tried, sizeof tried);
    when_words(r->last_good, now, "never", good, sizeof good);
    words_bytes(r->bytes, &size);
    bool nowhere = strncmp(r->url, "lectern:ingest/", 15) == 0;
    if (r->health == HEALTH_PARKED)
        snprintf(due, sizeof due, "never (parked)");
    else if (nowhere)
        snprintf(due, sizeof due, "when something is ingested");
    else if (r->next_due <= now)
        snprintf(due, sizeof due, "now");
    else
        when_words(r->next_due, now, "now", due, sizeof due);
    printf("%s\n  feed %lld  %s\n  state       %s", r->title, (long long)r->id, r->url,
           status_health(r->health));
    if (r->http_status)
        printf(", HTTP %d", r->http_status);
    printf("\n  essays      %lld, %lld unread; the last document had %s\n", (long long)r->total,
           (long long)r->unread, size.data);
    buf_free(&size);
    printf("  last tried  %s\n  last good   %s\n  next due    %s\n", tried, good, due);
    if (r->error)
        printf("  problem     %s\n", r->error);
    const char *advice = store_feed_advice(r);
    if (advice)
        printf("  what to do  %s\n", advice);
    struct keep_rule rule = keep_rule_of(c, r->address);
    struct buf keeps = {0};
    if (!keep_all(&rule)) {
        keep_words(&rule, &keeps);
        printf("  keeps       %s\n", keeps.data);
    }
    buf_free(&keeps);
    struct arena *a = arena_new();
    struct feed_moves m;
    fetch_moves(s, r->id, a, &m);
    if (m.from) {
        when_words(m.when, now, "", tried, sizeof tried);
        printf("  moved       %s, from %s, where its server leads on for good;\n"
               "              to take it back: lectern move %lld %s\n",
               tried, m.from, (long long)r->id, m.from);
    }
    if (m.refused)
        printf("  stays       here, though its server leads on to %s\n", m.refused);
    else if (r->moved_to)
        printf("  moving      its server leads on for good to %s;\n"
               "              if it says so again, that is the address from then on\n",
               r->moved_to);
    arena_free(a);
}

void status_print(struct store *s, const struct conf *c, const struct feed_rows *rows)
{
    int64_t now = (int64_t)time(NULL);
    for (size_t i = 0; i < rows->n; i++) {
        if (i)
            putchar('\n');
        print_one(s, c, &rows->items[i], now);
    }
}

static void put(json_t *o, const char *name, const char *s)
{
    json_object_set_new(o, name, s ? json_string(s) : json_null());
}

void status_json(struct store *s, const struct feed_row *r, json_t *o)
{
    struct arena *a = arena_new();
    struct feed_moves m;
    char date[32];
    fetch_moves(s, r->id, a, &m);
    put(o, "advice", store_feed_advice(r));
    put(o, "moved_to", r->moved_to);
    put(o, "moved_from", m.from);
    date_format(m.when, date);
    put(o, "moved", m.from ? date : NULL);
    put(o, "move_refused", m.refused);
    arena_free(a);
}

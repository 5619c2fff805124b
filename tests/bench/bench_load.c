// Makes the load that fetchers are measured on: `bench_load DIR FEEDS ENTRIES BYTES` writes
// DIR/feedN.xml, RSS feeds in a newsletter platform's dress whose prose compresses as prose does
// (words of a Zipf-like distribution). Deterministic.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/buf.h"
#include "lectern/mem.h"

static uint64_t state = 88172645463325252u;

static uint32_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32);
}

enum { VOCABULARY = 6000 };
static char words[VOCABULARY][16];

static void make_words(void)
{
    static const char *const onsets[] = {"b", "c", "d", "f", "g", "h",  "l",  "m",  "n",
                                         "p", "r", "s", "t", "w", "st", "tr", "ch", "th"};
    static const char *const vowels[] = {"a", "e", "i", "o", "u", "ea", "ou"};
    static const char *const codas[] = {"", "n", "r", "s", "t", "l", "nd", "ck", "ng"};
    for (int i = 0; i < VOCABULARY; i++) {
        int syllables = i < 60 ? 1 : i < 1500 ? 2 : 3;
        char *w = words[i];
        w[0] = '\0';
        for (int k = 0; k < syllables && strlen(w) < 10; k++) {
            strcat(w, onsets[next_random() % 18]);
            strcat(w, vowels[next_random() % 7]);
            if (k + 1 == syllables)
                strcat(w, codas[next_random() % 9]);
        }
    }
}

// Rank r comes about 1/r as often as the first.
static const char *word(void)
{
    double u = (next_random() % 1000003) / 1000003.0;
    return words[(size_t)exp(u * log(VOCABULARY)) - 1];
}

static void prose(struct buf *b, size_t bytes)
{
    size_t end = b->len + bytes;
    while (b->len < end) {
        buf_str(b, "<p>");
        for (int s = 0; s < 5; s++) {
            size_t at = b->len;
            for (uint32_t n = 8 + next_random() % 16; n; n--) {
                buf_str(b, word());
                if (next_random() % 60 == 0)
                    buf_str(b, " <em>quietly</em>");
                buf_str(b, n == 1 ? "." : next_random() % 9 ? " " : ", ");
            }
            b->data[at] = (char)(b->data[at] - 'a' + 'A');
            buf_char(b, ' ');
        }
        buf_str(b, "It&#8217;s so.</p>");
        if (next_random() % 12 == 0)
            buf_printf(b, "<blockquote><p>%s %s %s.</p></blockquote>", word(), word(), word());
    }
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: bench_load DIR FEEDS ENTRIES BYTES\n");
        return argc == 1 ? 0 : 2;
    }
    int feeds = atoi(argv[2]), entries = atoi(argv[3]);
    size_t bytes = (size_t)atol(argv[4]);
    make_words();
    for (int f = 0; f < feeds; f++) {
        struct buf b = {0};
        buf_printf(
            &b,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss "
            "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
            "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
            "version=\"2.0\"><channel><title><![CDATA["
            "Feed %d]]></title><description>Load</description><link>http://127.0.0.1/%d</link>"
            "<generator>Substack</generator>",
            f, f);
        for (int i = 0; i < entries; i++) {
            buf_printf(&b,
                       "<item><title><![CDATA[On %s and %s, %d]]></title><description><![CDATA[%s "
                       "%s]]></description>"
                       "<link>http://127.0.0.1/%d/p/%d</link><guid "
                       "isPermaLink=\"false\">http://127.0.0.1/%d/p/%d</guid>"
                       "<dc:creator><![CDATA[%s]]></dc:creator><pubDate>%s, %02d Nov 2026 "
                       "%02d:%02d:00 GMT</pubDate>"
                       "<content:encoded><![CDATA[",
                       word(), word(), i, word(), word(), f, i, f, i, word(), "Wed", 1 + i % 28,
                       f % 24, i % 60);
            prose(&b, bytes);
            buf_str(&b, "]]></content:encoded></item>");
        }
        buf_str(&b, "</channel></rss>");
        char *path = mem_printf("%s/feed%d.xml", argv[1], f);
        struct err e = ERR_INIT;
        FILE *out = fopen(path, "w");
        if (!out || fwrite(b.data, 1, b.len, out) != b.len || fclose(out) != 0) {
            err_set(&e, ERR_OTHER, "cannot write %s", path);
            fprintf(stderr, "bench_load: %s\n", e.msg);
            return 1;
        }
        free(path);
        buf_free(&b);
    }
    return 0;
}

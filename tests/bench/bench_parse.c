// How fast feeds become updates, on one core: 200 feeds of 20 essays of 10 kB in Substack's dress,
// parsed over and over for about two seconds. Prints MB/s of the documents' bytes. Arguments:
// [feeds] [the size of a body in bytes].
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lectern/buf.h"
#include "lectern/feed.h"

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void body(struct buf *b, size_t size, unsigned seed)
{
    static const char *const words[] = {
        "morning",        "kettle",     "the",     "of",   "window", "letter",    "a",  "slow",
        "reading",        "it&#8217;s", "paper",   "and",  "street", "remembers", "in", "lamp",
        "<em>never</em>", "to",         "evening", "quiet"};
    size_t start = b->len;
    while (b->len - start < size) {
        buf_str(b, "<p>");
        for (int i = 0; i < 60; i++) {
            seed = seed * 1103515245 + 12345;
            buf_str(b, words[seed >> 16 & 15]);
            buf_char(b, ' ');
        }
        buf_str(b, "</p><div class=\"captioned-image-container\"><figure><a class=\"image-link "
                   "image2\" target=\"_blank\" "
                   "href=\"https://cdn.example/image/fetch/w_1456,c_limit,f_auto,q_auto:good/"
                   "x.png\" data-component-name=\"Image2ToDOM\">"
                   "<div class=\"image2-inset\"><picture><source type=\"image/webp\" "
                   "srcset=\"https://cdn.example/424.webp 424w, "
                   "https://cdn.example/848.webp 848w\" sizes=\"100vw\"><img "
                   "src=\"https://cdn.example/x.png\" "
                   "data-attrs=\"{&quot;src&quot;:&quot;x&quot;,&quot;fullscreen&quot;:null}\"></"
                   "picture></div></a></figure></div>");
    }
}

static void feed(struct buf *b, size_t entries, size_t size, unsigned n)
{
    buf_printf(
        b,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss "
        "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
        "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" version=\"2.0\"><channel>"
        "<title><![CDATA[Letters "
        "%u]]></title><link>https://l%u.example</link><generator>Substack</generator>",
        n, n);
    for (unsigned i = 0; i < entries; i++) {
        buf_printf(b,
                   "<item><title><![CDATA[Essay %u isn&#8217;t "
                   "long]]></title><description><![CDATA[What it is about]]></description>"
                   "<link>https://l%u.example/p/%u</link><guid "
                   "isPermaLink=\"false\">https://l%u.example/p/%u</guid>"
                   "<dc:creator><![CDATA[A. Writer]]></dc:creator><pubDate>Mon, 02 Mar 2026 "
                   "07:30:00 GMT</pubDate>"
                   "<enclosure url=\"https://cdn.example/%u.png\" length=\"0\" "
                   "type=\"image/jpeg\"/><content:encoded><![CDATA[",
                   i, n, i, n, i, i);
        body(b, size, n * 100 + i);
        buf_str(b, "]]></content:encoded></item>");
    }
    buf_str(b, "</channel></rss>");
}

int main(int argc, char **argv)
{
    size_t feeds = argc > 1 ? strtoul(argv[1], NULL, 10) : 200,
           size = argc > 2 ? strtoul(argv[2], NULL, 10) : 10000;
    struct buf *docs = calloc(feeds ? feeds : 1, sizeof *docs);
    for (size_t i = 0; i < feeds; i++)
        feed(&docs[i], 20, size, (unsigned)i);
    double start = now(), took = 0;
    size_t bytes = 0, entries = 0, words = 0;
    do {
        for (size_t i = 0; i < feeds; i++) {
            struct feed_update *u = NULL;
            if (!feed_parse(docs[i].data, docs[i].len, NULL, &u, NULL))
                return 1;
            bytes += docs[i].len;
            entries += u->nentries;
            words += u->entries[0].words;
            feed_free(u);
        }
        took = now() - start;
    } while (feeds && took < 2);
    printf("parse: %.0f MB/s (%zu entries, %.1f us each; 200 MB would take %.2f s)\n",
           (double)bytes / 1e6 / took, entries, took * 1e6 / (double)entries,
           200e6 / ((double)bytes / took));
    for (size_t i = 0; i < feeds; i++)
        buf_free(&docs[i]);
    free(docs);
    return words ? 0 : 1;
}

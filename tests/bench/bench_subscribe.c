// `bench_subscribe LIBRARY URLS`: subscribes to every address of a file without fetching, so that a
// cold fetch is one run.
#include <stdio.h>
#include <string.h>

#include "lectern/store.h"

int main(int argc, char **argv)
{
    if (argc != 3)
        return argc == 1 ? 0 : 2;
    struct err e = ERR_INIT;
    struct store *s = NULL;
    FILE *urls = fopen(argv[2], "r");
    if (!urls || !store_open(argv[1], STORE_WRITE, &s, &e) || !store_begin(s, &e))
        goto failed;
    char line[4096];
    while (fgets(line, sizeof line, urls)) {
        line[strcspn(line, "\n")] = '\0';
        int64_t id;
        bool existed;
        if (!store_feed_add(s, line, NULL, &id, &existed, &e))
            goto failed;
    }
    fclose(urls);
    if (!store_commit(s, &e))
        goto failed;
    store_close(s);
    return 0;
failed:
    fprintf(stderr, "bench_subscribe: %s\n", e.msg);
    return 1;
}

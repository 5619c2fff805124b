// Hosts that asked for peace, from one run to the next: "host until" lines in the library.
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "run.h"

enum { HOSTS_MAX = 500 };

void hosts_block(struct http *h, const char *lines)
{
    for (const char *line = lines; line && *line;) {
        char host[256], url[300];
        long long until;
        if (sscanf(line, "%255s %lld", host, &until) == 2 && until > (long long)time(NULL)) {
            snprintf(url, sizeof url, "http://%s/", host);
            http_block(h, url, until);
        }
        line = strchr(line, '\n');
        line += line != NULL;
    }
}

void hosts_save(const struct http *h, struct store *s, const char *before)
{
    struct buf b = {0};
    http_blocked(h, &b, HOSTS_MAX);
    const char *now = buf_cstr(&b);
    if (strcmp(now, before ? before : "") != 0)
        store_put(s, HOSTS_KEY, now, NULL);
    buf_free(&b);
}

// Cookie files: Netscape's format, read once a run, never written. What a server sets lives for one
// chain of redirects and is forgotten.
#include "http_wire.h"

#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"

enum { LARGEST = 16 << 20 };

struct http_jar {
    struct http_jar *next;
    char *path;
    char **lines;
    size_t n, cap;
    struct err err; // why there are none
};

static bool is_cookie(const char *line)
{
    size_t tabs = 0;
    for (const char *p = line; *p; p++)
        tabs += *p == '\t';
    return tabs >= 6 && (*line != '#' || strncmp(line, "#HttpOnly_", 10) == 0);
}

static void read_jar(struct http_jar *j)
{
    struct buf b = {0};
    struct err e = ERR_INIT;
    if (!buf_read_file(&b, j->path, LARGEST, &e)) {
        err_set(&j->err, ERR_OTHER, "the cookie file cannot be read: %s", e.msg);
        buf_free(&b);
        return;
    }
    for (char *line = b.len ? b.data : NULL; line && *line;) {
        size_t n = strcspn(line, "\r\n");
        char *next = line[n] ? line + n + 1 : NULL;
        line[n] = '\0';
        if (is_cookie(line)) {
            j->lines = mem_grow(j->lines, &j->cap, j->n + 1, sizeof *j->lines);
            j->lines[j->n++] = mem_strdup(line);
        }
        line = next;
    }
    buf_free(&b);
}

bool jar_pour(struct http_jar **jars, const char *path, CURL *into, struct err *e)
{
    struct http_jar *j = *jars;
    while (j && strcmp(j->path, path) != 0)
        j = j->next;
    if (!j) {
        j = mem_alloc(sizeof *j);
        j->path = mem_strdup(path);
        read_jar(j);
        j->next = *jars;
        *jars = j;
    }
    if (j->err.kind != ERR_NONE) {
        *e = j->err;
        return false;
    }
    for (size_t i = 0; i < j->n; i++)
        curl_easy_setopt(into, CURLOPT_COOKIELIST, j->lines[i]);
    return true;
}

void jars_free(struct http_jar *j)
{
    for (struct http_jar *next; j; j = next) {
        next = j->next;
        for (size_t i = 0; i < j->n; i++)
            free(j->lines[i]);
        free(j->lines);
        free(j->path);
        free(j);
    }
}

// Times a terminal program from outside, the same way for Lectern and its peers: starts it in a pty
// of a given size, waits until a text has come, then sends keys one by one and counts what each
// brings.
//
//   bench_pty [-c COLS] [-r ROWS] [-u TEXT] [-k KEYS]... [-q KEYS] -- PROGRAM ARG...
//
// Prints "paint MS BYTES" and for each -k "key MS BYTES FIRST CPU": MS up to the last byte before a
// quiet quarter of a second, FIRST up to the first ones, CPU what the program ran for those.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lectern/buf.h"

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

// What came of a key or of the start.
struct reply {
    size_t bytes;
    double first, last; // when
    double cpu;         // milliseconds of the processor: before, then until the first bytes
};

// Milliseconds that a process's first thread has run; 0 where the system does not say.
static double cpu_ms(pid_t pid)
{
    char path[64];
    double ns = 0;
    snprintf(path, sizeof path, "/proc/%ld/schedstat", (long)pid);
    FILE *f = fopen(path, "r");
    if (f && fscanf(f, "%lf", &ns) != 1)
        ns = 0;
    if (f)
        fclose(f);
    return ns / 1e6;
}

// Reads until `text` was seen (if any) and, where `quiet` > 0, nothing came for that long. False at
// the end of the program or after 120 s.
static bool gather(int fd, pid_t child, const char *text, int quiet, struct reply *r,
                   struct buf *seen)
{
    double give_up = now_ms() + 120000, cpu = r->cpu;
    bool found = !text;
    *r = (struct reply){0};
    for (;;) {
        struct pollfd p = {fd, POLLIN, 0};
        int n = poll(&p, 1, found && quiet ? quiet : 1000);
        if (n == 0 && found)
            return true;
        if (n == 0 && now_ms() > give_up)
            return false;
        if (n <= 0)
            continue;
        char chunk[65536];
        ssize_t got = read(fd, chunk, sizeof chunk);
        if (got <= 0)
            return false;
        r->last = now_ms();
        if (!r->bytes) {
            r->first = r->last;
            r->cpu = cpu_ms(child) - cpu;
        }
        r->bytes += (size_t)got;
        if (!found) {
            buf_add(seen, chunk, (size_t)got);
            found = memmem(seen->data, seen->len, text, strlen(text)) != NULL;
            if (found && !quiet)
                return true;
        }
    }
}

int main(int argc, char **argv)
{
    struct winsize size = {24, 80, 0, 0};
    const char *until = NULL, *quit = "q", *keys[64];
    int nkeys = 0, c;
    if (argc == 1)
        return 0;
    while ((c = getopt(argc, argv, "+c:r:u:k:q:")) != -1) {
        if (c == 'c')
            size.ws_col = (unsigned short)atoi(optarg);
        else if (c == 'r')
            size.ws_row = (unsigned short)atoi(optarg);
        else if (c == 'u')
            until = optarg;
        else if (c == 'k' && nkeys < 64)
            keys[nkeys++] = optarg;
        else if (c == 'q')
            quit = optarg;
        else
            return 2;
    }
    int master;
    double start = now_ms();
    pid_t child = forkpty(&master, NULL, NULL, &size);
    if (child < 0)
        return 1;
    if (child == 0) {
        setenv("TERM", "xterm-256color", 1);
        execvp(argv[optind], argv + optind);
        _exit(127);
    }
    struct buf seen = {0};
    struct reply r = {0}, rest = {0};
    if (!gather(master, child, until, 0, &r, &seen)) {
        fprintf(stderr, "bench_pty: %s never showed it\n%.400s\n", argv[optind], buf_cstr(&seen));
        kill(child, SIGKILL);
        return 1;
    }
    gather(master, child, NULL, 250, &rest, &seen);
    printf("paint %.1f %zu\n", r.last - start, r.bytes + rest.bytes);
    for (int i = 0; i < nkeys; i++) {
        start = now_ms();
        r.cpu = cpu_ms(child);
        if (write(master, keys[i], strlen(keys[i])) < 0)
            break;
        bool any = gather(master, child, NULL, 250, &r, &seen) && r.bytes;
        printf("key %.1f %zu %.1f %.1f\n", any ? r.last - start : 0.0, r.bytes,
               any ? r.first - start : 0.0, r.cpu);
    }
    if (write(master, quit, strlen(quit)) > 0)
        gather(master, child, NULL, 300, &r, &seen);
    kill(child, SIGTERM);
    int status;
    struct rusage used;
    for (int i = 0; i < 50 && wait4(child, &status, WNOHANG, &used) == 0; i++)
        poll(NULL, 0, 20);
    kill(child, SIGKILL);
    if (wait4(child, &status, 0, &used) < 0 && errno != ECHILD)
        return 1;
    printf("memory %.1f\n", (double)used.ru_maxrss / 1024);
    buf_free(&seen);
    return 0;
}

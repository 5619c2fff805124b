// Times a terminal program from outside, the same way for Lectern and its peers: starts it in a pty
// of a given size, waits until a text has come, then sends keys one by one and counts what each
// brings.
//
//   bench_pty [-c COLS] [-r ROWS] [-u TEXT] [-k KEYS]... [-q KEYS] -- PROGRAM ARG...
//
// Prints "paint MS BYTES" and for each -k "key MS BYTES FIRST", MS up to the last byte before a
// quiet quarter of a second, FIRST up to the first ones.
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

// Reads until `text` was seen (if any) and, where `quiet` > 0, nothing came for that long. Returns
// when the last byte, or the text, came; -1 at the end of the program or after 120 s. *first: when
// the first ones came.
static double gather(int fd, const char *text, int quiet, size_t *bytes, double *first,
                     struct buf *seen)
{
    double last = now_ms(), give_up = last + 120000;
    bool found = !text;
    for (;;) {
        struct pollfd p = {fd, POLLIN, 0};
        int n = poll(&p, 1, found && quiet ? quiet : 1000);
        if (n == 0 && found)
            return last;
        if (n == 0 && now_ms() > give_up)
            return -1;
        if (n <= 0)
            continue;
        char chunk[65536];
        ssize_t got = read(fd, chunk, sizeof chunk);
        if (got <= 0)
            return -1;
        last = now_ms();
        if (!*bytes)
            *first = last;
        *bytes += (size_t)got;
        if (!found) {
            buf_add(seen, chunk, (size_t)got);
            found = memmem(seen->data, seen->len, text, strlen(text)) != NULL;
            if (found && !quiet)
                return last;
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
    size_t bytes = 0;
    double first = 0, painted = gather(master, until, 0, &bytes, &first, &seen);
    if (painted < 0) {
        fprintf(stderr, "bench_pty: %s never showed it\n%.400s\n", argv[optind], buf_cstr(&seen));
        kill(child, SIGKILL);
        return 1;
    }
    printf("paint %.1f", painted - start);
    gather(master, NULL, 250, &bytes, &first, &seen);
    printf(" %zu\n", bytes);
    for (int i = 0; i < nkeys; i++) {
        bytes = 0;
        start = now_ms();
        if (write(master, keys[i], strlen(keys[i])) < 0)
            break;
        double end = gather(master, NULL, 250, &bytes, &first, &seen);
        bool any = bytes && end > 0;
        printf("key %.1f %zu %.1f\n", any ? end - start : 0.0, bytes, any ? first - start : 0.0);
    }
    if (write(master, quit, strlen(quit)) > 0)
        gather(master, NULL, 300, &bytes, &first, &seen);
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

// The line of progress, and the end of a long command by a signal.
#include "ticker.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lectern/utf8.h"

static volatile int stopped; // set by the signal handler

static void on_stop(int sig)
{
    if (stopped)
        _exit(128 + sig); // asked twice
    stopped = 1;
}

const volatile int *ticker_stopped(void)
{
    struct sigaction act = {.sa_handler = on_stop};
    sigemptyset(&act.sa_mask);
    sigaction(SIGINT, &act, NULL);
    sigaction(SIGTERM, &act, NULL);
    sigaction(SIGHUP, &act, NULL);
    return &stopped;
}

int ticker_cols(void)
{
    struct winsize ws = {0};
    return ioctl(2, TIOCGWINSZ, &ws) == 0 && ws.ws_col > 20 ? ws.ws_col : 80;
}

void ticker_show(const char *text)
{
    struct buf cut = {0};
    utf8_ellipsize(&cut, text, strlen(text), ticker_cols() - 1, true);
    fprintf(stderr, "\r\033[K%s", buf_cstr(&cut));
    buf_free(&cut);
}

void ticker_wipe(void)
{
    fputs("\r\033[K", stderr);
}

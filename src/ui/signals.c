// A handler only writes the signal's number to a pipe; everything else happens in the loop. Crashes
// are another matter: the terminal is given back on a stack of its own (the old one may be what
// overflowed), then the signal does its work.
#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lectern/mem.h"

enum { CRASH_STACK = 64 * 1024 };

static const int caught[] = {SIGTERM, SIGHUP, SIGINT, SIGWINCH, SIGTSTP, SIGCONT, SIGCHLD};
static const int crashes[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT};
enum { CAUGHT = sizeof caught / sizeof *caught, CRASHES = sizeof crashes / sizeof *crashes };

static struct {
    int pipe[2];
    void (*restore)(void);
    struct sigaction before[CAUGHT], crash_before[CRASHES];
    void *stack;
    bool on;
} signals = {.pipe = {-1, -1}};

static void note(int number)
{
    int was = errno;
    unsigned char byte = (unsigned char)number;
    ssize_t n = write(signals.pipe[1], &byte, 1); // a full pipe has woken the loop already
    (void)n;
    errno = was;
}

static void crash(int number)
{
    if (signals.restore)
        signals.restore();
    // What was in force before does the rest: a core where cores are wanted, a sanitizer's report.
    for (int i = 0; i < CRASHES; i++)
        if (crashes[i] == number)
            sigaction(number, &signals.crash_before[i], NULL);
    raise(number);
}

static void install(int i)
{
    struct sigaction a = {.sa_handler = note, .sa_flags = SA_RESTART};
    sigfillset(&a.sa_mask);
    sigaction(caught[i], &a, NULL);
}

bool signals_catch(struct err *e)
{
    if (pipe(signals.pipe) != 0)
        return err_set(e, ERR_OTHER, "cannot make a pipe: %s", strerror(errno));
    for (int i = 0; i < 2; i++) {
        fcntl(signals.pipe[i], F_SETFL, O_NONBLOCK);
        fcntl(signals.pipe[i], F_SETFD, FD_CLOEXEC);
    }
    for (int i = 0; i < CAUGHT; i++) {
        sigaction(caught[i], NULL, &signals.before[i]);
        // Who started us with hang-ups ignored (nohup) wants it so.
        if (caught[i] == SIGHUP && signals.before[i].sa_handler == SIG_IGN)
            continue;
        install(i);
    }
    signals.stack = mem_alloc(CRASH_STACK);
    stack_t s = {.ss_sp = signals.stack, .ss_size = CRASH_STACK};
    bool alternate = sigaltstack(&s, NULL) == 0;
    for (int i = 0; i < CRASHES; i++) {
        struct sigaction a = {.sa_handler = crash, .sa_flags = alternate ? SA_ONSTACK : 0};
        sigemptyset(&a.sa_mask);
        sigaction(crashes[i], &a, &signals.crash_before[i]);
    }
    signals.on = true;
    return true;
}

int signals_fd(void)
{
    return signals.pipe[0];
}

int signals_next(void)
{
    unsigned char byte;
    return read(signals.pipe[0], &byte, 1) == 1 ? byte : 0;
}

void signals_stop(void)
{
    struct sigaction a = {.sa_handler = SIG_DFL}, was;
    sigemptyset(&a.sa_mask);
    sigaction(SIGTSTP, &a, &was);
    raise(SIGTSTP);
    sigaction(SIGTSTP, &was, NULL);
}

void signals_on_crash(void (*restore)(void))
{
    signals.restore = restore;
}

void signals_release(void)
{
    if (!signals.on)
        return;
    for (int i = 0; i < CAUGHT; i++)
        sigaction(caught[i], &signals.before[i], NULL);
    for (int i = 0; i < CRASHES; i++)
        sigaction(crashes[i], &signals.crash_before[i], NULL);
    stack_t none = {.ss_flags = SS_DISABLE};
    sigaltstack(&none, NULL);
    free(signals.stack);
    for (int i = 0; i < 2; i++) {
        close(signals.pipe[i]);
        signals.pipe[i] = -1;
    }
    signals.on = false;
}

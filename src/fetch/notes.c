// A page of memory mapped from the lock file: slots of parsers, and a short list of feeds with the
// times each was being parsed when a process ended. The kernel keeps the page when the process is
// gone, however it went.
#include "notes.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lectern/mem.h"
#include "lectern/path.h"

enum { MAGIC = 0x4c4e3031, SUSPECTS = 128, FAULT = 100, ENOUGH = 5, STACK = 64 << 10 };

struct slot {
    int64_t feed; // 0: not parsing
    int64_t crashed;
};
struct page {
    int64_t magic;
    struct slot slots[NOTES_SLOTS];
    struct {
        _Atomic int64_t feed, times; // several parsers look for theirs at once
    } suspects[SUSPECTS];
};
struct notes {
    int fd;
    struct page *page;
    bool watching;
};

static const int faults[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
enum { FAULTS = sizeof faults / sizeof *faults };
// What a signal handler can see: state of the process by nature.
static struct sigaction before[FAULTS];
static _Thread_local struct slot *parsing;

static void on_fault(int sig)
{
    if (parsing)
        parsing->crashed = 1;
    for (int i = 0; i < FAULTS; i++)
        if (faults[i] == sig)
            sigaction(sig, &before[i],
                      NULL); // the fault comes again and is dealt with as it would have been
}

static void on_exhausted(void)
{
    if (parsing)
        parsing->crashed = 1;
}

static void accuse(struct page *p, int64_t feed, int64_t times)
{
    if (feed <= 0)
        return;
    int at = -1;
    for (int i = 0; i < SUSPECTS; i++) {
        if (p->suspects[i].feed == feed) {
            p->suspects[i].times += times;
            return;
        }
        if (at < 0 && p->suspects[i].feed == 0)
            at = i;
    }
    if (at < 0)
        at = (int)((uint64_t)feed % SUSPECTS);
    p->suspects[at].feed = feed;
    p->suspects[at].times = times;
}

bool notes_open(const char *library, struct notes **out, struct err *e)
{
    const char *slash = strrchr(library, '/');
    if (slash && slash != library) {
        char *dir = mem_strndup(library, (size_t)(slash - library));
        bool made = path_make_dir(dir, e);
        free(dir);
        if (!made)
            return false;
    }
    char *path = mem_printf("%s-fetch", library);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    int why = errno;
    if (fd < 0) {
        err_set(e, why == ENOSPC ? ERR_FULL : ERR_OTHER, "cannot write beside the library: %s: %s",
                path, strerror(why));
        free(path);
        return false;
    }
    free(path);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        return err_set(
            e, ERR_BUSY,
            "another Lectern is fetching into this library; try again when it has finished");
    }
    // Blocks are reserved: a write into a hole of a full disk would be a fault of its own.
    if ((why = posix_fallocate(fd, 0, sizeof(struct page))) != 0) {
        close(fd);
        return err_set(e, why == ENOSPC ? ERR_FULL : ERR_OTHER,
                       "cannot write beside the library %s: %s", library, strerror(why));
    }
    struct page *p = mmap(NULL, sizeof *p, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED) {
        why = errno;
        close(fd);
        return err_set(e, ERR_OTHER, "cannot write beside the library %s: %s", library,
                       strerror(why));
    }
    if (p->magic != MAGIC) {
        memset(p, 0, sizeof *p);
        p->magic = MAGIC;
    }
    for (int i = 0; i < NOTES_SLOTS; i++) {
        if (p->slots[i].feed > 0)
            accuse(p, p->slots[i].feed, p->slots[i].crashed ? FAULT : 1);
        p->slots[i] = (struct slot){0};
    }
    struct notes *n = mem_alloc(sizeof *n);
    n->fd = fd;
    n->page = p;
    *out = n;
    return true;
}

void notes_release(struct notes *n)
{
    notes_unwatch(n);
    if (n->fd < 0)
        return;
    flock(n->fd, LOCK_UN); // the memory that is mapped would keep it
    close(n->fd);
    n->fd = -1;
}

void notes_close(struct notes *n)
{
    if (!n)
        return;
    notes_release(n);
    munmap(n->page, sizeof *n->page);
    free(n);
}

void notes_accuse(struct notes *n, int slot)
{
    n->page->slots[slot].crashed = 1;
}

bool notes_set_aside(struct notes *n, int64_t feed)
{
    for (int i = 0; i < SUSPECTS; i++)
        if (n->page->suspects[i].feed == feed && n->page->suspects[i].times >= ENOUGH) {
            n->page->suspects[i].times = ENOUGH - 1;
            return true;
        }
    return false;
}

void notes_begin(struct notes *n, int slot, int64_t feed)
{
    parsing = &n->page->slots[slot];
    parsing->crashed = 0;
    parsing->feed = feed;
    atomic_signal_fence(memory_order_seq_cst);
}

void notes_end(struct notes *n, int slot)
{
    atomic_signal_fence(memory_order_seq_cst);
    struct slot *s = &n->page->slots[slot];
    for (int i = 0; i < SUSPECTS; i++)
        if (n->page->suspects[i].feed == s->feed)
            n->page->suspects[i].feed = 0;
    s->feed = 0;
    parsing = NULL;
}

void notes_watch(struct notes *n)
{
    if (n->watching)
        return;
    struct sigaction act = {.sa_handler = on_fault, .sa_flags = SA_ONSTACK};
    sigemptyset(&act.sa_mask);
    for (int i = 0; i < FAULTS; i++)
        sigaction(faults[i], &act, &before[i]);
    mem_on_exhausted(on_exhausted);
    n->watching = true;
}

void notes_unwatch(struct notes *n)
{
    if (!n->watching)
        return;
    for (int i = 0; i < FAULTS; i++)
        sigaction(faults[i], &before[i], NULL);
    mem_on_exhausted(NULL);
    n->watching = false;
}

void *notes_thread(void)
{
    stack_t st = {.ss_sp = mem_alloc(STACK), .ss_size = STACK};
    sigaltstack(&st, NULL);
    return st.ss_sp;
}

void notes_thread_end(void *stack)
{
    stack_t off = {.ss_flags = SS_DISABLE};
    sigaltstack(&off, NULL);
    free(stack);
}

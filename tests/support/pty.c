// forkpty and libvterm. The child gets a clean, fixed environment; everything it writes is counted,
// kept and shown to the emulator.
#include "pty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>
#include <cmocka.h>
#include <vterm.h>

#include "lectern/mem.h"

enum { PATIENCE_MS = 8000, IDLE_FD = 9 };

struct pty {
    pid_t pid, leader; // of the program; of its session
    int master, slave, idle, changes;
    VTerm *vt;
    VTermScreen *screen;
    int cols, rows;
    struct buf raw, text, title;
    size_t idles, seen; // marks that came, marks waited for
    bool alternate, cursor_shown, closed, ended, deaf, mute;
    int status;
    struct termios before;
};

static int set_property(VTermProp prop, VTermValue *value, void *user)
{
    struct pty *p = user;
    if (prop == VTERM_PROP_ALTSCREEN)
        p->alternate = value->boolean;
    else if (prop == VTERM_PROP_CURSORVISIBLE)
        p->cursor_shown = value->boolean;
    return 1;
}

static const VTermScreenCallbacks callbacks = {.settermprop = set_property};

// A program that leads its session cannot be stopped, and a hang-up reaches the session's leader
// first. So the leader is a small shell: it starts the program in the foreground, hands hang-ups on
// and tells what became of it.
static pid_t led;

static void hand_on(int number)
{
    kill(led, number);
}

static void lead(const int idle[2], const int status[2])
{
    signal(SIGTTOU, SIG_IGN);
    led = fork();
    if (led == 0) {
        setpgid(0, 0);
        tcsetpgrp(0, getpid());
        close(status[1]);
        return; // to become the program
    }
    setpgid(led, led);
    tcsetpgrp(0, led);
    close(idle[1]);
    struct sigaction a = {.sa_handler = hand_on};
    sigaction(SIGHUP, &a, NULL);
    ssize_t n = write(status[1], &led, sizeof led);
    for (int st; n > 0;) {
        if (waitpid(led, &st, WUNTRACED) != led)
            continue;
        n = write(status[1], &st, sizeof st);
        if (!WIFSTOPPED(st))
            break;
    }
    _exit(0);
}

struct pty *pty_start(const struct pty_setup *s)
{
    struct pty *p = mem_alloc(sizeof *p);
    p->cols = s->cols ? s->cols : 80;
    p->rows = s->rows ? s->rows : 24;
    p->cursor_shown = true;
    p->mute = s->mute;
    struct winsize w = {.ws_col = (unsigned short)p->cols, .ws_row = (unsigned short)p->rows};
    int idle[2];
    assert_int_equal(pipe(idle), 0);
    assert_int_equal(openpty(&p->master, &p->slave, NULL, NULL, &w), 0);
    assert_int_equal(tcgetattr(p->slave, &p->before), 0);
    fflush(NULL);
    int status[2];
    assert_int_equal(pipe(status), 0);
    p->pid = p->leader = fork();
    assert_true(p->pid >= 0);
    if (p->pid == 0) {
        login_tty(p->slave);
        close(p->master);
        lead(idle, status);
        if (idle[1] != IDLE_FD)
            dup2(idle[1], IDLE_FD);
        closefrom(IDLE_FD + 1);
        char number[16];
        snprintf(number, sizeof number, "%d", IDLE_FD);
        setenv("LECTERN_IDLE_FD", number, 1);
        static const char *const unwanted[] = {
            "COLORTERM", "TERM_PROGRAM", "TMUX",     "STY",     "LINES",         "COLUMNS",
            "NO_COLOR",  "LC_ALL",       "LC_CTYPE", "SSH_TTY", "SSH_CONNECTION"};
        for (size_t i = 0; i < sizeof unwanted / sizeof *unwanted; i++)
            unsetenv(unwanted[i]);
        setenv("LANG", "C.UTF-8", 1);
        setenv("TERM", "xterm-256color", 1);
        for (const char *const *e = s->env; e && *e; e++) {
            const char *equals = strchr(*e, '=');
            char *name = mem_strndup(*e, equals ? (size_t)(equals - *e) : strlen(*e));
            if (equals)
                setenv(name, equals + 1, 1);
            else
                unsetenv(name);
            free(name);
        }
        for (int i = 1; i < NSIG; i++)
            signal(i, SIG_DFL); // SIGTTOU, too
        if (s->child)
            _exit(s->child(s->ctx));
        execv(s->argv[0], (char *const *)s->argv);
        _exit(127);
    }
    close(idle[1]);
    close(status[1]);
    p->changes = status[0];
    assert_int_equal(read(p->changes, &p->pid, sizeof p->pid), sizeof p->pid);
    fcntl(p->changes, F_SETFL, O_NONBLOCK);
    fcntl(p->changes, F_SETFD, FD_CLOEXEC);
    p->idle = idle[0];
    fcntl(p->idle, F_SETFL, O_NONBLOCK);
    fcntl(p->master, F_SETFL, O_NONBLOCK);
    fcntl(p->slave, F_SETFD, FD_CLOEXEC);
    fcntl(p->master, F_SETFD, FD_CLOEXEC);
    fcntl(p->idle, F_SETFD, FD_CLOEXEC);
    p->vt = vterm_new(p->rows, p->cols);
    vterm_set_utf8(p->vt, 1);
    p->screen = vterm_obtain_screen(p->vt);
    vterm_screen_enable_altscreen(p->screen, 1);
    vterm_screen_set_callbacks(p->screen, &callbacks, p);
    vterm_screen_reset(p->screen, 1);
    return p;
}

void pty_end(struct pty *p)
{
    if (!p)
        return;
    if (!p->ended)
        kill(p->pid, SIGKILL);
    waitpid(p->leader, NULL, 0);
    vterm_free(p->vt);
    if (p->master >= 0)
        close(p->master);
    if (p->slave >= 0)
        close(p->slave);
    close(p->idle);
    close(p->changes);
    buf_free(&p->raw);
    buf_free(&p->text);
    buf_free(&p->title);
    free(p);
}

// Takes in what the program sent: its bytes, then its marks. A mark is only counted when the bytes
// before it are in.
static void take(struct pty *p)
{
    char bytes[8192], marks[64];
    ssize_t m = p->closed ? 0 : read(p->idle, marks, sizeof marks);
    if (m == 0)
        p->closed = true;
    for (ssize_t n; p->master >= 0 && !p->deaf && (n = read(p->master, bytes, sizeof bytes)) > 0;) {
        buf_add(&p->raw, bytes, (size_t)n);
        vterm_input_write(p->vt, bytes, (size_t)n);
        char reply[256];
        for (size_t len; (len = vterm_output_read(p->vt, reply, sizeof reply)) > 0;)
            if (!p->mute && write(p->master, reply, len) < 0)
                break;
    }
    vterm_screen_flush_damage(p->screen);
    if (m > 0)
        p->idles += (size_t)m;
}

// The next thing that became of the program: true when it ended or stopped.
static bool changed(struct pty *p)
{
    int status;
    if (p->ended || read(p->changes, &status, sizeof status) != sizeof status)
        return false;
    p->status = status;
    p->ended = !WIFSTOPPED(status);
    return true;
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

// Waits for more until `until`; false when there will be none.
static bool more(struct pty *p, int64_t until)
{
    int64_t left = until - now_ms();
    if (left <= 0 || (p->closed && p->ended))
        return false;
    struct pollfd f[2] = {{p->deaf ? -1 : p->master, POLLIN, 0},
                          {p->closed ? -1 : p->idle, POLLIN, 0}};
    poll(f, 2, left > 20 && p->closed ? 20 : (int)left);
    take(p);
    if (p->closed && changed(p))
        take(p);
    return true;
}

bool pty_idle(struct pty *p)
{
    int64_t until = now_ms() + PATIENCE_MS;
    take(p);
    while (p->idles == p->seen)
        if (!more(p, until))
            return false;
    p->seen = p->idles;
    return true;
}

void pty_send(struct pty *p, const char *keys)
{
    take(p);
    p->seen = p->idles;
    size_t len = strlen(keys);
    assert_int_equal(write(p->master, keys, len), (ssize_t)len);
}

void pty_press(struct pty *p, const char *keys)
{
    pty_send(p, keys);
    if (!pty_idle(p))
        fail_msg("no rest after \"%s\" (status %x); the screen:\n%s", keys, (unsigned)p->status,
                 pty_screen(p));
}

static bool wait_for(struct pty *p, const char *text, bool there)
{
    int64_t until = now_ms() + PATIENCE_MS;
    take(p);
    while ((strstr(pty_screen(p), text) != NULL) != there)
        if (!more(p, until)) {
            print_message("%s \"%s\" in vain; the screen:\n%s",
                          there ? "waited for" : "waited for the end of", text, pty_screen(p));
            return false;
        }
    return true;
}

bool pty_shows(struct pty *p, const char *text)
{
    return wait_for(p, text, true);
}

bool pty_sent(struct pty *p, const char *bytes)
{
    int64_t until = now_ms() + PATIENCE_MS;
    take(p);
    while (!strstr(buf_cstr(&p->raw), bytes))
        if (!more(p, until))
            return false;
    return true;
}

bool pty_hides(struct pty *p, const char *text)
{
    return wait_for(p, text, false);
}

void pty_resize(struct pty *p, int cols, int rows)
{
    take(p);
    p->seen = p->idles;
    p->cols = cols;
    p->rows = rows;
    vterm_set_size(p->vt, rows, cols);
    struct winsize w = {.ws_col = (unsigned short)cols, .ws_row = (unsigned short)rows};
    assert_int_equal(ioctl(p->master, TIOCSWINSZ, &w), 0);
}

void pty_signal(struct pty *p, int number)
{
    take(p);
    p->seen = p->idles;
    assert_int_equal(kill(p->pid, number), 0);
}

void pty_hang_up(struct pty *p)
{
    take(p);
    close(p->slave);
    close(p->master);
    p->master = p->slave = -1;
}

void pty_deaf(struct pty *p)
{
    take(p);
    p->deaf = true;
}

bool pty_quiet(struct pty *p, int ms)
{
    take(p);
    size_t before = p->raw.len;
    for (int64_t until = now_ms() + ms; p->raw.len == before;)
        if (!more(p, until))
            return true;
    return false;
}

int pty_wait(struct pty *p)
{
    int64_t until = now_ms() + PATIENCE_MS;
    while (!p->ended) {
        if (changed(p))
            continue;
        if (now_ms() > until)
            fail_msg("it does not end; the screen:\n%s", pty_screen(p));
        struct pollfd f = {p->deaf ? -1 : p->master, POLLIN, 0};
        poll(&f, 1, 5);
        take(p);
    }
    take(p);
    return WIFSIGNALED(p->status) ? 128 + WTERMSIG(p->status) : WEXITSTATUS(p->status);
}

bool pty_ended(struct pty *p)
{
    take(p);
    if (!p->ended)
        changed(p);
    return p->ended;
}

bool pty_stopped(struct pty *p)
{
    int64_t until = now_ms() + PATIENCE_MS;
    while (now_ms() < until) {
        if (changed(p)) {
            take(p);
            return !p->ended;
        }
        struct pollfd f = {p->deaf ? -1 : p->master, POLLIN, 0};
        poll(&f, 1, 5);
        take(p);
    }
    return false;
}

const char *pty_screen(struct pty *p)
{
    take(p);
    buf_clear(&p->text);
    for (int row = 0; row < p->rows; row++) {
        for (int col = 0; col < p->cols; col++) {
            VTermScreenCell cell;
            if (!vterm_screen_get_cell(p->screen, (VTermPos){.row = row, .col = col}, &cell))
                continue;
            if (cell.chars[0] == 0)
                buf_char(&p->text, ' ');
            for (int i = 0;
                 i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] && cell.chars[i] != (uint32_t)-1;
                 i++)
                buf_utf8(&p->text, cell.chars[i]);
            col += cell.width > 1;
        }
        while (p->text.len && p->text.data[p->text.len - 1] == ' ')
            p->text.data[--p->text.len] = '\0';
        buf_char(&p->text, '\n');
    }
    return buf_cstr(&p->text);
}

int pty_paper(struct pty *p, int row, int col)
{
    VTermScreenCell cell;
    take(p);
    assert_true(vterm_screen_get_cell(p->screen, (VTermPos){.row = row, .col = col}, &cell));
    if (VTERM_COLOR_IS_DEFAULT_BG(&cell.bg))
        return -1;
    if (VTERM_COLOR_IS_INDEXED(&cell.bg))
        return cell.bg.indexed.idx;
    return 0x1000000 | cell.bg.rgb.red << 16 | cell.bg.rgb.green << 8 | cell.bg.rgb.blue;
}

void pty_cursor(struct pty *p, int *row, int *col)
{
    take(p);
    VTermPos at;
    vterm_state_get_cursorpos(vterm_obtain_state(p->vt), &at);
    *row = at.row;
    *col = at.col;
}

bool pty_alternate(struct pty *p)
{
    take(p);
    return p->alternate;
}

bool pty_cursor_shown(struct pty *p)
{
    take(p);
    return p->cursor_shown;
}

const char *pty_title(struct pty *p)
{
    take(p);
    static const char begin[] = "\x1b]2;";
    buf_clear(&p->title);
    for (const char *s = buf_cstr(&p->raw); (s = strstr(s, begin));) {
        s += sizeof begin - 1;
        buf_clear(&p->title);
        buf_add(&p->title, s, strcspn(s, "\a\x1b"));
    }
    return buf_cstr(&p->title);
}

size_t pty_bytes(struct pty *p)
{
    take(p);
    return p->raw.len;
}

const char *pty_raw(struct pty *p, size_t *len)
{
    take(p);
    *len = p->raw.len;
    return buf_cstr(&p->raw);
}

bool pty_cooked(struct pty *p)
{
    struct termios now;
    if (p->slave < 0 || tcgetattr(p->slave, &now) != 0)
        return false;
    return now.c_iflag == p->before.c_iflag && now.c_oflag == p->before.c_oflag &&
           now.c_lflag == p->before.c_lflag && now.c_cflag == p->before.c_cflag &&
           memcmp(now.c_cc, p->before.c_cc, sizeof now.c_cc) == 0;
}

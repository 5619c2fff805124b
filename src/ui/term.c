// Taking a terminal over and giving it back, whatever happens; what it is and what it can do.
// curses knows terminals; here is what it does not do: titles, pastes in brackets, a way back for a
// program that crashes. Keys are read by input.c, since curses would wait for them. term_draw.c
// shows canvases.
#include "term.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "input.h"
#include "term_known.h"
#include "term_state.h"

// ---- the way back, whatever happens ----

enum { RESTORE_MAX = 512 };
static struct {
    volatile sig_atomic_t armed;
    int fd;
    struct termios modes;
    char bytes[RESTORE_MAX];
    size_t len;
} restore;

void term_write(int fd, const char *s, size_t len)
{
    while (len) {
        ssize_t n = write(fd, s, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        s += n;
        len -= (size_t)n;
    }
}

void term_emergency(void)
{
    if (!restore.armed)
        return;
    restore.armed = 0;
    term_write(restore.fd, restore.bytes, restore.len);
    tcsetattr(restore.fd, TCSANOW, &restore.modes);
}

static const char *capability(const char *name)
{
    const char *s = tigetstr(name);
    return s == (char *)-1 ? NULL : s;
}

// ---- what the terminal is ----

static bool one_of(const char *name, const char *const *list)
{
    for (; name && *list; list++)
        if (strncmp(name, *list, strlen(*list)) == 0)
            return true;
    return false;
}

// Terminals that take xterm's control strings; others could show them as text.
static bool talks_xterm(const char *name)
{
    static const char *const known[] = {
        "xterm", "tmux", "screen",  "rxvt",    "alacritty", "foot",    "kitty",  "konsole", "vte",
        "gnome", "st-",  "wezterm", "contour", "iterm",     "ghostty", "mintty", NULL};
    return one_of(name, known) || (name && strcmp(name, "st") == 0);
}

static bool synchronizes(const char *name)
{
    static const char *const known[] = {"foot",      "kitty",         "xterm-kitty",
                                        "alacritty", "wezterm",       "contour",
                                        "ghostty",   "xterm-ghostty", NULL};
    static const char *const programs[] = {"WezTerm", "iTerm.app", "ghostty", NULL};
    return one_of(name, known) ||
           (one_of(getenv("TERM_PROGRAM"), programs) && name && strncmp(name, "xterm", 5) == 0);
}

static void ask_size(struct term *t, int *cols, int *rows)
{
    struct winsize w = {0};
    *cols = *rows = 0;
    if (ioctl(t->tty, TIOCGWINSZ, &w) == 0) {
        *cols = w.ws_col;
        *rows = w.ws_row;
    }
    const char *env_cols = getenv("COLUMNS"), *env_rows = getenv("LINES");
    if (*cols < 1)
        *cols = env_cols ? atoi(env_cols) : 0;
    if (*rows < 1)
        *rows = env_rows ? atoi(env_rows) : 0;
    if (*cols < 1)
        *cols = tigetnum("cols") > 0 ? tigetnum("cols") : 80;
    if (*rows < 1)
        *rows = tigetnum("lines") > 0 ? tigetnum("lines") : 24;
    *cols = *cols > 1000 ? 1000 : *cols;
    *rows = *rows > 1000 ? 1000 : *rows;
}

static void define_keys(struct term *t)
{
    static const struct {
        const char *name;
        int key;
    } keys[] = {
        {"kcuu1", KEYS_UP},
        {"kcud1", KEYS_DOWN},
        {"kcub1", KEYS_LEFT},
        {"kcuf1", KEYS_RIGHT},
        {"kpp", KEYS_PAGE_UP},
        {"knp", KEYS_PAGE_DOWN},
        {"khome", KEYS_HOME},
        {"kend", KEYS_END},
        {"kich1", KEYS_INSERT},
        {"kdch1", KEYS_DELETE},
        {"kcbt", KEYS_BACKTAB},
        {"kent", KEYS_ENTER},
        {"kbs", KEYS_BACKSPACE},
        {"kf1", KEYS_F1},
        {"kf2", KEYS_F1 + 1},
        {"kf3", KEYS_F1 + 2},
        {"kf4", KEYS_F1 + 3},
        {"kf5", KEYS_F1 + 4},
        {"kf6", KEYS_F1 + 5},
        {"kf7", KEYS_F1 + 6},
        {"kf8", KEYS_F1 + 7},
        {"kf9", KEYS_F1 + 8},
        {"kf10", KEYS_F1 + 9},
        {"kf11", KEYS_F1 + 10},
        {"kf12", KEYS_F1 + 11},
        {"kLFT", KEYS_SHIFT | KEYS_LEFT},
        {"kRIT", KEYS_SHIFT | KEYS_RIGHT},
        {"kLFT5", KEYS_CTRL | KEYS_LEFT},
        {"kRIT5", KEYS_CTRL | KEYS_RIGHT},
        {"kUP5", KEYS_CTRL | KEYS_UP},
        {"kDN5", KEYS_CTRL | KEYS_DOWN},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        input_define(t->input, capability(keys[i].name), keys[i].key);
}

// ---- taking over and giving back ----

// Interrupt, suspend and flow control become keys; quit (^\) stays what it is, for a program that
// hangs.
static void set_modes(struct term *t)
{
    cbreak();
    noecho();
    nonl();
    struct termios m;
    if (tcgetattr(fileno(t->in), &m) != 0)
        return;
    m.c_cc[VINTR] = m.c_cc[VSUSP] = _POSIX_VDISABLE;
#ifdef VLNEXT
    m.c_cc[VLNEXT] = _POSIX_VDISABLE;
#endif
#ifdef VDSUSP
    m.c_cc[VDSUSP] = _POSIX_VDISABLE;
#endif
#ifdef VDISCARD
    m.c_cc[VDISCARD] = _POSIX_VDISABLE;
#endif
    m.c_iflag &= ~(tcflag_t)(IXON | INLCR | IGNCR | ISTRIP);
    tcsetattr(fileno(t->in), TCSANOW, &m);
    def_prog_mode();
}

// Terminfo strings may hold padding ("$<5>"), which no line of today needs.
static void add_capability(struct buf *out, const char *name)
{
    for (const char *s = capability(name); s && *s;) {
        const char *end = s[0] == '$' && s[1] == '<' ? strchr(s, '>') : NULL;
        if (end)
            s = end + 1;
        else
            buf_char(out, *s++);
    }
}

static void enter(struct term *t)
{
    struct buf b = {0};
    if (t->titles && !t->title_kept)
        buf_str(&b, "\x1b[22;2t"); // remembers the title it has
    if (t->pastes)
        buf_str(&b, "\x1b[?2004h");
    add_capability(&b, "smkx");
    restore.armed = 1;
    term_write(t->tty, buf_cstr(&b), b.len);
    buf_free(&b);
}

// What undoes enter, besides what curses undoes itself.
static void add_leave(const struct term *t, struct buf *out)
{
    add_capability(out, "rmkx");
    if (t->pastes)
        buf_str(out, "\x1b[?2004l");
    if (t->titles && !t->title_kept)
        buf_str(out, "\x1b[23;2t");
}

static void leave(struct term *t)
{
    struct buf b = {0};
    curs_set(1);
    endwin();
    add_leave(t, &b);
    term_write(t->tty, buf_cstr(&b), b.len);
    buf_free(&b);
    restore.armed = 0;
    tcsetattr(fileno(t->in), TCSADRAIN, &restore.modes);
    free(t->title);
    t->title = NULL;
}

static void prepare_restore(struct term *t)
{
    struct buf b = {0};
    if (t->sync)
        buf_str(&b, "\x1b[?2026l");
    add_capability(&b, "sgr0");
    add_capability(&b, "rmcup");
    if (!capability("rmcup")) // no second screen: below what stands there
        buf_str(&b, "\r\n");
    add_capability(&b, "cnorm");
    add_leave(t, &b);
    restore.fd = t->tty;
    restore.len = b.len < RESTORE_MAX ? b.len : RESTORE_MAX;
    memcpy(restore.bytes, buf_cstr(&b), restore.len);
    buf_free(&b);
}

static const char instead[] = "; `lectern list` and `lectern read` work without a terminal";

bool term_possible(struct err *e)
{
    const char *name = getenv("TERM");
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return err_set(e, ERR_OTHER, "the reader needs a terminal, and standard %s is none%s",
                       isatty(STDIN_FILENO) ? "output" : "input", instead);
    if (!name || !*name)
        return err_set(e, ERR_OTHER,
                       "the reader needs to know what the terminal can do, and TERM is not set%s",
                       instead);
    return true;
}

bool term_open(struct term **out, struct err *e)
{
    if (!term_possible(e))
        return false;
    const char *name = getenv("TERM");
    struct term *t = mem_alloc(sizeof *t);
    int in = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3), to = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    t->tty = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    t->frame = -1;
#ifdef __linux__
    t->frame = memfd_create("frame", MFD_CLOEXEC);
#endif
    t->in = in < 0 ? NULL : fdopen(in, "r");
    t->out = to < 0 ? NULL : fdopen(to, "w");
    if (!t->in || !t->out || t->tty < 0 || tcgetattr(in, &restore.modes) != 0) {
        err_set(e, ERR_OTHER, "cannot use the terminal: %s", strerror(errno));
        goto failed;
    }
    // A young terminal seen from an old machine is taken for what it descends from.
    bool known = term_known(name);
    if (known || talks_xterm(name))
        t->screen = newterm(known ? NULL : "xterm-256color", t->out, t->in);
    if (!t->screen) {
        err_set(e, ERR_OTHER,
                "the terminal '%.40s' (TERM) is not known on this machine: try TERM=xterm or "
                "TERM=vt100%s",
                name, instead);
        goto failed;
    }
    if (!capability("cup") || !capability("clear")) {
        endwin();
        delscreen(t->screen);
        tcsetattr(in, TCSADRAIN, &restore.modes);
        err_set(e, ERR_OTHER,
                "the terminal '%.40s' (TERM) cannot place its cursor, and the reader needs that%s",
                name, instead);
        goto failed;
    }
    t->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    t->titles = t->pastes = talks_xterm(name);
    const char *begin = capability("smcup");
    t->title_kept = begin && strstr(begin, "\x1b[22;0;0t");
    t->sync = synchronizes(name);
    t->input = input_new(t->utf8);
    define_keys(t);
    const char *no_colour = getenv("NO_COLOR");
    if (has_colors() && !(no_colour && *no_colour)) {
        start_color();
        use_default_colors();
        t->means.colours = COLORS;
    }
    t->means.italic = capability("sitm") != NULL;
    t->means.dim = capability("dim") != NULL;
    prepare_restore(t);
    set_modes(t);
    typeahead(-1);
    idlok(stdscr, TRUE);
    scrollok(stdscr, FALSE);
    leaveok(stdscr, FALSE);
    ask_size(t, &t->cols, &t->rows);
    if (t->cols != COLS || t->rows != LINES)
        resizeterm(t->rows, t->cols);
    t->shown = mem_array((size_t)t->cols * (size_t)t->rows, sizeof *t->shown);
    t->looks = mem_array((size_t)t->cols, sizeof *t->looks);
    t->all = true;
    enter(t);
    *out = t;
    return true;
failed:
    if (t->in)
        fclose(t->in);
    else if (in >= 0)
        close(in);
    if (t->out)
        fclose(t->out);
    else if (to >= 0)
        close(to);
    if (t->tty >= 0)
        close(t->tty);
    if (t->frame >= 0)
        close(t->frame);
    free(t);
    return false;
}

void term_close(struct term *t)
{
    if (!t)
        return;
    leave(t);
    delscreen(t->screen);
    fclose(t->in);
    fclose(t->out);
    close(t->tty);
    if (t->frame >= 0)
        close(t->frame);
    input_free(t->input);
    free(t->shown);
    free(t->looks);
    free(t->title);
    free(t);
}

void term_suspend(struct term *t)
{
    leave(t);
}

void term_resume(struct term *t)
{
    reset_prog_mode();
    set_modes(t);
    enter(t);
    term_redraw(t);
}

// ---- facts ----

int term_fd(const struct term *t)
{
    return fileno(t->in);
}

int term_cols(const struct term *t)
{
    return t->cols;
}

int term_rows(const struct term *t)
{
    return t->rows;
}

bool term_unicode(const struct term *t)
{
    return t->utf8;
}

struct look_means term_means(const struct term *t)
{
    return t->means;
}

void term_set_theme(struct term *t, const struct theme *theme)
{
    t->theme = theme;
    t->all = true;
}

bool term_resized(struct term *t)
{
    int cols, rows;
    ask_size(t, &cols, &rows);
    if (cols == t->cols && rows == t->rows)
        return false;
    t->cols = cols;
    t->rows = rows;
    resizeterm(rows, cols);
    free(t->shown);
    free(t->looks);
    t->shown = mem_array((size_t)cols * (size_t)rows, sizeof *t->shown);
    t->looks = mem_array((size_t)cols, sizeof *t->looks);
    term_redraw(t); // what a terminal does with its screen when it changes size is its own affair
    return true;
}

void term_redraw(struct term *t)
{
    t->all = true;
    clearok(curscr, TRUE);
}

// ---- keys ----

bool term_read(struct term *t)
{
    char bytes[4096];
    struct pollfd p = {fileno(t->in), POLLIN, 0};
    while (poll(&p, 1, 0) > 0) {
        ssize_t n = p.revents & (POLLIN | POLLHUP) ? read(fileno(t->in), bytes, sizeof bytes) : -1;
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (n <= 0)
            return false;
        input_feed(t->input, bytes, (size_t)n);
        if (n < (ssize_t)sizeof bytes)
            break;
    }
    return true;
}

bool term_key(struct term *t, bool settled, int *key)
{
    return input_next(t->input, settled, key);
}

bool term_key_waiting(const struct term *t)
{
    return input_waiting(t->input);
}

void term_send(struct term *t, const char *bytes, size_t len)
{
    term_write(t->tty, bytes, len);
}

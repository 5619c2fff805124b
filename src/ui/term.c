// Taking a terminal over and giving it back; sizes, keys, bytes. What it can do is in term_caps.c,
// the way to it in term_out.c; term_draw.c shows canvases. Keys are read by input.c.
#include "term.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "lectern/mem.h"
#include "term_state.h"

enum {
    LEAVE_MS = 400,   // how long the end waits for a terminal that takes nothing
    ANSWER_MS = 1000, // how long answers are looked out for
    GOODBYE_MS = 150, // and how long the end waits for them: the shell would take them for keys
    ESCAPE_MS = 40,   // how long after an Escape the rest of a key's sequence may come
};

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void term_emergency(void)
{
    out_emergency();
}

static void ask_size(struct term *t, int *cols, int *rows)
{
    struct winsize w = {0};
    *cols = *rows = 0;
    if (ioctl(t->out.fd, TIOCGWINSZ, &w) == 0) {
        *cols = w.ws_col;
        *rows = w.ws_row;
    }
    const char *env_cols = getenv("COLUMNS"), *env_rows = getenv("LINES");
    if (*cols < 1)
        *cols = env_cols ? atoi(env_cols) : 0;
    if (*rows < 1)
        *rows = env_rows ? atoi(env_rows) : 0;
    if (*cols < 1)
        *cols = t->caps->cols ? t->caps->cols : 80;
    if (*rows < 1)
        *rows = t->caps->rows ? t->caps->rows : 24;
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
        input_define(t->input, caps_key(t->caps, keys[i].name), keys[i].key);
}

// ---- taking over and giving back ----

// Every byte comes as it is typed and goes as it is meant. Interrupt, suspend and flow control
// become keys; quit (^\) stays what it is, for a program that hangs.
static void set_modes(struct term *t)
{
    struct termios m = *out_modes();
    m.c_iflag &= ~(tcflag_t)(IXON | ICRNL | INLCR | IGNCR | ISTRIP);
    m.c_oflag &= ~(tcflag_t)OPOST;
    m.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL | IEXTEN);
    m.c_lflag |= ISIG;
    m.c_cc[VMIN] = 1;
    m.c_cc[VTIME] = 0;
    m.c_cc[VINTR] = m.c_cc[VSUSP] = _POSIX_VDISABLE;
#ifdef VDSUSP
    m.c_cc[VDSUSP] = _POSIX_VDISABLE;
#endif
    tcsetattr(t->out.fd, TCSANOW, &m);
}

static void add(struct buf *out, const char *s)
{
    buf_str(out, s ? s : "");
}

static void enter(struct term *t)
{
    const struct caps *c = t->caps;
    struct buf b = {0};
    if (c->xterm && t->wants.title && !c->keeps_title)
        add(&b, "\x1b[22;2t"); // remembers the title it has
    add(&b, c->enter);
    add(&b, c->keys_on);
    if (c->xterm)
        add(&b, "\x1b[?2004h"); // pastes in brackets
    if (c->xterm && t->wants.mouse)
        add(&b, "\x1b[?1000h\x1b[?1006h");
    out_add(&t->out, b.data, b.len);
    buf_free(&b);
}

// What undoes enter, whatever stands on the screen.
static void add_leave(const struct term *t, struct buf *out)
{
    const struct caps *c = t->caps;
    if (c->sync)
        add(out, "\x1b[?2026l");
    if (c->links && t->wants.links)
        add(out, "\x1b]8;;\x1b\\");
    add(out, c->plain);
    if (c->region && !c->leave) {
        add(out, caps_with(c->region, 0, t->rows - 1));
        add(out, caps_with(c->to, t->rows - 1, 0));
    }
    if (c->xterm && t->wants.mouse)
        add(out, "\x1b[?1006l\x1b[?1000l");
    if (c->xterm)
        add(out, "\x1b[?2004l");
    add(out, c->keys_off);
    add(out, c->leave ? c->leave : "\r\n"); // no second screen: below what stands there
    add(out, c->cursor_on);
    if (c->xterm && t->wants.title && !c->keeps_title)
        add(out, "\x1b[23;2t");
}

static void arm(struct term *t)
{
    struct buf b = {0};
    add_leave(t, &b);
    out_arm(&t->out, b.data, b.len);
    buf_free(&b);
}

// What the terminal still owes is taken here.
static void await_answers(struct term *t)
{
    struct pollfd p = {t->in, POLLIN, 0};
    int key;
    while (term_asking(t) && poll(&p, 1, GOODBYE_MS) > 0 && term_read(t))
        while (input_next(t->input, false, &key))
            ;
    t->ask.stage = ASK_DONE;
}

static void leave(struct term *t)
{
    struct buf b = {0};
    await_answers(t);
    if (!t->caps->leave) { // clears the line at the bottom, where the shell goes on
        screen_end_looks(t->screen, &b);
        add(&b, caps_with(t->caps->to, t->rows - 1, 0));
        add(&b, t->caps->erase_line);
    }
    add_leave(t, &b);
    out_add(&t->out, b.data, b.len);
    buf_free(&b);
    out_drain(&t->out, LEAVE_MS);
    out_arm(&t->out, NULL, 0);
    tcsetattr(t->out.fd, TCSANOW, out_modes());
    screen_forget(t->screen);
    free(t->title);
    t->title = NULL;
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

static struct caps *usable(const char *name, struct err *e)
{
    struct caps *c = caps_new(name, STDOUT_FILENO);
    if (!c)
        err_set(e, ERR_OTHER,
                "the terminal '%.40s' (TERM) is not known on this machine: try TERM=xterm or "
                "TERM=vt100%s",
                name, instead);
    else if (c->to && c->clear)
        return c;
    else
        err_set(e, ERR_OTHER,
                "the terminal '%.40s' (TERM) cannot place its cursor, and the reader needs that%s",
                name, instead);
    caps_free(c);
    return NULL;
}

bool term_open(const struct term_wants *w, struct term **out, struct err *e)
{
    if (!term_possible(e))
        return false;
    struct caps *caps = usable(getenv("TERM"), e);
    struct out to;
    if (!caps || !out_open(&to, STDOUT_FILENO, e)) {
        caps_free(caps);
        return false;
    }
    struct term *t = mem_alloc(sizeof *t);
    t->in = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
    t->out = to;
    t->caps = caps;
    t->wants = *w;
    t->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    t->input = input_new(t->utf8);
    t->screen = screen_new(caps);
    define_keys(t);
    const char *no_colour = getenv("NO_COLOR");
    if (no_colour && *no_colour)
        caps->means.colours = 0;
    ask_size(t, &t->cols, &t->rows);
    screen_resize(t->screen, t->cols, t->rows);
    arm(t);
    set_modes(t);
    enter(t);
    *out = t;
    return true;
}

void term_set_wants(struct term *t, const struct term_wants *w)
{
    static const char on[] = "\x1b[?1000h\x1b[?1006h", off[] = "\x1b[?1006l\x1b[?1000l";
    if (t->caps->xterm && w->mouse != t->wants.mouse)
        term_send(t, w->mouse ? on : off, sizeof on - 1);
    bool title = t->wants.title; // whether it was kept at the start decides for this time
    t->wants = *w;
    t->wants.title = title;
    arm(t);
}

void term_close(struct term *t)
{
    if (!t)
        return;
    leave(t);
    close(t->in);
    out_close(&t->out);
    input_free(t->input);
    screen_free(t->screen);
    caps_free(t->caps);
    free(t->title);
    free(t);
}

void term_suspend(struct term *t)
{
    leave(t);
}

void term_resume(struct term *t)
{
    arm(t);
    set_modes(t);
    enter(t);
    screen_forget(t->screen);
}

// ---- facts ----

int term_fd(const struct term *t)
{
    return t->in;
}

int term_out_fd(const struct term *t)
{
    return out_waiting(&t->out) ? t->out.fd : -1;
}

void term_flush(struct term *t)
{
    out_flush(&t->out);
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

bool term_halves(const struct term *t)
{
    enum { UPPER_HALF = 0x2580 };
    return t->utf8 && caps_shows(t->caps, UPPER_HALF);
}

struct look_means term_means(const struct term *t)
{
    return t->caps->means;
}

void term_set_theme(struct term *t, const struct theme *theme)
{
    t->theme = theme;
}

bool term_resized(struct term *t)
{
    int cols, rows;
    ask_size(t, &cols, &rows);
    if (cols == t->cols && rows == t->rows)
        return false;
    t->cols = cols;
    t->rows = rows;
    screen_resize(t->screen, cols, rows); // what a terminal does with its screen is its own affair
    arm(t);
    return true;
}

void term_redraw(struct term *t)
{
    screen_forget(t->screen);
}

// ---- keys ----

bool term_read(struct term *t)
{
    char bytes[4096];
    struct pollfd p = {t->in, POLLIN, 0};
    while (poll(&p, 1, 0) > 0) {
        ssize_t n = p.revents & (POLLIN | POLLHUP) ? read(t->in, bytes, sizeof bytes) : -1;
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

struct mouse term_mouse(const struct term *t)
{
    return input_mouse(t->input);
}

int term_patience(const struct term *t)
{
    return input_in_answer(t->input) ? ANSWER_MS : ESCAPE_MS;
}

// ---- questions ----

static void on_answer(void *ctx, const char *s, size_t len)
{
    struct term *t = ctx;
    struct buf more = {0};
    if (ask_answer(&t->ask, s, len, &more)) {
        t->news = true;
        t->caps->sync |= t->ask.sync;
        if (t->ask.rgb)
            t->caps->means.colours = 1 << 24;
    }
    if (more.len)
        t->asked_at = now_ms();
    term_send(t, buf_cstr(&more), more.len);
    input_expect(t->input, ask_open(&t->ask));
    buf_free(&more);
}

void term_ask(struct term *t, bool ground)
{
    if (!t->caps->xterm || t->ask.stage != ASK_NOT)
        return;
    struct buf b = {0};
    t->ask.sync = t->caps->sync;
    t->ask.colours = t->caps->means.colours == 256;
    ask_begin(&t->ask, ground, &b);
    input_on_answer(t->input, on_answer, t);
    input_expect(t->input, true);
    t->asked_at = now_ms();
    term_send(t, b.data, b.len);
    buf_free(&b);
}

bool term_asking(const struct term *t)
{
    return ask_open(&t->ask) && now_ms() - t->asked_at < ANSWER_MS;
}

bool term_learned(struct term *t)
{
    bool news = t->news;
    t->news = false;
    return news;
}

enum ground term_ground(const struct term *t)
{
    return t->ask.ground;
}

void term_send(struct term *t, const char *bytes, size_t len)
{
    out_add(&t->out, bytes, len);
    out_flush(&t->out);
}

// Escape sequences run by run, each ended where it ends: a pager shows any part of it right.
#include "styled.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lectern/utf8.h"

static bool knows_styles(void)
{
    const char *term = getenv("TERM");
    return term && *term && strcmp(term, "dumb") != 0;
}

bool styled_wanted(bool asked)
{
    const char *term = getenv("TERM");
    return asked || (isatty(STDOUT_FILENO) && !(term && strcmp(term, "dumb") == 0));
}

struct look_means styled_means(bool asked)
{
    const char *no = getenv("NO_COLOR");
    struct look_means most = {no && *no ? 0 : 256, true, true};
    return asked && !knows_styles() ? most : look_means_here();
}

void styled_put(struct styled *s, struct buf *out, const char *text, size_t len, struct style st)
{
    struct look l = theme_look(s->theme, st, s->means);
    bool plain = l.fg == LOOK_DEFAULT && l.bg == LOOK_DEFAULT && !l.attrs;
    if (!len)
        return;
    if (!plain)
        look_sgr(l, out);
    buf_add(out, text, len);
    if (!plain)
        buf_str(out, "\x1b[0m");
    s->at += utf8_cols(text, len);
}

static void blanks(struct styled *s, struct buf *out, int n)
{
    struct buf b = {0};
    if (n > 0)
        buf_printf(&b, "%*s", n, "");
    styled_put(s, out, buf_cstr(&b), b.len, STYLE(TEXT));
    buf_free(&b);
}

void styled_end(struct styled *s, struct buf *out)
{
    if (theme_look(s->theme, STYLE(TEXT), s->means).bg != LOOK_DEFAULT)
        blanks(s, out, s->width - s->at);
    buf_char(out, '\n');
    s->at = 0;
}

void styled_layout(struct styled *s, struct buf *out, const struct layout *l)
{
    for (size_t i = 0; i < l->nlines; i++) {
        const struct line *line = &l->lines[i];
        if (line->nruns)
            blanks(s, out, l->margin + line->indent);
        for (uint32_t r = line->run; r < line->run + line->nruns; r++) {
            const struct run *run = &l->runs[r];
            styled_put(s, out, run->text, run->len, (struct style){run->role, run->marks});
        }
        styled_end(s, out);
    }
}

// What stands before lines. A block asks for the blank line before it (gap) and for the beginning
// of its first line (start); containers add what their lines begin with and cut it off again.
#include "write_prefix.h"

void prefix_gap(struct prefixed *p)
{
    if (p->any && !p->tight) {
        size_t n = p->prefix.len;
        while (n && p->prefix.data[n - 1] == ' ')
            n--;
        buf_add(p->out, buf_cstr(&p->prefix), n);
        buf_char(p->out, '\n');
    }
    p->tight = true;
}

void prefix_start(struct prefixed *p)
{
    prefix_gap(p);
    p->any = true;
    p->tight = false;
    const struct buf *b = p->first.len ? &p->first : &p->prefix;
    buf_add(p->out, buf_cstr(b), b->len);
    buf_clear(&p->first);
}

void prefix_again(struct prefixed *p)
{
    buf_add(p->out, buf_cstr(&p->prefix), p->prefix.len);
}

void prefix_marker(struct prefixed *p, const char *marker)
{
    if (!p->first.len)
        buf_add(&p->first, buf_cstr(&p->prefix), p->prefix.len);
    buf_str(&p->first, marker);
}

void prefix_bar(struct prefixed *p, const char *bar)
{
    prefix_gap(p);
    if (p->first.len)
        buf_str(&p->first, bar);
    buf_str(&p->prefix, bar);
}

void prefix_cut(struct prefixed *p, size_t len)
{
    p->prefix.len = len;
    if (p->prefix.data)
        p->prefix.data[len] = '\0';
}

void prefix_free(struct prefixed *p)
{
    buf_free(&p->prefix);
    buf_free(&p->first);
}

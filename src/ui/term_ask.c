// Behind each batch of questions goes one that every terminal answers, and terminals answer in
// order (DA1, "what are you"): when that comes, nothing is owed any more. Only who calls itself a
// VT200 or later by it is asked what simpler ones print as text (DECRQM, XTGETTCAP).
#include "term_ask.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char what_are_you[] = "\x1b[c";

void ask_begin(struct ask *a, bool ground, struct buf *out)
{
    if (ground)
        buf_str(out, "\x1b]11;?\x1b\\");
    buf_str(out, what_are_you);
    a->stage = ASK_FIRST;
}

bool ask_open(const struct ask *a)
{
    return a->stage == ASK_FIRST || a->stage == ASK_SECOND;
}

static bool begins(const char *s, size_t len, const char *with)
{
    size_t n = strlen(with);
    return len >= n && memcmp(s, with, n) == 0;
}

// "rgb:1e1e/2020/2222", one to four digits each: how light from 0 to 1; -1: something else.
static double lightness(const char *s, size_t len)
{
    static const double weight[] = {0.299, 0.587, 0.114};
    const char *end = s + len;
    size_t skip = begins(s, len, "rgba:") ? 5 : begins(s, len, "rgb:") ? 4 : 0;
    double sum = 0;
    s += skip;
    for (int i = 0; i < 3 && skip; i++) {
        int value = 0, most = 0;
        for (; s < end && most < 0xFFFF && strchr("0123456789abcdefABCDEF", *s) && *s; s++) {
            value = value * 16 + (*s <= '9' ? *s - '0' : (*s | 32) - 'a' + 10);
            most = most * 16 + 15;
        }
        if (!most || (i < 2 && (s == end || *s++ != '/')))
            return -1;
        sum += weight[i] * value / most;
    }
    return skip ? sum : -1;
}

static bool on_ground(struct ask *a, const char *s, size_t len)
{
    double light = lightness(s, len);
    enum ground is = light < 0 ? a->ground : light > 0.5 ? GROUND_LIGHT : GROUND_DARK;
    bool news = is != a->ground;
    a->ground = is;
    return news;
}

static void on_name(struct ask *a, const char *s, struct buf *out)
{
    bool later = a->stage == ASK_FIRST && atoi(s) >= 60;
    a->stage = later ? ASK_SECOND : ASK_DONE;
    if (!later)
        return;
    if (!a->sync)
        buf_str(out, "\x1b[?2026$p");
    if (a->colours && !a->rgb)
        buf_str(out, "\x1bP+q5463;524742\x1b\\"); // Tc and RGB, in hex
    buf_str(out, what_are_you);
}

bool ask_answer(struct ask *a, const char *s, size_t len, struct buf *out)
{
    if (!ask_open(a)) // an answer nobody waits for
        return false;
    if (begins(s, len, "\x1b]11;"))
        return on_ground(a, s + 5, len - 5);
    if (begins(s, len, "\x1b[?2026;") && len > 9 && s[len - 1] == 'y') {
        bool had = a->sync;
        a->sync = s[8] >= '1' && s[8] <= '3'; // 0: unknown to it, 4: never
        return a->sync != had;
    }
    if (begins(s, len, "\x1bP1+r")) {
        bool had = a->rgb;
        a->rgb |= begins(s + 5, len - 5, "5463") || begins(s + 5, len - 5, "524742");
        return a->rgb != had;
    }
    if (begins(s, len, "\x1b[?") && len > 4 && s[len - 1] == 'c')
        on_name(a, s + 3, out);
    return false;
}

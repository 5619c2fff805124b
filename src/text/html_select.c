// Selectors, as style sheets have them, over the flat tree. One step is [tag] followed by any of
// .class #id [attr] [attr=value] [attr^=start] [attr$=end] [attr*=part] [attr~=word]; all must
// hold. The tables of rules.c use single steps; readers' and sites' own may have several, parted by
// a blank (anywhere below) or ">" (directly below), and several of those parted by commas. What
// they cost is bounded: so many steps, and so many elements above one that are looked at.
#include "html.h"

#include <stdlib.h>
#include <string.h>

#include "lectern/extract.h"

enum { STEPS = 8, ALTERNATIVES = 32, ABOVE = 200, LONGEST = 2000 };

static bool attr_by_name(const char *s, size_t len, uint8_t *out)
{
    int a = html_attr_named(s, len);
    if (a >= 0)
        *out = (uint8_t)a;
    return a >= 0;
}

struct html_step html_step_parse(const char *s, size_t *used)
{
    struct html_step x = {.tag = s};
    const char *from = s;
    x.tag_len = (uint8_t)strcspn(s, ".#[ >,\t\n");
    if (x.tag_len == 1 && *s == '*')
        s++, x.tag_len = 0;
    else if (x.tag_len && !html_tag_named(s, x.tag_len, &x.tag_id))
        x.tag_id = TAG_TEXT; // an element that is none: never holds
    s += x.tag_len;
    while (*s && strchr(".#[", *s) && x.ntests < SELECTOR_TESTS) {
        struct html_test *t = &x.tests[x.ntests++];
        if (*s == '[') {
            size_t name = strcspn(++s, "=^*$~]");
            if (!attr_by_name(s, name, &t->attr))
                t->op = TEST_IS, t->attr = ATTR_COUNT; // never holds
            s += name;
            if (*s && *s != ']') {
                t->op = *s == '^'   ? TEST_STARTS
                        : *s == '$' ? TEST_ENDS
                        : *s == '*' ? TEST_HOLDS
                        : *s == '~' ? TEST_WORD
                                    : TEST_IS;
                s += *s != '=';
                s += *s == '=';
                char quote = *s == '"' || *s == '\'' ? *s++ : ']';
                const char *end = strchr(s, quote);
                t->value = s;
                t->len = (uint16_t)(end ? (size_t)(end - s) : strlen(s));
                s += t->len;
                s += quote != ']' && *s == quote;
                s += strcspn(s, "]");
            }
            s += *s == ']';
        } else {
            t->attr = *s == '.' ? ATTR_CLASS : ATTR_ID;
            t->op = *s == '.' ? TEST_WORD : TEST_IS;
            t->value = ++s;
            t->len = (uint16_t)strcspn(s, ".#[ >,\t\n");
            s += t->len;
        }
    }
    if (used)
        *used = (size_t)(s - from);
    return x;
}

static bool has_word(const char *s, const char *word, size_t len)
{
    while (*s) {
        s += strspn(s, " \t\n\r\f");
        size_t n = strcspn(s, " \t\n\r\f");
        if (n == len && memcmp(s, word, len) == 0)
            return true;
        s += n;
    }
    return false;
}

static bool test_holds(const struct html_test *x, const struct html_tree *t, uint32_t node)
{
    if (x->attr >= ATTR_COUNT)
        return false;
    const char *v = html_attr(t, node, (enum html_attr)x->attr);
    if (!v)
        return false;
    size_t n;
    switch ((enum html_test_op)x->op) {
    case TEST_HAS:
        return true;
    case TEST_IS:
        return strlen(v) == x->len && memcmp(v, x->value, x->len) == 0;
    case TEST_STARTS:
        return strncmp(v, x->value, x->len) == 0;
    case TEST_ENDS:
        n = strlen(v);
        return n >= x->len && memcmp(v + n - x->len, x->value, x->len) == 0;
    case TEST_HOLDS:
        return x->attr == ATTR_CLASS ? has_word(v, x->value, x->len)
                                     : memmem(v, strlen(v), x->value, x->len) != NULL;
    case TEST_WORD:
        return has_word(v, x->value, x->len);
    }
    return false;
}

bool html_step_holds(const struct html_step *x, const struct html_tree *t, uint32_t node)
{
    if (t->nodes[node].tag == TAG_TEXT || (x->tag_len && t->nodes[node].tag != x->tag_id))
        return false;
    for (size_t i = 0; i < x->ntests; i++)
        if (!test_holds(&x->tests[i], t, node))
            return false;
    return true;
}

// ---- several steps ----

struct html_selector {
    char *text; // the steps point into it
    size_t n;
    struct path {
        struct html_step steps[STEPS];
        bool direct[STEPS]; // the element above must be the parent
        size_t n;
    } paths[ALTERNATIVES];
};

static bool read_path(struct path *p, const char **text, struct err *e)
{
    const char *s = *text;
    bool direct = false;
    for (;;) {
        s += strspn(s, " \t\n");
        if (*s == '>' && p->n && !direct) {
            direct = true;
            s++;
            continue;
        }
        if (!*s || *s == ',')
            break;
        if (p->n == STEPS)
            return err_set(e, ERR_USAGE, "a selector has at most %d steps", STEPS);
        size_t used;
        struct html_step *x = &p->steps[p->n];
        *x = html_step_parse(s, &used);
        if (!used || (!x->tag_len && !x->ntests && *s != '*') ||
            (s[used] && !strchr(" \t\n>,", s[used])))
            return err_set(e, ERR_USAGE, "'%.40s' is no step of a selector", s);
        if (x->tag_len && x->tag_id == TAG_TEXT)
            return err_set(e, ERR_USAGE, "'%.*s' is no element that Lectern knows", x->tag_len, s);
        for (size_t i = 0; i < x->ntests; i++)
            if (x->tests[i].attr == ATTR_COUNT || (!x->tests[i].len && x->tests[i].op != TEST_HAS))
                return err_set(e, ERR_USAGE,
                               "'%.*s' asks for an attribute that Lectern does not keep, or for "
                               "nothing",
                               (int)used, s);
        p->direct[p->n++] = direct;
        direct = false;
        s += used;
    }
    if (!p->n || direct)
        return err_set(e, ERR_USAGE, "a selector has an empty part");
    *text = s;
    return true;
}

struct html_selector *html_selector_new(const char *text, struct err *e)
{
    if (strlen(text) > LONGEST) {
        err_set(e, ERR_USAGE, "a selector has at most %d bytes", LONGEST);
        return NULL;
    }
    struct html_selector *x = mem_alloc(sizeof *x);
    x->text = mem_strdup(text);
    const char *s = x->text;
    for (bool more = true; more; s++) {
        if (x->n == ALTERNATIVES) {
            err_set(e, ERR_USAGE, "a selector has at most %d parts", ALTERNATIVES);
            html_selector_free(x);
            return NULL;
        }
        if (!read_path(&x->paths[x->n++], &s, e)) {
            html_selector_free(x);
            return NULL;
        }
        more = *s == ',';
    }
    return x;
}

void html_selector_free(struct html_selector *x)
{
    if (x)
        free(x->text);
    free(x);
}

// The nearest element above that holds is taken; where a ">" then fails, none further up is tried
// for it but the step after it. That is enough for what people write, and never costs more than
// the way to the root.
static bool path_holds(const struct path *p, const struct html_tree *t, uint32_t node)
{
    size_t i = p->n - 1;
    if (!html_step_holds(&p->steps[i], t, node))
        return false;
    uint32_t up = t->nodes[node].parent;
    for (int hops = 0; i > 0; hops++, up = t->nodes[up].parent) {
        if (up == NO_NODE || hops == ABOVE)
            return false;
        if (html_step_holds(&p->steps[i - 1], t, up))
            i--;
        else if (p->direct[i])
            return false;
    }
    return true;
}

bool html_selector_holds(const struct html_selector *x, const struct html_tree *t, uint32_t node)
{
    for (size_t i = 0; i < x->n; i++)
        if (path_holds(&x->paths[i], t, node))
            return true;
    return false;
}

bool extract_selector_ok(const char *selector, struct err *e)
{
    struct html_selector *x = html_selector_new(selector, e);
    html_selector_free(x);
    return x != NULL;
}

// robots.txt, for the one case in which Lectern goes from page to page by itself: essays that only
// a sitemap lists. The group for lectern counts where there is one, else that for all; of the rules
// that match the longest, of equals the one that allows.
#include "robots.h"

#include <string.h>
#include <strings.h>

#include "lectern/mem.h"

struct line {
    const char *name, *value;
    size_t name_len, len;
};

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

// The next "name: value", its comment and blanks taken off; false at the end.
static bool next_line(const char **p, struct line *l)
{
    while (**p) {
        const char *s = *p, *end = s + strcspn(s, "\n"), *colon = memchr(s, ':', (size_t)(end - s)),
                   *hash = memchr(s, '#', (size_t)(end - s));
        *p = *end ? end + 1 : end;
        if (!colon || (hash && hash < colon))
            continue;
        end = hash ? hash : end;
        while (s < colon && blank(*s))
            s++;
        l->name = s;
        l->name_len = (size_t)(colon - s);
        while (l->name_len && blank(s[l->name_len - 1]))
            l->name_len--;
        l->value = colon + 1;
        while (l->value < end && blank(*l->value))
            l->value++;
        while (end > l->value && blank(end[-1]))
            end--;
        l->len = (size_t)(end - l->value);
        return true;
    }
    return false;
}

static bool named(const struct line *l, const char *name)
{
    return strlen(name) == l->name_len && strncasecmp(l->name, name, l->name_len) == 0;
}

// "*" stands for anything, "$" at the end for the end. Greedy with one place to go back to: linear
// steps for each star.
static bool matches(const char *rule, size_t len, const char *path)
{
    bool whole = len && rule[len - 1] == '$';
    len -= whole;
    size_t r = 0, star = len + 1;
    const char *p = path, *back = path;
    for (;;) {
        if (r < len && rule[r] == '*') {
            star = ++r;
            back = p;
        } else if (r == len && (!whole || !*p)) {
            return true;
        } else if (*p && r < len && rule[r] == *p) {
            r++, p++;
        } else if (star <= len && *back) {
            r = star;
            p = ++back;
        } else {
            return false;
        }
    }
}

// Do the rules of the group for `agent` speak? *found: there is such a group.
static bool allows(const char *text, const char *agent, const char *path, bool *found)
{
    struct line l;
    bool ours = false, rules = false, allow = true;
    size_t best = 0;
    for (const char *p = text; next_line(&p, &l);) {
        if (named(&l, "user-agent")) {
            if (rules)
                ours = rules = false; // another group begins
            ours = ours || (l.len == strlen(agent) && strncasecmp(l.value, agent, l.len) == 0);
            *found = *found || ours;
            continue;
        }
        bool yes = named(&l, "allow");
        if (!yes && !named(&l, "disallow"))
            continue;
        rules = true;
        if (ours && l.len && l.len + yes > best && matches(l.value, l.len, path)) {
            best = l.len + yes;
            allow = yes;
        }
    }
    return allow;
}

bool robots_allow(const char *text, const char *url)
{
    const char *host = strstr(url, "://"), *path = host ? strchr(host + 3, '/') : NULL;
    bool found = false, allow = allows(text, "lectern", path ? path : "/", &found);
    return found ? allow : allows(text, "*", path ? path : "/", &found);
}

char *robots_sitemap(const char *text, size_t i)
{
    struct line l;
    for (const char *p = text; next_line(&p, &l);)
        if (named(&l, "sitemap") && l.len && i-- == 0)
            return mem_strndup(l.value, l.len);
    return NULL;
}

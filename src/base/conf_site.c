// What is said of some addresses only. Lines stand in the order read; of those whose address is the
// beginning of a feed's the one that says most of it holds, and of equals the last. An address
// covers whole parts: example.org is never the beginning of example.org.evil.example.
#include "conf_site.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SITE(id, name, kind, value, meaning) {name, SITE_##kind, value, meaning},
const struct site_option site_table[CONF_SITE_COUNT] = {CONF_SITES(SITE)};
#undef SITE

enum { MOST_MINUTES = 525600, MOST_NUMBER = 1000000 };

enum conf_site site_find(const char *name)
{
    for (int i = 0; i < CONF_SITE_COUNT; i++)
        if (strcmp(site_table[i].name, name) == 0)
            return (enum conf_site)i;
    return CONF_SITE_COUNT;
}

// ---- addresses ----

// The length of "http://" or "https://" at the beginning; 0: neither.
static size_t web_scheme(const char *s)
{
    return strncasecmp(s, "http://", 7) == 0 ? 7 : strncasecmp(s, "https://", 8) == 0 ? 8 : 0;
}

static size_t match_web(const char *address, const char *url)
{
    size_t ours = web_scheme(address), theirs = web_scheme(url);
    if (!theirs || (ours && ours != theirs))
        return 0;
    const char *a = address + ours, *u = url + theirs;
    size_t host = strcspn(u, "/?#");
    for (size_t i = 0; i < host; i++) // user and password are no part of it
        if (u[i] == '@') {
            u += i + 1;
            host -= i + 1;
            i = (size_t)-1;
        }
    size_t n = strcspn(a, "/?#");
    if (n == 0 || n != host || strncasecmp(a, u, n) != 0)
        return 0;
    size_t path = strlen(a + n);
    if (strncmp(a + n, u + n, path) != 0)
        return 0;
    char next = u[n + path];
    bool whole = path == 0 || a[n + path - 1] == '/' || !next || strchr("/?#&", next);
    return whole ? 8 + n + path : 0;
}

size_t site_match(const char *address, const char *url)
{
    if (strcmp(address, "*") == 0)
        return 1;
    if (address[0] == '/' && strncmp(url, "file://", 7) == 0)
        url += 7;
    else if (strncmp(address, "file:", 5) != 0 && strncmp(address, "lectern:", 8) != 0)
        return match_web(address, url);
    size_t n = strlen(address);
    bool begins = strncmp(address, url, n) == 0;
    return begins && (!url[n] || url[n] == '/' || address[n - 1] == '/') ? n + 1 : 0;
}

// ---- values ----

bool site_proxy_ok(const char *value)
{
    static const char *const schemes[] = {"http://",   "https://",   "socks5h://",
                                          "socks5://", "socks4a://", "socks4://"};
    if (!*value || strcmp(value, "none") == 0)
        return true;
    if (!strstr(value, "://"))
        return !strpbrk(value, " \t/");
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        size_t n = strlen(schemes[i]);
        if (strncasecmp(value, schemes[i], n) == 0)
            return value[n] && !strpbrk(value, " \t");
    }
    return false;
}

void site_proxy_shown(const char *value, struct buf *out)
{
    const char *from = strstr(value, "://"), *at = strrchr(value, '@');
    from = from ? from + 3 : value;
    if (!at || at < from)
        buf_str(out, value);
    else
        buf_printf(out, "%.*s%s", (int)(from - value), value, at + 1);
}

static size_t header_name(const char *value) // RFC 9110, 5.1: a token; 0: none
{
    size_t n = 0;
    while (isalnum((unsigned char)value[n]) || (value[n] && strchr("!#$%&'*+-.^_`|~", value[n])))
        n++;
    return value[n] == ':' ? n : 0;
}

static bool is_one_of(const char *name, size_t len, const char *const *list)
{
    for (; *list; list++)
        if (strlen(*list) == len && strncasecmp(*list, name, len) == 0)
            return true;
    return false;
}

static bool check_header(const char *address, const char *value, struct err *e)
{
    static const char *const ours[] = {"Host",       "Content-Length",    "Transfer-Encoding",
                                       "Connection", "Accept-Encoding",   "If-None-Match",
                                       "Range",      "If-Modified-Since", NULL};
    static const char *const keys[] = {"Authorization", "Cookie", "Proxy-Authorization", NULL};
    size_t n = header_name(value);
    if (!n)
        return err_set(e, ERR_USAGE, "a header goes `Name: value`");
    if (is_one_of(value, n, ours))
        return err_set(e, ERR_USAGE, "the header %.*s is set by Lectern itself", (int)n, value);
    if (strcmp(address, "*") == 0 && is_one_of(value, n, keys))
        return err_set(e, ERR_USAGE,
                       "the header %.*s for every address would be shown to every server: name the "
                       "address it is for",
                       (int)n, value);
    return true;
}

bool site_check(enum conf_site o, const char *address, const char *value, struct err *e)
{
    char *end;
    switch (site_table[o].kind) {
    case SITE_MINUTES: {
        long n = strtol(value, &end, 10);
        if (end == value || *end || n < 0 || (n > 0 && n < 5) || n > MOST_MINUTES)
            return err_set(e, ERR_USAGE,
                           "%s takes minutes from 5 to %d, or 0: only when asked for by name",
                           site_table[o].name, MOST_MINUTES);
        return true;
    }
    case SITE_PROXY:
        return site_proxy_ok(value) ||
               err_set(e, ERR_USAGE, "a proxy goes http://host:port, socks5h://host:port, or none");
    case SITE_HEADER:
        return check_header(address, value, e);
    case SITE_LOGIN:
        if (strcmp(address, "*") == 0)
            return err_set(e, ERR_USAGE,
                           "a login for every address would be shown to every server: name the "
                           "address it is for, or use ~/.netrc");
        return (*value && *value != ':' && strchr(value, ':')) ||
               err_set(e, ERR_USAGE, "a login goes user:password");
    case SITE_NUMBER: {
        long n = strtol(value, &end, 10);
        if (end == value || *end || n < 0 || n > MOST_NUMBER)
            return err_set(e, ERR_USAGE, "%s takes a number from 0 to %d", site_table[o].name,
                           MOST_NUMBER);
        return true;
    }
    case SITE_YESNO:
        return strcmp(value, "yes") == 0 || strcmp(value, "no") == 0 ||
               err_set(e, ERR_USAGE, "%s takes yes or no", site_table[o].name);
    case SITE_TEXT:
    case SITE_FILE:
        break;
    }
    return true;
}

bool site_secret(const struct site_line *l)
{
    switch (site_table[l->option].kind) {
    case SITE_LOGIN:
    case SITE_HEADER:
        return true;
    case SITE_PROXY:
        return strchr(l->value, '@') != NULL;
    default:
        return false;
    }
}

void site_add(struct sites *s, struct arena *a, enum conf_site o, const char *address,
              const char *value)
{
    s->items = mem_grow(s->items, &s->cap, s->n + 1, sizeof *s->items);
    s->items[s->n++] = (struct site_line){o, arena_strdup(a, address), arena_strdup(a, value)};
}

// ---- written ----

static void add_word(struct buf *out, const char *s)
{
    if (*s && *s != '=' && !strpbrk(s, " \t'\"\\#")) {
        buf_str(out, s);
        return;
    }
    buf_char(out, '"');
    for (; *s; s++) {
        if (*s == '"' || *s == '\\')
            buf_char(out, '\\');
        buf_char(out, *s);
    }
    buf_char(out, '"');
}

void site_write(const struct sites *s, bool secrets, struct buf *out)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct site_line *l = &s->items[i];
        bool hide = !secrets && site_secret(l);
        buf_str(out, hide ? "# feed " : "feed ");
        add_word(out, l->address);
        buf_printf(out, " %s ", site_table[l->option].name);
        if (!hide)
            add_word(out, l->value);
        else if (site_table[l->option].kind == SITE_PROXY)
            site_proxy_shown(l->value, out);
        else if (site_table[l->option].kind == SITE_HEADER)
            buf_printf(out, "%.*s ", (int)header_name(l->value) + 1, l->value);
        buf_str(out, !hide                                      ? "\n"
                     : site_table[l->option].kind == SITE_PROXY ? " (not all shown)\n"
                                                                : "(not shown)\n");
    }
}

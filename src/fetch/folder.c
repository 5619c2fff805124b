// A folder of Markdown essays as a feed. Front matter ("---" YAML or "+++" TOML) is read in its
// plain form only, one "key: value" a line, which is what people write; anything deeper is passed
// over. Without a title the first heading is one, then the file's name; without a date the name's
// beginning ("2026-02-03-quiet.md"), then the file's time.
#include "file.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "lectern/hash.h"
#include "lectern/mem.h"
#include "lectern/path.h"
#include "lectern/utf8.h"

enum { DEEPEST = 4, MOST_ESSAYS = 20000, LARGEST = 8 << 20 };

struct essay_file {
    char *path, *name; // name: below the folder
    int64_t size, time;
    long nanoseconds;
};
struct essay_files {
    struct essay_file *items;
    size_t n, cap;
};

static bool is_essay(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && (strcasecmp(dot, ".md") == 0 || strcasecmp(dot, ".markdown") == 0 ||
                   strcasecmp(dot, ".mkd") == 0);
}

static bool collect(struct essay_files *l, const char *dir, const char *below, int depth,
                    struct err *e)
{
    DIR *d = opendir(dir);
    if (!d)
        return depth > 0 || err_set(e, errno == ENOENT ? ERR_MISSING : ERR_OTHER,
                                    "cannot open the folder %s: %s", dir, strerror(errno));
    for (struct dirent *de; (de = readdir(d));) {
        if (de->d_name[0] == '.' || de->d_name[0] == '_')
            continue;
        char *path = path_join(dir, de->d_name),
             *name = *below ? path_join(below, de->d_name) : mem_strdup(de->d_name);
        struct stat st;
        bool there = lstat(path, &st) == 0;
        if (there && S_ISDIR(st.st_mode) && depth < DEEPEST) {
            collect(l, path, name, depth + 1, e);
        } else if (there && is_essay(name) &&
                   (S_ISREG(st.st_mode) || (stat(path, &st) == 0 && S_ISREG(st.st_mode))) &&
                   l->n < MOST_ESSAYS) {
            l->items = mem_grow(l->items, &l->cap, l->n + 1, sizeof *l->items);
            l->items[l->n++] =
                (struct essay_file){path, name, st.st_size, st.st_mtim.tv_sec, st.st_mtim.tv_nsec};
            continue;
        }
        free(path);
        free(name);
    }
    closedir(d);
    return true;
}

static int by_name(const void *x, const void *y)
{
    return strcmp(((const struct essay_file *)x)->name, ((const struct essay_file *)y)->name);
}

static bool list(const char *dir, struct essay_files *out, struct err *e)
{
    if (!collect(out, dir, "", 0, e))
        return false;
    if (out->n)
        qsort(out->items, out->n, sizeof *out->items, by_name);
    return true;
}

static void list_free(struct essay_files *l)
{
    for (size_t i = 0; i < l->n; i++) {
        free(l->items[i].path);
        free(l->items[i].name);
    }
    free(l->items);
}

bool folder_mark(const char *path, struct buf *out, struct err *e)
{
    struct essay_files l = {0};
    if (!list(path, &l, e))
        return false;
    uint64_t hash = 0;
    for (size_t i = 0; i < l.n; i++) {
        int64_t facts[] = {l.items[i].size, l.items[i].time, l.items[i].nanoseconds};
        hash = hash_string(l.items[i].name, hash_bytes(facts, sizeof facts, hash));
    }
    buf_printf(out, "folder %zu %016llx", l.n, (unsigned long long)hash);
    list_free(&l);
    return true;
}

// ---- front matter ----

struct line {
    const char *at;
    size_t len;
};

static struct line next_line(const char **at, const char *end)
{
    struct line l = {*at, 0};
    const char *nl = memchr(*at, '\n', (size_t)(end - *at));
    l.len = (size_t)((nl ? nl : end) - *at);
    *at = nl ? nl + 1 : end;
    while (l.len && isspace((unsigned char)l.at[l.len - 1]))
        l.len--;
    return l;
}

static bool is_line(struct line l, const char *s)
{
    return l.len == strlen(s) && memcmp(l.at, s, l.len) == 0;
}

// A value without its quotes; backslashes inside "..." are taken off.
static char *value_of(const char *s, size_t len)
{
    while (len && isspace((unsigned char)*s))
        s++, len--;
    char quote = len >= 2 && (*s == '"' || *s == '\'') && s[len - 1] == *s ? *s : 0;
    if (!quote) {
        for (size_t i = 1; i < len; i++)
            if (s[i] == '#' && isspace((unsigned char)s[i - 1])) { // a comment
                len = i;
                break;
            }
        return utf8_clean_dup(s, len, UTF8_LINE);
    }
    struct buf b = {0};
    for (size_t i = 1; i + 1 < len; i++) {
        if ((quote == '"' && s[i] == '\\' && i + 2 < len) ||
            (quote == '\'' && s[i] == '\'' && s[i + 1] == '\'' && i + 2 < len))
            i++;
        buf_char(&b, s[i]);
    }
    char *clean = utf8_clean_dup(buf_cstr(&b), b.len, UTF8_LINE);
    buf_free(&b);
    return clean;
}

static void push(struct arena *a, const char ***items, size_t *n, const char *s)
{
    const char **more = arena_alloc(a, (*n + 2) * sizeof *more);
    if (*n)
        memcpy(more, *items, *n * sizeof *more);
    more[(*n)++] = arena_strdup(a, s);
    *items = more;
}

// "a, b", "[a, 'b']"
static void push_list(struct arena *a, const char ***items, size_t *n, const char *s)
{
    if (*s == '[')
        s++;
    while (*s) {
        size_t len = strcspn(s, ",]");
        char *v = value_of(s, len);
        if (*v)
            push(a, items, n, v);
        free(v);
        s += len;
        s += strspn(s, ",]");
    }
}

struct matter {
    const char *title, *subtitle, *date, *updated, *url, *language, *id, *image;
    const char **authors, **tags;
    size_t nauthors, ntags;
    bool draft;
};

static bool is_one_of(const char *key, const char *names)
{
    size_t n = strlen(key);
    for (const char *p = names; (p = strcasestr(p, key)); p += n)
        if ((p == names || p[-1] == ' ') && (p[n] == ' ' || !p[n]))
            return true;
    return false;
}

static void matter_line(struct arena *a, struct matter *m, struct line l, char *list_key,
                        size_t list_size, bool toml)
{
    if (l.len > 2 && l.at[0] == '-' &&
        l.at[1] == ' ') { // an item of the list begun above, indented or not
        char *v = value_of(l.at + 2, l.len - 2);
        if (is_one_of(list_key, "tags tag categories keywords"))
            push(a, &m->tags, &m->ntags, v);
        else if (is_one_of(list_key, "author authors"))
            push(a, &m->authors, &m->nauthors, v);
        free(v);
        return;
    }
    const char *colon = memchr(l.at, toml ? '=' : ':', l.len);
    size_t n = colon ? (size_t)(colon - l.at) : 0;
    while (n && isspace((unsigned char)l.at[n - 1]))
        n--;
    if (!n || n >= list_size || isspace((unsigned char)l.at[0]))
        return;
    memcpy(list_key, l.at, n);
    list_key[n] = '\0';
    char *v = value_of(colon + 1, l.len - (size_t)(colon + 1 - l.at));
    if (*v) {
        if (is_one_of(list_key, "title"))
            m->title = arena_strdup(a, v);
        else if (is_one_of(list_key, "subtitle description summary excerpt"))
            m->subtitle = arena_strdup(a, v);
        else if (is_one_of(list_key, "date pubdate created"))
            m->date = arena_strdup(a, v);
        else if (is_one_of(list_key, "updated modified lastmod"))
            m->updated = arena_strdup(a, v);
        else if (is_one_of(list_key, "url link canonical canonical_url permalink"))
            m->url = arena_strdup(a, v);
        else if (is_one_of(list_key, "lang language"))
            m->language = arena_strdup(a, v);
        else if (is_one_of(list_key, "id guid"))
            m->id = arena_strdup(a, v);
        else if (is_one_of(list_key, "author authors"))
            push_list(a, &m->authors, &m->nauthors, v);
        else if (is_one_of(list_key, "tags tag categories keywords"))
            push_list(a, &m->tags, &m->ntags, v);
        else if (is_one_of(list_key, "draft"))
            m->draft = strcasecmp(v, "true") == 0 || strcasecmp(v, "yes") == 0;
        else if (is_one_of(list_key, "published")) { // a date, or false for a draft
            m->draft = strcasecmp(v, "false") == 0;
            if (isdigit((unsigned char)*v))
                m->date = arena_strdup(a, v);
        }
    }
    free(v);
}

// Where the text begins after front matter.
static const char *read_matter(struct arena *a, const char *text, const char *end, struct matter *m)
{
    const char *at = text;
    struct line first = next_line(&at, end);
    bool toml = is_line(first, "+++");
    if (!toml && !is_line(first, "---"))
        return text;
    const char *closing = at;
    bool closed = false;
    while (closing < end && !closed) {
        struct line l = next_line(&closing, end);
        closed = is_line(l, toml ? "+++" : "---") || (!toml && is_line(l, "..."));
    }
    if (!closed) // a rule at the top, not front matter
        return text;
    char key[64] = "";
    for (;;) {
        struct line l = next_line(&at, end);
        if (at >= closing)
            return closing;
        struct line trimmed = l;
        while (trimmed.len && isspace((unsigned char)*trimmed.at))
            trimmed.at++, trimmed.len--;
        if (trimmed.len > 1 && trimmed.at[0] == '-')
            l = trimmed;
        if (l.len && *l.at != '#')
            matter_line(a, m, l, key, sizeof key, toml);
    }
}

static uint32_t count_words(const char *s, size_t len)
{
    uint32_t n = 0;
    bool inside = false;
    for (size_t i = 0; i < len; i++) {
        bool letter = isalnum((unsigned char)s[i]) || (unsigned char)s[i] >= 0x80;
        bool blank = isspace((unsigned char)s[i]);
        if (letter && !inside) {
            n++;
            inside = true;
        } else if (blank) {
            inside = false;
        }
    }
    return n;
}

// "# The quiet return" at the top is the title; returns where the text goes on.
static const char *take_heading(struct arena *a, const char *text, const char *end,
                                const char **title)
{
    const char *at = text;
    while (at < end && isspace((unsigned char)*at))
        at++;
    const char *from = at;
    struct line l = next_line(&at, end);
    if (l.len > 2 && l.at[0] == '#' && isspace((unsigned char)l.at[1])) {
        while (l.len > 2 && l.at[l.len - 1] == '#')
            l.len--;
    } else {
        const char *under = at;
        struct line second = next_line(&under, end);
        if (!l.len || second.len < 2 || strspn(second.at, "=") < second.len)
            return text;
        at = under;
        from = l.at - 2; // no "# " to pass over
    }
    char *heading = utf8_clean_dup(from + 2, (size_t)(l.at + l.len - (from + 2)), UTF8_LINE);
    bool ours = *heading && (!*title || strcmp(*title, heading) == 0);
    if (ours && !*title)
        *title = arena_strdup(a, heading);
    free(heading);
    return ours ? at : text;
}

static const char *name_title(struct arena *a, const char *name)
{
    const char *base = strrchr(name, '/') ? strrchr(name, '/') + 1 : name;
    size_t skip = strspn(base, "0123456789-_. ");
    if (skip >= 8 && isalpha((unsigned char)base[skip]))
        base += skip;
    char *s = utf8_clean_dup(base, strlen(base), UTF8_LINE);
    char *dot = strrchr(s, '.');
    if (dot && dot != s)
        *dot = '\0';
    for (char *p = s; *p; p++)
        if (*p == '-' || *p == '_')
            *p = ' ';
    if (islower((unsigned char)*s))
        *s = (char)toupper((unsigned char)*s);
    const char *title = arena_strdup(a, s);
    free(s);
    return title;
}

void folder_essay(struct arena *a, const char *name, const char *text, size_t len,
                  struct feed_entry *out, bool *draft)
{
    struct buf clean = {0};
    utf8_clean(&clean, text, len, UTF8_TEXT);
    buf_reserve(&clean, 0);
    const char *end = clean.data + clean.len;
    struct matter m = {0};
    const char *body = read_matter(a, clean.data, end, &m);
    struct feed_entry en = {0};
    const char *title = m.title;
    body = take_heading(a, body, end, &title);
    while (body < end && (*body == '\n' || *body == '\r'))
        body++;
    char *guid = utf8_clean_dup(name, strlen(name), UTF8_LINE);
    en.guid = m.id ? m.id : arena_strdup(a, guid);
    free(guid);
    en.title = title ? title : name_title(a, name);
    en.subtitle = m.subtitle;
    char *url = m.url ? feed_resolve(NULL, m.url) : NULL;
    en.url = arena_strdup(a, url);
    en.base = en.url;
    free(url);
    en.content_len = (size_t)(end - body);
    en.content = arena_strndup(a, body, en.content_len);
    en.type = CONTENT_MARKDOWN;
    en.language = m.language;
    en.categories = m.tags;
    en.ncategories = m.ntags;
    en.nauthors = m.nauthors;
    en.authors = arena_alloc(a, (m.nauthors + 1) * sizeof *en.authors);
    for (size_t i = 0; i < m.nauthors; i++)
        en.authors[i].name = m.authors[i];
    const char *base = strrchr(name, '/') ? strrchr(name, '/') + 1 : name;
    char day[11] = "";
    snprintf(day, sizeof day, "%.10s", base);
    if ((!m.date || !date_parse(m.date, &en.published)) &&
        (strlen(day) < 10 || day[4] != '-' || !date_parse(day, &en.published)))
        en.published = 0;
    if (!m.updated || !date_parse(m.updated, &en.updated))
        en.updated = 0;
    en.words = count_words(en.content, en.content_len);
    buf_free(&clean);
    *draft = m.draft;
    *out = en;
}

static int newest_first(const void *x, const void *y)
{
    const struct feed_entry *a = x, *b = y;
    return a->published != b->published ? (a->published < b->published ? 1 : -1)
                                        : strcmp(b->guid, a->guid);
}

bool folder_read(const char *path, size_t max, struct feed_update **out, struct err *e)
{
    struct essay_files l = {0};
    if (!list(path, &l, e))
        return false;
    struct arena *a = arena_new();
    struct feed_update *u = arena_alloc(a, sizeof *u);
    u->arena = a;
    u->format = FEED_FOLDER;
    u->version = "";
    u->encoding = "utf-8";
    u->entries = arena_alloc(a, (l.n + 1) * sizeof *u->entries);
    size_t total = 0, left_out = 0;
    for (size_t i = 0; i < l.n; i++) {
        struct buf b = {0};
        bool draft;
        if (total + (size_t)l.items[i].size > max ||
            !buf_read_file(&b, l.items[i].path, LARGEST, NULL)) {
            left_out++;
            buf_free(&b);
            continue;
        }
        total += b.len;
        struct feed_entry *en = &u->entries[u->nentries];
        folder_essay(a, l.items[i].name, buf_cstr(&b), b.len, en, &draft);
        if (!en->published)
            en->published = l.items[i].time;
        u->nentries += !draft;
        buf_free(&b);
    }
    list_free(&l);
    if (left_out) {
        u->warnings = arena_alloc(a, sizeof *u->warnings);
        u->warnings[u->nwarnings++] =
            arena_printf(a, "%zu essays could not be read or are too large", left_out);
    }
    const char *base = strrchr(path, '/');
    char *title = utf8_clean_dup(base && base[1] ? base + 1 : path,
                                 strlen(base && base[1] ? base + 1 : path), UTF8_LINE);
    u->title = arena_strdup(a, title);
    free(title);
    if (!u->nentries) {
        feed_free(u);
        return err_set(e, ERR_FORMAT, "there is no Markdown essay (*.md) in the folder %s", path);
    }
    qsort(u->entries, u->nentries, sizeof *u->entries, newest_first);
    *out = u;
    return true;
}

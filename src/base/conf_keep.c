// Changing one line of a person's own file and nothing else: the last line that sets the option
// says so from now on, its comment stays, and so does every other byte.
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "conf_state.h"
#include "lectern/buf.h"
#include "lectern/mem.h"
#include "lectern/path.h"

enum { MOST = 1 << 20 };

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

// Does a line set the option? Lines that are comments, bindings and the like do not.
static bool sets(const char *line, size_t len, const char *name)
{
    size_t at = 0, n = strlen(name);
    while (at < len && blank(line[at]))
        at++;
    return len - at >= n && memcmp(line + at, name, n) == 0 &&
           (len - at == n || blank(line[at + n]) || line[at + n] == '=' || line[at + n] == '\r');
}

// Its comment, with the blanks before it: from a '#' after a blank on, outside quotations.
static size_t comment_of(const char *line, size_t len)
{
    char mark = 0;
    for (size_t i = 1; i < len; i++) {
        if (mark)
            mark = line[i] == mark ? 0 : mark;
        else if ((line[i] == '"' || line[i] == '\'') && blank(line[i - 1]))
            mark = line[i];
        else if (line[i] == '#' && blank(line[i - 1])) {
            while (i > 0 && blank(line[i - 1]))
                i--;
            return i;
        }
    }
    return len;
}

static void put_line(struct buf *out, const char *name, const char *value)
{
    buf_printf(out, "%s %s", name, *value ? value : "default");
}

// The text with the line from `at` on changed; at == len: with another at its end.
static void change(const struct buf *text, size_t at, const char *name, const char *value,
                   struct buf *out)
{
    const char *line = buf_cstr(text) + at, *end = memchr(line, '\n', text->len - at);
    size_t len = end ? (size_t)(end - line) : text->len - at, indent = 0, rest;
    buf_add(out, text->data, at);
    if (at == text->len && at && text->data[at - 1] != '\n')
        buf_char(out, '\n');
    while (indent < len && blank(line[indent]))
        indent++;
    rest = comment_of(line, len);
    if (rest == len && len && line[len - 1] == '\r')
        rest--;
    buf_add(out, line, indent);
    put_line(out, name, value);
    buf_add(out, line + rest, text->len - at - rest);
    if (at == text->len)
        buf_char(out, '\n');
}

// What the option is by a text that stands in a file, and all that it includes.
static bool says(const char *path, const struct buf *text, const char *name, const char *value)
{
    struct conf *c = conf_new(), *want = conf_new();
    struct buf is = {0}, should = {0}, line = {0};
    put_line(&line, name, value);
    conf_parse(c, buf_cstr(text), text->len, path);
    conf_parse(want, buf_cstr(&line), line.len, path);
    conf_show(c, name, &is);
    conf_show(want, name, &should);
    bool same = strcmp(buf_cstr(&is), buf_cstr(&should)) == 0;
    buf_free(&is);
    buf_free(&should);
    buf_free(&line);
    conf_free(c);
    conf_free(want);
    return same;
}

static bool make_dir_of(const char *path, struct err *e)
{
    const char *slash = strrchr(path, '/');
    if (!slash || slash == path)
        return true;
    char *dir = mem_strndup(path, (size_t)(slash - path));
    bool ok = path_make_dir(dir, e);
    free(dir);
    return ok;
}

bool conf_keep(const char *path, const char *name, const char *value, struct err *e)
{
    struct buf text = {0}, out = {0};
    struct err why = ERR_INIT;
    struct stat st = {.st_mode = 0600};
    char *real = realpath(path, NULL); // the file itself, where a link leads to it
    const char *to = real ? real : path;
    bool ok = buf_read_file(&text, to, MOST, &why) || why.kind == ERR_MISSING;
    if (!ok && e)
        *e = why;
    ok = ok && make_dir_of(to, e);
    size_t at = text.len;
    for (size_t i = 0; ok && i < text.len;) {
        const char *end = memchr(text.data + i, '\n', text.len - i);
        size_t len = end ? (size_t)(end - text.data) - i : text.len - i;
        if (sets(text.data + i, len, name))
            at = i;
        i += len + 1;
    }
    if (ok) {
        change(&text, at, name, value, &out);
        if (at < text.len && !says(to, &out, name, value)) { // a file it includes says otherwise
            buf_clear(&out);
            change(&text, text.len, name, value, &out);
        }
        if (real && stat(real, &st) != 0)
            st.st_mode = 0600;
        ok = buf_write_file(to, buf_cstr(&out), out.len, st.st_mode & 0777, e);
    }
    free(real);
    buf_free(&text);
    buf_free(&out);
    return ok;
}

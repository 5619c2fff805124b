// What stands between a stranger's text and discount. Tried at 200 kB each, discount 2.2.7 fell
// over like this:
//   ">>>>..."            crash: it calls itself for every level       -> at most 16 marks open a
//   line
//   "- - - -..."         the same way down                            -> the same
//   "[[[[..." "![![..."  minutes: each looks for its end in all text  -> what has no partner in its
//   block is escaped
//   "[a]([a](..."        seconds, the same                            -> the same
//   "` `` ``` ````..."   seconds: each run looks for one of its size  -> runs without a partner are
//   escaped
//   "<a <a <a..."        seconds, the same for ">"                    -> "<" before another "<" is
//   text
//   "~~~~~~..."          minutes: each looks for one of its size      -> longer runs are escaped
//   "- a" by thousands   minutes: each looks whether the lines after  -> no ": definitions" where
//   it are a term of a definition                                        there are so many
//   "<!--<!--..."        minutes                                      -> comments go, ended or not
//   "<div> <div>..."     seconds: each looks for its own end          -> after 50 that have none,
//   the rest go
// Two things CommonMark has and discount has not are written the way it understands: a backslash at
// the end of a line breaks it, and a backslash makes any mark a character. "->text<-" is an arrow
// here, not a way to centre.
#include "markdown.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/mem.h"

enum { MAX_MARKERS = 16, MAX_TICKS = 64, MAX_BRACKETS = 12, MAX_TILDES = 16, MAX_OPEN_TAGS = 50 };

struct fence {
    struct buf *out;
    const char *s; // the block in hand
    size_t len;
    uint8_t *escape; // by byte of the block: put a backslash (or &lt;) before it
    size_t escape_cap;
    bool html; // the block is HTML: backslashes are only that
};

static size_t line_length(const char *s, size_t len)
{
    const char *nl = memchr(s, '\n', len);
    return nl ? (size_t)(nl - s) + 1 : len;
}

static bool is_blank(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!strchr(" \t\r\n", s[i]))
            return false;
    return true;
}

// The fence that opens on this line: its character, 0 if none; *ticks how many.
static char code_fence(const char *s, size_t len, size_t *ticks)
{
    size_t i = 0;
    while (i < len && strchr(" \t>", s[i]))
        i++;
    if (i == len || (s[i] != '`' && s[i] != '~'))
        return 0;
    size_t n = 0;
    while (i + n < len && s[i + n] == s[i])
        n++;
    if (n < 3 || (s[i] == '`' && memchr(s + i + n, '`', len - i - n)))
        return 0;
    *ticks = n;
    return s[i];
}

static const char *const block_tags[] = {
    "div",    "p",        "table",   "ul",       "ol",      "dl",      "pre",    "blockquote",
    "h1",     "h2",       "h3",      "h4",       "h5",      "h6",      "form",   "center",
    "aside",  "figure",   "section", "article",  "header",  "footer",  "nav",    "main",
    "style",  "script",   "iframe",  "fieldset", "address", "details", "map",    "math",
    "object", "noscript", "video",   "audio",    "canvas",  "hgroup",  "output", "tfoot"};
enum { BLOCK_TAGS = sizeof block_tags / sizeof *block_tags };

static int block_tag(const char *s, size_t len)
{
    size_t n = 0;
    while (n < len && n < 12 &&
           ((s[n] | 32) >= 'a' && (s[n] | 32) <= 'z' ? true : n && s[n] >= '0' && s[n] <= '9'))
        n++;
    for (int i = 0; n && i < BLOCK_TAGS; i++)
        if (strlen(block_tags[i]) == n && strncasecmp(s, block_tags[i], n) == 0)
            return i;
    return -1;
}

// ---- within a block: everything without a partner ----

static void mark_ticks(struct fence *f)
{
    size_t left[MAX_TICKS + 1] = {0}; // runs of each length from here on
    for (size_t i = 0; i < f->len;) {
        size_t n = 0;
        while (i + n < f->len && f->s[i + n] == '`')
            n++;
        if (n && n <= MAX_TICKS)
            left[n]++;
        i += n ? n : 1;
    }
    size_t open = 0; // inside a code span: the length that ends it
    for (size_t i = 0; i < f->len;) {
        size_t n = 0;
        while (i + n < f->len && f->s[i + n] == '`')
            n++;
        if (!n) {
            if (open)
                f->escape[i] = 2; // code: leave alone
            bool escaped = !open && f->s[i] == '\\';
            i++;
            if (escaped && i < f->len && f->s[i] == '`') { // a run that cannot open anything
                while (i + n < f->len && f->s[i + n] == '`')
                    n++;
                if (n <= MAX_TICKS && left[n])
                    left[n]--;
                for (size_t k = 1; k < n; k++)
                    f->escape[i + k] = 1;
                i += n;
            } else if (escaped && i < f->len) {
                i++;
            }
            continue;
        }
        if (n <= MAX_TICKS && left[n])
            left[n]--;
        if (open) {
            if (n == open)
                open = 0;
            for (size_t k = 0; k < n; k++)
                f->escape[i + k] = 2;
        } else if (n <= MAX_TICKS && left[n]) {
            open = n;
            for (size_t k = 0; k < n; k++)
                f->escape[i + k] = 2;
        } else {
            for (size_t k = 0; k < n; k++)
                f->escape[i + k] = 1;
        }
        i += n;
    }
}

// "~~" strikes out; longer runs are text, at least where they are long or many.
static void mark_tildes(struct fence *f)
{
    size_t odd = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0, n; i < f->len; i += n ? n : 1) {
            for (n = 0; i + n < f->len && f->s[i + n] == '~' && f->escape[i + n] != 2;)
                n++;
            if (n > 2 && pass == 0)
                odd++;
            else if (n > MAX_TILDES || (n > 2 && odd > MAX_TILDES))
                memset(f->escape + i, 1, n);
        }
}

static void mark_brackets(struct fence *f)
{
    size_t *stack = NULL, depth = 0, cap = 0, last_paren = 0;
    for (size_t i = 0; i < f->len; i++) {
        if (f->escape[i])
            continue;
        if (f->s[i] == '\\') {
            i++;
        } else if (f->s[i] == '[') {
            stack = mem_grow(stack, &cap, depth + 1, sizeof *stack);
            stack[depth++] = i;
        } else if (f->s[i] == ']' && depth) {
            if (--depth >= MAX_BRACKETS)
                f->escape[stack[depth]] = f->escape[i] = 1;
        } else if (f->s[i] == ')') {
            last_paren = i;
        }
    }
    while (depth)
        f->escape[stack[--depth]] = 1;
    free(stack);
    for (size_t i = last_paren; i + 1 < f->len; i++)
        if (f->s[i] == ']' && f->s[i + 1] == '(' && !f->escape[i])
            f->escape[i + 1] = 1;
}

static void mark_angles(struct fence *f)
{
    size_t open = SIZE_MAX;
    for (size_t i = 0; i < f->len; i++) {
        if (f->escape[i] == 2)
            continue;
        if (f->s[i] == '<') {
            if (open != SIZE_MAX)
                f->escape[open] = 1;
            open = i;
        } else if (f->s[i] == '>') {
            open = SIZE_MAX;
        }
    }
    if (open != SIZE_MAX)
        f->escape[open] = 1;
}

// How many marks of containers open this line; *at: where the one too many stands.
static size_t markers(const char *s, size_t len, size_t *at)
{
    size_t n = 0, i = 0;
    while (i < len) {
        if (s[i] == ' ' || s[i] == '\t') {
            i++;
            continue;
        }
        size_t k = i;
        if (s[i] == '>') {
            k++;
        } else if (strchr("-*+", s[i]) && i + 1 < len && strchr(" \t", s[i + 1])) {
            k++;
        } else if (s[i] >= '0' && s[i] <= '9') {
            while (k < len && s[k] >= '0' && s[k] <= '9' && k - i < 10)
                k++;
            if (k + 1 >= len || s[k] != '.' || s[k + 1] != ' ')
                break;
            k++;
        } else {
            break;
        }
        if (n++ == MAX_MARKERS)
            *at = i;
        i = k;
    }
    return n;
}

static bool is_rule_line(const char *s, size_t len)
{
    char mark = 0;
    for (size_t i = 0; i < len; i++) {
        if (strchr(" \t\r\n", s[i]))
            continue;
        if (!strchr("-*_", s[i]) || (mark && s[i] != mark))
            return false;
        mark = s[i];
    }
    return mark != 0;
}

// Is this, at the start of a line, more than words: the start of a block of its own, or a box?
static bool opens_block(const char *s, size_t len)
{
    size_t n = 1, ticks;
    while (n < len && s[n] == *s)
        n++;
    bool blank = n == len || strchr(" \t\n", s[n]);
    switch (*s) {
    case '#':
    case '>':
    case '=':
    case ':':
    case '|':
    case '-':
    case '+':
        return true;
    case '*':
    case '_':
        return blank || is_rule_line(s, len);
    case '`':
    case '~':
        return n > 2 || code_fence(s, len, &ticks);
    case '[':
        return len > 3 && strchr(" xX", s[1]) && s[2] == ']' && strchr(" \t", s[3]);
    case '<':
        return block_tag(s + 1, len - 1) >= 0 || (len > 1 && strchr("!/?", s[1]));
    default:
        n = strspn(s, "0123456789");
        return n && n < len && s[n] == '.';
    }
}

// Where the "." (or, at the start of a block, ")") behind the number of an item is on this line; 0
// where there is none.
static size_t item_mark(const char *s, size_t len, char mark, long *number)
{
    size_t i = 0, digits = 0;
    while (i < len && strchr(" >", s[i]))
        i++;
    for (*number = 0; i < len && digits < 9 && s[i] >= '0' && s[i] <= '9'; i++, digits++)
        *number = *number * 10 + (s[i] - '0');
    return digits && i + 2 < len && s[i] == mark && s[i + 1] == ' ' ? i : 0;
}

// Where the text of that item starts, if it may get a mark in front.
static size_t item_text(const char *s, size_t len, size_t mark)
{
    size_t i = mark + 1;
    while (i < len && s[i] == ' ')
        i++;
    return i < len && s[i] != '\n' && !opens_block(s + i, len - i) ? i : 0;
}

static void put_block(struct fence *f)
{
    // Marks that discount does not unescape are written as the character's number.
    static const char numbered[] = "~^$=:\"'/,;@&%?<";
    char item = '.';
    for (size_t i = 0; i < f->len;) {
        size_t n = line_length(f->s + i, f->len - i), bad = 0;
        const char *line = f->s + i;
        if (markers(line, n, &bad) > MAX_MARKERS && is_rule_line(line, n)) {
            buf_str(f->out, "* * *\n");
            i += n;
            continue;
        }
        bool deep = bad > 0;
        size_t arrow = strspn(line, " ");
        long number = 0;
        if (i == 0 && strspn(line, " ") < 4 && item_mark(line, n, ')', &number))
            item = ')'; // "1)" is an item as well
        size_t dot = f->html ? 0 : item_mark(line, n, item, &number);
        size_t text = dot && number != 1 ? item_text(line, n, dot) : 0;
        for (size_t k = 0; k < n; k++) {
            char c = line[k];
            uint8_t e = f->escape[i + k];
            if (text && k == text)
                buf_printf(f->out, MARKDOWN_START "%ld;", number);
            if (dot && k == dot) {
                buf_char(f->out, '.');
            } else if (e == 2) {
                buf_char(f->out, c);
            } else if (deep && k >= bad && k < bad + 1) {
                buf_str(f->out, c == '>' ? "&gt;" : "\\");
                if (c != '>')
                    buf_char(f->out, c);
                deep = false; // the rest is text
                for (size_t j = k + 1; j < n && f->escape[i + j] == 0; j++)
                    if (line[j] == '>')
                        f->escape[i + j] = 3;
            } else if (e == 3) {
                buf_str(f->out, "&gt;");
            } else if (e == 1) {
                buf_str(f->out, c == '<'   ? "&lt;"
                                : c == '`' ? "&#96;"
                                : c == '~' ? "&#126;"
                                           : (char[]){'\\', c, '\0'});
            } else if (f->html) {
                buf_char(f->out, c);
            } else if (c == '\\' && k + 1 < n && line[k + 1] == '\n') {
                buf_str(f->out, "  ");
            } else if (c == '\\' && k + 2 < n && line[k + 1] == '[' && line[k + 2] == '^') {
                buf_str(f->out, "&#91;"); // no reference to a note
                k++;
            } else if (c == '\\' && k + 1 < n && strchr(numbered, line[k + 1]) && line[k + 1]) {
                buf_printf(f->out, "&#%d;", line[++k]);
            } else if (c == '\\' && k + 1 < n) {
                buf_char(f->out, c);
                buf_char(f->out, line[++k]);
            } else if (k == arrow && c == '-' && k + 1 < n && line[k + 1] == '>') {
                buf_str(f->out, "&#45;");
            } else {
                buf_char(f->out, c);
            }
        }
        i += n;
    }
}

static void do_block(struct fence *f, const char *s, size_t len)
{
    if (!len)
        return;
    f->s = s;
    f->len = len;
    f->escape = mem_grow(f->escape, &f->escape_cap, len, 1);
    memset(f->escape, 0, len);
    // An indented block is code, and a block of HTML is not Markdown: as they are.
    size_t first = 0;
    while (first < len && s[first] == '\n')
        first++;
    bool indented = first < len && (s[first] == '\t' || strncmp(s + first, "    ", 4) == 0);
    f->html = first + 1 < len && s[first] == '<' && block_tag(s + first + 1, len - first - 1) >= 0;
    if (!indented) {
        mark_ticks(f);
        mark_tildes(f);
        mark_brackets(f);
        mark_angles(f);
    } else {
        memset(f->escape, 2, len);
        for (size_t i = 0; i < len;) { // but not a way around the limit on markers
            size_t n = line_length(s + i, len - i), bad = 0;
            if (markers(s + i, n, &bad) > MAX_MARKERS)
                memset(f->escape + i, 0, n);
            i += n;
        }
    }
    put_block(f);
}

// ---- the whole text: comments and tags of blocks ----

// Is p in a code span? The marks of this line in [from, p) are added to *ticks.
static bool in_code_span(const char *line, const char *from, const char *p, size_t *ticks)
{
    for (; from < p; from++)
        *ticks += *from == '`' && !(from > line && from[-1] == '\\');
    return *ticks % 2;
}

static void drop_comments(struct buf *out, const char *s, size_t len)
{
    bool code = false, ends = true;
    char fence = 0;
    size_t ticks = 0;
    for (size_t i = 0; i < len;) {
        size_t n = line_length(s + i, len - i), t = 0, spans = 0, line = i;
        char c = code_fence(s + i, n, &t);
        if (code ? c == fence && t >= ticks : c != 0) {
            code = !code;
            fence = c;
            ticks = t;
        }
        bool indented = s[i] == '\t' || (n > 4 && strncmp(s + i, "    ", 4) == 0);
        // Comment by comment, to the end of the line or of a comment that goes beyond it.
        for (size_t end = i + n; i < end;) {
            const char *p = code || indented ? NULL : memmem(s + i, end - i, "<!--", 4);
            if (!p || in_code_span(s + line, s + i, p, &spans)) {
                buf_add(out, s + i, end - i);
                i = end;
                break;
            }
            buf_add(out, s + i, (size_t)(p - (s + i)));
            const char *stop = ends ? memmem(p + 4, (size_t)(s + len - p - 4), "-->", 3) : NULL;
            ends = stop != NULL; // looked for once in vain is enough
            if (!stop) {         // it never ends: the mark goes, the words stay
                i = (size_t)(p - s) + 4;
                continue;
            }
            bool first = strspn(s + line, " ") >= (size_t)(p - (s + line));
            i = (size_t)(stop - s) + 3;
            if (first && (i == len || s[i] == '\n'))
                buf_str(out, "<!-- -->"); // it parts two lists
            if (i > end)
                break;
        }
    }
}

// Opening tags of blocks that nothing closes are blanked out when there are many.
static void drop_open_tags(char *s, size_t len)
{
    struct open {
        size_t at;
        int below; // of the same name
    } *all = NULL;
    size_t n = 0, cap = 0;
    int top[BLOCK_TAGS];
    memset(top, 0xFF, sizeof top);
    size_t unmatched = 0;
    for (char *p = memchr(s, '<', len); p; p = memchr(p + 1, '<', len - (size_t)(p + 1 - s))) {
        size_t i = (size_t)(p - s);
        bool end = i + 1 < len && p[1] == '/';
        int tag = block_tag(p + 1 + end, len - i - 1 - end);
        if (tag < 0)
            continue;
        if (end) {
            if (top[tag] >= 0) {
                all[top[tag]].at = SIZE_MAX; // it has its end
                top[tag] = all[top[tag]].below;
                unmatched--;
            }
            continue;
        }
        all = mem_grow(all, &cap, n + 1, sizeof *all);
        all[n] = (struct open){i, top[tag]};
        top[tag] = (int)n++;
        unmatched++;
    }
    if (unmatched > MAX_OPEN_TAGS)
        for (size_t i = 0; i < n; i++)
            if (all[i].at != SIZE_MAX) {
                const char *gt = memchr(s + all[i].at, '>', len - all[i].at);
                size_t size = gt ? (size_t)(gt - (s + all[i].at)) + 1 : len - all[i].at;
                memset(s + all[i].at, ' ', size < 200 ? size : 1);
            }
    free(all);
}

// A fence with all it holds. Where it stands further in, blank lines have to be around it, and its
// own distance from the edge is none of the code's.
static void put_fence(struct fence *f, const char *s, size_t len, bool gap, bool gap_after)
{
    size_t in = strspn(s, " "), strip = in < 4 ? in : 0;
    if (in && gap)
        buf_char(f->out, '\n');
    for (size_t i = 0; i < len;) {
        size_t n = line_length(s + i, len - i), k = 0;
        while (k < strip && s[i + k] == ' ')
            k++;
        buf_add(f->out, s + i + k, n - k);
        i += n;
    }
    if (in && gap_after)
        buf_char(f->out, '\n');
}

void markdown_fence(struct buf *out, const char *md, size_t len)
{
    struct buf text = {0};
    drop_comments(&text, md, len);
    buf_reserve(&text, 0);
    drop_open_tags(text.data, text.len);
    struct fence f = {.out = out};
    const char *s = text.data;
    len = text.len;
    size_t block = 0; // where the block in hand began
    for (size_t i = 0; i < len;) {
        size_t n = line_length(s + i, len - i), ticks = 0, t;
        char c = code_fence(s + i, n, &ticks);
        if (c) { // to its end, or to the end of the text
            size_t end = i + n;
            bool closed = false;
            while (end < len && !closed) {
                size_t m = line_length(s + end, len - end);
                closed = code_fence(s + end, m, &t) == c && t >= ticks;
                end += m;
            }
            if (closed) {
                do_block(&f, s + block, i - block);
                bool in_text = i > block && strspn(s + block, " ") < 4;
                put_fence(&f, s + i, end - i, in_text, end < len && s[end] != '\n');
                i = block = end;
                continue;
            }
        }
        i += n;
        if (is_blank(s + i - n, n)) {
            do_block(&f, s + block, i - block);
            block = i;
        }
    }
    do_block(&f, s + block, len - block);
    free(f.escape);
    buf_free(&text);
}

bool markdown_definitions(const char *md, size_t len)
{
    enum { MOST = 50000000 }; // lines looked at, a third of a second
    bool any = false;
    size_t run = 0, cost = 0;
    for (size_t i = 0; i < len;) {
        size_t n = line_length(md + i, len - i), k = 0;
        while (k < n && strchr(" \t>", md[i + k]))
            k++;
        any = any || (k + 1 < n && md[i + k] == ':' && strchr(" \t", md[i + k + 1]));
        run = is_blank(md + i, n) ? 0 : run + 1;
        cost += run;
        i += n;
    }
    return any && cost < MOST;
}

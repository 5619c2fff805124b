// newsboat's `urls` file, which a plain list of addresses is too: a line is an address, then tags.
// Words may stand in double quotes with backslash escapes; "~name" is a title, "!" and "!name" hide
// the feed there and are no tags here; a `query:` line becomes a search where our words can say it;
// `exec:` and `filter:` lines are programs and are handed back.
#include "subs.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/foreign.h"
#include "lectern/utf8.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

// The next word from *p on, unquoted into `word`; false at the end of the line.
static bool next_word(const char **p, const char *end, struct buf *word)
{
    const char *s = *p;
    buf_clear(word);
    buf_reserve(word, 0);
    while (s < end && is_blank(*s))
        s++;
    if (s == end)
        return false;
    if (*s == '"') {
        for (s++; s < end && *s != '"'; s++) {
            if (*s == '\\' && s + 1 < end)
                s++;
            buf_char(word, *s);
        }
        if (s < end)
            s++;
    } else {
        const char *start = s;
        while (s < end && !is_blank(*s))
            s++;
        buf_add(word, start, (size_t)(s - start));
    }
    *p = s;
    return true;
}

static bool starts(const char *s, const char *with)
{
    return strncasecmp(s, with, strlen(with)) == 0;
}

bool urls_address(const char *s)
{
    if (strstr(s, "://") || starts(s, "feed:") || s[0] == '/' || starts(s, "./"))
        return true;
    const char *dot = strchr(s, '.');
    return dot && dot > s && isalnum((unsigned char)dot[1]) && !strpbrk(s, "<>{}()=;\"'");
}

// Why a line's first word is not taken; NULL when it is.
static const char *refusal(const char *url)
{
    if (starts(url, "exec:") || starts(url, "filter:"))
        return SUBS_PROGRAM;
    return urls_address(url) ? NULL : "it is no address";
}

// "query:NAME:FILTER"
static void read_query(struct subs_builder *b, const char *line_text, int line)
{
    struct subs *s = b->s;
    const char *name = line_text + strlen("query:"), *colon = strchr(name, ':'), *why = NULL;
    struct buf words = {0};
    if (!colon || colon == name)
        subs_skip(b, line, line_text, "a query feed has a name and a filter");
    else if (!newsboat_query(colon + 1, &words, &why))
        subs_skip(b, line, line_text, why);
    else {
        s->searches =
            mem_grow(s->searches, &b->cap_searches, s->nsearches + 1, sizeof *s->searches);
        s->searches[s->nsearches++] =
            (struct sub_search){arena_strndup(s->arena, name, (size_t)(colon - name)),
                                arena_strdup(s->arena, words.data)};
    }
    buf_free(&words);
}

// One line with its tags. Returns whether it has anything that only newsboat writes.
static bool read_line(struct subs_builder *b, const char *at, const char *end, int line,
                      struct buf *word)
{
    if (!next_word(&at, end, word) || word->data[0] == '#')
        return false;
    if (starts(word->data, "query:")) {
        read_query(b, arena_strdup(b->s->arena, word->data), line);
        return true;
    }
    char *url = mem_strdup(word->data);
    const char *why = refusal(url);
    const char *tags[SUBS_MAX_TAGS], *title = NULL;
    size_t ntags = 0;
    bool more = false, hidden = false;
    while (!why && next_word(&at, end, word)) {
        if (word->data[0] == '#' && !more)
            break; // a remark behind a bare address
        more = true;
        hidden |= word->data[0] == '!';
        if (word->data[0] == '~')
            title = arena_strdup(b->s->arena, word->data + 1);
        else if (word->len && word->data[0] != '!' && ntags < SUBS_MAX_TAGS)
            tags[ntags++] = arena_strdup(b->s->arena, word->data);
    }
    if (why)
        subs_skip(b, line, url, why);
    else
        subs_add(b, url, title, tags, ntags);
    b->s->hidden += hidden;
    free(url);
    return more || (why && strcmp(why, "it is no address") != 0);
}

void urls_read(struct subs_builder *b, const char *bytes, size_t len)
{
    struct buf clean = {0}, word = {0};
    utf8_clean(&clean, bytes, len, UTF8_TEXT);
    bool newsboat = false;
    int line = 0;
    for (const char *p = buf_cstr(&clean), *all = p + clean.len; p < all;) {
        const char *end = memchr(p, '\n', (size_t)(all - p));
        if (!end)
            end = all;
        newsboat |= read_line(b, p, end, ++line, &word);
        p = end < all ? end + 1 : end;
    }
    b->s->format = newsboat ? "newsboat urls" : "a list of addresses";
    buf_free(&clean);
    buf_free(&word);
}

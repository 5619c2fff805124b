// What may leave the program: which addresses may be handed on, which enclosures can be listened
// to, and the bytes that put an address on the clipboard of the terminal the reader sits at,
// however many machines away that is.
#include "lectern/audio.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/utf8.h"
#include "lectern/when.h"

enum {
    MAX_ADDRESS = 32768,
    MAX_CLIPBOARD = 74994, // xterm, hterm: 100,000 bytes of sequence
    SCREEN_CHUNK = 76,     // old screens end a string after 256 bytes
};

bool audio_address_ok(const char *url)
{
    if (!url)
        return false;
    size_t scheme = strncasecmp(url, "https://", 8) == 0  ? 8
                    : strncasecmp(url, "http://", 7) == 0 ? 7
                                                          : 0;
    size_t len = strlen(url);
    if (!scheme || !url[scheme] || strchr("/?#:@", url[scheme]) || len > MAX_ADDRESS ||
        !utf8_valid(url, len))
        return false;
    struct buf clean = {0};
    utf8_clean(&clean, url, len, UTF8_ADDRESS);
    bool same = clean.len == len && memcmp(clean.data, url, len) == 0;
    buf_free(&clean);
    return same;
}

// What every player plays comes first; lists of addresses, which some would follow, come last.
static int rank(const struct enclosure *x)
{
    const char *type = x->type ? x->type : "";
    if (strstr(type, "mpegurl") || strstr(type, "scpls") || strstr(type, "xspf"))
        return 3;
    if (strcmp(type, "audio/mpeg") == 0 || strcmp(type, "audio/mp3") == 0)
        return 0;
    return strncmp(type, "audio/", 6) == 0 ? 1 : 2;
}

size_t audio_pick(const struct enclosure *all, size_t n, const struct enclosure **out, size_t max)
{
    size_t picked = 0;
    for (int r = 0; r <= 3; r++)
        for (size_t i = 0; i < n && picked < max; i++) {
            if (all[i].kind != ENCLOSURE_AUDIO || rank(&all[i]) != r ||
                !audio_address_ok(all[i].url))
                continue;
            bool twice = false;
            for (size_t j = 0; j < picked && !twice; j++)
                twice = strcmp(out[j]->url, all[i].url) == 0;
            if (!twice)
                out[picked++] = &all[i];
        }
    return picked;
}

// Substack's addresses say what they are of; the title of a narration says it itself (narration.h).
static const char *kind(const char *url)
{
    if (strstr(url, "/api/v1/audio/upload/") || strstr(url, "/api/v1/video/upload/"))
        return "clip";
    return strstr(url, "/feed/podcast/") ? "episode" : NULL;
}

void audio_label(const struct enclosure *x, bool ascii, struct buf *out)
{
    const char *dot = ascii ? " - " : " · ", *what = kind(x->url);
    const char *slash = strrchr(x->url, '/');
    size_t name = slash ? strcspn(slash + 1, "?#") : 0;
    if (x->title && *x->title)
        buf_str(out, x->title);
    else if (what)
        buf_printf(out, "%c%s", what[0] - 32, what + 1);
    else if (name)
        buf_add(out, slash + 1, name);
    else
        buf_str(out, x->url);
    if (x->seconds > 0) {
        buf_str(out, dot);
        when_length(x->seconds, out);
    }
    if (x->size >= 50000) // feeds that do not know it say 0, or 1
        buf_printf(out, "%s%.1f MB", dot, (double)x->size / 1e6);
    // Of two formats of one recording the title says the same.
    const char *format = x->type && strncmp(x->type, "audio/", 6) == 0 ? x->type + 6 : "";
    if (x->title && *x->title && *format && strcmp(format, "mpeg") != 0 &&
        strcmp(format, "mp3") != 0)
        buf_printf(out, "%s%s", dot, strncmp(format, "x-", 2) == 0 ? format + 2 : format);
    bool said = x->title && (strcasecmp(x->title, "episode") == 0 ||
                             strncmp(x->title, "Narrated", 8) == 0); // narration_name
    if (x->title && *x->title && what && !said)
        buf_printf(out, "%s%s", dot, what);
}

static bool is_set(const char *variable)
{
    const char *value = getenv(variable);
    return value && *value;
}

bool audio_remote(void)
{
    return is_set("SSH_CONNECTION") || is_set("SSH_TTY");
}

bool audio_display(void)
{
#ifdef __APPLE__
    return !audio_remote();
#else
    return is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
#endif
}

static void base64(struct buf *out, const char *s, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *p = (const unsigned char *)s;
    for (size_t i = 0; i < len; i += 3) {
        size_t left = len - i;
        uint32_t v = (uint32_t)p[i] << 16 | (left > 1 ? (uint32_t)p[i + 1] << 8 : 0) |
                     (left > 2 ? p[i + 2] : 0);
        buf_char(out, digits[v >> 18]);
        buf_char(out, digits[v >> 12 & 63]);
        buf_char(out, left > 1 ? digits[v >> 6 & 63] : '=');
        buf_char(out, left > 2 ? digits[v & 63] : '=');
    }
}

bool audio_osc52(struct buf *out, const char *text, struct err *e)
{
    size_t len = text ? strlen(text) : 0;
    if (len > MAX_CLIPBOARD)
        return err_set(
            e, ERR_OTHER,
            "the address is too long for a terminal's clipboard (%zu bytes, %d is the most)", len,
            MAX_CLIPBOARD);
    if (!audio_address_ok(text))
        return err_set(e, ERR_OTHER, "this is no web address and is not copied: %.100s",
                       text ? text : "(nothing)");
    return audio_osc52_words(out, text, e);
}

bool audio_osc52_words(struct buf *out, const char *text, struct err *e)
{
    size_t len = strlen(text);
    if (len > MAX_CLIPBOARD)
        return err_set(e, ERR_OTHER,
                       "this is too long for a terminal's clipboard (%zu bytes, %d is the most)",
                       len, MAX_CLIPBOARD);
    struct buf b = {0};
    base64(&b, text, len);
    if (is_set("TMUX")) {
        buf_printf(out, "\033]52;c;%s\a\033Ptmux;\033\033]52;c;%s\a\033\\", b.data, b.data);
    } else if (is_set("STY")) {
        buf_str(out, "\033P\033]52;c;");
        for (size_t i = 0; i < b.len; i += SCREEN_CHUNK) {
            size_t left = b.len - i;
            if (i)
                buf_str(out, "\033\\\033P");
            buf_add(out, b.data + i, left < SCREEN_CHUNK ? left : SCREEN_CHUNK);
        }
        buf_str(out, "\a\033\\");
    } else {
        buf_printf(out, "\033]52;c;%s\a", b.data);
    }
    buf_free(&b);
    return true;
}

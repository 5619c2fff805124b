// Where words may be divided, by libhyphen and the patterns that are installed: one file for each
// language, read when a word in it is first met. Without the library, or without patterns for a
// language, its words stay whole.
#include "lectern/layout.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lectern/mem.h"
#include "lectern/utf8.h"
#include "setting.h"

#ifdef HAVE_HYPHEN
#include <hyphen.h>
#include <iconv.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unicase.h>
#include <unistd.h>

enum { LANGUAGES = 16, BEFORE = 2, AFTER = WORD_LEAST - BEFORE }; // letters on either line

// Most files are read in some milliseconds. A few are so large (German: three seconds) that a
// reader would wait; those are read by a thread, and until then words of that language stay whole.
enum { LARGE = 400000 };
enum loading { LOADING, READY, LEFT };
struct language {
    char tag[8];      // "de", "pt_BR"
    char *path;       // NULL: no patterns
    HyphenDict *dict; // NULL: none, or not yet
    iconv_t to;       // where the patterns are not in UTF-8
    atomic_int state; // whoever comes second, the thread at its end or the owner, frees it
};

struct hyphens {
    char *dirs; // parted by colons
    struct language *languages[LANGUAGES];
    size_t n;
    bool wait;
};

struct hyphens *hyphens_new(const char *dirs, bool wait)
{
    struct hyphens *h = mem_alloc(sizeof *h);
    h->dirs = mem_strdup(dirs ? dirs
                              : "/usr/share/hyphen:/usr/local/share/hyphen:"
                                "/opt/homebrew/share/hyphen");
    h->wait = wait;
    return h;
}

static void language_free(struct language *l)
{
    if (l->dict)
        hnj_hyphen_free(l->dict);
    if (l->to != (iconv_t)-1)
        iconv_close(l->to);
    free(l->path);
    free(l);
}

void hyphens_free(struct hyphens *h)
{
    if (!h)
        return;
    for (size_t i = 0; i < h->n; i++)
        if (atomic_exchange(&h->languages[i]->state, LEFT) == READY)
            language_free(h->languages[i]);
    free(h->dirs);
    free(h);
}

// "de-Latn-AT" is "de_AT", "EN" is "en". False for what is no tag.
static bool short_tag(const char *tag, char out[8])
{
    size_t n = 0;
    while (isalpha((unsigned char)tag[n]) && n < 4)
        n++;
    if ((n != 2 && n != 3) || (tag[n] && tag[n] != '-' && tag[n] != '_'))
        return false;
    for (size_t i = 0; i < n; i++)
        out[i] = (char)tolower((unsigned char)tag[i]);
    out[n] = '\0';
    for (const char *p = tag + n; *p == '-' || *p == '_';) {
        size_t len = strcspn(p + 1, "-_");
        if (len == 2 && isalpha((unsigned char)p[1]) && isalpha((unsigned char)p[2])) {
            out[n] = '_';
            out[n + 1] = (char)toupper((unsigned char)p[1]);
            out[n + 2] = (char)toupper((unsigned char)p[2]);
            out[n + 3] = '\0';
            break;
        }
        p += 1 + len;
    }
    return true;
}

bool hyphens_busy(const struct hyphens *h)
{
    for (size_t i = 0; h && i < h->n; i++)
        if (atomic_load(&h->languages[i]->state) == LOADING)
            return true;
    return false;
}

static char *find(const char *dir, size_t len, const char *name)
{
    char *path = mem_printf("%.*s/hyph_%s.dic", (int)len, dir, name);
    if (access(path, R_OK) == 0)
        return path;
    free(path);
    return NULL;
}

// Patterns for another country's use of the language are better than none; which one must not
// depend on the order of a directory.
static char *find_any(const char *dir, size_t len, const char *language)
{
    char *path = mem_strndup(dir, len), best[64] = "";
    DIR *d = opendir(path);
    size_t n = strlen(language);
    for (struct dirent *f; d && (f = readdir(d));) {
        const char *name = f->d_name;
        if (strncmp(name, "hyph_", 5) != 0 || strncmp(name + 5, language, n) != 0 ||
            name[5 + n] != '_' || strlen(name) >= sizeof best || !strstr(name, ".dic"))
            continue;
        if (!*best || strcmp(name, best) < 0)
            snprintf(best, sizeof best, "%s", name);
    }
    if (d)
        closedir(d);
    free(path);
    if (!*best)
        return NULL;
    *strstr(best, ".dic") = '\0';
    return find(dir, len, best + 5);
}

static char *find_language(const struct hyphens *h, const char *tag)
{
    char home[8], twice[8], *path = NULL;
    size_t n = strcspn(tag, "_");
    snprintf(home, sizeof home, "%.*s", (int)n, tag);
    snprintf(twice, sizeof twice, "%.3s_%c%c", home, toupper((unsigned char)home[0]),
             toupper((unsigned char)home[1]));
    const char *names[] = {tag, home, strcmp(home, "en") == 0 ? "en_US" : twice};
    for (const char *dir = h->dirs; *dir && !path;) {
        size_t len = strcspn(dir, ":");
        for (int i = 0; i < 3 && !path; i++)
            path = find(dir, len, names[i]);
        if (!path)
            path = find_any(dir, len, home);
        dir += len + (dir[len] == ':');
    }
    return path;
}

static void load(struct language *l)
{
    l->dict = l->path ? hnj_hyphen_load(l->path) : NULL;
    if (!l->dict || l->dict->utf8)
        return;
    const char *set = l->dict->cset;
    if (strncasecmp(set, "microsoft-", 10) == 0)
        set += 10;
    l->to = iconv_open(set, "UTF-8");
    if (l->to == (iconv_t)-1) {
        hnj_hyphen_free(l->dict);
        l->dict = NULL;
    }
}

static void *load_thread(void *arg)
{
    struct language *l = arg;
    load(l);
    if (atomic_exchange(&l->state, READY) == LEFT)
        language_free(l);
    return NULL;
}

static struct language *language_of(struct hyphens *h, const char *tag)
{
    char name[8];
    if (!tag || !short_tag(tag, name))
        return NULL;
    for (size_t i = 0; i < h->n; i++)
        if (strcmp(h->languages[i]->tag, name) == 0)
            return h->languages[i];
    if (h->n == LANGUAGES)
        return NULL;
    struct language *l = h->languages[h->n++] = mem_alloc(sizeof *l);
    l->to = (iconv_t)-1;
    memcpy(l->tag, name, sizeof name);
    l->path = find_language(h, l->tag);
    struct stat st;
    if (!h->wait && l->path && stat(l->path, &st) == 0 && st.st_size > LARGE) {
        pthread_t thread;
        sigset_t all, before;
        sigfillset(&all); // signals are for the thread that reads keys
        pthread_sigmask(SIG_SETMASK, &all, &before);
        bool started = pthread_create(&thread, NULL, load_thread, l) == 0;
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        if (started) {
            pthread_detach(thread);
            return l;
        }
    }
    load(l);
    atomic_store(&l->state, READY);
    return l;
}

size_t hyphens_points(struct hyphens *h, const char *language, const char *word, size_t len,
                      uint32_t *points)
{
    struct language *l = language_of(h, language);
    if (!l || atomic_load(&l->state) != READY || !l->dict)
        return 0;
    // The patterns know small letters only.
    char small[4 * WORD_MOST + 1], other[WORD_MOST + 1];
    uint32_t bytes[WORD_MOST + 1], letters = 0, large = 0;
    size_t n = 0;
    for (size_t i = 0; i < len; letters++) {
        uint32_t cp;
        if (letters == WORD_MOST)
            return 0;
        bytes[letters] = (uint32_t)i;
        i += utf8_decode(word + i, len - i, &cp);
        uint32_t lower = uc_tolower(cp);
        large += lower != cp;
        n += utf8_encode(lower, small + n);
    }
    if (letters < BEFORE + AFTER || (large > 1 && large * 2 > letters)) // ABBREVIATIONS
        return 0;
    small[n] = '\0'; // libhyphen is told the length and looks for the end all the same
    const char *text = small;
    size_t text_len = n;
    if (l->to != (iconv_t)-1) {
        char *in = small, *out = other;
        size_t left = n, room = sizeof other;
        iconv(l->to, NULL, NULL, NULL, NULL);
        if (iconv(l->to, &in, &left, &out, &room) == (size_t)-1 || (size_t)(out - other) != letters)
            return 0;
        other[letters] = '\0';
        text = other;
        text_len = letters;
    }
    char hyphens[4 * WORD_MOST + 8] = "", **rep = NULL;
    int *pos = NULL, *cut = NULL;
    size_t found = 0;
    if (hnj_hyphen_hyphenate2(l->dict, text, (int)text_len, hyphens, NULL, &rep, &pos, &cut) == 0)
        for (uint32_t i = BEFORE; i + AFTER <= letters; i++)
            // Not where spelling changes with the division.
            if (hyphens[i - 1] & 1 && !(rep && rep[i - 1]))
                points[found++] = bytes[i];
    for (size_t i = 0; rep && i < text_len; i++)
        free(rep[i]);
    free(rep);
    free(pos);
    free(cut);
    return found;
}

#else

struct hyphens {
    char none;
};

struct hyphens *hyphens_new(const char *dirs, bool wait)
{
    (void)dirs, (void)wait;
    return mem_alloc(sizeof(struct hyphens));
}

void hyphens_free(struct hyphens *h)
{
    free(h);
}

bool hyphens_busy(const struct hyphens *h)
{
    (void)h;
    return false;
}

size_t hyphens_points(struct hyphens *h, const char *language, const char *word, size_t len,
                      uint32_t *points)
{
    (void)h, (void)language, (void)word, (void)len, (void)points;
    return 0;
}

#endif

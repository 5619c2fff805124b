// What software left in an essay's words: fields that no mail program filled in ("Dear *|FNAME|*,")
// and WordPress's shortcodes ("[caption id=...]") of plugins that are gone. Code stays as it is,
// and so does every bracket that is not known by its name.
#include "html.h"

#include <string.h>
#include <strings.h>

enum { LONGEST = 600 };

// What a field's name begins with, whatever its case.
static const char *const fields[] = {"subscriber",  "first_name",    "first name", "firstname",
                                     "fname",       "last_name",     "last name",  "lastname",
                                     "lname",       "email",         "contact.",   "user.",
                                     "unsubscribe", "subscribe",     "manage_",    "upgrade_",
                                     "survey",      "web_view",      "permalink",  "referral",
                                     "rp_",         "custom_fields", "archive",    "list:",
                                     "mc:",         "mc_",           "if:",        "else:",
                                     "end:",        "date:",         "merge",      "update_profile",
                                     "forward",     "rewards",       "html:"};
static const struct {
    const char *open, *close;
} marks[] = {{"{{", "}}"}, {"*|", "|*"}, {"<<", ">>"}, {"%%", "%%"}};

// Shortcodes; '*' ends a beginning. Their tags go, what is between them stays. The second list has
// words that people write in brackets too: those must say something more.
static const char *const codes[] = {"vc_*",
                                    "et_pb_*",
                                    "fusion_*",
                                    "av_*",
                                    "su_*",
                                    "tatsu_*",
                                    "cs_*",
                                    "mk_*",
                                    "contact-form-7",
                                    "contact-form",
                                    "contact-field",
                                    "mc4wp_form",
                                    "jetpack_subscription_form",
                                    "wpforms",
                                    "gravityform",
                                    "elementor-template",
                                    "wp_caption",
                                    "embedyt"};
static const char *const words[] = {"caption",  "gallery", "embed",      "audio",  "video",
                                    "playlist", "youtube", "sourcecode", "dropcap"};

#define COUNT(list) (sizeof(list) / sizeof *(list))

static bool named(const char *s, size_t len, const char *const *list, size_t n, bool whole)
{
    for (size_t i = 0; i < n; i++) {
        size_t k = strlen(list[i]);
        bool open = !whole || list[i][k - 1] == '*';
        k -= list[i][k - 1] == '*';
        if (len >= k && strncasecmp(s, list[i], k) == 0 && (open || len == k))
            return true;
    }
    return false;
}

// default: "reader", default('reader'), | "reader" -> reader
static const char *default_of(const char *s, size_t len, size_t *n)
{
    const char *quote = NULL;
    for (size_t i = 0; i < len && !quote; i++)
        if (s[i] == '"' || s[i] == '\'')
            quote = s + i;
    const char *end = quote ? memchr(quote + 1, *quote, len - (size_t)(quote + 1 - s)) : NULL;
    *n = end ? (size_t)(end - quote - 1) : 0;
    return end ? quote + 1 : NULL;
}

// The field at s: how long it is, 0 if it is none, and what to say instead.
static size_t field_at(const char *s, size_t len, const char **instead, size_t *n)
{
    for (size_t i = 0; i < COUNT(marks); i++) {
        size_t open = strlen(marks[i].open);
        if (len < 2 * open || memcmp(s, marks[i].open, open) != 0)
            continue;
        size_t room = len < LONGEST ? len : LONGEST;
        const char *end = memmem(s + open, room - open, marks[i].close, open), *in = s + open;
        if (!end)
            return 0;
        while (in < end && *in == ' ')
            in++;
        if (!named(in, (size_t)(end - in), fields, COUNT(fields), false))
            return 0;
        *instead = default_of(in, (size_t)(end - in), n);
        return (size_t)(end - s) + open;
    }
    return 0;
}

static size_t code_at(const char *s, size_t len, const char **instead, size_t *n)
{
    if (*s != '[')
        return 0;
    size_t room = len < LONGEST ? len : LONGEST;
    const char *end = memchr(s, ']', room), *name = s + 1 + (len > 1 && s[1] == '/');
    size_t k = end ? (size_t)(end - name) : 0, word = 0;
    while (word < k && !strchr(" /=", name[word]))
        word++;
    bool more = s[1] == '/' || (word < k && memchr(name, '=', k)) ||
                (end && len - (size_t)(end - s) > 5 && memcmp(end + 1, "http", 4) == 0);
    if (!word || !(named(name, word, codes, COUNT(codes), true) ||
                   (more && named(name, word, words, COUNT(words), true))))
        return 0;
    if (word == 7 && s[1] != '/' && strncasecmp(name, "gallery", 7) == 0) {
        *instead = "(a gallery)"; // on the web page
        *n = strlen(*instead);
        return (size_t)(end - s) + 1;
    }
    static const char caption[] = " caption=\"";
    const char *said = memmem(s, (size_t)(end - s), caption, sizeof caption - 1);
    if (said) {
        said += sizeof caption - 1;
        *n = strcspn(said, "\"]");
        *instead = said;
    } else { // [audio https://...], [youtube=https://...], [audio mp3="https://..."]
        said = memmem(s, (size_t)(end - s), "http", 4);
        *n = said ? strcspn(said, "\" ]'") : 0;
        *instead = said;
    }
    return (size_t)(end - s) + 1;
}

// In place: what is said instead is never longer.
static void clean(char *s, uint32_t *len)
{
    size_t to = 0, size;
    for (size_t i = 0; i < *len; i += size) {
        const char *instead = NULL;
        size_t n = 0, left = *len - i;
        size = s[i] && strchr("{*<%", s[i]) ? field_at(s + i, left, &instead, &n) : 0;
        if (!size)
            size = code_at(s + i, left, &instead, &n);
        if (!size) {
            s[to++] = s[i];
            size = 1;
        } else if (n) {
            memmove(s + to, instead, n);
            to += n;
        } else if (to && s[to - 1] == ' ' && (size == left || strchr(" ,.;:!?)", s[i + size]))) {
            to--; // "Dear *|FNAME|*," is "Dear,"
        }
    }
    *len = (uint32_t)to;
}

// One or two signs, somewhere in all the text there is.
static bool holds(const struct buf *text, const char *signs)
{
    const char *end = text->data + text->len, *s = text->data;
    for (; (s = memchr(s, signs[0], (size_t)(end - s))); s++)
        if (!signs[1] || (s + 1 < end && s[1] == signs[1]))
            return true;
    return false;
}

void html_leftovers(struct html_tree *t)
{
    static const char *const starts[] = {"{{", "*|", "<<", "%%", "["};
    bool any = false;
    if (t->markdown)
        return; // typed by hand
    for (size_t i = 0; i < COUNT(starts) && t->text.len; i++)
        any = any || holds(&t->text, starts[i]);
    if (!any)
        return;
    uint32_t code_end = 0; // the nodes before it are in code
    for (uint32_t i = 1; i < t->nnodes; i++) {
        struct hnode *n = &t->nodes[i];
        if (n->tag == TAG_PRE || n->tag == TAG_CODE || n->tag == TAG_XMP || n->tag == TAG_KBD ||
            n->tag == TAG_SAMP || n->tag == TAG_TT || n->tag == TAG_SCRIPT || n->tag == TAG_MATH) {
            uint32_t end = html_next(t, i, 0, false);
            end = end == NO_NODE || end == 0 ? (uint32_t)t->nnodes : end;
            code_end = end > code_end ? end : code_end;
        }
        if (n->tag == TAG_TEXT && n->n && i >= code_end)
            clean(t->text.data + n->at, &n->n);
    }
}

// What platforms put around an essay in words: lines under it, links to its rest, their buttons,
// the wall in front of it. One list a kind, grouped by house, to be read and extended by hand; "*"
// stands for anything.
#include "html.h"

#include <string.h>

// Paragraphs that are put under every essay.
static const char *const tails[] = {
    "The post * appeared first on *",
    "The post * first appeared on *",
    "This post * appeared first on *",
    "Thanks for reading * Subscribe for free to receive new posts and support my work.",
    "Thanks for reading! Subscribe for free to receive new posts and support my work.",
    "Thank you for reading * This post is public so feel free to share it.",
    "Thank you for reading. This post is public so feel free to share it.",
    "Thanks for reading* This post is public so feel free to share it.",
    "Danke fürs Lesen*Abonnier* kostenlos, um neue *",
    "Merci *Abonnez-vous gratuitement pour recevoir *",
    "¡Gracias por leer*Suscr* gratis para recibir *",
    "Obrigad* por ler*gratuitamente para receber *",
    "Grazie per aver letto*Iscriviti gratuitamente per ricevere *",
    "Bedankt voor het lezen*Abonneer je gratis om nieuwe *",
    "* is a reader-supported publication. To receive new posts and support my work, consider "
    "becoming a free or paid subscriber.",
    "* was originally published in * on Medium, where people are continuing the conversation by "
    "highlighting and responding to this story.",
    "Share this:*",
    "Like this:",
    "Like this:Like Loading...",
    "Filed under:*",
};
// Lines that mail programs put above and under a letter, in any case; several may share a
// paragraph, parted by "|" or a dot.
static const char *const footers[] = {
    "view this email in your browser",
    "view this email in your web browser",
    "view in browser",
    "view in your browser",
    "view online",
    "read online",
    "read in browser",
    "read in your browser",
    "forwarded this? subscribe here",
    "forwarded this email? subscribe here",
    "forwarded this email? subscribe here for more",
    "was this email forwarded to you? sign up here*",
    "was this email forwarded to you? subscribe here*",
    "unsubscribe",
    "unsubscribe here",
    "unsubscribe from this list",
    "manage preferences",
    "manage your preferences",
    "manage subscription",
    "manage your subscription",
    "email preferences",
    "update your preferences",
    "update your profile",
    "update subscription preferences",
    "update your email preferences or unsubscribe here",
    "you can update your preferences or unsubscribe from this list*",
    "you can update your preferences or unsubscribe*",
    "want to change how you receive these emails?*unsubscribe*",
    "you are receiving this email because you *",
    "you're receiving this email because you *",
    "you’re receiving this email because you *",
    "you received this email because you *",
    "you are receiving this because you subscribed *",
    "you received this email because you are subscribed *",
    "this email was sent to *",
    "why did i get this?",
    "no longer want to receive these emails? unsubscribe*",
    "login or subscribe to participate in polls.",
    "login or subscribe to participate",
    "powered by beehiiv",
    "powered by buttondown.",
    "powered by buttondown",
    "powered by ghost",
    "sent with mailchimp",
    "already have an account? sign in",
    "already a paying subscriber? sign in.",
    "already a paying subscriber? sign in",
    "already a member? sign in",
    "already a member? log in",
    "a subscription gets you:",
    // beehiiv's, in the line of the date
    "* | read online",
    "* • read online",
};
// What stands where the free part ends, in any case.
static const char *const walls[] = {
    "this post is for subscribers only",
    "this post is for paying subscribers only",
    "this post is for paid subscribers",
    "this post is for paid subscribers only",
    "this post is for paying subscribers",
    "this post is for members only",
    "this post is for subscribers on the * tier only",
    "this post is for subscribers of the * tier only",
    "this post is for subscribers on the * tiers only",
    "this page is for subscribers only",
    "this page is for paying subscribers only",
    "this page is for members only",
    "this content is for members only",
    "this content is for subscribers only",
    "subscribe to continue reading",
    "subscribe to keep reading",
    "subscribe to read the rest",
    "subscribe to * to read the rest.",
    "become a paying subscriber of * to get access to this post and other subscriber-only content.",
    "become a paying subscriber to get access to this post and other subscriber-only content.",
    "keep reading with a 7-day free trial",
};
static const char *const more[] = {
    "read more",
    "read more »",
    "read more →",
    "read more...",
    "read more…",
    "continue reading",
    "continue reading →",
    "continue reading »",
    "read the full story",
    "read full story",
    "read the full post",
    "read full article",
    "read the rest",
    "read on",
    "keep reading",
    "continue reading *",
    "(more…)",
    "(more...)",
    "[…]",
    "read more on *",
    "read the rest on *",
    "read the rest of this post",
    "read the rest of this entry",
    "view the full post",
    "keep reading →",
    "read the full article",
    "read the rest of this entry »",
    "weiterlesen",
    "weiterlesen →",
    "mehr lesen",
    "lire la suite",
    "lire la suite →",
    "leer más",
    "seguir leyendo",
    "leggi tutto",
    "continua a leggere",
    "lees verder",
    "läs mer",
    "читать далее",
};
static const char *const buttons[] = {
    "subscribe",
    "subscribe now",
    "subscribe for free",
    "share",
    "share this post",
    "leave a comment",
    "get the app",
    "listen",
    "upgrade to paid",
    "upgrade",
    "give a gift subscription",
    "refer a friend",
    "join the chat",
    "start writing",
    "pledge your support",
    "sign up",
    "sign up now",
    "donate subscriptions",
    "get * off",
    "share *",
    "subscribe to *",
    "message *",
    "read in app",
    "comment",
    "like",
    "restack",
    "become a member",
    "join now",
    "get a group subscription",
};
static const char *const button_addresses[] = {
    "*/subscribe",
    "*/subscribe?*",
    "*/subscribe/*",
    "*&action=share*",
    "*?action=share*",
    "*utm_content=share*",
    "*/comments",
    "*/comments?*",
    "*/leaderboard?*",
    "*substack.com/*/chat",
    "*substack.com/*/chat?*",
    "*#/portal*",
    "*//twitter.com/intent/*",
    "*//x.com/intent/*",
    "*facebook.com/sharer*",
    "*linkedin.com/share*",
    "*list-manage.com/subscribe*",
};
static const char *const note_heads[] = {
    "notes",
    "footnotes",
    "footnote",
    "endnotes",
    "end notes",
    "references",
    "notes and references",
    "fußnoten",
    "fussnoten",
    "anmerkungen",
    "notes de bas de page",
    "notas",
    "note",
    "voetnoten",
    "примечания",
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

static bool same(const char *a, const char *b, size_t n, bool fold)
{
    for (size_t i = 0; i < n; i++)
        if (a[i] != (fold ? lower(b[i]) : b[i]))
            return false;
    return true;
}

// "*" stands for anything; what is between two of them is taken where it comes first.
static bool like(const char *pattern, const char *s, size_t len, bool fold)
{
    size_t n = strcspn(pattern, "*");
    if (n > len || !same(pattern, s, n, fold))
        return false;
    for (pattern += n, s += n, len -= n; *pattern; pattern += n) {
        n = strcspn(++pattern, "*");
        if (!pattern[n]) // the end
            return n <= len && same(pattern, s + len - n, n, fold);
        const char *at = s;
        if (!fold)
            at = memmem(s, len, pattern, n);
        else
            while (at && !same(pattern, at, n, true))
                at = (size_t)(++at - s) + n > len ? NULL : at;
        if (!at || n > len)
            return false;
        len -= (size_t)(at - s) + n;
        s = at + n;
    }
    return !len;
}

static bool any_like(const char *const *list, size_t n, const char *s, size_t len, bool fold)
{
    while (len && (s[len - 1] == ' ' || s[len - 1] == '\n'))
        len--;
    while (len && (*s == ' ' || *s == '\n')) {
        s++;
        len--;
    }
    for (size_t i = 0; i < n && len; i++)
        if (like(list[i], s, len, fold))
            return true;
    return false;
}

#define COUNT(list) (sizeof(list) / sizeof *(list))

bool rules_any_like(const char *const *list, size_t n, const char *s, size_t len)
{
    return any_like(list, n, s, len, true);
}

// The end of the first of several lines that share a paragraph.
static size_t line_part(const char *s, size_t len)
{
    static const char *const signs[] = {" | ", " · ", " • ", "\n"};
    size_t end = len;
    for (size_t i = 0; i < COUNT(signs); i++) {
        const char *at = memmem(s, len, signs[i], strlen(signs[i]));
        if (at && (size_t)(at - s) < end)
            end = (size_t)(at - s);
    }
    return end;
}

static bool is_footer(const char *s, size_t len)
{
    if (any_like(footers, COUNT(footers), s, len, true))
        return true;
    for (size_t n; len; s += n, len -= n) {
        n = line_part(s, len);
        if (!any_like(footers, COUNT(footers), s, n, true))
            return false;
        n += n < len ? (s[n] == '\n' ? 1 : s[n + 1] == '|' ? 3 : strcspn(s + n + 1, " ") + 2) : 0;
    }
    return true;
}

bool rules_tail_text(const char *text, size_t len)
{
    return len && len < 600 &&
           (any_like(tails, COUNT(tails), text, len, false) || (len < 300 && is_footer(text, len)));
}
bool rules_wall_text(const char *text, size_t len)
{
    return len < 150 && any_like(walls, COUNT(walls), text, len, true);
}
bool rules_more_text(const char *text, size_t len)
{
    return len < 80 && any_like(more, COUNT(more), text, len, true);
}
bool rules_button_text(const char *text, size_t len)
{
    return len < 60 && any_like(buttons, COUNT(buttons), text, len, true);
}
bool rules_button_address(const char *href, size_t len)
{
    return len < 2000 && any_like(button_addresses, COUNT(button_addresses), href, len, false);
}
bool rules_notes_heading(const char *text, size_t len)
{
    while (len && text[len - 1] == ':')
        len--;
    return len < 40 && any_like(note_heads, COUNT(note_heads), text, len, true);
}

// What the words of pages say about what is the article and what stands around it: lists to be read
// and extended by hand. Classes and ids are parted into words at every sign that is no letter and
// at capitals ("relatedPosts" is "related", "posts"); each word is looked up. Headings, lines and
// walls are compared whole, in any case; "*" stands for anything. The list of words is in
// alphabetical order.
#include "html_extract.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *word;
    uint8_t signs;
} words[] = {
    {"ad", SIGN_AROUND},
    {"adbox", SIGN_AROUND},
    {"ads", SIGN_AROUND},
    {"adsense", SIGN_AROUND},
    {"adslot", SIGN_AROUND},
    {"advert", SIGN_AROUND},
    {"advertisement", SIGN_AROUND},
    {"advertising", SIGN_AROUND},
    {"adwrap", SIGN_AROUND},
    {"alert", SIGN_EDGE},
    {"also", SIGN_EDGE},
    {"article", SIGN_BODY},
    {"articlebody", SIGN_BODY},
    {"author", SIGN_EDGE},
    {"authorbox", SIGN_AROUND},
    {"avatar", SIGN_AROUND},
    {"banner", SIGN_EDGE},
    {"bio", SIGN_AROUND},
    {"blog", SIGN_BODY},
    {"blogroll", SIGN_AROUND},
    {"bottom", SIGN_EDGE},
    {"breadcrumb", SIGN_AROUND},
    {"breadcrumbs", SIGN_AROUND},
    {"byline", SIGN_EDGE},
    {"caption", SIGN_KEEP},
    {"carousel", SIGN_EDGE},
    {"cat", SIGN_EDGE},
    {"categories", SIGN_AROUND},
    {"combx", SIGN_TALK},
    {"comment", SIGN_TALK},
    {"commentlist", SIGN_TALK},
    {"comments", SIGN_TALK},
    {"community", SIGN_EDGE},
    {"consent", SIGN_AROUND},
    {"content", SIGN_BODY},
    {"cookie", SIGN_AROUND},
    {"cookies", SIGN_AROUND},
    {"copyright", SIGN_AROUND},
    {"cta", SIGN_AROUND},
    {"dateline", SIGN_EDGE},
    {"discussion", SIGN_TALK | SIGN_THREAD},
    {"disqus", SIGN_TALK},
    {"donate", SIGN_AROUND},
    {"donation", SIGN_AROUND},
    {"entry", SIGN_BODY},
    {"extra", SIGN_EDGE},
    {"feedback", SIGN_AROUND},
    {"flyout", SIGN_AROUND},
    {"follow", SIGN_AROUND},
    {"foot", SIGN_EDGE},
    {"footer", SIGN_EDGE},
    {"footnote", SIGN_KEEP},
    {"footnotes", SIGN_KEEP},
    {"gdpr", SIGN_AROUND},
    {"head", SIGN_EDGE},
    {"header", SIGN_EDGE},
    {"headerlink", SIGN_AROUND},
    {"hentry", SIGN_BODY},
    {"hidden", SIGN_EDGE},
    {"infobox", SIGN_EDGE},
    {"keywords", SIGN_AROUND},
    {"kicker", SIGN_EDGE},
    {"latest", SIGN_AROUND},
    {"legal", SIGN_EDGE},
    {"like", SIGN_EDGE},
    {"linkbox", SIGN_AROUND},
    {"login", SIGN_AROUND},
    {"main", SIGN_BODY},
    {"markdown", SIGN_BODY},
    {"masthead", SIGN_AROUND},
    {"media", SIGN_EDGE},
    {"megamenu", SIGN_AROUND},
    {"membership", SIGN_AROUND},
    {"menu", SIGN_AROUND},
    {"message", SIGN_THREAD},
    {"meta", SIGN_EDGE},
    {"metadata", SIGN_EDGE},
    {"metered", SIGN_WALL},
    {"modal", SIGN_AROUND},
    {"more", SIGN_EDGE},
    {"most", SIGN_EDGE},
    {"nav", SIGN_AROUND},
    {"navbar", SIGN_AROUND},
    {"navbox", SIGN_AROUND},
    {"navigation", SIGN_AROUND},
    {"newsletter", SIGN_AROUND},
    {"next", SIGN_EDGE},
    {"noprint", SIGN_AROUND},
    {"note", SIGN_KEEP},
    {"notes", SIGN_KEEP},
    {"outbrain", SIGN_AROUND},
    {"overlay", SIGN_EDGE},
    {"page", SIGN_BODY},
    {"pager", SIGN_AROUND},
    {"pagination", SIGN_AROUND},
    {"partner", SIGN_AROUND},
    {"paywall", SIGN_WALL},
    {"piano", SIGN_WALL},
    {"pledge", SIGN_AROUND},
    {"popular", SIGN_AROUND},
    {"popup", SIGN_AROUND},
    {"post", SIGN_BODY},
    {"postprofile", SIGN_AROUND},
    {"prev", SIGN_EDGE},
    {"print", SIGN_EDGE},
    {"promo", SIGN_AROUND},
    {"promoted", SIGN_AROUND},
    {"promotion", SIGN_AROUND},
    {"prose", SIGN_BODY},
    {"pull", SIGN_KEEP},
    {"pullquote", SIGN_KEEP},
    {"quote", SIGN_KEEP},
    {"rail", SIGN_AROUND},
    {"rating", SIGN_EDGE},
    {"reactions", SIGN_AROUND},
    {"recirc", SIGN_AROUND},
    {"recirculation", SIGN_AROUND},
    {"recommend", SIGN_AROUND},
    {"recommendation", SIGN_AROUND},
    {"recommendations", SIGN_AROUND},
    {"recommended", SIGN_AROUND},
    {"references", SIGN_KEEP},
    {"register", SIGN_AROUND},
    {"regwall", SIGN_WALL},
    {"relate", SIGN_AROUND},
    {"related", SIGN_AROUND},
    {"remark", SIGN_TALK},
    {"replies", SIGN_TALK | SIGN_THREAD},
    {"reply", SIGN_TALK | SIGN_THREAD},
    {"respond", SIGN_TALK},
    {"responses", SIGN_TALK | SIGN_THREAD},
    {"ribbon", SIGN_AROUND},
    {"rss", SIGN_EDGE},
    {"scroll", SIGN_EDGE},
    {"search", SIGN_AROUND},
    {"share", SIGN_AROUND},
    {"sharebar", SIGN_AROUND},
    {"sharedaddy", SIGN_AROUND},
    {"sharing", SIGN_AROUND},
    {"shop", SIGN_EDGE},
    {"shoutbox", SIGN_TALK},
    {"sidebar", SIGN_AROUND},
    {"signature", SIGN_AROUND},
    {"signin", SIGN_AROUND},
    {"signup", SIGN_AROUND},
    {"sitemap", SIGN_AROUND},
    {"skip", SIGN_AROUND},
    {"skyscraper", SIGN_AROUND},
    {"sns", SIGN_AROUND},
    {"social", SIGN_AROUND},
    {"sponsor", SIGN_AROUND},
    {"sponsored", SIGN_AROUND},
    {"story", SIGN_BODY},
    {"storybody", SIGN_BODY},
    {"subnav", SIGN_AROUND},
    {"subscribe", SIGN_AROUND},
    {"subscription", SIGN_AROUND},
    {"support", SIGN_EDGE},
    {"syndication", SIGN_AROUND},
    {"tab", SIGN_EDGE},
    {"taboola", SIGN_AROUND},
    {"tabs", SIGN_EDGE},
    {"taglist", SIGN_AROUND},
    {"tags", SIGN_AROUND},
    {"teaser", SIGN_AROUND},
    {"teasers", SIGN_AROUND},
    {"text", SIGN_BODY},
    {"toc", SIGN_AROUND},
    {"toolbar", SIGN_AROUND},
    {"tools", SIGN_AROUND},
    {"topbar", SIGN_AROUND},
    {"trackback", SIGN_TALK},
    {"trending", SIGN_AROUND},
    {"upsell", SIGN_AROUND},
    {"userinfo", SIGN_AROUND},
    {"wall", SIGN_WALL},
    {"whatsapp", SIGN_AROUND},
    {"widget", SIGN_EDGE},
    {"widgets", SIGN_AROUND},
};

// Headings of boxes.
static const char *const boxes[] = {
    "related",
    "related articles",
    "related article",
    "related stories",
    "related posts",
    "related content",
    "related topics",
    "related coverage",
    "related reading",
    "related links",
    "related:*",
    "read more",
    "read next",
    "read this next",
    "read also",
    "see also:*",
    "more on this story",
    "more on this topic",
    "more on this",
    "more stories",
    "more news",
    "more like this",
    "more to read",
    "more from *",
    "more by *",
    "more in *",
    "more about *",
    "most read",
    "most popular",
    "most viewed",
    "most shared",
    "most commented",
    "popular posts",
    "popular now",
    "popular stories",
    "trending",
    "trending now",
    "top stories",
    "latest",
    "latest news",
    "latest posts",
    "latest stories",
    "recent posts",
    "recent articles",
    "recent comments",
    "recommended",
    "recommended for you",
    "recommended stories",
    "recommended reading",
    "you may also like*",
    "you might also like*",
    "you might also be interested in*",
    "you may be interested in*",
    "what to read next",
    "what others are reading",
    "editor's picks",
    "editors’ picks",
    "editors' picks",
    "editor’s picks",
    "in this section",
    "from our partners",
    "from the archive",
    "from the web",
    "around the web",
    "sponsored",
    "sponsored content",
    "promoted stories",
    "advertisement",
    "share",
    "share this",
    "share this:*",
    "share this article",
    "share this story",
    "share this post",
    "share on *",
    "like this:*",
    "follow us*",
    "tags",
    "tags:*",
    "topics",
    "categories",
    "filed under*",
    "about the author",
    "about the authors",
    "about author",
    "about the writer",
    "author",
    "newsletter",
    "newsletters",
    "our newsletter",
    "sign up*",
    "subscribe",
    "subscribe to *",
    "subscribe now",
    "get the newsletter*",
    "get our *",
    "join our *",
    "join us*",
    "stay informed*",
    "stay up to date*",
    "support us*",
    "support our *",
    "donate*",
    "current issue",
    "table of contents",
    "contents",
    "on this page",
    "post navigation",
    "navigation",
    "leave a comment*",
    "leave a reply*",
    "who is online*",
    "print this *",
    "keep reading",
    "up next",
    "next article",
    "previous article",
    "mehr zum thema",
    "lesen sie auch*",
    "das könnte sie auch interessieren*",
    "ähnliche artikel",
    "meistgelesen",
    "à lire aussi*",
    "lire aussi*",
    "sur le même sujet",
    "les plus lus",
    "te puede interesar*",
    "lea también*",
    "lo más leído",
    "leggi anche*",
    "i più letti",
    "leia também*",
    "lees ook*",
    "läs också*",
    "läs mer*",
    "les også*",
    "читайте также*",
};

static const char *const talks[] = {
    "comments",
    "comment",
    "* comments",
    "* comment",
    "comments (*)",
    "comments on *",
    "* comments on *",
    "comments (*",
    "responses",
    "* responses",
    "* response",
    "* responses to *",
    "* thoughts on *",
    "one thought on *",
    "discussion",
    "join the discussion*",
    "join the conversation*",
    "leave a reply*",
    "leave a comment*",
    "post a comment*",
    "reader comments*",
    "what do you think?",
    "kommentare*",
    "* kommentare*",
    "commentaires*",
    "comentarios*",
    "commenti*",
    "comentários*",
    "reacties*",
    "комментарии*",
};

// Lines.
static const char *const lines[] = {
    "advertisement",
    "advertisements",
    "already a subscriber?*",
    "already subscribed?*",
    "article continues below*",
    "article continues after*",
    "story continues below*",
    "continue reading below*",
    "continue reading the main story",
    "continue reading below advertisement",
    "scroll to continue*",
    "skip advertisement",
    "skip to *",
    "share",
    "share this*",
    "share on *",
    "share",
    "tweet",
    "email",
    "print",
    "print this *",
    "save",
    "save article",
    "listen to this article*",
    "listen to article*",
    "click here to *",
    "click to share*",
    "click to enlarge",
    "enlarge image",
    "view image in fullscreen",
    "image credit:",
    "back to top*",
    "jump to recipe*",
    "print recipe",
    "pin it*",
    "reply",
    "report",
    "quote",
    "like",
    "edit",
    "permalink",
    "follow * on *",
    "follow us on *",
    "sign up for *newsletter*",
    "sign up to *newsletter*",
    "subscribe to *newsletter*",
    "get * in your inbox*",
    "delivered to your inbox*",
    "tags:*",
    "tagged:*",
    "tagged with*",
    "filed under*",
    "posted in *",
    "categories:*",
    "topics:*",
    "copyright *",
    "© *",
    "all rights reserved*",
    "this story has been shared *",
    "terms of use*",
    "privacy policy*",
    "accept cookies*",
    "we use cookies*",
    "this site uses cookies*",
    "* min read",
    "* minute read",
    "reading time:*",
    "estimated reading time*",
    "read in app*",
    "anzeige",
    "werbung",
    "publicité",
    "publicidad",
    "pubblicità",
    "реклама",
};
// The same, where all the line is a link, or all behind its first words.
static const char *const linked_lines[] = {
    "read more*",
    "read also*",
    "read:*",
    "read next*",
    "read the full *",
    "also read*",
    "related:*",
    "related article*",
    "related story*",
    "see also:*",
    "see also*",
    "more:*",
    "more on *",
    "more from *",
    "don't miss*",
    "don’t miss*",
    "watch:*",
    "listen:*",
    "explore:*",
    "opinion:*",
    "recommended:*",
    "click here*",
    "previous*",
    "next*",
    "← *",
    "« *",
    "back to *",
    "view all*",
    "see all*",
    "all comments*",
    "* comments",
    "comments",
    "edit this page*",
    "top",
    "post reply*",
    "new topic*",
    "return to *",
    "edit on *",
    "lesen sie auch*",
    "mehr:*",
    "à lire aussi*",
    "lire aussi*",
    "lea también*",
    "leggi anche*",
    "leia também*",
    "lees ook*",
    "читайте также*",
};

// What asks for money before it goes on, alone on its line or with little beside it.
static const char *const walls[] = {
    "subscribe to continue*",
    "subscribe to keep reading*",
    "subscribe to read *",
    "subscribe now to *read*",
    "subscribe for full access*",
    "subscribe to unlock *",
    "*subscribe to continue reading*",
    "to continue reading*subscribe*",
    "to continue reading*sign in*",
    "to continue reading*log in*",
    "to keep reading*subscribe*",
    "to read the rest *",
    "to read the full *subscri*",
    "to read this article in full*",
    "to read more*subscribe*",
    "continue reading with a *",
    "continue reading this article*",
    "continue your reading with a *",
    "read the full story with a *",
    "this article is for subscribers*",
    "this article is exclusively for *",
    "this article is for paying *",
    "this article is for members*",
    "this article is available *subscribers*",
    "this article is only available to *",
    "this article is reserved for *",
    "this content is for *subscribers*",
    "this content is for *members*",
    "this content is reserved for *",
    "this post is for pa*",
    "this post is for subscribers*",
    "this post is for members*",
    "this story is for *subscribers*",
    "this story is for *members*",
    "this story is available exclusively *",
    "you have reached your * limit*",
    "you have reached your limit of *",
    "you've reached your * limit*",
    "you’ve reached your * limit*",
    "you have read your * free *",
    "you've read your * free *",
    "you’ve read your * free *",
    "you have * free articles *",
    "you have no free articles *",
    "create a free account to *read*",
    "create an account to *read*",
    "register to continue*",
    "register to read*",
    "sign in to continue reading*",
    "sign in to read *",
    "log in to continue*",
    "log in to read *",
    "unlock this article*",
    "unlock the full *",
    "want to read more?*",
    "want the full story?*",
    "keep reading with a *",
    "become a member to *read*",
    "become a member to continue*",
    "become a subscriber to *",
    "weiterlesen mit *",
    "dieser artikel ist für abonnenten*",
    "jetzt weiterlesen*",
    "cet article est réservé aux abonnés*",
    "il vous reste * de cet article à lire*",
    "la suite est réservée aux abonnés*",
    "contenido exclusivo para suscriptores*",
    "para seguir leyendo*",
    "contenuto riservato agli abbonati*",
    "dit artikel is exclusief voor *",
};

#define COUNT(list) (sizeof(list) / sizeof *(list))

static int by_word(const void *key, const void *row)
{
    return strcmp(key, *(const char *const *)row);
}

static unsigned look_up(const char *word)
{
    const void *found = bsearch(word, words, COUNT(words), sizeof *words, by_word);
    return found ? ((const uint8_t *)found)[sizeof(char *)] : 0;
}

// What themes write of a whole page ("has-sidebar") or of what an essay is filed under
// ("tag-comments") says nothing about the element.
static bool says_nothing(const char *s, size_t len)
{
    static const char *const starts[] = {"has-",  "with-",     "no-",      "tag-",    "category-",
                                         "cat-",  "category_", "format-",  "status-", "type-",
                                         "hide-", "show-",     "post_tag-"};
    for (size_t i = 0; i < COUNT(starts); i++)
        if (len > strlen(starts[i]) && strncmp(s, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

static unsigned signs_in(const char *s, unsigned so_far)
{
    char word[20];
    for (int n = 0; *s && n < 40; n++) {
        s += strspn(s, " \t\r\n");
        size_t len = strcspn(s, " \t\r\n");
        if (says_nothing(s, len)) {
            s += len;
            continue;
        }
        size_t k = 0;
        for (size_t i = 0; i <= len && i < 200; i++) {
            char c = i < len ? s[i] : '-';
            bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z';
            bool hump = upper && i && s[i - 1] >= 'a' && s[i - 1] <= 'z';
            if ((hump || !(upper || lower)) && k) {
                if (k < sizeof word) {
                    word[k] = '\0';
                    so_far |= look_up(word);
                }
                k = 0;
            }
            if (upper || lower) {
                if (k < sizeof word)
                    word[k] = (char)(c | 32);
                k++;
            }
        }
        s += len;
    }
    return so_far;
}

unsigned signs_of(const struct html_tree *t, uint32_t node)
{
    const char *c = html_attr(t, node, ATTR_CLASS), *id = html_attr(t, node, ATTR_ID);
    const char *role = html_attr(t, node, ATTR_ROLE), *test = html_attr(t, node, ATTR_DATA_TESTID);
    const char *label = html_attr(t, node, ATTR_DATA_COMPONENT);
    unsigned s = 0;
    if (c)
        s = signs_in(c, s);
    if (id)
        s = signs_in(id, s);
    if (test)
        s = signs_in(test, s);
    if (label)
        s = signs_in(label, s);
    if (role &&
        (strcmp(role, "doc-toc") == 0 || strcmp(role, "alert") == 0 ||
         strcmp(role, "dialog") == 0 || strcmp(role, "menu") == 0 || strcmp(role, "toolbar") == 0))
        s |= SIGN_AROUND;
    return s;
}

static bool any(const char *const *list, size_t n, const char *s, size_t len)
{
    return rules_any_like(list, n, s, len);
}

bool signs_box_heading(const char *text, size_t len)
{
    while (len && strchr(":>»→ ", text[len - 1]))
        len--;
    return len && len < 60 && any(boxes, COUNT(boxes), text, len);
}

bool signs_talk_heading(const char *text, size_t len)
{
    return len && len < 60 && any(talks, COUNT(talks), text, len);
}

bool signs_line(const char *text, size_t len, bool linked)
{
    return len && ((len < 120 && any(lines, COUNT(lines), text, len)) ||
                   (linked && len < 240 && any(linked_lines, COUNT(linked_lines), text, len)));
}

bool signs_wall(const char *text, size_t len)
{
    return len && len < 240 && any(walls, COUNT(walls), text, len);
}

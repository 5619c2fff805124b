// What platforms put around and into an essay, as tables: one row a rule, grouped by house, to be
// read and extended by hand. A selector is one step of html_select.c. The first row that holds
// decides. Rows of "page" count only where a whole page is read, not a feed's fragment.
#include "html.h"

#include <stdlib.h>
#include <string.h>

static const struct rule {
    const char *house, *selector;
    enum rule_do what;
} table[] = {
    // ---- Substack ----
    {"substack", ".subscription-widget-wrap-editor", DO_DROP},
    {"substack", ".subscription-widget-wrap", DO_DROP},
    {"substack", ".subscription-widget", DO_DROP},
    {"substack", ".subscribe-widget", DO_DROP},
    {"substack", ".sponsorship-campaign-embed", DO_DROP},
    {"substack", ".captioned-button-wrap", DO_DROP},
    {"substack", ".image-link-expand", DO_DROP},
    {"substack", ".header-anchor-widget", DO_DROP},
    {"substack", ".header-anchor-parent", DO_DROP},
    {"substack", ".hide-text", DO_DROP},
    {"substack", ".install-substack-app-embed", DO_DROP},
    {"substack", ".community-chat", DO_DROP},
    {"substack", ".directMessage", DO_DROP},
    {"substack", ".share-dialog", DO_DROP},
    {"substack", ".post-ufi", DO_DROP},
    {"substack", ".email-ufi-2-top", DO_DROP},
    {"substack", ".email-ufi-2-bottom", DO_DROP},
    {"substack", ".email-button-outline", DO_DROP},
    {"substack", ".cta-caption", DO_DROP},
    {"substack", ".paywall-jump", DO_DROP},
    {"substack", ".paywall", DO_PREVIEW},
    {"substack", ".subscription-benefits", DO_DROP},
    {"substack", "[data-testid=paywall]", DO_PREVIEW},
    {"substack", ".button-wrapper", DO_BUTTON},
    {"substack", ".pullquote", DO_PULLQUOTE},
    {"substack", ".preformatted-block", DO_VERSE},
    {"substack", ".captioned-image-container-static", DO_FIGURE},
    {"substack", ".image-caption", DO_CAPTION},
    {"substack", ".digest-post-embed", DO_POST},
    {"substack", ".embedded-post-wrap", DO_POST},
    {"substack", ".embedded-publication-wrap", DO_PUBLICATION},
    {"substack", ".tweet[data-attrs]", DO_TWEET},
    {"substack", ".tweet-ufi", DO_DROP},
    {"substack", ".tweet.static", DO_TWEET},
    {"substack", "[data-component-name=Twitter2ToDOM]", DO_TWEET},
    {"substack", ".bluesky-wrap", DO_COMMENT},
    {"substack", ".comment[data-attrs]", DO_COMMENT},
    {"substack", ".community-post[data-attrs]", DO_COMMENT},
    {"substack", ".youtube-wrap", DO_YOUTUBE},
    {"substack", ".vimeo-wrap", DO_VIMEO},
    {"substack", ".spotify-wrap", DO_PLAYER},
    {"substack", ".apple-podcast-container", DO_PLAYER},
    {"substack", ".soundcloud-wrap", DO_PLAYER},
    {"substack", ".bandcamp-wrap", DO_PLAYER},
    {"substack", ".polymarket-embed", DO_PLAYER},
    {"substack", ".instagram-embed-wrap", DO_INSTAGRAM},
    {"substack", ".instagram[data-attrs]", DO_INSTAGRAM},
    {"substack", ".tiktok-wrap", DO_PLAYER},
    {"substack", ".datawrapper-wrap", DO_EMBED},
    {"substack", ".prediction-market-wrap", DO_EMBED},
    {"substack", ".meeting-embed", DO_ELSEWHERE},
    {"substack", ".poll-embed", DO_ELSEWHERE},
    {"substack", ".recipe-embed", DO_ELSEWHERE},
    {"substack", ".latex-rendered", DO_LATEX},
    {"substack", ".mention-wrap", DO_MENTION},
    {"substack", ".cashtag-wrap", DO_MENTION},
    {"substack", ".image-gallery-embed", DO_GALLERY},
    {"substack", ".native-audio-embed", DO_CLIP},
    {"substack", ".native-video-embed", DO_CLIP},
    {"substack", ".file-embed-wrapper", DO_FILE},
    // ---- Ghost ----
    {"ghost", ".kg-signup-card", DO_DROP},
    {"ghost", ".kg-cta-card", DO_ASIDE}, // a sponsor's, mostly: the author's words
    {"ghost", ".kg-cta-button", DO_BUTTON},
    {"ghost", ".kg-email-cta-card", DO_ASIDE},
    {"ghost", ".kg-header-card-button", DO_BUTTON},
    {"ghost", ".kg-product-card-button", DO_BUTTON},
    {"ghost", ".kg-product-card-rating", DO_DROP}, // stars that are drawn
    {"ghost", ".kg-audio-title", DO_DROP},         // said by the recording
    {"ghost", ".kg-audio-thumbnail", DO_DROP},
    {"ghost", ".kg-audio-player", DO_DROP},
    {"ghost", ".kg-video-overlay", DO_DROP},
    {"ghost", ".kg-video-player-container", DO_DROP},
    {"ghost", ".kg-toggle-card-icon", DO_DROP},
    {"ghost", ".kg-bookmark-card", DO_BOOKMARK},
    {"ghost", ".kg-file-card", DO_BOOKMARK},
    {"ghost", ".kg-product-card", DO_ASIDE},
    {"ghost", ".kg-callout-card", DO_ASIDE},
    {"ghost", ".kg-callout-emoji", DO_LEAD},
    {"ghost", ".kg-toggle-card", DO_ASIDE},
    {"ghost", ".kg-button-card", DO_BUTTON},
    {"ghost", ".kg-blockquote-alt", DO_PULLQUOTE},
    {"ghost", ".gh-subscribe-form", DO_DROP},
    {"ghost", ".gh-post-upgrade-cta", DO_PREVIEW},
    {"ghost", ".gh-portal-close", DO_DROP},
    {"ghost", ".feedback-buttons", DO_DROP},
    {"ghost", ".latest-posts", DO_DROP},
    {"ghost", ".subscription-details", DO_DROP},
    {"ghost", ".view-online-mobile", DO_DROP},
    {"ghost", ".view-online", DO_DROP},
    // ---- WordPress ----
    {"wordpress", ".sharedaddy", DO_DROP},
    {"wordpress", ".sd-sharing", DO_DROP},
    {"wordpress", ".jp-relatedposts", DO_DROP},
    {"wordpress", "#jp-post-flair", DO_DROP},
    {"wordpress", "#jp-relatedposts", DO_DROP},
    {"wordpress", ".wpcnt", DO_DROP},
    {"wordpress", ".wp-block-jetpack-subscriptions", DO_DROP},
    {"wordpress", ".wp-block-jetpack-subscriptions__container", DO_DROP},
    {"wordpress", ".wp-block-social-links", DO_DROP},
    {"wordpress", ".wp-block-post-comments", DO_DROP},
    {"wordpress", ".addtoany_share_save_container", DO_DROP},
    {"wordpress", ".yarpp-related", DO_DROP},
    {"wordpress", ".printfriendly", DO_DROP},
    {"wordpress", ".pf-button", DO_DROP},
    {"wordpress", ".feedflare", DO_DROP},
    {"wordpress", ".wp-block-buttons", DO_BUTTON},
    {"wordpress", ".wp-block-button", DO_BUTTON},
    {"wordpress", ".wp-block-file__button", DO_DROP},
    {"wordpress", ".wp-block-file", DO_FILE},
    {"wordpress", "blockquote.wp-embedded-content", DO_BOOKMARK},
    {"wordpress", "iframe.wp-embedded-content", DO_DROP}, // the same in a frame
    {"wordpress", ".wp-block-spacer", DO_DROP},
    {"wordpress", ".wp-block-post-navigation-link", DO_DROP},
    {"wordpress", ".wp-block-latest-posts", DO_DROP},
    {"wordpress", ".wp-block-tag-cloud", DO_DROP},
    {"wordpress", ".wp-block-search", DO_DROP},
    {"wordpress", ".wp-block-yoast-seo-table-of-contents", DO_DROP},
    {"wordpress", ".wp-block-rank-math-toc-block", DO_DROP},
    {"wordpress", "#ez-toc-container", DO_DROP},
    {"wordpress", "#toc_container", DO_DROP},
    {"wordpress", ".lwptoc", DO_DROP},
    {"wordpress", ".simple-social-icons", DO_DROP},
    {"wordpress", ".heateor_sss_sharing_container", DO_DROP},
    {"wordpress", ".crp_related", DO_DROP},
    {"wordpress", ".shariff", DO_DROP},
    {"wordpress", ".dkpdf-button-container", DO_DROP},
    {"wordpress", ".saboxplugin-wrap", DO_DROP},
    {"wordpress", "dl.gallery-item", DO_FIGURE},
    {"wordpress", "dt.gallery-icon", DO_BOX},
    {"wordpress", ".wp-caption", DO_FIGURE},
    {"wordpress", ".wp-caption-text", DO_CAPTION},
    {"wordpress", ".wp-element-caption", DO_CAPTION},
    {"wordpress", ".gallery-caption", DO_CAPTION},
    {"wordpress", ".wp-block-pullquote", DO_PULLQUOTE},
    {"wordpress", ".wp-block-verse", DO_VERSE},
    {"wordpress", ".modern-footnotes-footnote__note", DO_NOTE},
    {"wordpress", ".easy-footnote-margin-adjust", DO_DROP},
    {"wordpress", "img.wp-smiley", DO_TEXT_ALT},
    {"wordpress", "img.emoji", DO_TEXT_ALT},
    {"wordpress", "img.latex", DO_TEXT_ALT},
    // ---- Medium ----
    {"medium", ".pullquote-graf", DO_PULLQUOTE},
    {"medium", ".graf--pullquote", DO_PULLQUOTE},
    {"medium", ".imageCaption", DO_CAPTION},
    {"medium", ".graf--mixtapeEmbed", DO_BOOKMARK},
    {"medium", ".js-mixtapeImage", DO_DROP},
    {"medium", "a[href^=https://medium.com/media/]", DO_EMBED},
    // ---- Buttondown ----
    {"buttondown", ".embedded-subscribe-form", DO_DROP},
    {"buttondown", ".subscribe-form", DO_DROP},
    {"buttondown", ".buttondown-subscribe", DO_DROP},
    {"buttondown", ".embeddable-buttondown-form", DO_DROP},
    {"buttondown", ".bd-email-footer", DO_DROP},
    // ---- Beehiiv ----
    {"beehiiv", ".bh__signup", DO_DROP},
    {"beehiiv", "[data-testid=subscribe-form]", DO_DROP},
    {"beehiiv", ".beehiiv__footer", DO_DROP},
    {"beehiiv", "div.image", DO_FIGURE},
    {"beehiiv", ".image__source", DO_CAPTION},
    {"beehiiv", ".embed__link", DO_DROP}, // the address again
    {"beehiiv", ".blockquote__byline", DO_ATTRIBUTION},
    {"beehiiv", ".blockquote__source", DO_ATTRIBUTION},
    {"beehiiv", ".embed__url", DO_BOOKMARK},
    {"beehiiv", ".generic-embed--root", DO_BOOKMARK},
    // ---- Mailchimp ----
    {"mailchimp", ".mcnPreviewText", DO_DROP},
    {"mailchimp", ".mcnFollowBlock", DO_DROP},
    {"mailchimp", ".mcnShareBlock", DO_DROP},
    {"mailchimp", "#awesomewrap", DO_DROP},
    {"mailchimp", "#templateFooter", DO_DROP},
    {"mailchimp", "#canspamBarWrapper", DO_DROP},
    {"mailchimp", "#canspamBar", DO_DROP},
    {"mailchimp", ".mceFooterSection", DO_DROP},
    {"mailchimp", ".mceSocialFollowBlock", DO_DROP},
    {"mailchimp", ".mcePreviewText", DO_DROP},
    {"mailchimp", ".mceButtonLink", DO_BUTTON},
    {"mailchimp", "#templatePreheader", DO_DROP},
    {"mailchimp", ".mcnButton", DO_BUTTON},
    {"mailchimp", ".mcnImageCaption", DO_CAPTION},
    // ---- Blogger ----
    {"blogger", ".blogger-post-footer", DO_DROP},
    {"blogger", ".tr-caption-container", DO_FIGURE},
    {"blogger", ".tr-caption", DO_CAPTION},
    // ---- Tumblr ----
    {"tumblr", ".tmblr-attribution", DO_DROP},
    {"tumblr", ".npf_quote", DO_QUOTE},
    {"tumblr", ".npf_indented", DO_QUOTE},
    // ---- Lectern's own writers: what HTML has no element for ----
    {"lectern", "p[data-card]", DO_CARD},
    {"lectern", "p[data-notice]", DO_NOTICE},
    {"lectern", "pre[data-verse]", DO_VERSE},
    {"lectern", "blockquote[data-pullquote]", DO_PULLQUOTE},
    // ---- what several have ----
    {"any", ".sidenote", DO_NOTE},
    {"any", ".marginnote", DO_NOTE},
    {"any", ".margin-toggle", DO_DROP},
    {"any", ".verse", DO_VERSE},
    {"any", ".poem", DO_VERSE},
    {"any", ".poetry", DO_VERSE},
    {"any", "blockquote.pullquote", DO_PULLQUOTE},
    {"any", ".pull-quote", DO_PULLQUOTE},
    {"any", "aside[role=pullquote]", DO_PULLQUOTE},
    {"any", ".attribution", DO_ATTRIBUTION},
    {"any", ".quote-attribution", DO_ATTRIBUTION},
    {"any", ".twitter-tweet", DO_QUOTE},
    {"any", "table.js-file-line-container", DO_SNIPPET},
    {"any", ".screen-reader-text", DO_DROP},
    {"any", ".sr-only", DO_DROP},
    {"any", ".visually-hidden", DO_DROP},
    {"any", ".headerlink", DO_DROP},
    {"any", "a.anchor[aria-hidden=true]", DO_DROP},
    {"any", ".anchorjs-link", DO_DROP},
    {"any", "a[href^={{]", DO_BUTTON}, // where a mail program should have put an address
    {"any", "a[href^=*|]", DO_BUTTON},
    {"any", ".addthis_toolbox", DO_DROP},
    {"any", ".a2a_kit", DO_DROP},
    {"any", ".ssba", DO_DROP},
    {"any", ".social-share", DO_DROP},
    {"any", ".share-buttons", DO_DROP},
    {"any", ".mejs-offscreen", DO_DROP},
    {"any", "[hidden]", DO_DROP},
    {"any", "[style*=display:none]", DO_DROP},
    {"any", "[style*=display: none]", DO_DROP},
    {"any", "[style*=mso-hide]", DO_DROP},
    {"any", "span.katex-html", DO_DROP},
    {"any", "span.MathJax_Preview", DO_DROP},
    // ---- after all that is known ----
    {"substack", "div[data-component-name][data-attrs]", DO_UNKNOWN},
    // ---- whole pages ----
    {"page", "nav", DO_DROP},
    {"page", "[role=navigation]", DO_DROP},
    {"page", "[role=banner]", DO_DROP},
    {"page", "[role=contentinfo]", DO_DROP},
    {"page", "[role=complementary]", DO_DROP},
    {"page", "[role=search]", DO_DROP},
    {"page", "form", DO_DROP},
    {"page", "dialog", DO_DROP},
    {"page", ".nav", DO_DROP},
    {"page", ".menu", DO_DROP},
    {"page", ".breadcrumb", DO_DROP},
    {"page", ".breadcrumbs", DO_DROP},
    {"page", ".sidebar", DO_DROP},
    {"page", ".share", DO_DROP},
    {"page", ".sharing", DO_DROP},
    {"page", ".social", DO_DROP},
    {"page", ".related", DO_DROP},
    {"page", ".related-posts", DO_DROP},
    {"page", ".recommended", DO_DROP},
    {"page", ".most-read", DO_DROP},
    {"page", ".promo", DO_DROP},
    {"page", ".newsletter-signup", DO_DROP},
    {"page", ".newsletter", DO_DROP},
    {"page", ".subscribe", DO_DROP},
    {"page", ".comments", DO_DROP},
    {"page", "#comments", DO_DROP},
    {"page", ".comment-respond", DO_DROP},
    {"page", ".post-navigation", DO_DROP},
    {"page", ".post-tags", DO_DROP},
    {"page", ".advertisement", DO_DROP},
    {"page", ".ad", DO_DROP},
    {"page", ".cookie", DO_DROP},
    {"page", ".mw-editsection", DO_DROP},
    {"page", ".noprint", DO_DROP},
};

// Where the body of an essay is in a whole page, best first.
const char *const rules_roots[] = {"[itemprop=articleBody]",
                                   ".available-content",
                                   ".body.markup",
                                   ".gh-content",
                                   ".entry-content",
                                   ".post-content",
                                   ".article-body",
                                   ".article-content",
                                   ".post-body",
                                   ".article__body",
                                   ".story-body",
                                   ".c-entry-content",
                                   ".e-content",
                                   "#mw-content-text",
                                   "article",
                                   "[role=main]",
                                   "main",
                                   "#content",
                                   ".content",
                                   "#main",
                                   NULL};

// The words under an essay's title, outside its body.
const char *const rules_subtitles[] = {".subtitle",
                                       ".dek",
                                       ".deck",
                                       ".standfirst",
                                       ".post-subtitle",
                                       ".article-subtitle",
                                       ".entry-subtitle",
                                       ".article-dek",
                                       ".article__dek",
                                       ".article__standfirst",
                                       ".article-excerpt",
                                       ".gh-article-excerpt",
                                       ".subheadline",
                                       ".intro",
                                       ".article-intro",
                                       ".lede",
                                       "[itemprop=alternativeHeadline]",
                                       NULL};

// ---- selectors ----

uint32_t rules_select(const char *selector, const struct html_tree *t, uint32_t from)
{
    struct html_step x = html_step_parse(selector, NULL);
    for (uint32_t i = from; i < t->nnodes; i++)
        if (t->nodes[i].tag != TAG_TEXT && t->nodes[i].n >= x.ntests && html_step_holds(&x, t, i))
            return i;
    return NO_NODE;
}

// ---- matching: rules are found by a hash of their first class or id, by attribute, or by tag ----

enum { RULES = sizeof table / sizeof *table, BUCKETS = 256 };
struct rule_index {
    struct html_step selectors[RULES];
    int16_t next[RULES];
    int16_t by_word[BUCKETS]; // class or id
    int16_t by_attr[ATTR_COUNT];
    int16_t by_tag[TAG_COUNT];
};

static unsigned hash(const char *s, size_t len)
{
    unsigned h = 5381;
    for (size_t i = 0; i < len; i++)
        h = h * 33 ^ (unsigned char)s[i];
    return (h ^ h >> 8) % BUCKETS;
}

struct rule_index *rules_new(void)
{
    struct rule_index *x = mem_alloc(sizeof *x);
    memset(x->by_word, 0xFF, sizeof x->by_word);
    memset(x->by_attr, 0xFF, sizeof x->by_attr);
    memset(x->by_tag, 0xFF, sizeof x->by_tag);
    for (int i = RULES; i-- > 0;) { // backwards, so that chains run forwards
        struct html_step *s = &x->selectors[i];
        *s = html_step_parse(table[i].selector, NULL);
        int16_t *chain;
        if (!s->ntests)
            chain = &x->by_tag[s->tag_id];
        else if (s->tests[0].attr == ATTR_CLASS || s->tests[0].attr == ATTR_ID)
            chain = &x->by_word[hash(s->tests[0].value, s->tests[0].len)];
        else
            chain = &x->by_attr[s->tests[0].attr % ATTR_COUNT];
        x->next[i] = *chain;
        *chain = (int16_t)i;
    }
    return x;
}

void rules_free(struct rule_index *x)
{
    free(x);
}

static void try_chain(const struct rule_index *x, int16_t i, const struct html_tree *t,
                      uint32_t node, int *best)
{
    for (; i >= 0 && i < *best; i = x->next[i])
        if ((t->page || strcmp(table[i].house, "page") != 0) &&
            html_step_holds(&x->selectors[i], t, node)) {
            *best = i;
            return;
        }
}

enum rule_do rules_match(const struct rule_index *x, const struct html_tree *t, uint32_t node)
{
    const struct hnode *n = &t->nodes[node];
    int best = RULES;
    try_chain(x, x->by_tag[n->tag], t, node, &best);
    for (uint32_t i = n->at; i < n->at + n->n; i++) {
        const struct hattr *a = &t->attrs[i];
        if (a->name == ATTR_ID) {
            try_chain(x, x->by_word[hash(a->value, strlen(a->value))], t, node, &best);
        } else if (a->name == ATTR_CLASS) {
            const char *s = a->value;
            for (int words = 0; *s && words < 64; words++) {
                s += strspn(s, " \t\n\r\f");
                size_t len = strcspn(s, " \t\n\r\f");
                if (len)
                    try_chain(x, x->by_word[hash(s, len)], t, node, &best);
                s += len;
            }
        } else if (x->by_attr[a->name] >= 0) {
            try_chain(x, x->by_attr[a->name], t, node, &best);
        }
    }
    return best == RULES ? DO_NOTHING : table[best].what;
}

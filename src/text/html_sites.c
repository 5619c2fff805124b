// Rules for single sites, where what holds for all fails: where the article is and what in it is
// none of it, as selectors (html_select.c; either may be NULL). A host stands for itself and all
// below it. The reader's own come from the configuration ("feed ADDRESS extract SELECTOR") and win.
#include "html_extract.h"

#include <string.h>
#include <strings.h>

static const struct site_rule sites[] = {
    {"wikipedia.org", "#mw-content-text",
     ".mw-editsection, .navbox, .infobox, .sidebar, .hatnote, .ambox, .metadata, .noprint, .toc, "
     "#toc, .vertical-navbox, .sistersitebox, .mw-empty-elt, .catlinks, .printfooter, "
     ".authority-control"},
    {"wiktionary.org", "#mw-content-text", ".mw-editsection, .NavFrame, .toc, .catlinks"},
    {"github.com", "article.markdown-body", "a.anchor, .zeroclipboard-container"},
    {"gist.github.com", ".markdown-body, .js-file-line-container", NULL},
    {"gitlab.com", ".md.js-markdown-wrapper, .blob-viewer .md, .wiki-page-content", NULL},
    {"arxiv.org", "#abs blockquote.abstract", NULL},
    {"stackoverflow.com", ".s-prose", ".post-menu, .js-post-menu, .comments"},
    {"stackexchange.com", ".s-prose", ".post-menu, .js-post-menu, .comments"},
    {"old.reddit.com", ".sitetable .usertext-body .md", NULL},
    {"readthedocs.io", "[role=main]", ".headerlink, .rst-footer-buttons, .toctree-wrapper"},
    {"gutenberg.org", "body", "#pg-header, #pg-footer, .pgheader"},
    {"gwern.net", "#markdownBody", "#TOC, .link-bibliography-append"},
    {"lesswrong.com", ".PostsPage-postContent, #postContent", NULL},
    {"paulgraham.com", NULL, "map, img[src*=trans_1x1]"},
};

const struct site_rule *site_rule_of(const char *url)
{
    size_t len;
    if (!url || !link_is_web(url))
        return NULL;
    const char *host = link_host(url, &len), *port = memchr(host, ':', len);
    if (port)
        len = (size_t)(port - host);
    const struct site_rule *best = NULL;
    for (size_t i = 0; i < sizeof sites / sizeof *sites; i++) {
        size_t n = strlen(sites[i].host);
        bool ends = len >= n && strncasecmp(host + len - n, sites[i].host, n) == 0;
        if (ends && (len == n || host[len - n - 1] == '.') && (!best || n > strlen(best->host)))
            best = &sites[i];
    }
    return best;
}

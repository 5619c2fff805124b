// The inside of the extractor (extract.h): what its files say to each other. html_extract.c leads;
// html_weigh.c counts what is where and says which elements stand around an article, html_pick.c
// finds the article, html_clean.c takes out what is none of it, html_facts.c and html_data.c read
// what the page says about itself, html_picture.c finds where pictures come from; the lists that
// people may extend are in html_signs.c and html_sites.c.
#ifndef TEXT_HTML_EXTRACT_H
#define TEXT_HTML_EXTRACT_H

#include "html_reader.h"
#include "lectern/extract.h"

// ---- html_signs.c ----
enum sign {           // what a word in a class or id says; bits
    SIGN_AROUND = 1,  // menus, boxes, signs: not the article's
    SIGN_TALK = 2,    // readers' comments
    SIGN_EDGE = 4,    // stands over or under an article, or around: heads, feet, lines of facts
    SIGN_BODY = 8,    // an article's text
    SIGN_WALL = 16,   // for those who pay
    SIGN_THREAD = 32, // messages that are the thing itself
    SIGN_KEEP = 64,   // looks like one of those above and is the article's
};
unsigned signs_of(const struct html_tree *t, uint32_t node); // of its classes, id and role
// Words over a box that is none of the article's ("Related", "Most read"), whole.
bool signs_box_heading(const char *text, size_t len);
bool signs_talk_heading(const char *text, size_t len); // "12 Comments"
// A line that is none of the article's ("Advertisement", "Read also: ...").
bool signs_line(const char *text, size_t len, bool linked);
bool signs_wall(const char *text, size_t len); // asks for money before it goes on

// ---- html_sites.c ----
struct site_rule {
    const char *host; // "example.org": it and what is below it
    const char *keep, *remove;
};
const struct site_rule *site_rule_of(const char *url); // NULL: none

// ---- html_weigh.c ----
enum weigh_mark {
    MARK_AROUND = 1, // with all below it: not the article's
    MARK_TALK = 2,
    MARK_EDGE = 4,
    MARK_BODY = 8,
    MARK_GONE = 16, // never seen by a reader of the page
    MARK_WALL = 32,
    MARK_LEFT = 64, // around, as far as the element above was taken for the article
};
struct weight {            // of all below a node
    uint32_t chars, links; // letters (an ideograph is two), those of them in links to elsewhere
    uint32_t end;          // one past the last node below
    uint32_t home;         // the block a piece of text or an inline element belongs to
    uint32_t own, own_links, commas; // of a block: in its own lines
    float prose;                     // what its own lines are worth as running text
    float all, good; // of all below: prose; prose that is in nothing that stands around
    uint8_t mark;
    uint8_t signs;
};
struct weights {
    const struct html_tree *t;
    struct weight *of; // by node
    bool thread;       // messages under one another are what the page is for
};
void weigh(struct weights *w, struct html_tree *t, bool thread);
void weigh_again(struct weights *w); // after marks were changed: `good` anew
void weights_free(struct weights *w);

// ---- html_data.c ----
struct page_data { // what scripts in the page say; strings in the arena, NULL: nothing
    struct arena *arena;
    const char *title, *subtitle, *author, *date, *language, *site, *image, *url;
    const char *text; // the article's, plain or HTML
    const char *html; // the article's
    const char *paid; // a selector of what is for those who pay
    bool free_no;     // isAccessibleForFree is false
    bool cut;         // the text that came with it is only the beginning
    bool live, thread, article;
};
void page_data_read(struct page_data *d, const char *html, size_t len);
void page_data_free(struct page_data *d);

// ---- html_facts.c ----
struct page_facts {
    const char *title, *subtitle, *author, *date, *site, *image, *url, *next, *language;
    const char *generator, *type; // og:type
    uint32_t heading;             // the <h1> that has the title, NO_NODE
    bool paid;                    // a <meta> says that it is not free
};
void page_facts_read(struct page_facts *f, struct html_tree *t, const struct page_data *d,
                     const char *base, struct arena *a);
// After the article is known: what stands around it, where the head said nothing.
void page_facts_near(struct page_facts *f, const struct weights *w, uint32_t top, struct arena *a);
// Who wrote it, from words near an article: "By Ada Moss and Ben Orr" -> "Ada Moss and Ben Orr";
// NULL: they name nobody.
const char *facts_byline(const char *s, size_t len, struct arena *a);
bool facts_is_byline(const char *s);

// ---- html_pick.c ----
struct pick {
    uint32_t top;
    bool named; // by the page, the site's rule or the reader
};
// False: nothing in it is an article.
bool pick_article(struct weights *w, struct html_tree *t, const struct html_selector *keep,
                  const struct page_data *d, struct pick *out);

// ---- html_clean.c ----
// Flags with NODE_SKIP what below `top` is none of the article's.
void clean_article(struct weights *w, struct html_tree *t, uint32_t top, const struct page_facts *f,
                   const struct html_selector *remove);
// The picture with words to it that stands before the article; NO_NODE.
uint32_t clean_lead(const struct weights *w, struct html_tree *t, uint32_t top,
                    const struct page_facts *f);

// ---- html_picture.c ----
void pictures_mend(struct html_tree *t); // the best source of each becomes its src

#endif

// The article of a page, from its bytes to a document (extract.h). The page is read as any other
// (html.c); then its blocks are weighed, the article is picked and cleaned in the tree, and only
// what is left is walked. Where the page has the text only in the data of its scripts, that is
// read instead. Signs of a paywall are gathered on the way and told.
#include "html_extract.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "write.h"

enum { MUCH = 30, SOME = 15 }; // prose: a few hundred words, a few paragraphs

struct job {
    const struct extract_source *src;
    struct page_data data;
    struct page_facts facts;
    struct arena *arena;
    struct html_selector *keep, *remove;
    bool walled;
};

static bool selector(const char *own, const char *sites, struct html_selector **out, struct err *e)
{
    const char *s = own && *own ? own : sites;
    if (!s || !*s)
        return true;
    *out = html_selector_new(s, e);
    return *out || err_wrap(e, "the selector '%.60s' in the configuration", s);
}

// Programs for forums, and the site's own word for it.
static bool is_thread(const struct html_tree *t, const struct page_data *d,
                      const struct page_facts *f)
{
    static const char *const makers[] = {
        "phpBB",  "Discourse", "vBulletin", "XenForo",  "MyBB",   "Simple Machines", "SMF",
        "Flarum", "Discuz",    "NodeBB",    "Invision", "FluxBB", "bbPress"};
    if (d->thread)
        return true;
    for (size_t i = 0; f->generator && i < sizeof makers / sizeof *makers; i++)
        if (strcasestr(f->generator, makers[i]))
            return true;
    uint32_t body = html_find(t, 0, TAG_BODY);
    static const char *const ids[] = {"phpbb",      "XenForo", "forum-thread", "viewtopic",
                                      "topic-page", "vb-page", "qa-page"};
    const char *id = body == NO_NODE ? NULL : html_attr(t, body, ATTR_ID);
    const char *c = body == NO_NODE ? NULL : html_attr(t, body, ATTR_CLASS);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if ((id && strstr(id, ids[i])) || (c && strstr(c, ids[i])))
            return true;
    return false;
}

static bool is_live(const struct html_tree *t)
{
    uint32_t body = html_find(t, 0, TAG_BODY);
    const char *c = body == NO_NODE ? NULL : html_attr(t, body, ATTR_CLASS);
    return c && (strstr(c, "liveblog") || strstr(c, "live-blog") || strstr(c, "live-updates"));
}

// ---- paywalls ----

// A wall that stands behind the article: a box for it, with a line that asks for money.
static bool wall_behind(const struct weights *w, uint32_t top)
{
    const struct html_tree *t = w->t;
    struct buf s = {0};
    bool found = false;
    for (uint32_t i = top + 1; i < t->nnodes && !found; i++) {
        const struct weight *k = &w->of[i];
        if (t->nodes[i].tag == TAG_TEXT || !(k->mark & MARK_WALL) || !k->chars)
            continue;
        buf_clear(&s);
        html_text_of(t, i, &s, 400);
        found = strcasestr(buf_cstr(&s), "subscri") || strcasestr(buf_cstr(&s), "member") ||
                strcasestr(buf_cstr(&s), "sign in") || strcasestr(buf_cstr(&s), "abonn");
        i = k->end - 1;
    }
    uint32_t looked = 0;
    for (uint32_t i = w->of[top].end; i < t->nnodes && !found && looked < 400; i++) {
        const struct weight *k = &w->of[i];
        if (t->nodes[i].tag == TAG_TEXT || !k->own || k->own > 240 ||
            (k->mark & (MARK_TALK | MARK_GONE)))
            continue;
        looked++;
        buf_clear(&s);
        if (k->chars == k->own)
            html_text_of(t, i, &s, 240);
        found = signs_wall(buf_cstr(&s), s.len);
    }
    buf_free(&s);
    return found;
}

// Does what the page says is for those who pay have its text here?
static bool paid_part_here(const struct weights *w, const char *css)
{
    struct html_selector *x = css ? html_selector_new(css, NULL) : NULL;
    bool here = false;
    for (uint32_t i = 1; x && i < w->t->nnodes && !here; i++)
        here =
            w->t->nodes[i].tag != TAG_TEXT && w->of[i].all >= 2 && html_selector_holds(x, w->t, i);
    html_selector_free(x);
    return here;
}

// ---- the document ----

static struct doc *from_data(const struct job *j, const struct doc_source *src)
{
    const struct page_data *d = &j->data;
    if (d->html)
        return doc_from_html(d->html, strlen(d->html), src);
    if (!d->text)
        return NULL;
    if (strstr(d->text, "<p") || strstr(d->text, "<br") || strstr(d->text, "</"))
        return doc_from_html(d->text, strlen(d->text), src);
    struct buf b = {0}; // its paragraphs are parted by newlines, one or two
    for (const char *s = d->text; *s;) {
        size_t n = strcspn(s, "\n");
        char *line = mem_strndup(s, n);
        buf_str(&b, "<p>");
        buf_markup(&b, line);
        buf_str(&b, "</p>");
        free(line);
        s += n;
        s += strspn(s, "\n");
    }
    struct doc *doc = doc_from_html(b.data, b.len, src);
    buf_free(&b);
    return doc;
}

static void set_meta(struct doc *d, const char **field, const char *value)
{
    if (value && *value)
        *field = arena_strdup(d->arena, value);
}

static void tell_facts(const struct job *j, struct doc *d)
{
    const struct page_facts *f = &j->facts;
    set_meta(d, &d->title, f->title);
    set_meta(d, &d->subtitle, f->subtitle);
    d->author = NULL; // the head may have the house's name there
    set_meta(d, &d->author, f->author);
    set_meta(d, &d->date, f->date);
    set_meta(d, &d->language, f->language);
    set_meta(d, &d->url, f->url ? f->url : j->src->url);
    if (d->subtitle && d->title && strcasecmp(d->subtitle, d->title) == 0)
        d->subtitle = NULL;
}

static void say_next(struct html_reader *r, const char *next)
{
    static const char words[] = "This is one page of several. The next one is at ";
    doc_open(r->b, BLOCK_NOTICE);
    doc_text(r->b, words, sizeof words - 1);
    reader_link(r, next, next);
    doc_close(r->b);
}

// Notes of the article that stand outside of it.
static void walk_notes(struct html_reading *x, const struct weights *w, uint32_t top)
{
    const struct html_tree *t = &x->tree;
    bool *marked = mem_array(x->nfound + 1, sizeof *marked);
    for (uint32_t i = top; i < w->of[top].end; i++)
        if (t->nodes[i].tag == TAG_A && (t->nodes[i].flags & NODE_MARK) &&
            t->nodes[i].note < x->nfound)
            marked[t->nodes[i].note] = true;
    for (size_t i = 0; i < x->nfound; i++) {
        uint32_t text = x->found[i].text;
        if (!marked[i] || (text >= top && text < w->of[top].end))
            continue;
        t->nodes[text].flags &= (uint8_t)~NODE_SKIP;
        reader_walk(&x->r, text);
    }
    free(marked);
}

static struct doc *from_tree(struct job *j, struct html_reading *x, struct weights *w, uint32_t top)
{
    struct html_tree *t = &x->tree;
    struct doc *d = doc_builder_doc(x->r.b);
    page_facts_near(&j->facts, w, top, j->arena);
    tell_facts(j, d);
    uint32_t lead = clean_lead(w, t, top, &j->facts);
    clean_article(w, t, top, &j->facts, j->remove);
    bool behind = wall_behind(w, top);
    for (uint32_t i = 1; i < t->nnodes; i++) // what is behind was judged: html_end need not
        if (t->nodes[i].tag != TAG_TEXT && t->nodes[i].todo == DO_PREVIEW &&
            (i < top || i >= w->of[top].end))
            t->nodes[i].todo = DO_NOTHING;
    if (lead != NO_NODE)
        reader_walk(&x->r, lead);
    t->nodes[top].flags &= (uint8_t)~NODE_SKIP;
    t->nodes[top].todo = DO_NOTHING;
    reader_walk(&x->r, top);
    reader_boundary(&x->r);
    walk_notes(x, w, top);
    if (behind || j->walled)
        reader_preview(&x->r);
    else if (j->facts.next)
        say_next(&x->r, j->facts.next);
    // Nothing is left to walk.
    uint32_t nothing = top;
    t->nodes[nothing].first = NO_NODE;
    return html_end(x, nothing);
}

static enum extract_trust trust_of(const struct pick *p, float good)
{
    return p->named ? EXTRACT_CERTAIN : good >= SOME ? EXTRACT_LIKELY : EXTRACT_GUESS;
}

static const char *why_paid(const struct job *j, const struct doc *d)
{
    if (j->data.free_no || j->facts.paid)
        return "the page says that it is not free to read";
    return d->preview ? "the page asks for a subscription where the text ends" : NULL;
}

bool extract_page(const char *bytes, size_t len, const struct extract_source *src,
                  struct extract *out, struct err *e)
{
    static const struct extract_source nothing = {0};
    struct job j = {.src = src ? src : &nothing, .arena = arena_new()};
    const struct site_rule *site = site_rule_of(j.src->url);
    struct buf own = {0};
    if (!selector(j.src->keep, site ? site->keep : NULL, &j.keep, e) ||
        !selector(j.src->remove, site ? site->remove : NULL, &j.remove, e)) {
        html_selector_free(j.keep);
        arena_free(j.arena);
        return false;
    }
    const char *html = html_utf8(bytes, &len, j.src->charset, &own);
    page_data_read(&j.data, html, len);

    struct html_reading x = {.tree.markdown = false};
    struct doc_source named = {.url = j.src->url};
    html_begin(&x, html, len, &named, doc_builder_new());
    struct html_tree *t = &x.tree;
    t->page = true;
    page_facts_read(&j.facts, t, &j.data, j.src->url, j.arena);
    if (!j.facts.title)
        j.facts.title = j.src->title;
    named.title = j.facts.title;
    if (!j.src->url)
        named.url = x.r.base = j.facts.url;
    pictures_mend(t);
    j.data.live = j.data.live || is_live(t);

    struct weights w;
    struct pick p;
    weigh(&w, t, is_thread(t, &j.data, &j.facts));
    bool found = pick_article(&w, t, j.keep, &j.data, &p);
    float good = found ? w.of[p.top].good : 0;
    j.walled = (j.data.free_no || j.facts.paid) && !paid_part_here(&w, j.data.paid) &&
               (j.data.cut || j.data.paid || good < MUCH);
    struct doc *said = NULL, *d = NULL;
    if (!j.keep && good < MUCH && (said = from_data(&j, &named)) &&
        (!found || said->words > 1.5 * good * 12 + 40)) {
        d = said;
        said = NULL;
        found = d->nblocks > 0;
        p.named = true;
        tell_facts(&j, d);
        d->preview = d->preview || j.data.cut || j.walled;
        doc_free(html_end(&x, 0));
    } else if (found) {
        d = from_tree(&j, &x, &w, p.top);
        found = d->words > 0;
    } else {
        doc_free(html_end(&x, 0));
    }
    doc_free(said);
    if (found)
        *out = (struct extract){.doc = d,
                                .site = mem_strdup(j.facts.site),
                                .image = mem_strdup(j.facts.image),
                                .next = mem_strdup(j.facts.next),
                                .paywalled = j.data.free_no || j.facts.paid || d->preview,
                                .why = why_paid(&j, d),
                                .trust = trust_of(&p, good)};
    else {
        doc_free(d);
        err_set(e, ERR_FORMAT,
                "the page has no article in it that could be told from what stands around it");
    }
    weights_free(&w);
    html_selector_free(j.keep);
    html_selector_free(j.remove);
    page_data_free(&j.data);
    arena_free(j.arena);
    buf_free(&own);
    return found;
}

void extract_free(struct extract *x)
{
    doc_free(x->doc);
    free(x->site);
    free(x->image);
    free(x->next);
    *x = (struct extract){0};
}

const char *extract_trust_name(enum extract_trust t)
{
    static const char *const names[] = {"guess", "likely", "certain"};
    return names[t];
}

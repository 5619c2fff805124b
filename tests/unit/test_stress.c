// Texts that are all marks: what strangers write to bring a reader down, and what it does to
// Markdown, HTML and plain text. The work is bounded, so nothing here is timed: a reader that took
// a step for every pair of marks would not come to an end. Every word is still there, or a notice
// says that something was cut.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/buf.h"
#include "lectern/doc.h"
#include "lectern/write.h"

struct pattern {
    const char *before, *grow, *unit; // before, then for each k: grow k times and unit with the
                                      // number k where it says "#"
    uint32_t times;
};

static void make(struct buf *out, const struct pattern *p)
{
    buf_clear(out);
    buf_str(out, p->before);
    for (uint32_t k = 0; k < p->times; k++) {
        for (uint32_t i = 0; *p->grow && i < k; i++)
            buf_str(out, p->grow);
        for (const char *c = p->unit; *c; c++)
            if (*c == '@')
                buf_printf(out, "w%u", k);
            else
                buf_char(out, *c);
    }
}

static bool has_notice(const struct doc *d)
{
    for (uint32_t i = 0; i < d->nblocks; i++)
        if (d->blocks[i].kind == BLOCK_NOTICE)
            return true;
    return false;
}

// Every w0, w1 ... in order.
static void whole(const struct doc *d, const struct pattern *p, const char *as)
{
    struct err e = ERR_INIT;
    if (!doc_check(d, &e))
        fail_msg("%s of \"%s%s\": %s", as, p->grow, p->unit, e.msg);
    const char *at = d->text;
    for (uint32_t k = 0; strchr(p->unit, '@') && k < p->times && !has_notice(d); k++) {
        char word[16];
        int n = snprintf(word, sizeof word, "w%u", k);
        while ((at = strstr(at, word)) && at[n] >= '0' && at[n] <= '9')
            at += n;
        if (!at)
            fail_msg("%s of \"%s%s\": %s is lost", as, p->grow, p->unit, word);
        at += n;
    }
}

static void markdown(void **state)
{
    (void)state;
    static const struct pattern all[] = {
        {"", "", "[", 60000},
        {"", "", "![", 30000},
        {"", "", "[@](", 8000},
        {"", "", "[@](<", 8000},
        {"", "", "[@](b \"", 8000},
        {"", "", "[@](b '", 8000},
        {"", "", "[@][", 8000},
        {"", "", "[@] ", 8000},
        {"", "", "*@ ", 12000},
        {"", "", "**@ ", 12000},
        {"", "", "*@ **w", 12000},
        {"", "", "***@** b* ", 6000},
        {"", "", "_@ ", 12000},
        {"", "", "@_", 12000},
        {"", "", "~~@ ", 12000},
        {"", "", "~", 60000},
        {"", "~", " @ ", 300},
        {"", "`", " @ ", 300},
        {"", "", "`` @ ` ", 8000},
        {"", "", "<", 60000},
        {"", "", "< @ ", 12000},
        {"", "", "<!--", 15000},
        {"", "", "@ <!---->", 8000},
        {"", "", "<div> @ ", 6000},
        {"", "", "<div>\n\n@\n\n", 3000},
        {"", "", "<b> @ ", 6000},
        {"", "", "</div> @\n\n", 3000},
        {"", "", "<table><tr><td> @ ", 3000},
        {"", "", "<custom>\n\n@ ", 3000},
        {"", "", "\n", 60000},
        {"", "", "\r", 60000},
        {"", "", ">", 60000},
        {"", "", "> @\n", 6000},
        {"", "", "> - @\n", 4000},
        {"", ">", " @\n", 250},
        {"", "> ", "@\n", 250},
        {"", "  ", "- @\n", 250},
        {"", "    ", "- @\n", 180},
        {"", "   ", "1. @\n", 200},
        {"", "", "- @\n", 12000},
        {"", "", "- ", 20000},
        {"", "", "7. @\n", 12000},
        {"", "", "- @\n\n", 6000},
        {"", "", "- @\n+ x\n* y\n", 4000},
        {"", "", "- > @\n", 4000},
        {"", "", "- [ ] @\n", 6000},
        {"- ", "", "@\n  b\n", 8000},
        {"", "", "@\n: definition\n\n", 4000},
        {": a\n", "", "- @\n", 12000},
        {"", "", "@|a\n-|-\n", 4000},
        {"a|b\n-|-\n", "", "@|d\n", 6000},
        {"", "", "@|", 10000},
        {"", "", "# @\n", 6000},
        {"", "", "@\n===\n", 6000},
        {"", "", "---\n", 12000},
        {"", "", "```\n@\n", 6000},
        {"", "", "    @\n", 8000},
        {"", "", "    @\n\n", 8000},
        {"---\n", "", "a@: b\n", 6000},
        {"", "", "@[^1] ", 8000},
        {"", "", "@\\\n", 8000},
        {"", "", "\\", 60000},
        {"", "", "&@ ", 10000},
        {"", "", "@  \n", 8000},
        {"", "",
         "\xf4\x8f\xbf\xb1"
         "7;@ ",
         8000},
    };
    struct buf in = {0}, out = {0};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        make(&in, &all[i]);
        struct doc_source src = {0};
        struct doc *d = doc_from_markdown(buf_cstr(&in), in.len, &src);
        whole(d, &all[i], "Markdown");
        buf_clear(&out);
        write_markdown(&out, d, true); // out and in again it is the same words
        struct doc *again = doc_from_markdown(buf_cstr(&out), out.len, &src);
        whole(again, &all[i], "Markdown again");
        doc_free(again);
        doc_free(d);
    }
    buf_free(&in);
    buf_free(&out);
}

static void html(void **state)
{
    (void)state;
    static const struct pattern all[] = {
        {"", "", "<", 60000},
        {"", "", "<div>", 10000},
        {"", "", "<div>@", 10000},
        {"", "", "<blockquote>@", 10000},
        {"", "", "<ul><li>@", 5000},
        {"", "", "<table><tr><td>@", 3000},
        {"", "", "<b><i>@", 5000},
        {"", "", "<b>@</i>", 5000},
        {"", "", "<a href=x>@", 5000},
        {"", "", "<p>@<a href=#a><a id=a>", 5000},
        {"", "", "<sup><a href=#n>1</a></sup> @ ", 5000},
        {"", "", "</p>@", 10000},
        {"", "", "<br>@", 10000},
        {"<table>", "", "<tr><td>@", 5000},
        {"<table><tr>", "", "<td>@", 5000},
        {"<table><tr>", "", "<td rowspan=60000 colspan=900>@", 2000},
        {"", "", "<h1>@", 5000},
        {"", "", "<dl><dt>@<dd>", 3000},
        {"", "", "<details><summary>@", 3000},
        {"", "", "<figure><figcaption>@", 3000},
        {"", "", "<pre>@", 5000},
        {"", "", "&#x301;", 10000},
        {"", "", "<!-- ", 15000},
        {"", "", "&@", 10000},
    };
    struct buf in = {0};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        make(&in, &all[i]);
        struct doc_source src = {0};
        struct doc *d = doc_from_html(buf_cstr(&in), in.len, &src);
        whole(d, &all[i], "HTML");
        doc_free(d);
    }
    buf_free(&in);
}

static void text(void **state)
{
    (void)state;
    static const struct pattern all[] = {
        {"", "", "\n", 60000},   {"", "", "@ http://e.example/", 6000},
        {"", " ", "@\n", 250},   {"", "", "  @\n", 6000},
        {"", "", "@\n\n", 6000}, {"", "", "- @\n", 6000},
        {"", "", "> @\n", 6000}, {"", "", "\t@\n \n", 6000},
    };
    struct buf in = {0};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        make(&in, &all[i]);
        struct doc_source src = {0};
        struct doc *d = doc_from_text(buf_cstr(&in), in.len, &src);
        whole(d, &all[i], "text");
        doc_free(d);
    }
    buf_free(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markdown),
        cmocka_unit_test(html),
        cmocka_unit_test(text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

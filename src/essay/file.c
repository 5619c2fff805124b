// An essay as a file of its own: what stands before the text, so that the file tells where it is
// from.
#include "lectern/essay.h"

#include "lectern/write.h"

// A YAML string in double quotes after what stands before it; nothing where there is no value.
static void quoted(struct buf *out, const char *before, const char *value)
{
    if (!value || !*value)
        return;
    buf_printf(out, "%s \"", before);
    for (const char *p = value; *p; p++) {
        if (*p == '"' || *p == '\\')
            buf_char(out, '\\');
        buf_char(out, *p);
    }
    buf_str(out, "\"\n");
}

void essay_front_matter(const struct item_body *b, struct buf *out)
{
    char date[32];
    buf_str(out, "---\n");
    quoted(out, "title:", b->row.title);
    quoted(out, "subtitle:", b->row.subtitle);
    quoted(out, "author:", b->row.author);
    quoted(out, "source:", b->row.feed_title);
    quoted(out, "url:", b->row.url);
    if (b->row.published) {
        date_format(b->row.published, date);
        buf_printf(out, "date: %s\n", date);
    }
    if (b->row.kept) {
        date_format(b->row.kept, date);
        buf_printf(out, "kept: %s\n", date);
    }
    quoted(out, "language:", b->language);
    if (b->row.tags && b->row.tags[0]) {
        buf_str(out, "tags:\n");
        for (size_t i = 0; b->row.tags[i]; i++)
            quoted(out, "  -", b->row.tags[i]);
    }
    for (size_t i = 0, n = 0; i < b->nenclosures; i++)
        if (b->enclosures[i].kind == ENCLOSURE_AUDIO) {
            if (n++ == 0)
                buf_str(out, "audio:\n");
            quoted(out, "  -", b->enclosures[i].url);
        }
    buf_str(out, "---\n\n");
}

static void escaped(struct buf *out, const char *s)
{
    for (; *s; s++)
        if (*s == '&')
            buf_str(out, "&amp;");
        else if (*s == '<')
            buf_str(out, "&lt;");
        else
            buf_char(out, *s);
}

void essay_file(const struct item_body *b, enum essay_file_kind kind, struct buf *out)
{
    struct doc *d = essay_document(b);
    struct buf text = {0};
    switch (kind) {
    case ESSAY_MARKDOWN:
        essay_front_matter(b, out);
        write_markdown(&text, d, false);
        break;
    case ESSAY_HTML:
        buf_str(out, "<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<title>");
        escaped(out, b->row.title);
        buf_str(out, "</title>\n<h1>");
        escaped(out, b->row.title);
        buf_str(out, "</h1>\n");
        write_html(&text, d);
        break;
    case ESSAY_TEXT:
        buf_printf(out, "%s\n\n", b->row.title);
        write_text(&text, d);
        break;
    }
    buf_add(out, buf_cstr(&text), text.len);
    buf_free(&text);
    doc_free(d);
}

// A book for e-readers: EPUB 3.2 with what readers of EPUB 2 look for beside it
// (https://www.w3.org/publishing/epub32/). Nothing in it tells when or where it was made, so that
// the same essays are the same bytes. The container is libzip's work; without it this part is left
// out.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef HAVE_ZIP
#include <zip.h>
#endif

#include "lectern/export.h"
#include "lectern/hash.h"
#include "trade/epub.h"

#ifdef HAVE_ZIP

enum { DOS_1980 = 1 << 5 | 1 }; // the first day zip files know

static const char container[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<container version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\">\n"
    "  <rootfiles>\n"
    "    <rootfile full-path=\"EPUB/package.opf\" "
    "media-type=\"application/oebps-package+xml\"/>\n"
    "  </rootfiles>\n</container>\n";

// The bytes stay where they are until the archive is closed.
static bool put(zip_t *z, const char *name, const char *bytes, size_t len, bool packed)
{
    zip_source_t *src = zip_source_buffer(z, bytes, len, 0);
    zip_int64_t i = src ? zip_file_add(z, name, src, ZIP_FL_ENC_UTF_8) : -1;
    if (i < 0) {
        zip_source_free(src);
        return false;
    }
    return zip_set_file_compression(z, (zip_uint64_t)i, packed ? ZIP_CM_DEFLATE : ZIP_CM_STORE,
                                    packed ? 9 : 0) == 0 &&
           zip_file_set_dostime(z, (zip_uint64_t)i, 0, DOS_1980, 0) == 0;
}

static bool put_buf(zip_t *z, const char *name, const struct buf *b)
{
    return put(z, name, buf_cstr(b), b->len, true);
}

static bool fill(zip_t *z, const struct epub *b, struct buf parts[3])
{
    static const char type[] = "application/epub+zip";
    epub_package(b, &parts[0]);
    epub_contents(b, &parts[1]);
    epub_ncx(b, &parts[2]);
    // The first entry, and not packed: that is how an EPUB is known for one.
    bool ok = put(z, "mimetype", type, sizeof type - 1, false) &&
              put(z, "META-INF/container.xml", container, sizeof container - 1, true) &&
              put_buf(z, "EPUB/package.opf", &parts[0]) &&
              put_buf(z, "EPUB/nav.xhtml", &parts[1]) && put_buf(z, "EPUB/toc.ncx", &parts[2]) &&
              put(z, "EPUB/style.css", epub_style, strlen(epub_style), true);
    for (size_t i = 0; ok && i < b->n; i++) {
        char page[EPUB_NAME], name[EPUB_NAME + 8];
        epub_page_name(i, page);
        snprintf(name, sizeof name, "EPUB/%s", page);
        ok = put_buf(z, name, &b->pages[i].xhtml);
    }
    return ok;
}

static bool take(zip_source_t *src, struct buf *out)
{
    zip_stat_t st;
    if (zip_source_stat(src, &st) != 0 || zip_source_open(src) != 0)
        return false;
    buf_reserve(out, st.size);
    zip_int64_t n = zip_source_read(src, out->data + out->len, st.size);
    zip_source_close(src);
    if (n < 0 || (zip_uint64_t)n != st.size)
        return false;
    out->len += st.size;
    out->data[out->len] = '\0';
    return true;
}

static bool pack(const struct epub *b, struct buf *out, struct err *e)
{
    struct buf parts[3] = {{0}};
    zip_error_t why;
    zip_error_init(&why);
    zip_source_t *src = zip_source_buffer_create(NULL, 0, 0, &why);
    zip_t *z = src ? zip_open_from_source(src, ZIP_TRUNCATE, &why) : NULL;
    bool ok = z;
    if (z) {
        zip_source_keep(src);
        ok = fill(z, b, parts) && zip_close(z) == 0;
        if (!ok) {
            err_set(e, ERR_OTHER, "cannot make the book: %s", zip_strerror(z));
            zip_discard(z);
        } else {
            ok = take(src, out) || err_set(e, ERR_OTHER, "cannot make the book: no memory for it");
        }
    } else {
        err_set(e, ERR_OTHER, "cannot make the book: %s", zip_error_strerror(&why));
    }
    if (src)
        zip_source_free(src);
    zip_error_fini(&why);
    for (size_t i = 0; i < 3; i++)
        buf_free(&parts[i]);
    return ok;
}

// ---- what it is ----

// An e-reader takes a book of the same identifier for the same book, and keeps the place.
static void identify(struct epub *b, const char *name)
{
    uint64_t high = hash_string(name, 1), low = hash_string(name, 2);
    snprintf(b->id, sizeof b->id, "urn:uuid:%08x-%04x-8%03x-%04x-%012llx", (unsigned)(high >> 32),
             (unsigned)(high >> 16 & 0xFFFF), (unsigned)(high & 0xFFF),
             (unsigned)(low >> 48 & 0x3FFF) | 0x8000,
             (unsigned long long)(low & 0xFFFFFFFFFFFF)); // RFC 9562, version 8
}

// The language of most of it.
static const char *language(const struct epub *b)
{
    const char *best = "und";
    size_t most = 0;
    for (size_t i = 0; i < b->n; i++) {
        size_t n = 0;
        for (size_t k = i; k < b->n; k++)
            n += strcmp(b->pages[k].language, b->pages[i].language) == 0;
        if (n > most && strcmp(b->pages[i].language, "und") != 0) {
            most = n;
            best = b->pages[i].language;
        }
    }
    return best;
}

static bool pages(struct store *s, struct epub *b, const struct export_what *what, int64_t *newest,
                  struct err *e)
{
    bool ok = true;
    for (size_t i = 0; ok && i < what->n; i++) {
        struct arena *a = arena_new();
        struct item_body item;
        struct err why = ERR_INIT;
        const char *note = NULL;
        struct highlight *h = NULL;
        size_t marked = 0;
        if (store_item(s, what->ids[i], a, &item, &why) &&
            store_note(s, what->ids[i], a, &note, &why) &&
            store_highlights(s, what->ids[i], a, &h, &marked, &why)) {
            epub_page(b, &item, note, h, marked);
            int64_t changed = item.row.kept ? item.row.kept : item.row.published;
            *newest = changed > *newest ? changed : *newest;
        } else if (why.kind != ERR_MISSING) { // what went meanwhile is no longer meant
            ok = false;
            *e = why;
        }
        arena_free(a);
    }
    if (ok && !b->n)
        ok = err_set(e, ERR_MISSING, "there is nothing here to make a book of");
    return ok;
}

bool export_epub(struct store *s, const struct export_what *what, struct buf *out, struct err *e)
{
    struct epub b = {.arena = arena_new()};
    int64_t newest = 0;
    bool ok = pages(s, &b, what, &newest, e);
    if (ok) {
        b.title = b.n == 1 ? b.pages[0].title : what->title;
        b.language = language(&b);
        identify(&b, what->name);
        date_format(newest, b.changed);
        ok = pack(&b, out, e);
    }
    for (size_t i = 0; i < b.n; i++) {
        for (size_t k = 0; k < b.pages[i].n; k++)
            free(b.pages[i].headings[k].text);
        free(b.pages[i].headings);
        free(b.pages[i].title);
        free(b.pages[i].author);
        free(b.pages[i].source);
        buf_free(&b.pages[i].xhtml);
    }
    free(b.pages);
    arena_free(b.arena);
    return ok;
}

#else

bool export_epub(struct store *s, const struct export_what *what, struct buf *out, struct err *e)
{
    (void)s, (void)what, (void)out;
    return err_set(e, ERR_OTHER, "this Lectern was built without libzip and makes no books");
}

#endif

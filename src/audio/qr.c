// Squares by libqrencode; what is ours is how few of them an address needs.
#include "lectern/qr.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"

void qr_free(struct qr *q)
{
    free(q->dark);
    *q = (struct qr){0};
}

#ifdef HAVE_QRENCODE
#include <qrencode.h>

enum { MOST = 2953 }; // bytes a code holds

// "HTTPS://EXAMPLE.ORG/p/letter": capitals, digits and a few signs take 5.5 bits, others 8.
static char *in_capitals(const char *text)
{
    char *copy = mem_strdup(text), *host = strstr(copy, "://");
    if (!host)
        return copy;
    host += 3;
    size_t len = strcspn(host, "/?#");
    if (memchr(host, '@', len)) // a password is as it is
        return copy;
    for (char *p = copy; p < host + len; p++)
        if (*p >= 'a' && *p <= 'z')
            *p = (char)(*p - 'a' + 'A');
    return copy;
}

static QRcode *encode(const char *text)
{
    return QRcode_encodeString(text, 0, QR_ECLEVEL_L, QR_MODE_8, 1);
}

bool qr_make(const char *text, struct qr *out, struct err *e)
{
    if (strlen(text) > MOST)
        return err_set(e, ERR_OTHER,
                       "the address is too long for a QR code (%zu bytes, %d is the most)",
                       strlen(text), MOST);
    QRcode *code = encode(text);
    if (!code)
        return err_set(e, ERR_OTHER, "cannot make a QR code of the address: %s", strerror(errno));
    char *capitals = in_capitals(text);
    QRcode *other = encode(capitals);
    free(capitals);
    if (other && other->width < code->width) {
        QRcode *larger = code;
        code = other;
        other = larger;
    }
    size_t n = (size_t)code->width * (size_t)code->width;
    *out = (struct qr){code->width, mem_array(n, 1)};
    for (size_t i = 0; i < n; i++)
        out->dark[i] = code->data[i] & 1;
    QRcode_free(code);
    QRcode_free(other);
    return true;
}
#else
bool qr_make(const char *text, struct qr *out, struct err *e)
{
    (void)text, (void)out;
    return err_set(e, ERR_OTHER, "This Lectern was built without libqrencode and has no QR codes");
}
#endif

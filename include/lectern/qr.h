// QR codes (ISO/IEC 18004): an address as squares that a phone's camera reads off the screen.
#ifndef LECTERN_QR_H
#define LECTERN_QR_H

#include <stdbool.h>
#include "lectern/err.h"

struct qr {
    int side;            // squares in a row, 21 to 177; without the quiet zone
    unsigned char *dark; // side * side of 0 and 1, row by row
};
// The smallest code that holds the text, at the lowest level of correction: a screen has no
// scratches, and fewer squares are larger ones. The scheme and host of a web address may be turned
// into capitals, where they mean the same and take less room (RFC 3986, 6.2.2.1). ERR_OTHER: too
// long for any code (2,953 bytes), or built without libqrencode.
bool qr_make(const char *text, struct qr *out, struct err *e);
void qr_free(struct qr *q);

#endif

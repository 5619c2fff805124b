// Forms of which one file holds all bookmarks: how such a file begins, goes on and ends.
#ifndef TRADE_OUT_H
#define TRADE_OUT_H

#include "lectern/buf.h"
#include "trade/kept.h"

struct out_form {
    void (*head)(struct buf *out);
    void (*one)(struct buf *out, const struct kept *k, size_t nth);
    void (*foot)(struct buf *out, size_t n);
};
extern const struct out_form out_json, out_netscape;

#endif

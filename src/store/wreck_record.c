// The values of one record: a header of types, then the bytes of each in order.
#include "store/wreck.h"

#include <string.h>

static int64_t signed_number(const uint8_t *p, size_t len)
{
    uint64_t v = len && p[0] & 0x80 ? UINT64_MAX : 0;
    for (size_t i = 0; i < len; i++)
        v = v << 8 | p[i];
    return (int64_t)v;
}

// False: no such type, or it goes beyond the end.
static bool value(uint64_t type, const uint8_t **p, const uint8_t *end, struct wreck_value *v)
{
    static const uint8_t sizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0};
    *v = (struct wreck_value){.bytes = *p};
    if (type == 10 || type == 11)
        return false;
    uint64_t n = type < 10 ? sizes[type] : (type - 12) / 2;
    if (n > (uint64_t)(end - *p))
        return false;
    v->len = (size_t)n;
    *p += n;
    if (type == 0) {
        v->type = VALUE_NULL;
    } else if (type == 7) {
        int64_t bits = signed_number(v->bytes, 8);
        v->type = VALUE_REAL;
        memcpy(&v->d, &bits, sizeof bits);
    } else if (type < 10) {
        v->type = VALUE_INT;
        v->i = type >= 8 ? (int64_t)type - 8 : signed_number(v->bytes, v->len);
    } else {
        v->type = type & 1 ? VALUE_TEXT : VALUE_BLOB;
    }
    return true;
}

size_t wreck_record(const uint8_t *payload, size_t len, struct wreck_value out[WRECK_COLUMNS])
{
    const uint8_t *end = payload + len, *h = payload;
    uint64_t header, type;
    size_t n = wreck_varint(h, end, &header), columns = 0;
    if (!n || header < n || header > len)
        return 0;
    const uint8_t *types = payload + header, *p = types;
    for (h += n; h < types; columns++) {
        n = wreck_varint(h, types, &type);
        if (!n || columns == WRECK_COLUMNS || !value(type, &p, end, &out[columns]))
            return 0;
        h += n;
    }
    return p == end ? columns : 0;
}

// Reading JSON of others. jansson reads it; when it will not - a line break inside a string, a
// comma too many, a document that breaks off - the text is mended first (json_mend.c) and read
// again.
#include "json_parts.h"

#include <string.h>

#include "json_mend.h"

json_t *json_parts(const char *s, size_t len, bool *mended, bool *cut, struct err *e)
{
    const size_t how = JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL;
    json_error_t why;
    struct buf b = {0};
    json_t *o = json_loadb(s, len, how, &why);
    *mended = *cut = false;
    if (!o) {
        json_mend(&b, s, len, cut);
        o = json_loadb(buf_cstr(&b), b.len, how, &why);
        *mended = o != NULL;
        buf_free(&b);
    }
    if (!o)
        err_set(e, ERR_FORMAT, "line %d: %s", why.line, why.text);
    return o;
}

const char *json_words(const json_t *o, const char *name)
{
    const json_t *v = json_object_get(o, name);
    return json_is_string(v) ? json_string_value(v) : NULL;
}

const char *json_plain(struct build *b, const json_t *o, const char *name)
{
    const json_t *v = json_object_get(o, name);
    return json_is_string(v)
               ? build_plain(b, json_string_value(v), json_string_length(v), PLAIN_GUESS)
               : NULL;
}

const char *json_address(struct build *b, const json_t *o, const char *name)
{
    const char *s = json_words(o, name);
    return s ? build_address(b, b->base, s) : NULL;
}

int64_t json_count(const json_t *o, const char *name)
{
    const json_t *v = json_object_get(o, name);
    if (json_is_string(v))
        return build_number(json_string_value(v));
    double d = json_is_number(v) ? json_number_value(v) : 0;
    return d > 0 && d < 1e15 ? (int64_t)d : 0;
}

int64_t json_date(struct build *b, const json_t *o, const char *name)
{
    const char *s = json_words(o, name);
    int64_t t = 0;
    if (s && *s && !date_parse(s, &t))
        build_warn(b, "a date could not be read: \"%.60s\"", s);
    return t;
}

void json_title(struct build *b, const json_t *title, enum plain_mode mode)
{
    if (json_is_string(title))
        build_title(b, 1, json_string_value(title), json_string_length(title), mode);
}

void json_offer(struct build *b, struct offer *to, const json_t *o, const char *name, int rank,
                enum content_type type)
{
    const json_t *v = json_object_get(o, name);
    if (!json_is_string(v) || (to->rank && to->rank <= rank))
        return;
    size_t len;
    const char *body = build_body(b, json_string_value(v), json_string_length(v), &len);
    if (body)
        *to = (struct offer){body, len, type, b->base, NULL, rank};
}

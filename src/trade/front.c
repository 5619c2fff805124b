// Front matter as the YAML that it is: people and note programs write it in every way YAML knows.
// libyaml reads it; without it folders are written and not read.
#include "trade/page.h"

#include <stdlib.h>
#include <string.h>
#ifdef HAVE_YAML
#include <yaml.h>
#endif

#ifdef HAVE_YAML

struct front {
    void (*each)(void *ctx, const char *key, const char *value, size_t len, int line);
    void *ctx;
    char *key;      // of the mapping; NULL: a key comes next
    bool in_list;   // the value is a list
    unsigned depth; // 1: in the mapping
};

static void scalar(struct front *f, const yaml_event_t *ev)
{
    const char *value = (const char *)ev->data.scalar.value;
    size_t len = ev->data.scalar.length;
    int line = (int)ev->start_mark.line + 1;
    if (f->depth == 1 && !f->key) {
        f->key = mem_strndup(value, len);
        return;
    }
    if (f->key && (f->depth == 1 || (f->depth == 2 && f->in_list)))
        f->each(f->ctx, f->key, value, len, line);
    if (f->depth == 1) {
        free(f->key);
        f->key = NULL;
    }
}

static void down(struct front *f, bool list)
{
    if (f->depth == 0 && list)
        f->depth++; // no mapping: nothing in it is a key
    f->in_list = f->depth == 1 && list;
    if (f->depth == 1 && !f->key) // a key that is a list or mapping of its own
        f->key = mem_strdup("");
    f->depth++;
}

static void up(struct front *f)
{
    f->depth -= f->depth > 0;
    f->in_list = false;
    if (f->depth != 1)
        return;
    free(f->key);
    f->key = NULL;
}

bool front_read(const char *yaml, size_t len,
                void (*each)(void *ctx, const char *key, const char *value, size_t value_len,
                             int line),
                void *ctx, struct err *e)
{
    struct front f = {.each = each, .ctx = ctx};
    yaml_parser_t p;
    if (!yaml_parser_initialize(&p))
        return err_set(e, ERR_OTHER, "no memory to read front matter");
    yaml_parser_set_input_string(&p, (const unsigned char *)yaml, len);
    yaml_parser_set_encoding(&p, YAML_UTF8_ENCODING);
    bool ok = true;
    for (bool end = false; ok && !end;) {
        yaml_event_t ev;
        ok = yaml_parser_parse(&p, &ev);
        if (!ok) {
            err_set(e, ERR_FORMAT, "line %d: its front matter cannot be read: %s",
                    (int)p.problem_mark.line + 2, p.problem ? p.problem : "no YAML");
            break;
        }
        end = ev.type == YAML_STREAM_END_EVENT || ev.type == YAML_DOCUMENT_END_EVENT;
        if (ev.type == YAML_SCALAR_EVENT)
            scalar(&f, &ev);
        else if (ev.type == YAML_MAPPING_START_EVENT || ev.type == YAML_SEQUENCE_START_EVENT)
            down(&f, ev.type == YAML_SEQUENCE_START_EVENT);
        else if (ev.type == YAML_MAPPING_END_EVENT || ev.type == YAML_SEQUENCE_END_EVENT)
            up(&f);
        else if (ev.type == YAML_ALIAS_EVENT && f.depth == 1) {
            // stands for something above: neither key nor value that we need
            char *key = f.key ? NULL : mem_strdup("");
            free(f.key);
            f.key = key;
        }
        yaml_event_delete(&ev);
    }
    yaml_parser_delete(&p);
    free(f.key);
    return ok;
}

#else

bool front_read(const char *yaml, size_t len,
                void (*each)(void *ctx, const char *key, const char *value, size_t value_len,
                             int line),
                void *ctx, struct err *e)
{
    (void)yaml, (void)len, (void)each, (void)ctx;
    return err_set(e, ERR_OTHER, "this Lectern was built without libyaml and reads no folders");
}

#endif

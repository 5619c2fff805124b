// What mpv says, a JSON object a line: events, changes of properties, replies to what was asked.
#include "mpv_line.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/mem.h"
#include "lectern/utf8.h"

enum { LONGEST_TEXT = 1000 }; // bytes

static const char *const asked[] = {"time-pos", "duration", "pause", "speed", "volume"};
enum { ASKED = sizeof asked / sizeof *asked, FIRST_ID = 100 };

int mpv_line_id(const char *property)
{
    for (int i = 0; i < ASKED; i++)
        if (strcmp(asked[i], property) == 0)
            return FIRST_ID + i;
    return 0;
}

void mpv_line_free(struct mpv_line *l)
{
    for (size_t i = 0; i < l->ntext; i++)
        free(l->text[i]);
    l->ntext = 0;
}

static const char *keep(struct mpv_line *l, const char *s)
{
    if (!s || !*s || l->ntext == sizeof l->text / sizeof *l->text)
        return "";
    size_t len = strlen(s);
    len = len < LONGEST_TEXT ? len : LONGEST_TEXT;
    return l->text[l->ntext++] = utf8_clean_dup(s, len, UTF8_LINE);
}

static void value(struct mpv_line *l, json_t *data, struct mpv_event *out)
{
    out->known = data && !json_is_null(data);
    if (json_is_number(data))
        out->number = json_number_value(data);
    else if (json_is_boolean(data))
        out->number = json_is_true(data);
    else if (json_is_string(data))
        out->text = keep(l, json_string_value(data));
    else if (json_is_object(data)) // chapter-metadata
        out->text = keep(l, json_string_value(json_object_get(data, "TITLE")
                                                  ? json_object_get(data, "TITLE")
                                                  : json_object_get(data, "title")));
}

static void event(struct mpv_line *l, const char *name, json_t *o, struct mpv_event *out)
{
    json_t *words = json_object_get(o, "args");
    if (strcmp(name, "property-change") == 0) {
        out->kind = MPV_PROPERTY;
        out->name = keep(l, json_string_value(json_object_get(o, "name")));
        value(l, json_object_get(o, "data"), out);
    } else if (strcmp(name, "file-loaded") == 0) {
        out->kind = MPV_LOADED;
    } else if (strcmp(name, "playback-restart") == 0) {
        out->kind = MPV_MOVED;
    } else if (strcmp(name, "end-file") == 0) {
        out->kind = MPV_ENDED;
        out->name = keep(l, json_string_value(json_object_get(o, "reason")));
        out->text = keep(l, json_string_value(json_object_get(o, "file_error")));
    } else if (strcmp(name, "log-message") == 0) {
        out->kind = MPV_LOG;
        out->name = keep(l, json_string_value(json_object_get(o, "prefix")));
        out->text = keep(l, json_string_value(json_object_get(o, "text")));
    } else if (strcmp(name, "client-message") == 0) {
        out->kind = MPV_MESSAGE;
        for (size_t i = 0; i < json_array_size(words) && out->nwords < MPV_WORDS; i++)
            out->words[out->nwords++] = keep(l, json_string_value(json_array_get(words, i)));
    }
}

void mpv_line_read(struct mpv_line *l, const char *line, size_t len, struct mpv_event *out)
{
    *out = (struct mpv_event){.kind = MPV_NOTHING, .name = "", .text = ""};
    mpv_line_free(l);
    json_t *o = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
    const char *name = json_string_value(json_object_get(o, "event"));
    json_int_t id = json_integer_value(json_object_get(o, "request_id"));
    if (name) {
        event(l, name, o, out);
    } else if (id >= FIRST_ID && id < FIRST_ID + ASKED) {
        out->kind = MPV_PROPERTY;
        out->name = asked[id - FIRST_ID];
        value(l, json_object_get(o, "data"), out);
    }
    json_decref(o);
}

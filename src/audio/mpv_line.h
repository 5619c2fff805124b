// One line of mpv's, read. Apart from the socket, so that it can be fuzzed.
#ifndef AUDIO_MPV_LINE_H
#define AUDIO_MPV_LINE_H

#include "lectern/mpv.h"

struct mpv_line { // what an event's strings live in; begins as {0}
    void *json;
    char *text[MPV_WORDS + 2];
    size_t ntext;
};
// Every string comes out clean: valid UTF-8, one line, no controls.
void mpv_line_read(struct mpv_line *l, const char *line, size_t len, struct mpv_event *out);
void mpv_line_free(struct mpv_line *l);
// The number under which a property is asked for; 0: it is none of ours.
int mpv_line_id(const char *property);

#endif

// See narration.h. Substack documents none of these fields; what has another shape than expected is
// passed over, and only web addresses come out.
#include "narration.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/feed.h"

enum { LONGEST = 4096 };

static int64_t seconds_of(const json_t *v)
{
    double s = json_number_value(v);
    return s >= 1 && s < 360000 ? (int64_t)(s + 0.5) : 0;
}

struct reading {
    const char *page;
    struct arena *a;
    struct narrations *out;
};

// What no player would be given (audio_address_ok) is not counted among what can be heard.
static bool has_host(const char *url)
{
    const char *host = strstr(url, "://");
    return host && host[3] && !strchr("/?#:@", host[3]) && strlen(url) <= LONGEST;
}

static void take(struct reading *r, enum narration_kind kind, const char *url, int64_t seconds)
{
    struct narrations *w = r->out;
    char *clean = url && *url && w->n < NARRATIONS ? feed_resolve(r->page, url) : NULL;
    if (clean && !has_host(clean)) {
        free(clean);
        return;
    }
    for (size_t i = 0; clean && i < w->n; i++)
        if (strcmp(w->items[i].url, clean) == 0) {
            free(clean);
            return;
        }
    if (clean)
        w->items[w->n++] = (struct narration){kind, arena_strdup(r->a, clean), seconds};
    free(clean);
}

// An upload: its id in the post, or the upload's own object, which also knows its length.
static void take_upload(struct reading *r, enum narration_kind kind, const json_t *id,
                        const json_t *upload, int64_t seconds)
{
    const json_t *own = json_object_get(upload, "id"), *from = id && !json_is_null(id) ? id : own;
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)json_integer_value(from));
    char *url = feed_upload(json_is_integer(from) ? number : json_string_value(from));
    int64_t length = seconds_of(json_object_get(upload, "duration"));
    take(r, kind, url, length ? length : seconds);
    free(url);
}

static bool take_items(struct reading *r, const json_t *items, bool machine)
{
    bool paid = false;
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *o = json_array_get(items, i), *kind = json_object_get(o, "type"),
                     *state = json_object_get(o, "status");
        const char *type = json_string_value(kind), *status = json_string_value(state);
        bool is_machine = !kind || (type && strcmp(type, "tts") == 0), // of 2022: without
            is_author = type && strcmp(type, "voiceover") == 0;
        if (machine ? !is_machine : !is_author)
            continue;
        paid = paid || (status && strcmp(status, "paywalled") == 0);
        if (!state || (status && strcmp(status, "completed") == 0))
            take(r, machine ? NARRATION_MACHINE : NARRATION_AUTHOR,
                 json_string_value(json_object_get(o, "audio_url")),
                 seconds_of(json_object_get(o, "duration")));
    }
    return paid;
}

bool narration_read(const char *json, size_t len, const char *page, struct arena *a,
                    struct narrations *out, struct err *e)
{
    json_t *post = json_loadb(json, len, 0, NULL);
    if (!json_object_get(post, "id") && !json_object_get(post, "slug")) {
        json_decref(post);
        return err_set(e, ERR_FORMAT, "the newsletter did not say what there is of this essay");
    }
    struct narrations w = {0};
    struct reading r = {page, a, &w};
    const json_t *items = json_object_get(post, "audio_items"),
                 *fields = json_object_get(post, "podcastFields");
    int64_t length = seconds_of(json_object_get(post, "podcast_duration"));
    bool paid = take_items(&r, items, false);
    if (!w.n)
        take_upload(&r, NARRATION_AUTHOR, json_object_get(post, "voiceover_upload_id"),
                    json_object_get(post, "voiceoverUpload"), 0);
    size_t before = w.n;
    take(&r, NARRATION_EPISODE, json_string_value(json_object_get(post, "podcast_url")), length);
    if (w.n == before)
        take(&r, NARRATION_EPISODE, json_string_value(json_object_get(fields, "free_podcast_url")),
             length);
    if (w.n == before)
        take_upload(&r, NARRATION_EPISODE, json_object_get(post, "podcast_upload_id"),
                    json_object_get(post, "podcastUpload"), length);
    paid = take_items(&r, items, true) || paid;
    const char *audience = json_string_value(json_object_get(post, "audience"));
    bool closed = audience && strcmp(audience, "everyone") != 0;
    if (!w.n)
        w.why = paid ? "it is read aloud for those who pay for it"
                : closed
                    ? "the essay is for those who pay for it, and nothing of it can be heard freely"
                    : "nobody reads it aloud";
    json_decref(post);
    *out = w;
    return true;
}

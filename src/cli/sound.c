// What `lectern play` and `lectern queue` are given: an essay's id, or an address.
#include "sound.h"

#include "lectern/audio.h"

bool sound_find(struct store *s, const char *word, struct arena *a, struct queue_row *out,
                int64_t *size, struct err *e)
{
    int64_t id;
    if (size)
        *size = 0;
    if (!store_parse_id(word, &id)) {
        if (!audio_address_ok(word))
            return err_set(e, ERR_USAGE, "'%s' is neither an essay's id nor an address", word);
        *out = (struct queue_row){.address = word, .title = word};
        return true;
    }
    struct item_body item;
    const struct enclosure *best;
    if (!store_item(s, id, a, &item, e))
        return false;
    if (!audio_pick(item.enclosures, item.nenclosures, &best, 1))
        return err_set(e, ERR_MISSING, "this essay has no audio: %s", item.row.title);
    *out = (struct queue_row){.item = id,
                              .address = best->url,
                              .title = item.row.title,
                              .feed_title = item.row.feed_title,
                              .type = best->type,
                              .length = (double)best->seconds};
    if (size)
        *size = best->size;
    return true;
}

// What the files about embedded things ask of each other: html_card.c (what lives in the page's
// data or has only a name), html_player.c (sound, film and frames), html_post.c (posts quoted from
// elsewhere).
#ifndef TEXT_HTML_CARD_H
#define TEXT_HTML_CARD_H

#include <jansson.h>

#include "html_reader.h"

// ---- html_card.c ----
json_t *card_data(const struct html_tree *t, uint32_t node);  // data-attrs; NULL; the caller's
const char *card_str(const json_t *j, const char *key);       // NULL if not there or empty
const char *card_url(struct html_reader *r, const char *url); // in scratch; NULL: leads nowhere
void card_add(struct buf *out, const char *before, const char *s); // nothing if s is empty
// "2025-11-04T...", "Sat Mar 04 19:36:41 +0000 2023", "7:36 PM ∙ Mar 4, 2023" or "June 12th 2022"
// -> "4 November 2025"; empty when it is none of them.
void card_day(const char *s, char out[32]);
uint32_t card_find(const struct html_tree *t, uint32_t top, const char *token); // by class

// ---- html_player.c ----
bool player_frame(struct html_reader *r, uint32_t node, const json_t *j); // iframe, video, audio
bool player_youtube(struct html_reader *r, uint32_t node, const json_t *j);
bool player_vimeo(struct html_reader *r, uint32_t node, const json_t *j);
bool player_instagram(struct html_reader *r, const json_t *j);
bool player_clip(struct html_reader *r, uint32_t node, const json_t *j); // of the house's own

// ---- html_post.c ----
bool post_tweet(struct html_reader *r, uint32_t node, const json_t *j);
bool post_comment(struct html_reader *r, const json_t *j);

#endif

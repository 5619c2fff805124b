// From keys to what they do: the prompt or the panel takes them first, then the bindings of the
// view.
#include <string.h>

#include "prompt.h"

static void show_pending(struct ui *u)
{
    struct buf b = {0};
    keymap_pending(u->set.keymap, &b);
    ui_pending_keys(u, buf_cstr(&b));
    buf_free(&b);
}

void ui_key(struct ui *u, int key)
{
    u->dirty = true;
    if (u->prompt.done) {
        prompt_key(u, key);
    } else if (u->panel) {
        status_clear(u);
        struct panel *p = u->panel;
        if (!p->ops->key(p, key) && u->panel == p)
            ui_panel(u, NULL);
    }
}

static void say_unknown(struct ui *u, int key)
{
    struct buf name = {0};
    const char *help = ui_key_of(u, ui_view(u), ACT_HELP);
    key_name(key, &name);
    if (*help)
        ui_hint(u, "%s means nothing here; %s shows the keys", buf_cstr(&name), help);
    else
        ui_hint(u, "%s means nothing here", buf_cstr(&name));
    buf_free(&name);
}

// A paste is text for a line that is being typed. Anywhere else it must not run as keys, and answer
// no question.
static bool swallow_paste(struct ui *u, int key)
{
    if (u->prompt.edit && !u->pasting)
        return false;
    if (key == KEYS_PASTE_BEGIN)
        u->pasting = true;
    else if (key == KEYS_PASTE_END)
        u->pasting = false;
    else
        return u->pasting;
    return true;
}

void ui_press(struct ui *u, int key)
{
    struct keymap *k = u->set.keymap;
    bool unknown;
    if (swallow_paste(u, key) || key == KEYS_RESIZE)
        return;
    if (ui_prompting(u)) {
        keymap_reset(k);
        ui_key(u, key);
        show_pending(u);
        return;
    }
    struct step s = keymap_feed(k, ui_view(u), key, &unknown);
    status_clear(u); // it has been seen, and what is typed now wants the line
    if (unknown)
        say_unknown(u, key);
    for (; s.action != ACT_NONE && !ui_done(u); s = keymap_rest(k)) {
        if (s.line)
            ui_command(u, s.line);
        else
            ui_act(u, s.action, s.count);
        if (ui_prompting(u)) // a question comes between; the rest would answer it
            break;
    }
    show_pending(u);
}

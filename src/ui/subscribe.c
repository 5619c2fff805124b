// What brings feeds and their essays in: addresses that are typed, lists of subscriptions, fetches.
// The worker does it; here it is asked, and told when it cannot be.
#include <stdlib.h>
#include <string.h>

#include "ex.h"
#include "prompt.h"
#include "lectern/client.h"
#include "lectern/foreign.h"
#include "lectern/utf8.h"

bool ui_may_fetch(struct ui *u)
{
    if (!ui_may_write(u))
        return false;
    if (u->set.client)
        return true;
    ui_message(u, true, "Nothing can be fetched here: another Lectern does it for this library");
    return false;
}

void subscribe_add(struct ui *u, struct view *v, const char *text)
{
    (void)v;
    char *address = utf8_clean_dup(text, strlen(text), UTF8_LINE);
    if (!*address)
        ;
    else if (!client_add(u->set.client, address))
        ui_message(u, true, "The fetcher is not running; `lectern add %s` in a shell does the same",
                   address);
    else
        ui_message(u, false, "Looking for a newsletter at %s", address);
    free(address);
}

void subscribe_import(struct ui *u, struct view *v, const char *text)
{
    (void)v;
    if (!*text)
        ;
    else if (strcmp(text, "-") == 0) // to fetch_import that is standard input
        ui_hint(u, "A file's name is needed here");
    else if (client_import(u->set.client, text))
        ui_message(u, false, "Reading what is in %s", text);
    else
        ui_message(u, true, "The fetcher is not running; `lectern import %s` in a shell does it",
                   text);
}

// Who comes from another reader has only to say yes.
static void ask_import(struct ui *u)
{
    const char *name;
    char *there = foreign_home(&name);
    prompt_open(u,
                &(struct prompt_kind){
                    .label = u->cols >= 60 ? "Import from file or folder: " : "Import: ",
                    .done = subscribe_import,
                    .complete = complete_file,
                },
                there ? there : "");
    free(there);
}

void subscribe_fetch(struct ui *u, int64_t feed)
{
    if (!ui_may_fetch(u))
        ;
    else if (!feed)
        ui_hint(u, "There is no feed here to fetch");
    else if (!client_fetch_feed(u->set.client, feed))
        ui_message(u, true, "The fetcher is not running");
}

bool subscribe_act(struct ui *u, enum action a)
{
    if (a != ACT_ADD && a != ACT_SAMPLE && a != ACT_IMPORT && a != ACT_FETCH_ALL)
        return false;
    if (!ui_may_fetch(u))
        return true;
    if (a == ACT_ADD)
        ui_prompt(u, "Add address: ", "", subscribe_add);
    else if (a == ACT_SAMPLE)
        subscribe_add(u, ui_top(u), "lectern:sample");
    else if (a == ACT_IMPORT)
        ask_import(u);
    else if (!client_fetch_all(u->set.client, true))
        ui_message(u, true, "The fetcher is not running");
    return true;
}

// What to do about a feed that fails: by what its server said, else by what was told of the
// failure.
#include <string.h>

#include "lectern/store.h"

const char *store_feed_advice(const struct feed_row *r)
{
    static const struct {
        int status;
        const char *advice;
    } by_status[] = {
        {401, "put user and password into ~/.netrc, or into a line `feed ADDRESS login "
              "user:password` of the configuration"},
        {402, "it is for those who pay: the site may have an address of your own for it"},
        {403, "the server refuses programs: try another user-agent, or fetch it otherwise and pipe "
              "it into `lectern ingest`"},
        {404, "look on its site for a new address, then `lectern move`"},
        {406, "try another user-agent for it in the configuration"},
        {407, "put user and password into the proxy's address: http://user:password@host:port"},
        {410, "it is not asked for any more: `lectern move` if it lives elsewhere, `lectern "
              "remove` if not; its essays stay until then"},
        {429, "nothing need be done; a longer interval for it makes this rarer"},
        {451, "nothing can be done from here; a proxy in another country may help"},
    };
    static const struct {
        const char *says, *advice;
    } by_words[] = {
        {"certificate of",
         "if you trust it all the same: a line `feed ADDRESS ca-file FILE` in the "
         "configuration"},
        {"could not resolve", "if this lasts, the newsletter has gone: look for a new address, "
                              "then `lectern move`"},
        {"proxy", "is the proxy right, and does it run?"},
        {"cookie file", "name the right file in the configuration"},
        {"larger than", "raise fetch-max-size in the configuration"},
        {"took longer than", "raise fetch-timeout in the configuration if the line is slow"},
        {"web page", "look on the page for its feed, then `lectern move`"},
        {"there is no file", "put it back, or `lectern move` to where it is now"},
        {"computing", "nothing need be done; it is tried again tomorrow"},
    };
    if (!r->error) {
        if (r->health == HEALTH_CUT_SHORT)
            return "nothing need be done: the essays before the break are here";
        return NULL;
    }
    for (size_t i = 0; i < sizeof by_status / sizeof *by_status; i++)
        if (r->http_status == by_status[i].status)
            return by_status[i].advice;
    for (size_t i = 0; i < sizeof by_words / sizeof *by_words; i++)
        if (strstr(r->error, by_words[i].says))
            return by_words[i].advice;
    if (r->http_status >= 500)
        return "nothing need be done: it is asked again, less and less often";
    return "nothing need be done: it is tried again";
}

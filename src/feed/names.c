// The tables of namespaces and elements. Addresses of namespaces are compared without case, blanks,
// scheme and a slash at the end, since feeds spell them in all these ways.
#include "names.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum where { IN_ANY, IN_RSS, IN_ATOM };

static const struct rule {
    const char *name;
    enum ns ns;
    enum where where;
    enum meaning meaning;
} rules[] = {
    // by name, in the order of strcmp
    {"abstract", NS_DCTERMS, IN_ANY, M_DESCRIPTION_SECOND},
    {"alternateEnclosure", NS_PODCAST, IN_ANY, M_ALTERNATE_ENCLOSURE},
    {"archive", NS_HISTORY, IN_ANY, M_ARCHIVE},
    {"author", NS_ATOM, IN_ANY, M_PERSON},
    {"author", NS_CORE, IN_ATOM, M_PERSON},
    {"author", NS_CORE, IN_RSS, M_AUTHOR},
    {"author", NS_DC, IN_ANY, M_CREATOR},
    {"author", NS_GOOGLEPLAY, IN_ANY, M_CREATOR_SECOND},
    {"author", NS_ITUNES, IN_ANY, M_CREATOR_SECOND},
    {"available", NS_DCTERMS, IN_ANY, M_PUBLISHED_SECOND},
    {"body", NS_XHTML, IN_ANY, M_BODY},
    {"category", NS_ATOM, IN_ANY, M_CATEGORY},
    {"category", NS_CORE, IN_ATOM, M_CATEGORY},
    {"category", NS_CORE, IN_RSS, M_CATEGORY},
    {"category", NS_ITUNES, IN_ANY, M_ITUNES_CATEGORY},
    {"channel", NS_CORE, IN_RSS, M_FEED},
    {"chapters", NS_PODCAST, IN_ANY, M_CHAPTERS},
    {"commentRSS", NS_WFW, IN_ANY, M_COMMENT_FEED},
    {"commentRss", NS_WFW, IN_ANY, M_COMMENT_FEED},
    {"comments", NS_CORE, IN_RSS, M_COMMENTS},
    {"complete", NS_HISTORY, IN_ANY, M_COMPLETE},
    {"content", NS_ATOM, IN_ANY, M_CONTENT},
    {"content", NS_CORE, IN_ATOM, M_CONTENT},
    {"content", NS_CORE, IN_RSS, M_CONTENT},
    {"content", NS_MEDIA, IN_ANY, M_MEDIA_CONTENT},
    {"contributor", NS_ATOM, IN_ANY, M_CONTRIBUTOR},
    {"contributor", NS_CORE, IN_ATOM, M_CONTRIBUTOR},
    {"contributor", NS_DC, IN_ANY, M_CREATOR_SECOND},
    {"contributor", NS_DCTERMS, IN_ANY, M_CREATOR_SECOND},
    {"copyright", NS_ATOM, IN_ANY, M_COPYRIGHT},
    {"copyright", NS_CORE, IN_ATOM, M_COPYRIGHT},
    {"copyright", NS_CORE, IN_RSS, M_COPYRIGHT},
    {"created", NS_ATOM, IN_ANY, M_PUBLISHED_THIRD},
    {"created", NS_CORE, IN_ATOM, M_PUBLISHED_THIRD},
    {"created", NS_DCTERMS, IN_ANY, M_PUBLISHED_THIRD},
    {"creator", NS_CORE, IN_RSS, M_CREATOR},
    {"creator", NS_DC, IN_ANY, M_CREATOR},
    {"creator", NS_DCTERMS, IN_ANY, M_CREATOR},
    {"credit", NS_MEDIA, IN_ANY, M_CREDIT},
    {"date", NS_CORE, IN_RSS, M_PUBLISHED},
    {"date", NS_DC, IN_ANY, M_PUBLISHED_SECOND},
    {"date", NS_DCTERMS, IN_ANY, M_PUBLISHED_SECOND},
    {"day", NS_CORE, IN_RSS, M_DAY},
    {"description", NS_CORE, IN_RSS, M_DESCRIPTION},
    {"description", NS_DC, IN_ANY, M_DESCRIPTION_SECOND},
    {"description", NS_DCTERMS, IN_ANY, M_DESCRIPTION_SECOND},
    {"description", NS_GOOGLEPLAY, IN_ANY, M_DESCRIPTION_THIRD},
    {"description", NS_MEDIA, IN_ANY, M_DESCRIPTION_THIRD},
    {"div", NS_XHTML, IN_ANY, M_BODY},
    {"duration", NS_ITUNES, IN_ANY, M_DURATION},
    {"email", NS_ATOM, IN_ANY, M_EMAIL},
    {"email", NS_CORE, IN_ATOM, M_EMAIL},
    {"email", NS_ITUNES, IN_ANY, M_EMAIL},
    {"enclosure", NS_CORE, IN_RSS, M_ENCLOSURE},
    {"encoded", NS_CONTENT, IN_ANY, M_ENCODED},
    {"encoded", NS_CORE, IN_RSS, M_ENCODED},
    {"entry", NS_ATOM, IN_ANY, M_ENTRY},
    {"entry", NS_CORE, IN_ATOM, M_ENTRY},
    {"feed", NS_ATOM, IN_ANY, M_FEED},
    {"feed", NS_CORE, IN_ATOM, M_FEED},
    {"generator", NS_ATOM, IN_ANY, M_GENERATOR},
    {"generator", NS_CORE, IN_ATOM, M_GENERATOR},
    {"generator", NS_CORE, IN_RSS, M_GENERATOR},
    {"group", NS_MEDIA, IN_ANY, M_MEDIA_GROUP},
    {"guid", NS_CORE, IN_RSS, M_GUID},
    {"homepage", NS_ATOM, IN_ANY, M_URI},
    {"homepage", NS_CORE, IN_ATOM, M_URI},
    {"hour", NS_CORE, IN_RSS, M_HOUR},
    {"icon", NS_ATOM, IN_ANY, M_ICON},
    {"icon", NS_CORE, IN_ATOM, M_ICON},
    {"id", NS_ATOM, IN_ANY, M_GUID},
    {"id", NS_CORE, IN_ATOM, M_GUID},
    {"id", NS_CORE, IN_RSS, M_GUID},
    {"identifier", NS_DC, IN_ANY, M_IDENTIFIER},
    {"identifier", NS_DCTERMS, IN_ANY, M_IDENTIFIER},
    {"image", NS_CORE, IN_RSS, M_FEED_IMAGE},
    {"image", NS_GOOGLEPLAY, IN_ANY, M_IMAGE_HREF},
    {"image", NS_ITUNES, IN_ANY, M_IMAGE_HREF},
    {"info", NS_ATOM, IN_ANY, M_DESCRIPTION},
    {"info", NS_CORE, IN_ATOM, M_DESCRIPTION},
    {"issued", NS_ATOM, IN_ANY, M_PUBLISHED},
    {"issued", NS_CORE, IN_ATOM, M_PUBLISHED},
    {"issued", NS_DCTERMS, IN_ANY, M_PUBLISHED},
    {"item", NS_CORE, IN_RSS, M_ENTRY},
    {"keywords", NS_ITUNES, IN_ANY, M_KEYWORDS},
    {"language", NS_CORE, IN_RSS, M_LANGUAGE},
    {"language", NS_DC, IN_ANY, M_LANGUAGE},
    {"language", NS_DCTERMS, IN_ANY, M_LANGUAGE},
    {"lastBuildDate", NS_CORE, IN_RSS, M_UPDATED},
    {"lastbuilddate", NS_CORE, IN_RSS, M_UPDATED},
    {"link", NS_ATOM, IN_ANY, M_LINK},
    {"link", NS_CORE, IN_ATOM, M_LINK},
    {"link", NS_CORE, IN_RSS, M_LINK},
    {"logo", NS_ATOM, IN_ANY, M_LOGO},
    {"logo", NS_CORE, IN_ATOM, M_LOGO},
    {"managingEditor", NS_CORE, IN_RSS, M_EMAIL_ROLE},
    {"managingeditor", NS_CORE, IN_RSS, M_EMAIL_ROLE},
    {"markdown", NS_SOURCE, IN_ANY, M_MARKDOWN},
    {"modified", NS_ATOM, IN_ANY, M_UPDATED},
    {"modified", NS_CORE, IN_ATOM, M_UPDATED},
    {"modified", NS_CORE, IN_RSS, M_UPDATED},
    {"modified", NS_DCTERMS, IN_ANY, M_UPDATED},
    {"name", NS_ATOM, IN_ANY, M_NAME},
    {"name", NS_CORE, IN_ATOM, M_NAME},
    {"name", NS_ITUNES, IN_ANY, M_NAME},
    {"new-feed-url", NS_ITUNES, IN_ANY, M_NEW_ADDRESS},
    {"origLink", NS_FEEDBURNER, IN_ANY, M_ORIGINAL_LINK},
    {"owner", NS_ITUNES, IN_ANY, M_ITUNES_OWNER},
    {"person", NS_PODCAST, IN_ANY, M_PODCAST_PERSON},
    {"pubDate", NS_CORE, IN_RSS, M_PUBLISHED},
    {"pubdate", NS_CORE, IN_RSS, M_PUBLISHED},
    {"published", NS_ATOM, IN_ANY, M_PUBLISHED},
    {"published", NS_CORE, IN_ATOM, M_PUBLISHED},
    {"published", NS_CORE, IN_RSS, M_PUBLISHED},
    {"publisher", NS_DC, IN_ANY, M_CREATOR_SECOND},
    {"publisher", NS_DCTERMS, IN_ANY, M_CREATOR_SECOND},
    {"rights", NS_ATOM, IN_ANY, M_COPYRIGHT},
    {"rights", NS_CORE, IN_ATOM, M_COPYRIGHT},
    {"rights", NS_DC, IN_ANY, M_COPYRIGHT},
    {"rights", NS_DCTERMS, IN_ANY, M_COPYRIGHT},
    {"skipDays", NS_CORE, IN_RSS, M_SKIP_DAYS},
    {"skipHours", NS_CORE, IN_RSS, M_SKIP_HOURS},
    {"source", NS_ATOM, IN_ANY, M_SOURCE},
    {"source", NS_CORE, IN_ATOM, M_SOURCE},
    {"source", NS_CORE, IN_RSS, M_SOURCE_TEXT},
    {"source", NS_PODCAST, IN_ANY, M_ALTERNATE_SOURCE},
    {"subject", NS_DC, IN_ANY, M_CATEGORY},
    {"subject", NS_DCTERMS, IN_ANY, M_CATEGORY},
    {"subtitle", NS_ATOM, IN_ANY, M_DESCRIPTION},
    {"subtitle", NS_CORE, IN_ATOM, M_DESCRIPTION},
    {"subtitle", NS_CORE, IN_RSS, M_SUBTITLE},
    {"subtitle", NS_ITUNES, IN_ANY, M_SUBTITLE},
    {"summary", NS_ATOM, IN_ANY, M_SUMMARY},
    {"summary", NS_CORE, IN_ATOM, M_SUMMARY},
    {"summary", NS_CORE, IN_RSS, M_SUMMARY},
    {"summary", NS_ITUNES, IN_ANY, M_DESCRIPTION_THIRD},
    {"tagline", NS_ATOM, IN_ANY, M_DESCRIPTION},
    {"tagline", NS_CORE, IN_ATOM, M_DESCRIPTION},
    {"thumbnail", NS_MEDIA, IN_ANY, M_THUMBNAIL},
    {"title", NS_ATOM, IN_ANY, M_TITLE},
    {"title", NS_CORE, IN_ATOM, M_TITLE},
    {"title", NS_CORE, IN_RSS, M_TITLE},
    {"title", NS_DC, IN_ANY, M_TITLE_SECOND},
    {"title", NS_DCTERMS, IN_ANY, M_TITLE_SECOND},
    {"title", NS_ITUNES, IN_ANY, M_TITLE_THIRD},
    {"title", NS_MEDIA, IN_ANY, M_TITLE_THIRD},
    {"transcript", NS_PODCAST, IN_ANY, M_TRANSCRIPT},
    {"ttl", NS_CORE, IN_RSS, M_TTL},
    {"updateFrequency", NS_SYNDICATION, IN_ANY, M_FREQUENCY},
    {"updatePeriod", NS_SYNDICATION, IN_ANY, M_PERIOD},
    {"updated", NS_ATOM, IN_ANY, M_UPDATED},
    {"updated", NS_CORE, IN_ATOM, M_UPDATED},
    {"updated", NS_CORE, IN_RSS, M_UPDATED},
    {"uri", NS_ATOM, IN_ANY, M_URI},
    {"uri", NS_CORE, IN_ATOM, M_URI},
    {"url", NS_ATOM, IN_ANY, M_URI},
    {"url", NS_CORE, IN_ATOM, M_URI},
    {"url", NS_CORE, IN_RSS, M_URL},
    {"webMaster", NS_CORE, IN_RSS, M_EMAIL_ROLE},
    {"webmaster", NS_CORE, IN_RSS, M_EMAIL_ROLE},
};

static const struct space {
    const char *uri; // without "http://" and the slash at its end
    enum ns ns;
} spaces[] = {
    {"www.w3.org/2005/atom", NS_ATOM},
    {"purl.org/atom/ns#", NS_ATOM},
    {"purl.org/rss/1.0/modules/content", NS_CONTENT},
    {"purl.org/dc/elements/1.1", NS_DC},
    {"purl.org/dc/elements/1.0", NS_DC},
    {"purl.org/dc/terms", NS_DCTERMS},
    {"www.itunes.com/dtds/podcast-1.0.dtd", NS_ITUNES},
    {"itunes.com/dtds/podcast-1.0.dtd", NS_ITUNES},
    {"example.com/dtds/podcast-1.0.dtd", NS_ITUNES},
    {"www.google.com/schemas/play-podcasts/1.0", NS_GOOGLEPLAY},
    {"search.yahoo.com/mrss", NS_MEDIA},
    {"tools.search.yahoo.com/mrss", NS_MEDIA},
    {"www.rssboard.org/media-rss", NS_MEDIA},
    {"podcastindex.org/namespace/1.0", NS_PODCAST},
    {"github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md", NS_PODCAST},
    {"purl.org/rss/1.0/modules/syndication", NS_SYNDICATION},
    {"source.scripting.com", NS_SOURCE},
    {"source.smallpict.com/2014/07/12/thewiredwebsourcensspec.html", NS_SOURCE},
    {"purl.org/rss/1.0/modules/slash", NS_SLASH},
    {"wellformedweb.org/commentapi", NS_WFW},
    {"purl.org/syndication/history/1.0", NS_HISTORY},
    {"purl.org/syndication/thread/1.0", NS_THREAD},
    {"rssnamespace.org/feedburner/ext/1.0", NS_FEEDBURNER},
    {"www.w3.org/1999/xhtml", NS_XHTML},
    {"www.w3.org/1999/02/22-rdf-syntax-ns#", NS_RDF},
    // RSS has no namespace; these are what it was put into all the same.
    {"purl.org/rss/1.0", NS_CORE},
    {"my.netscape.com/rdf/simple/0.9", NS_CORE},
    {"channel.netscape.com/rdf/simple/0.9", NS_CORE},
    {"my.netscape.com/publish/formats/rss-0.91.dtd", NS_CORE},
    {"backend.userland.com/rss", NS_CORE},
    {"backend.userland.com/rss2", NS_CORE},
    {"backend.userland.com/rss091", NS_CORE},
    {"backend.userland.com/rss092", NS_CORE},
    {"blogs.law.harvard.edu/tech/rss", NS_CORE},
    {"cyber.law.harvard.edu/rss/rss.html", NS_CORE},
};

static const struct prefix {
    const char *prefix;
    enum ns ns;
} prefixes[] = {
    {"atom", NS_ATOM},       {"atom10", NS_ATOM},     {"a10", NS_ATOM},
    {"content", NS_CONTENT}, {"dc", NS_DC},           {"dcterms", NS_DCTERMS},
    {"dct", NS_DCTERMS},     {"itunes", NS_ITUNES},   {"googleplay", NS_GOOGLEPLAY},
    {"media", NS_MEDIA},     {"podcast", NS_PODCAST}, {"sy", NS_SYNDICATION},
    {"source", NS_SOURCE},   {"slash", NS_SLASH},     {"wfw", NS_WFW},
    {"fh", NS_HISTORY},      {"thr", NS_THREAD},      {"feedburner", NS_FEEDBURNER},
    {"xhtml", NS_XHTML},     {"rdf", NS_RDF},         {"rss", NS_CORE},
};

enum ns names_space(const char *uri, const char *prefix)
{
    if (uri) {
        char plain[128];
        while (*uri == ' ' || *uri == '\n' || *uri == '\t' || *uri == '\r')
            uri++;
        uri += strncasecmp(uri, "http://", 7) == 0    ? 7
               : strncasecmp(uri, "https://", 8) == 0 ? 8
                                                      : 0;
        size_t n = strlen(uri);
        while (n && strchr(" \n\t\r/", uri[n - 1]))
            n--;
        if (n < sizeof plain) {
            memcpy(plain, uri, n);
            plain[n] = '\0';
            for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
                if (strcasecmp(spaces[i].uri, plain) == 0)
                    return spaces[i].ns;
        }
    }
    for (size_t i = 0; prefix && i < sizeof prefixes / sizeof *prefixes; i++)
        if (strcasecmp(prefixes[i].prefix, prefix) == 0)
            return prefixes[i].ns;
    return uri || prefix ? NS_OTHER : NS_CORE;
}

static int by_name(const void *key, const void *item)
{
    return strcmp(key, ((const struct rule *)item)->name);
}

enum meaning names_meaning(enum ns ns, const char *name, bool atom)
{
    const size_t n = sizeof rules / sizeof *rules;
    const struct rule *found = bsearch(name, rules, n, sizeof *rules, by_name);
    if (!found)
        return M_NONE;
    while (found > rules && strcmp(found[-1].name, name) == 0)
        found--;
    for (; found < rules + n && strcmp(found->name, name) == 0; found++)
        if (found->ns == ns && (found->where == IN_ANY || (found->where == IN_ATOM) == atom))
            return found->meaning;
    return M_NONE;
}

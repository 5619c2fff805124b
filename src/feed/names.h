// What the elements of feeds are called, over all vocabularies: a namespace, a name, and what it
// means here.
#ifndef FEED_NAMES_H
#define FEED_NAMES_H

#include <stdbool.h>

enum ns {
    NS_CORE, // the format's own, whatever address it goes by
    NS_ATOM, // Atom's elements inside RSS
    NS_CONTENT,
    NS_DC,
    NS_DCTERMS,
    NS_ITUNES,
    NS_GOOGLEPLAY,
    NS_MEDIA,
    NS_PODCAST,
    NS_SYNDICATION,
    NS_SOURCE,
    NS_SLASH,
    NS_WFW,
    NS_HISTORY,
    NS_THREAD,
    NS_FEEDBURNER,
    NS_XHTML,
    NS_RDF,
    NS_OTHER
};

enum meaning {
    M_NONE, // not known: left out with all that is in it
    M_INTO, // a wrapper: what is in it counts as if it stood outside
    M_FEED,
    M_ENTRY,
    M_FEED_IMAGE,
    M_SOURCE,
    M_MEDIA_GROUP,
    M_MEDIA_CONTENT,
    M_ALTERNATE_ENCLOSURE, // with elements inside
    M_PERSON,
    M_CONTRIBUTOR,
    M_ITUNES_OWNER,
    M_SKIP_HOURS,
    M_SKIP_DAYS,
    M_ITUNES_CATEGORY,
    // texts
    M_TITLE,
    M_TITLE_SECOND,
    M_TITLE_THIRD,
    M_DESCRIPTION,
    M_DESCRIPTION_SECOND,
    M_DESCRIPTION_THIRD,
    M_SUBTITLE,
    M_ENCODED,
    M_CONTENT,
    M_BODY,
    M_MARKDOWN,
    M_SUMMARY,
    M_LINK,
    M_ORIGINAL_LINK,
    M_GUID,
    M_IDENTIFIER,
    M_AUTHOR,
    M_CREATOR,
    M_CREATOR_SECOND,
    M_EMAIL_ROLE,
    M_PUBLISHED,
    M_PUBLISHED_SECOND,
    M_PUBLISHED_THIRD,
    M_UPDATED,
    M_CATEGORY,
    M_KEYWORDS,
    M_LANGUAGE,
    M_COPYRIGHT,
    M_GENERATOR,
    M_TTL,
    M_PERIOD,
    M_FREQUENCY,
    M_HOUR,
    M_DAY,
    M_COMMENTS,
    M_COMMENT_FEED,
    M_ICON,
    M_LOGO,
    M_NEW_ADDRESS,
    M_DURATION,
    M_COMPLETE,
    M_ARCHIVE,
    M_URL,
    M_NAME,
    M_URI,
    M_EMAIL,
    M_PODCAST_PERSON,
    M_CREDIT,
    // all said in attributes
    M_ENCLOSURE,
    M_IMAGE_HREF,
    M_THUMBNAIL,
    M_TRANSCRIPT,
    M_CHAPTERS,
    M_ALTERNATE_SOURCE,
    M_SOURCE_TEXT
};

// By the address a prefix was declared with; by the prefix where it was not declared (uri NULL) or
// means nothing known.
enum ns names_space(const char *uri, const char *prefix);
// The meaning of an element in an RSS or an Atom document; M_NONE for unknown ones.
enum meaning names_meaning(enum ns ns, const char *name, bool atom);

#endif

// The text of bookmarks that came as addresses.
#ifndef CLI_BOOKMARK_TEXT_H
#define CLI_BOOKMARK_TEXT_H

#include "args.h"

// `lectern bookmark --fetch [ID...]`: of these, or of all whose text is still to be fetched.
// Returns the exit code.
int bookmark_fetch(const struct session *se, const struct arg_list *ids);

#endif

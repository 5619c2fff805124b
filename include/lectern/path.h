// Where Lectern keeps things: the XDG base directories, made with mode 0700 when first needed.
#ifndef LECTERN_PATH_H
#define LECTERN_PATH_H

#include "lectern/err.h"

// Each returns a string of the caller's (free()). $XDG_DATA_HOME/lectern, else
// ~/.local/share/lectern, and so on.
char *path_data_dir(void);
char *path_config_dir(void);
char *
path_runtime_dir(void);   // $XDG_RUNTIME_DIR/lectern, else a private folder in the cache directory
char *path_history(void); // $XDG_STATE_HOME/lectern/history, else ~/.local/state/lectern/history
char *path_library(void); // $LECTERN_LIBRARY, else path_data_dir()/library.db
char *path_config(void);  // path_config_dir()/config
char *path_self(void);    // the program that runs; NULL: the system does not tell
char *path_join(const char *dir, const char *name);

// Makes the directory and its parents, new ones with mode 0700.
bool path_make_dir(const char *dir, struct err *e);

#endif

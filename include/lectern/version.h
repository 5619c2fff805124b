// Name, version and address of the program, in one place.
#ifndef LECTERN_VERSION_H
#define LECTERN_VERSION_H
#define LECTERN_VERSION "0.1.0"
#define LECTERN_HOME "https://lectern.example"
#endif

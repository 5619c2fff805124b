// A disk that fails at a given moment: SQLite's way to the disk with one of its writes, syncs or
// deletions counted out to be the last. What is done by this process before stays done, as after
// kill -9 or on a full disk; nobody has to hit the moment by chance.
#ifndef SUPPORT_FAULTS_H
#define SUPPORT_FAULTS_H

#include <stdbool.h>

enum fault {
    FAULT_NONE,
    FAULT_DIE, // the process ends there, with exit code FAULT_DIED
    FAULT_FULL // from there on no write finds room
};
enum { FAULT_DIED = 77 };
// All libraries opened from here on, in this process, lie on such a disk.
void faults_install(void);
void faults_at(int nth, enum fault what); // counted from now, the first is 1
bool faults_met(void);                    // the moment has come

#endif

/* Why a program crashed, in the words of its system: "SIGSEGV / SEGV_MAPERR". */
#ifndef WORKER_CRASH_MINIDUMP_REASON_H
#define WORKER_CRASH_MINIDUMP_REASON_H

#include "worker/crash/minidump.h"

struct minidump_reason {
    struct str text;  /* absent: the dump tells of no crash */
    uint64_t address; /* that the program could not use, or where it was */
};

struct minidump_reason minidump_reason(const struct minidump *d);

#endif

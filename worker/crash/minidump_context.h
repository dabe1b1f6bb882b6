/* The registers of the thread that crashed. */
#ifndef WORKER_CRASH_MINIDUMP_CONTEXT_H
#define WORKER_CRASH_MINIDUMP_CONTEXT_H

#include "base/jt.h"
#include "worker/crash/minidump.h"

struct minidump_context {
    bool has_thread; /* the dump tells which one crashed */
    uint32_t thread_id;
    struct jt *registers; /* JT_OBJECT: name -> "0x…"; empty for processors we do not know */
    uint64_t instruction; /* 0: not known */
};

struct minidump_context minidump_context(const struct minidump *d);

#endif

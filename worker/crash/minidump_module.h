/* The programs and libraries that were loaded when a program crashed. */
#ifndef WORKER_CRASH_MINIDUMP_MODULE_H
#define WORKER_CRASH_MINIDUMP_MODULE_H

#include "worker/crash/minidump.h"

enum { MINIDUMP_MODULES_MAX = 2000 };

/* Ids as symbol servers know them; absent when the dump does not have them. */
struct minidump_module {
    uint64_t address;
    uint32_t size;
    struct str code_file, debug_file, code_id, debug_id;
};

struct minidump_modules {
    struct minidump_module *list;
    size_t count;
};

struct minidump_modules minidump_modules(const struct minidump *d);

/* NULL when the address lies in none. */
const struct minidump_module *minidump_module_at(const struct minidump_modules *modules,
                                                 uint64_t address);

#endif

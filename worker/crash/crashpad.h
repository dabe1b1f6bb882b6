/* What Crashpad's clients noted in a dump: annotations of the program and of its libraries. */
#ifndef WORKER_CRASH_CRASHPAD_H
#define WORKER_CRASH_CRASHPAD_H

#include "base/jt.h"
#include "worker/crash/minidump_module.h"

/* Adds contexts: "crashpad", and one for each library that has annotations, under its file's name.
 * Nothing when the dump is not Crashpad's. */
void crashpad_contexts(const struct minidump *d, const struct minidump_modules *modules,
                       struct jt *contexts);

#endif

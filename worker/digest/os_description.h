/*
 * What an operating system calls itself in one line, as .NET, Mono and Unreal report it, taken
 * apart: "Microsoft Windows NT 10.0.19045.0", "Linux 5.4.0 Ubuntu 20.04" (ingest.md §3.14).
 */
#ifndef WORKER_DIGEST_OS_DESCRIPTION_H
#define WORKER_DIGEST_OS_DESCRIPTION_H

#include "base/jt.h"

/* Adds name, version, build and kernel_version to a context of type os that has neither name nor
 * version, as far as its raw_description tells them; a build that was sent stays. */
void os_description_read(struct arena *a, struct jt *context);

#endif

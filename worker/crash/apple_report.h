/* Completes the event of a crash by Apple's report of it, a text of lines "Name: value". */
#ifndef WORKER_CRASH_APPLE_REPORT_H
#define WORKER_CRASH_APPLE_REPORT_H

#include "base/jt.h"

void apple_report_complete(struct arena *a, struct str bytes, struct jt *event);

#endif

/*
 * What a User-Agent header says: browser, system and device, by the rules of uap-core (ingest.md
 * §3.13).
 *
 * The same headers come again and again: results are cached for the whole process.  Only the first
 * USER_AGENT_MAX characters are looked at.  Never fails; what the rules do not know is absent.  Any
 * thread may call.
 */
#ifndef WORKER_DIGEST_USER_AGENT_H
#define WORKER_DIGEST_USER_AGENT_H

#include "base/arena.h"

enum { USER_AGENT_MAX = 512 };

/* A version is "major[.minor[.patch]]"; brand and model can be absent where the device is not. */
struct user_agent {
    struct str browser, browser_version;
    struct str os, os_version;
    struct str device, brand, model;
};

/* `text` is valid UTF-8, or absent; *out lives in the arena. */
void user_agent_parse(struct arena *a, struct str text, struct user_agent *out);

#endif

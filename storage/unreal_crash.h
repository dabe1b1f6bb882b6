/*
 * What Unreal Engine's crash reporter sends, once it is unpacked: a header and the files of one
 * crash.
 *
 * Numbers are of 32 bits, little endian; a text is its length and so many bytes (negative: units of
 * UTF-16), filled up with NUL.  Header: folder, file, size, number of files.  A file: its number,
 * name, size, bytes.  Versions that begin with "CR1" have their header behind that; older ones
 * write a blank one first and the true one at the end.  Names lie in the arena, bytes in the input.
 */
#ifndef STORAGE_UNREAL_CRASH_H
#define STORAGE_UNREAL_CRASH_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum { UNREAL_FILES_MAX = 1000 };

struct unreal_crash {
    struct arena *arena;
    struct str rest;
    uint32_t left; /* files still to come */
    bool is_broken;
};

struct unreal_file {
    struct str name; /* valid UTF-8 */
    struct str bytes;
};

/* False when it is no such crash. */
bool unreal_crash_begin(struct unreal_crash *c, struct arena *a, struct str bytes);

/* False at the end, and when it is cut short: c->is_broken then. */
bool unreal_crash_next(struct unreal_crash *c, struct unreal_file *file);

#endif

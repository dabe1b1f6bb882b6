/*
 * Content-addressed files under <data_dir>/blobs/ab/cdef…: the SHA-256 of the bytes is the name.
 * Writing the same bytes twice is one file.  A blob is synced (file and directory) before its name
 * is returned.  References are rows of table blob; files without a row for a day are swept by a
 * job.  `dir` is <data_dir>/blobs and is made when missing.  Any thread may call.
 */
#ifndef STORAGE_BLOBS_H
#define STORAGE_BLOBS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

/* 64 hex digits, or absent after logging why. */
struct str blob_put(struct arena *a, const char *dir, struct str bytes);
/* Absent when missing or larger than max. */
struct str blob_get(struct arena *a, const char *dir, struct str name, size_t max);
/* The same without reading it all: its pages are read when they are looked at.  Until the arena's
 * reset; absent when missing. */
struct str blob_map(struct arena *a, const char *dir, struct str name);
/* Bytes of a blob; -1 when missing. */
int64_t blob_size(const char *dir, struct str name);
/* Where nginx finds a blob: the value of X-Accel-Redirect. */
struct str blob_address(struct arena *a, struct str name);
bool blob_delete(const char *dir, struct str name);

#endif

/*
 * Bodies of events as they lie in event_body: a number that says how, and bytes.
 *
 * 0 plain, 1 zstd, from 2 on zstd with the dictionary of that number.  A number, once used, keeps
 * its meaning for ever, because old rows name it; new rows get EVENT_BODY_NEWEST.  Bodies that
 * would not get smaller are stored plain.  Any thread may call with an arena of its own.
 */
#ifndef STORAGE_EVENT_BODY_H
#define STORAGE_EVENT_BODY_H

#include "base/arena.h"
#include "base/str.h"

enum event_body_codec { EVENT_BODY_PLAIN, EVENT_BODY_ZSTD, EVENT_BODY_NEWEST = EVENT_BODY_ZSTD };

/* Stored bytes, in the arena; *codec says how they were made. */
struct str event_body_encode(struct arena *a, struct str json, int *codec);

/* The JSON of a stored body; absent when the codec is unknown or the bytes are damaged (logged). */
struct str event_body_decode(struct arena *a, int codec, struct str bytes);

#endif

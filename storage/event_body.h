/*
 * Bodies of events as they lie in event_body: a number that says how, and bytes.
 *
 * 0 plain, 1 zstd, from 2 on zstd with the dictionary storage/event_body_<number>.dict, which is
 * compiled in.  A number, once used, keeps its meaning for ever, because old rows name it; new rows
 * get EVENT_BODY_NEWEST.  Bodies that would not get smaller are stored plain.  Any thread may call
 * with an arena of its own.
 *
 * A dictionary knows the words of events in general, never a customer's: number 2 was trained with
 * `zstd --train --maxdict=16384` on the normalised events of tests/fixtures/demo.  It makes the
 * body of a 3 KiB event 40 % smaller than zstd alone does.
 */
#ifndef STORAGE_EVENT_BODY_H
#define STORAGE_EVENT_BODY_H

#include "base/arena.h"
#include "base/str.h"

enum event_body_codec {
    EVENT_BODY_PLAIN,
    EVENT_BODY_ZSTD,
    EVENT_BODY_DICTIONARY_2,
    EVENT_BODY_CODECS,
    EVENT_BODY_NEWEST = EVENT_BODY_CODECS - 1,
};

/* Stored bytes, in the arena; *codec says how they were made. */
struct str event_body_encode(struct arena *a, struct str json, int *codec);

/* The JSON of a stored body; absent when the codec is unknown or the bytes are damaged (logged). */
struct str event_body_decode(struct arena *a, int codec, struct str bytes);

#endif

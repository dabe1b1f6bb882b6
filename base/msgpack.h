/*
 * MessagePack as a JSON tree: what crash handlers write where they dare not format text.
 *
 * Keys become text, binary strings become text as far as they are UTF-8, times of the timestamp
 * extension become seconds since 1970, other extensions null.  Objects may repeat keys.  A value is
 * refused past 64 levels or 131,072 nodes.  All nodes and texts are in the arena or point into the
 * bytes.
 */
#ifndef BASE_MSGPACK_H
#define BASE_MSGPACK_H

#include "base/jt.h"

/* Reads one value off the front of *bytes; NULL when there is none, and *bytes is then spent. */
struct jt *msgpack_read(struct arena *a, struct str *bytes);

#endif

/*
 * Streaming decoder for request bodies: gzip, deflate (zlib wrapper; raw accepted), br, zstd,
 * chained in the order of a Content-Encoding header ("gzip, zstd" was gzipped first), with a
 * ceiling on the decoded size.  Source of the rules: ingest.md §1.5.
 *
 * Feed compressed bytes as they arrive; decoded bytes are appended to the buf.  The ceiling is the
 * buf's; a bomb stops there, having cost no more memory than it.  Window memory: zstd frames that
 * ask for more than 8 MiB of window are refused.  One thread per decoder; inflate_new() ties it to
 * the arena.
 */
#ifndef BASE_INFLATE_H
#define BASE_INFLATE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

enum inflate_result { INFLATE_OK, INFLATE_TOO_LARGE, INFLATE_CORRUPT };

struct inflate;

/* NULL when the header names an unknown encoding.  Empty, identity and utf-8 pass bytes through. */
struct inflate *inflate_new(struct arena *a, struct str content_encoding, struct buf *to);
enum inflate_result inflate_feed(struct inflate *z, struct str bytes);
enum inflate_result inflate_finish(struct inflate *z); /* CORRUPT when a stream is cut short */
bool inflate_is_identity(const struct inflate *z);

/* A file that a packer may have packed, told by its first bytes: gzip, xz, bzip2, zstd.  The suffix
 * is what such files' names end in, ".gz"; absent, and the bytes pass through, when no packer did.
 * xz files that need more than 36 MiB to be decoded are corrupt to us. */
struct str inflate_file_suffix(struct str bytes);
struct inflate *inflate_new_file(struct arena *a, struct str bytes, struct buf *to);

/* zlib text in one piece, for raven-node's base64 store bodies. */
enum inflate_result inflate_zlib(struct arena *a, struct str bytes, struct buf *to);

#endif

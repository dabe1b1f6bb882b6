/*
 * Files that clients upload in pieces before an envelope refers to them (ingest.md §1.11): below
 * <data_dir>/uploads, named by an id, for an hour after they were last written.
 *
 * A client knows an upload by its location, which is sealed: nobody else's can be guessed, and its
 * announced length not altered.  All together take at most UPLOADS_BYTES_MAX, and what each process
 * has added since it last swept.  Any thread and process may call; appends to one upload wait for
 * each other.
 */
#ifndef INGEST_UPLOADS_H
#define INGEST_UPLOADS_H

#include <stdatomic.h>

#include "base/uuid.h"
#include "storage/seal.h"

#define UPLOADS_BYTES_MAX ((int64_t)4 << 30)

struct uploads {
    char dir[4096];
    struct seal_key key;
    _Atomic int64_t bytes; /* of all, as far as this process knows */
};

struct upload {
    int64_t project_id;
    struct uuid id;
    int64_t length; /* as it was announced; -1: not yet */
};

/* Makes the folder and the key when they are missing; false after logging why it cannot. */
bool uploads_open(struct uploads *u, const char *data_dir);
/* Deletes what is too old, and measures the rest. */
void uploads_sweep(struct uploads *u);

/* "/api/7/upload/…/?length=…&signature=…" */
struct str upload_location(struct arena *a, const struct uploads *u, const struct upload *upload);
/* Whether the seal is that of the upload's location. */
bool upload_is_sealed(struct arena *a, const struct uploads *u, const struct upload *upload,
                      struct str seal);
/* What a location names, of that project; false when it is none of ours. */
bool upload_of_location(struct arena *a, const struct uploads *u, int64_t project_id,
                        struct str location, struct upload *out);

bool upload_create(const struct uploads *u, const struct upload *upload);

enum upload_result {
    UPLOAD_OK,
    UPLOAD_MISSING,
    UPLOAD_MISPLACED,
    UPLOAD_TOO_LONG,
    UPLOAD_FAILED, /* the disk does not take it, or there are too many */
};

/* Puts the bytes, synced, behind those that are there, which must be `offset`; `most` in all. */
enum upload_result upload_append(struct uploads *u, const struct upload *upload, int64_t offset,
                                 struct str bytes, int64_t most);

/* All its bytes, until the arena's reset; absent when it is gone, or not all of it is there. */
struct str upload_bytes(struct arena *a, const struct uploads *u, const struct upload *upload);

#endif

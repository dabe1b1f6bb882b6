/*
 * Data that lies beside the checkout, in ../shared or where VEDETTE_SHARED says.  A test that needs
 * it passes with one clear line where it is absent: the project must build and test without it.
 */
#ifndef TESTS_UNIT_SHARED_H
#define TESTS_UNIT_SHARED_H

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"

enum { SHARED_FILE_MAX = 64 << 20 };

static inline const char *shared_path(struct arena *a, const char *name)
{
    const char *folder = getenv("VEDETTE_SHARED");
    return arena_printf(a, "%s/%s", folder && *folder ? folder : "../shared", name);
}

/* False, after saying so, when the file is not there. */
static inline bool file_read(struct arena *a, const char *path, struct str *content)
{
    FILE *file = fopen(path, "re");
    struct buf bytes;
    if (!file) {
        printf("SKIP %s is not there\n", path);
        return false;
    }
    buf_init(&bytes, SHARED_FILE_MAX);
    char *room;
    size_t n = 1;
    while (n && (room = buf_reserve(&bytes, 65536))) {
        n = fread(room, 1, 65536, file);
        bytes.len += n;
    }
    fclose(file);
    *content = arena_str(a, buf_str(&bytes));
    buf_free(&bytes);
    return true;
}

static inline bool shared_file(struct arena *a, const char *name, struct str *content)
{
    return file_read(a, shared_path(a, name), content);
}

#endif

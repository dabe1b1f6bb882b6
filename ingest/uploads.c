#include "ingest/uploads.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"

enum { KEEP_SECONDS = 3600 };

bool uploads_open(struct uploads *u, const char *data_dir)
{
    char key[PATH_MAX];
    snprintf(u->dir, sizeof(u->dir), "%s/uploads", data_dir);
    snprintf(key, sizeof(key), "%s/upload.key", data_dir);
    bool is_there = mkdir(u->dir, 0700) == 0 || errno == EEXIST;
    if (is_there && seal_open(key, &u->key)) {
        uploads_sweep(u);
        return true;
    }
    log_error("uploads cannot be kept", LOG_STR("folder", str_of(u->dir)),
              LOG_STR("reason", str_of(strerror(errno))));
    return false;
}

/* Bytes of the file, unless it goes. */
static int64_t sweep_one(int folder, const char *name)
{
    struct stat st;
    if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
        return 0;
    bool is_old = st.st_mtime + KEEP_SECONDS < time(NULL);
    return is_old && unlinkat(folder, name, 0) == 0 ? 0 : st.st_size;
}

void uploads_sweep(struct uploads *u)
{
    int64_t bytes = 0;
    DIR *folder = opendir(u->dir);
    if (!folder)
        return;
    for (struct dirent *entry; (entry = readdir(folder));)
        bytes += sweep_one(dirfd(folder), entry->d_name);
    closedir(folder);
    atomic_store(&u->bytes, bytes);
}

/* ---- locations */

static struct str unsealed(struct arena *a, const struct upload *upload)
{
    char hex[33];
    uuid_put(upload->id, hex);
    const char *place =
        arena_printf(a, "/api/%lld/upload/%s/?", (long long)upload->project_id, hex);
    if (upload->length < 0)
        return str_of(place);
    return str_of(arena_printf(a, "%slength=%lld&", place, (long long)upload->length));
}

struct str upload_location(struct arena *a, const struct uploads *u, const struct upload *upload)
{
    struct str place = unsealed(a, upload);
    return str_of(
        arena_printf(a, "%.*ssignature=%.*s", STR_ARG(place), STR_ARG(seal_of(a, &u->key, place))));
}

bool upload_is_sealed(struct arena *a, const struct uploads *u, const struct upload *upload,
                      struct str seal)
{
    return seal_fits(a, &u->key, unsealed(a, upload), seal);
}

bool upload_of_location(struct arena *a, const struct uploads *u, int64_t project_id,
                        struct str location, struct upload *out)
{
    size_t at = str_find(location, S("/upload/"));
    struct str rest = str_from(location, at < location.n ? at + strlen("/upload/") : location.n);
    struct str id = str_split(&rest, '/');
    *out = (struct upload){.project_id = project_id, .length = -1};
    if (!uuid_parse(id, &out->id) || !str_starts(rest, S("?")))
        return false;
    struct str query = str_from(rest, 1);
    while (query.p) {
        struct str value = str_split(&query, '&'), name = str_split(&value, '=');
        if (str_eq(name, S("length")) && !text_int64(value, &out->length))
            return false;
    }
    struct str place = unsealed(a, out), mark = S("signature=");
    struct str own = str_from(location, str_find(location, S("/api/")));
    struct str sealed = str_from(own, place.n);
    return str_starts(own, place) && str_starts(sealed, mark) &&
           upload_is_sealed(a, u, out, str_from(sealed, mark.n));
}

/* ---- files */

static int open_file(const struct uploads *u, const struct upload *upload, int flags)
{
    char hex[33], path[PATH_MAX + sizeof(hex) + 1];
    uuid_put(upload->id, hex);
    snprintf(path, sizeof(path), "%s/%s", u->dir, hex);
    return open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
}

bool upload_create(const struct uploads *u, const struct upload *upload)
{
    int fd = open_file(u, upload, O_WRONLY | O_CREAT | O_EXCL);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static bool write_all(int fd, struct str bytes, int64_t offset)
{
    while (bytes.n) {
        ssize_t n = pwrite(fd, bytes.p, bytes.n, offset);
        if (n < 0)
            return false;
        bytes = str_from(bytes, (size_t)n);
        offset += n;
    }
    return fsync(fd) == 0;
}

static enum upload_result append(int fd, int64_t offset, struct str bytes, int64_t most)
{
    struct stat st;
    if (flock(fd, LOCK_EX) != 0 || fstat(fd, &st) != 0)
        return UPLOAD_FAILED;
    if (st.st_size != offset)
        return UPLOAD_MISPLACED;
    if ((int64_t)bytes.n > most - offset)
        return UPLOAD_TOO_LONG;
    if (write_all(fd, bytes, offset))
        return UPLOAD_OK;
    (void)!ftruncate(fd, offset);
    return UPLOAD_FAILED;
}

enum upload_result upload_append(struct uploads *u, const struct upload *upload, int64_t offset,
                                 struct str bytes, int64_t most)
{
    int fd = open_file(u, upload, O_RDWR);
    if (fd < 0)
        return UPLOAD_MISSING;
    bool has_room =
        atomic_fetch_add(&u->bytes, (int64_t)bytes.n) + (int64_t)bytes.n <= UPLOADS_BYTES_MAX;
    enum upload_result result = has_room ? append(fd, offset, bytes, most) : UPLOAD_FAILED;
    if (result != UPLOAD_OK)
        atomic_fetch_sub(&u->bytes, (int64_t)bytes.n);
    close(fd);
    return result;
}

static void unmap(void *bytes)
{
    struct str *mapped = bytes;
    union {
        const char *bytes;
        void *map;
    } of = {.bytes = mapped->p};
    munmap(of.map, mapped->n);
}

struct str upload_bytes(struct arena *a, const struct uploads *u, const struct upload *upload)
{
    struct stat st;
    int fd = open_file(u, upload, O_RDONLY);
    struct str *mapped = arena_new_of(a, struct str);
    bool is_whole = fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0 &&
                    (upload->length < 0 || st.st_size == upload->length);
    void *map =
        is_whole ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
    if (fd >= 0)
        close(fd);
    if (map == MAP_FAILED)
        return (struct str){0};
    *mapped = (struct str){map, (size_t)st.st_size};
    arena_defer(a, unmap, mapped);
    return *mapped;
}

#include "storage/blobs.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "base/uuid.h"

enum { HASH_BYTES = 32, NAME_DIGITS = 64, PATH_BYTES = 4096 };

struct blob_path {
    char folder[PATH_BYTES], file[PATH_BYTES + 80], draft[PATH_BYTES + 80];
};

static bool is_name(struct str name)
{
    return name.n == NAME_DIGITS && strspn(name.p, "0123456789abcdef") >= NAME_DIGITS;
}

/* The draft's name is like no blob's and no other thread's. */
static void path_of(struct blob_path *p, const char *dir, struct str name)
{
    char draft[33];
    uuid_put(uuid_random(), draft);
    snprintf(p->folder, sizeof(p->folder), "%s/%.2s", dir, name.p);
    snprintf(p->file, sizeof(p->file), "%s/%.62s", p->folder, name.p + 2);
    snprintf(p->draft, sizeof(p->draft), "%s/draft-%s", p->folder, draft);
}

static bool sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

/* A folder that may be new is synced into its parent. */
static bool make_folder(const char *path, const char *parent)
{
    if (mkdir(path, 0750) == 0)
        return sync_folder(parent);
    return errno == EEXIST;
}

static bool make_folders(const struct blob_path *p, const char *dir)
{
    char above[PATH_BYTES];
    snprintf(above, sizeof(above), "%s/..", dir);
    return make_folder(dir, above) && make_folder(p->folder, dir);
}

static bool write_all(int fd, struct str bytes)
{
    while (bytes.n) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes = str_slice(bytes, (size_t)n, bytes.n);
    }
    return true;
}

static bool write_draft(const char *draft, struct str bytes)
{
    int fd = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (fd < 0)
        return false;
    bool ok = write_all(fd, bytes) && fsync(fd) == 0;
    int reason = errno;
    close(fd);
    errno = reason;
    return ok;
}

/* A file that stands there already may be another thread's whose folder is not synced yet; its time
 * becomes now, so that nobody sweeps it before its new use is known. */
static bool place(const struct blob_path *p, const char *dir, struct str bytes)
{
    if (utimensat(AT_FDCWD, p->file, NULL, 0) == 0)
        return sync_folder(p->folder);
    return make_folders(p, dir) && write_draft(p->draft, bytes) && rename(p->draft, p->file) == 0 &&
           sync_folder(p->folder);
}

struct str blob_put(struct arena *a, const char *dir, struct str bytes)
{
    uint8_t hash[HASH_BYTES];
    if (!EVP_Digest(bytes.n ? bytes.p : "", bytes.n, hash, NULL, EVP_sha256(), NULL))
        abort();
    struct str name = str_of(arena_strdup(a, text_hex(a, hash, sizeof(hash))));
    struct blob_path *path = arena_new_of(a, struct blob_path);
    path_of(path, dir, name);
    if (place(path, dir, bytes))
        return name;
    log_error("a blob cannot be kept", LOG_STR("file", str_of(path->file)),
              LOG_INT("bytes", (int64_t)bytes.n), LOG_STR("reason", str_of(strerror(errno))));
    unlink(path->draft);
    return (struct str){0};
}

static struct str read_all(struct arena *a, int fd, size_t max)
{
    struct stat st;
    if (fstat(fd, &st) < 0 || (size_t)st.st_size > max)
        return (struct str){0};
    char *bytes = arena_alloc(a, (size_t)st.st_size + 1);
    size_t have = 0;
    for (ssize_t n; have < (size_t)st.st_size; have += (size_t)n) {
        n = read(fd, bytes + have, (size_t)st.st_size - have);
        if (n <= 0)
            return (struct str){0};
    }
    return (struct str){bytes, have};
}

struct str blob_get(struct arena *a, const char *dir, struct str name, size_t max)
{
    if (!is_name(name))
        return (struct str){0};
    struct blob_path *path = arena_new_of(a, struct blob_path);
    path_of(path, dir, name);
    int fd = open(path->file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return (struct str){0};
    struct str bytes = read_all(a, fd, max);
    close(fd);
    return bytes;
}

struct mapping {
    void *at;
    size_t size;
};

static void unmap(void *mapping)
{
    const struct mapping *m = mapping;
    munmap(m->at, m->size);
}

struct str blob_map(struct arena *a, const char *dir, struct str name)
{
    struct stat st;
    if (!is_name(name))
        return (struct str){0};
    struct blob_path *path = arena_new_of(a, struct blob_path);
    path_of(path, dir, name);
    int fd = open(path->file, O_RDONLY | O_CLOEXEC);
    struct mapping *m = arena_new_of(a, struct mapping);
    m->at = MAP_FAILED;
    if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0) {
        m->size = (size_t)st.st_size;
        m->at = mmap(NULL, m->size, PROT_READ, MAP_PRIVATE, fd, 0);
    }
    if (fd >= 0)
        close(fd);
    if (m->at == MAP_FAILED)
        return (struct str){0};
    arena_defer(a, unmap, m);
    return (struct str){m->at, m->size};
}

int64_t blob_size(const char *dir, struct str name)
{
    struct blob_path path;
    struct stat st;
    if (!is_name(name))
        return -1;
    path_of(&path, dir, name);
    return stat(path.file, &st) == 0 ? st.st_size : -1;
}

struct str blob_address(struct arena *a, struct str name)
{
    return str_of(arena_printf(a, "/blobs/%.2s/%.62s", name.p, name.p + 2));
}

bool blob_delete(const char *dir, struct str name)
{
    struct blob_path path;
    if (!is_name(name))
        return false;
    path_of(&path, dir, name);
    return unlink(path.file) == 0;
}

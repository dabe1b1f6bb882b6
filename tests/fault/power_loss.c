/*
 * A preload library that makes kill -9 as hard as a power cut, for files below the folders that
 * $VEDETTE_POWER_DIR names, separated by colons.
 *
 * Bytes that a program writes there stay in this process's memory until fsync() or fdatasync() of
 * their file, so they die with the process.  Reading programs see what a disk would hold.
 * Names are journalled: every file or folder made, and every rename, is a line in
 * $VEDETTE_POWER_JOURNAL ("C path", "R from to"), and an fsync() of a folder makes its entries last
 * ("S folder").  Who cuts the power undoes, newest first, the lines that no later S covers.
 *
 * With VEDETTE_POWER_LIES=1 a sync says yes and keeps nothing, as a bad disk does: a test of the
 * test, which must then find events missing.
 *
 * Mapped files, truncation and deletion take effect at once.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FDS_MAX = 4096 };

/* Bytes that only this process knows of. */
struct pending {
    struct pending *next;
    off_t offset;
    size_t size;
    char bytes[];
};

struct file {
    bool is_file, is_folder;
    off_t at; /* of write() */
    struct pending *first, **last;
    char path[PATH_MAX];
};

static struct file *files[FDS_MAX];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static bool is_below(const char *path)
{
    const char *dirs = getenv("VEDETTE_POWER_DIR");
    for (size_t n; dirs && *dirs; dirs += n + (dirs[n] == ':')) {
        n = strcspn(dirs, ":");
        if (strncmp(path, dirs, n) == 0)
            return true;
    }
    return false;
}

/* One write a line: several processes share the journal. */
__attribute__((format(printf, 1, 2))) static void journal(const char *format, ...)
{
    char line[2 * PATH_MAX + 8];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    const char *path = getenv("VEDETTE_POWER_JOURNAL");
    int fd =
        path ? (int)syscall(SYS_open, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666) : -1;
    if (fd < 0 || syscall(SYS_write, fd, line, (size_t)n) != n)
        abort();
    syscall(SYS_close, fd);
}

static bool path_of(int fd, char path[PATH_MAX])
{
    char link[64];
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, PATH_MAX - 1);
    path[n > 0 ? n : 0] = '\0';
    return n > 0 && is_below(path) && !strstr(path, " (deleted)");
}

static void absolute(int dir_fd, const char *name, char path[PATH_MAX])
{
    char folder[PATH_MAX] = "";
    if (name[0] != '/' && dir_fd != AT_FDCWD && path_of(dir_fd, folder))
        snprintf(path, PATH_MAX, "%.2000s/%.2000s", folder, name);
    else
        snprintf(path, PATH_MAX, "%s", name);
}

/* ---- files that are followed */

static void follow(int fd, int flags, bool is_new)
{
    struct stat st;
    struct file *f = calloc(1, sizeof(*f));
    if (!f || fd >= FDS_MAX || !path_of(fd, f->path) || fstat(fd, &st) < 0) {
        free(f);
        return;
    }
    f->is_folder = S_ISDIR(st.st_mode);
    f->is_file = S_ISREG(st.st_mode) && (flags & O_ACCMODE) != O_RDONLY;
    f->last = &f->first;
    if (is_new)
        journal("C %s\n", f->path);
    pthread_mutex_lock(&lock);
    files[fd] = f;
    pthread_mutex_unlock(&lock);
}

/* With the lock held: the followed file of a descriptor. */
static struct file *followed(int fd)
{
    return fd >= 0 && fd < FDS_MAX ? files[fd] : NULL;
}

static void drop_pending(struct file *f)
{
    for (struct pending *p = f->first, *next; p; p = next) {
        next = p->next;
        free(p);
    }
    f->first = NULL;
    f->last = &f->first;
}

static bool keep(struct file *f, const void *bytes, size_t n, off_t offset)
{
    struct pending *p = malloc(sizeof(*p) + n);
    if (!p)
        return false;
    *p = (struct pending){.offset = offset, .size = n};
    memcpy(p->bytes, bytes, n);
    *f->last = p;
    f->last = &p->next;
    return true;
}

static bool apply(int fd, struct file *f)
{
    for (struct pending *p = f->first; p; p = p->next)
        if (syscall(SYS_pwrite64, fd, p->bytes, p->size, p->offset) != (ssize_t)p->size)
            return false;
    drop_pending(f);
    return true;
}

/* ---- opening, making, renaming */

static int open_followed(int dir_fd, const char *name, int flags, mode_t mode)
{
    struct stat st;
    bool makes = (flags & O_CREAT) && (flags & O_TMPFILE) != O_TMPFILE;
    bool is_new = makes && fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0;
    int fd = (int)syscall(SYS_openat, dir_fd, name, flags, mode);
    if (fd >= 0)
        follow(fd, flags, is_new);
    return fd;
}

static mode_t mode_of(int flags, va_list args)
{
    bool has_mode = (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
    return has_mode ? va_arg(args, mode_t) : 0;
}

int open(const char *name, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = mode_of(flags, args);
    va_end(args);
    return open_followed(AT_FDCWD, name, flags, mode);
}

int openat(int dir_fd, const char *name, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = mode_of(flags, args);
    va_end(args);
    return open_followed(dir_fd, name, flags, mode);
}

int mkdir(const char *name, mode_t mode)
{
    int result = (int)syscall(SYS_mkdir, name, mode);
    if (result == 0 && is_below(name))
        journal("C %s\n", name);
    return result;
}

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
    char old[PATH_MAX], new[PATH_MAX];
    absolute(from_dir, from, old);
    absolute(to_dir, to, new);
    int result = (int)syscall(SYS_renameat, from_dir, from, to_dir, to);
    if (result == 0 && is_below(new))
        journal("R %s %s\n", old, new);
    return result;
}

int rename(const char *from, const char *to)
{
    return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

/* ---- writing */

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
    ssize_t total = 0;
    pthread_mutex_lock(&lock);
    struct file *f = followed(fd);
    bool kept = f && f->is_file;
    for (int i = 0; kept && i < count; i++) {
        kept = keep(f, parts[i].iov_base, parts[i].iov_len, offset + total);
        total += (ssize_t)parts[i].iov_len;
    }
    pthread_mutex_unlock(&lock);
    return kept ? total : syscall(SYS_pwritev, fd, parts, count, offset, 0);
}

ssize_t write(int fd, const void *bytes, size_t n)
{
    pthread_mutex_lock(&lock);
    struct file *f = followed(fd);
    bool kept = f && f->is_file && keep(f, bytes, n, f->at);
    if (kept)
        f->at += (off_t)n;
    pthread_mutex_unlock(&lock);
    return kept ? (ssize_t)n : syscall(SYS_write, fd, bytes, n);
}

int close(int fd)
{
    pthread_mutex_lock(&lock);
    struct file *f = followed(fd);
    if (f) {
        files[fd] = NULL;
        drop_pending(f);
    }
    pthread_mutex_unlock(&lock);
    free(f);
    return (int)syscall(SYS_close, fd);
}

/* ---- syncing */

static int sync_followed(int fd)
{
    bool lies = getenv("VEDETTE_POWER_LIES") != NULL, ok = true;
    pthread_mutex_lock(&lock);
    struct file *f = followed(fd);
    if (f && f->is_folder)
        journal("S %s\n", f->path);
    else if (f && !lies)
        ok = apply(fd, f);
    pthread_mutex_unlock(&lock);
    if (!ok)
        errno = EIO;
    return ok ? 0 : -1;
}

int fsync(int fd)
{
    return sync_followed(fd);
}

int fdatasync(int fd)
{
    return sync_followed(fd);
}

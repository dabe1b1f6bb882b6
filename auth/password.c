#include "auth/password.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include "base/log.h"
#include "base/settings.h"

enum {
    PASSES = 2,
    MEMORY = 19 * 1024 * 1024,
    QUEUE = 8, /* byte 0 of the file is the one computing, these bytes after it those waiting */
};

/* Of a random text nobody knows: what an unknown user's password is compared with. */
static const char nobody[] = "$argon2id$v=19$m=19456,t=2,p=1$/2MzmN9eNxU4yRocu3PizA$"
                             "fzlJGIpZnU9Rc1KQqUic5kmwg8isPnWQrC31ESMaSwc";

static bool lock_byte(int fd, int command, int type, off_t at)
{
    struct flock lock = {.l_type = (short)type, .l_whence = SEEK_SET, .l_start = at, .l_len = 1};
    int failed;
    do
        failed = fcntl(fd, command, &lock);
    while (failed < 0 && errno == EINTR);
    return failed == 0;
}

static bool queue_up(int fd)
{
    for (off_t place = 1; place <= QUEUE; place++) {
        if (lock_byte(fd, F_OFD_SETLK, F_WRLCK, place)) {
            bool turn = lock_byte(fd, F_OFD_SETLKW, F_WRLCK, 0);
            lock_byte(fd, F_OFD_SETLK, F_UNLCK, place);
            return turn;
        }
    }
    return false;
}

/* Locks belong to the open file, so that threads exclude each other too; closing it ends them.
 * -2: busy; -1: there is no file to lock. */
static int take_turn(struct arena *a)
{
    const char *path = arena_printf(a, "%s/password.lock", settings()->run_dir);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        log_warn("password hashing is not limited: no lock file", LOG_STR("path", str_of(path)),
                 LOG_INT("errno", errno));
        return -1;
    }
    if (lock_byte(fd, F_OFD_SETLK, F_WRLCK, 0) || queue_up(fd))
        return fd;
    close(fd);
    return -2;
}

static void end_turn(int fd)
{
    if (fd >= 0)
        close(fd);
}

struct str password_hash(struct arena *a, struct str password)
{
    char *stored = arena_take(a, crypto_pwhash_STRBYTES);
    int turn = take_turn(a);
    if (turn == -2)
        return (struct str){0};
    int failed = crypto_pwhash_str(stored, password.p, password.n, PASSES, MEMORY);
    end_turn(turn);
    return failed ? (struct str){0} : str_of(stored);
}

enum password_check password_verify(struct arena *a, struct str stored, struct str password)
{
    const char *known = stored.p ? arena_strdup(a, stored) : nobody;
    int turn = take_turn(a);
    if (turn == -2)
        return PASSWORD_BUSY;
    bool same = crypto_pwhash_str_verify(known, password.p, password.n) == 0;
    end_turn(turn);
    return same && stored.p ? PASSWORD_RIGHT : PASSWORD_WRONG;
}

bool password_is_outdated(struct arena *a, struct str stored)
{
    return crypto_pwhash_str_needs_rehash(arena_strdup(a, stored), PASSES, MEMORY) != 0;
}

#include "storage/seal.h"

#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

enum { SEAL_BYTES = 32 };

static bool read_key(const char *path, struct seal_key *key)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool whole = fd >= 0 && read(fd, key->bytes, sizeof(key->bytes)) == sizeof(key->bytes);
    if (fd >= 0)
        close(fd);
    return whole;
}

/* Under another name first, so that whoever reads it finds all of it, and whoever comes second
 * finds the first one's. */
static void make_key(const char *path)
{
    char draft[PATH_MAX];
    struct seal_key key;
    snprintf(draft, sizeof(draft), "%s.%ld", path, (long)getpid());
    randombytes_buf(key.bytes, sizeof(key.bytes));
    int fd = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    if (write(fd, key.bytes, sizeof(key.bytes)) == sizeof(key.bytes) && fsync(fd) == 0)
        (void)!link(draft, path);
    close(fd);
    unlink(draft);
}

bool seal_open(const char *path, struct seal_key *key)
{
    if (read_key(path, key))
        return true;
    make_key(path);
    return read_key(path, key);
}

struct str seal_of(struct arena *a, const struct seal_key *key, struct str text)
{
    uint8_t mac[SEAL_BYTES];
    char *hex = arena_take(a, 2 * SEAL_BYTES + 1);
    crypto_generichash(mac, sizeof(mac), (const uint8_t *)text.p, text.n, key->bytes,
                       sizeof(key->bytes));
    sodium_bin2hex(hex, 2 * SEAL_BYTES + 1, mac, sizeof(mac));
    return (struct str){hex, sizeof(mac) * 2};
}

bool seal_fits(struct arena *a, const struct seal_key *key, struct str text, struct str seal)
{
    struct str right = seal_of(a, key, text);
    return seal.n == right.n && sodium_memcmp(seal.p, right.p, right.n) == 0;
}

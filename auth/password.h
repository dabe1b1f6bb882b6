/*
 * Passwords: Argon2id at 19 MiB and two passes (14 ms when measured), by libsodium.
 *
 * Sign-ins are an attack on memory and CPU otherwise, so the whole machine computes one hash at a
 * time, whatever its number of processes and threads; eight more may wait, further ones are busy
 * (answer 429).  The places are byte locks on <run_dir>/password.lock, which a killed process gives
 * back by dying.  Where the file cannot be opened nothing is limited and that is logged.  Any
 * thread may call, once sodium_init() and settings_load() have run.
 */
#ifndef AUTH_PASSWORD_H
#define AUTH_PASSWORD_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

/* Code points of a new password. */
enum { PASSWORD_LEAST = 8, PASSWORD_MOST = 256 };

enum password_check { PASSWORD_RIGHT, PASSWORD_WRONG, PASSWORD_BUSY };

/* The text to store, in the arena; absent when busy. */
struct str password_hash(struct arena *a, struct str password);

/* `stored` absent: no such user, or one without a password; takes as long as a wrong password. */
enum password_check password_verify(struct arena *a, struct str stored, struct str password);

/* Whether a stored text was made with other costs than today's and should be made anew. */
bool password_is_outdated(struct arena *a, struct str stored);

#endif

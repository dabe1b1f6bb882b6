/*
 * Browser sessions: 32 random bytes in a cookie, their BLAKE2b-256 hash in table session.
 *
 * Cookies are vedette_session (HttpOnly) and csrf (readable), both SameSite=Lax; where public_url
 * is https they are Secure and named with the prefix __Host-, so that no other host of the domain
 * can plant them.  A remembered session ends session_days after the sign-in; any other when the
 * browser closes, after twelve idle hours or after a day.  Who changes a password ends the user's
 * other sessions (session_end_others).  Needs rq->db.
 */
#ifndef AUTH_SESSION_H
#define AUTH_SESSION_H

#include "base/request.h"

/* The secret in the request's cookie, 32 bytes in the arena; absent when there is none. */
struct str session_secret(const struct request *rq);

/* What the session of a secret is stored under, 32 bytes in the arena. */
struct str session_hash(struct arena *a, struct str secret);

/* Begins a session for the user and sets both cookies; a session the request came with ends.  A
 * database failure sticks to rq->db. */
void session_begin(struct request *rq, int64_t user_id, bool remember);

/* Ends the request's session and clears both cookies. */
void session_end(struct request *rq);

/* Ends every session of the signed-in user but the request's own. */
void session_end_others(struct request *rq);

/* The csrf cookie the request came with; absent when there is none. */
struct str session_csrf_cookie(const struct request *rq);

/* Sets the csrf cookie unless the request came with the right one: the session's, or without a
 * session any. */
void session_offer_csrf(struct request *rq);

#endif

/*
 * Text as the outside world writes it: UTF-8 repair, numbers, hex, base64, percent-coding, slugs.
 *
 * Functions that produce text take an arena and return bytes that live in it.  None of them fails
 * on hostile bytes; parsers return false and leave *out alone.  Any thread may call.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

/* Bytes -> valid UTF-8 without NUL: each broken sequence becomes U+FFFD, each NUL goes.  Returns s
 * itself when it is clean already, so clean text costs one scan and no copy. */
struct str text_utf8(struct arena *a, struct str s);
bool text_is_utf8(struct str s);

/* Length of the first sequence of a non-empty s; when it is broken, of the longest part that one
 * U+FFFD stands for. */
size_t text_sequence(struct str s, bool *valid);
/* Writes a code point as UTF-8; returns its length. */
size_t text_put_point(char out[4], uint32_t point);

/* UTF-16 in little-endian bytes -> UTF-8, up to the first NUL; a lone surrogate becomes U+FFFD, an
 * odd byte at the end is left out. */
struct str text_of_utf16(struct arena *a, struct str bytes);

/* Number of Unicode code points of valid UTF-8, and the byte length of its first `points` ones. */
size_t text_points(struct str s);
size_t text_prefix(struct str s, size_t points);

/* Cut to at most `points` code points, or `bytes`, the last three of them "..." when anything was
 * cut. */
struct str text_ellipsis(struct arena *a, struct str s, size_t points);
struct str text_ellipsis_bytes(struct arena *a, struct str s, size_t bytes);

/* Whole text must be a decimal integer in range. */
bool text_int64(struct str s, int64_t *out);
bool text_uint64(struct str s, uint64_t *out);
bool text_double(struct str s, double *out);

/* Hex: `out` takes s.n / 2 bytes; false unless s is all hex digits of even length. */
bool text_unhex(struct str s, uint8_t *out);
struct str text_hex(struct arena *a, const void *bytes, size_t n);
bool text_hex_value(struct str s, uint32_t *out); /* one to eight hex digits as a number */

/* Standard and URL-safe alphabets both, padding optional; .p is NULL when it is not base64. */
struct str text_unbase64(struct arena *a, struct str s);
struct str text_base64(struct arena *a, struct str bytes);
struct str text_base64url(struct arena *a, struct str bytes); /* no padding */

/* %41 and, in form data, + ; a broken escape stays as it is. */
struct str text_percent_decode(struct arena *a, struct str s, bool plus_is_space);
/* Everything but unreserved characters (RFC 3986) is escaped, commas and colons too. */
struct str text_percent_encode(struct arena *a, struct str s);

struct str text_lower(struct arena *a, struct str s); /* ASCII */
/* Lower case of all scripts, a character for a character, of valid UTF-8: equal for texts that
 * differ in case alone. */
struct str text_fold(struct arena *a, struct str s);

/* one, `between` and two in a row; much cheaper than a format. */
struct str text_join(struct arena *a, struct str one, struct str between, struct str two);

/* How many bytes from `at` on are all in `bytes`. */
size_t text_run(struct str s, size_t at, const char *bytes);
/* A letter, digit, underscore or part of a character outside ASCII. */
bool text_is_word_byte(char c);
/* The part after the last byte that is in `bytes`; all of s when none is. */
struct str text_after_last(struct str s, const char *bytes);

/* "My Shop (EU)" -> "my-shop-eu": [a-z0-9_-], never all digits ("2024" -> "p-2024", because
 * numbers in paths are ids), at most 50 bytes; empty when nothing is left. */
struct str text_slug(struct arena *a, struct str s);
bool text_is_slug(struct str s);

/* Address text "203.0.113.7" or "2001:db8::1" -> canonical form; .p NULL when it is neither. */
struct str text_ip(struct arena *a, struct str s);

#endif

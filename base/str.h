/*
 * A borrowed run of bytes: pointer and length, not NUL-terminated, never freed through here.
 *
 * Everything that came from outside travels as a str; its bytes live in an arena, a PGresult or a
 * request buffer that outlives the borrow.  A str whose p is NULL means "absent"; n is then 0.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct str {
    const char *p;
    size_t n;
};

/* Only accepts a string literal: anything else fails to compile. */
#define S(literal) ((struct str){"" literal, sizeof(literal) - 1})

/* For a format with %.*s:  printf("%.*s", STR_ARG(s)). */
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""

static inline struct str str_of(const char *z)
{
    return (struct str){z, z ? strlen(z) : 0};
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || (a.p[0] == b.p[0] && memcmp(a.p, b.p, a.n) == 0));
}

/* Order of bytes, which is that of code points in UTF-8: below 0, 0 or above, as memcmp(). */
static inline int str_compare(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    return order ? order : (a.n > b.n) - (a.n < b.n);
}

static inline bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || (s.p && memcmp(s.p, prefix.p, prefix.n) == 0));
}

static inline bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n &&
           (suffix.n == 0 || memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

/* The bytes from `from` up to, not including, `to`; both are cut to the length of s. */
static inline struct str str_slice(struct str s, size_t from, size_t to)
{
    if (!s.p)
        return (struct str){0};
    to = to > s.n ? s.n : to;
    from = from > to ? to : from;
    return (struct str){s.p + from, to - from};
}

/* The bytes from `from` on; `from` lies inside s or at its end, and s is not absent. */
static inline struct str str_from(struct str s, size_t from)
{
    return (struct str){s.p + from, s.n - from};
}

/* Index of the first `c`, or s.n when there is none. */
static inline size_t str_index(struct str s, char c)
{
    const char *at = s.n ? memchr(s.p, c, s.n) : NULL;
    return at ? (size_t)(at - s.p) : s.n;
}

/* Without ASCII blanks (space, \t, \r, \n) at both ends. */
static inline struct str str_trim(struct str s)
{
    while (s.n && strchr(" \t\r\n", s.p[s.n - 1]) && s.p[s.n - 1])
        s.n--;
    while (s.n && strchr(" \t\r\n", s.p[0]) && s.p[0]) {
        s.p++;
        s.n--;
    }
    return s;
}

/* Equal but for the case of ASCII letters. */
bool str_case_eq(struct str a, struct str b);

/* Cuts the text before the first `separator` off *rest and returns it; the whole rest when there is
 * none.  *rest ends as absent (p NULL) after the last piece. */
struct str str_split(struct str *rest, char separator);

/* Index where `part` first begins, or s.n when it does not occur. */
size_t str_find(struct str s, struct str part);

static inline bool str_has(struct str s, struct str part)
{
    return part.n == 0 || str_find(s, part) < s.n;
}

#endif

#include "base/str.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool str_case_eq(struct str a, struct str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

struct str str_split(struct str *rest, char separator)
{
    size_t at = str_index(*rest, separator);
    struct str piece = {rest->p, at};
    *rest = at < rest->n ? (struct str){rest->p + at + 1, rest->n - at - 1} : (struct str){0};
    return piece;
}

size_t str_find(struct str s, struct str part)
{
    if (part.n == 0 || s.n < part.n)
        return part.n ? s.n : 0;
    const char *at = memmem(s.p, s.n, part.p, part.n);
    return at ? (size_t)(at - s.p) : s.n;
}

#include "storage/search_value.h"

#include "base/clock.h"
#include "base/text.h"

struct unit {
    const char *name;
    double factor;
};

/* Splits "1.5h" at its number; false when there is no number or the unit is not in the table. */
static bool with_unit(struct str s, const struct unit *units, double *out)
{
    size_t n = 0;
    double value;
    while (n < s.n && (strchr("0123456789.", s.p[n]) || (n == 0 && s.p[n] == '-')) && s.p[n])
        n++;
    struct str ending = str_slice(s, n, s.n);
    if (n == 0 || s.p[0] == '.' || !text_double(str_slice(s, 0, n), &value))
        return false;
    for (; units->name; units++) {
        if (str_case_eq(ending, str_of(units->name))) {
            *out = value * units->factor;
            return true;
        }
    }
    return false;
}

bool search_number(struct str s, double *out)
{
    static const struct unit units[] = {{"", 1}, {"k", 1e3}, {"m", 1e6}, {"b", 1e9}, {0}};
    return with_unit(s, units, out);
}

bool search_duration(struct str s, double *milliseconds)
{
    enum { MINUTE = 60000, HOUR = 60 * MINUTE, DAY = 24 * HOUR };
    static const struct unit units[] = {
        {"ms", 1},    {"s", 1000}, {"min", MINUTE},  {"m", MINUTE},   {"hr", HOUR}, {"h", HOUR},
        {"day", DAY}, {"d", DAY},  {"wk", 7. * DAY}, {"w", 7. * DAY}, {0},
    };
    return with_unit(s, units, milliseconds);
}

bool search_percentage(struct str s, double *out)
{
    static const struct unit units[] = {{"%", 0.01}, {0}};
    return with_unit(s, units, out);
}

bool search_boolean(struct str s, bool *out)
{
    bool yes = str_case_eq(s, S("true")) || str_eq(s, S("1"));
    bool no = str_case_eq(s, S("false")) || str_eq(s, S("0"));
    if (yes || no)
        *out = yes;
    return yes || no;
}

bool search_date(struct str s, struct search_moment *out)
{
    enum { DAY_TEXT = sizeof("2026-11-21") - 1 };
    const int64_t minute = INT64_C(60) * CLOCK_SECOND;
    int64_t at;
    if (s.n < DAY_TEXT || !clock_parse(s, &at))
        return false;
    *out = s.n == DAY_TEXT ? (struct search_moment){at, at, at + CLOCK_DAY}
                           : (struct search_moment){at, at - 5 * minute, at + 6 * minute};
    return true;
}

bool search_relative(struct str s, int64_t *us)
{
    static const struct unit units[] = {{"w", 604800}, {"d", 86400}, {"h", 3600}, {"m", 60}, {0}};
    enum { DIGITS_MAX = 6 };
    double seconds;
    if (s.n < 3 || s.n > DIGITS_MAX + 2 || (s.p[0] != '-' && s.p[0] != '+'))
        return false;
    struct str rest = str_slice(s, 1, s.n);
    if (rest.p[0] == '-' || str_index(rest, '.') < rest.n || !with_unit(rest, units, &seconds))
        return false;
    *us = (int64_t)seconds * CLOCK_SECOND * (s.p[0] == '-' ? -1 : 1);
    return true;
}

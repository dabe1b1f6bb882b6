#include "base/crontab.h"

#include "base/clock.h"
#include "base/text.h"

enum { FIELDS = 5, LENGTH_MAX = 200, YEARS_AHEAD = 9 }; /* 1896 to 1904 had no 29 February */
enum { MINUTE, HOUR, DAY, MONTH, WEEKDAY };
static const int64_t minute_us = (int64_t)60 * CLOCK_SECOND;

static const struct {
    int64_t least, most;
    const char *names; /* of three letters, from `least` on */
} ranges[FIELDS] = {{0, 59, ""},
                    {0, 23, ""},
                    {1, 31, ""},
                    {1, 12, "janfebmaraprmayjunjulaugsepoctnovdec"},
                    {0, 7, "sunmontuewedthufrisat"}};

static const struct {
    const char *name, *text;
} shorthands[] = {
    {"@yearly", "0 0 1 1 *"}, {"@annually", "0 0 1 1 *"}, {"@monthly", "0 0 1 * *"},
    {"@weekly", "0 0 * * 0"}, {"@daily", "0 0 * * *"},    {"@hourly", "0 * * * *"},
};

/* ---- reading */

static bool read_value(struct str text, int field, int64_t *out)
{
    enum { NAME = 3 };
    struct str names = str_of(ranges[field].names);
    for (size_t i = 0; text.n == NAME && i < names.n; i += NAME) {
        if (str_case_eq(text, str_slice(names, i, i + NAME))) {
            *out = ranges[field].least + (int64_t)(i / NAME);
            return true;
        }
    }
    if (!text.n || text.n > 2 || text_run(text, 0, "0123456789") != text.n)
        return false;
    return text_int64(text, out) && *out >= ranges[field].least && *out <= ranges[field].most;
}

static bool read_range(struct str text, int field, bool stepped, int64_t *first, int64_t *last)
{
    size_t dash = str_index(text, '-');
    *first = ranges[field].least;
    *last = ranges[field].most;
    if (str_eq(text, S("*")))
        return true;
    if (!read_value(str_slice(text, 0, dash), field, first))
        return false;
    if (dash == text.n) {
        *last = stepped ? *last : *first;
        return true;
    }
    return read_value(str_slice(text, dash + 1, text.n), field, last) && *first <= *last;
}

static bool read_piece(struct str text, int field, uint64_t *bits)
{
    size_t slash = str_index(text, '/');
    bool stepped = slash < text.n;
    int64_t first, last, step = 1;
    if (field == DAY && str_case_eq(text, S("L"))) {
        *bits |= 1;
        return true;
    }
    if (stepped &&
        (slash + 4 < text.n || !text_int64(str_slice(text, slash + 1, text.n), &step) || step < 1))
        return false;
    if (!read_range(str_slice(text, 0, slash), field, stepped, &first, &last))
        return false;
    for (int64_t value = first; value <= last; value += step)
        *bits |= (uint64_t)1 << value;
    return true;
}

static bool read_field(struct str text, int field, uint64_t *bits)
{
    *bits = 0;
    if (!text.n)
        return false;
    while (text.p) {
        if (!read_piece(str_split(&text, ','), field, bits))
            return false;
    }
    return true;
}

static struct str next_word(struct str *rest)
{
    static const char blanks[] = " \t\r\n";
    *rest = str_trim(*rest);
    size_t n = 0;
    while (n < rest->n && !strchr(blanks, rest->p[n]))
        n++;
    struct str word = str_slice(*rest, 0, n);
    *rest = str_slice(*rest, n, rest->n);
    return word;
}

static struct str without_shorthand(struct str text)
{
    for (size_t i = 0; i < sizeof(shorthands) / sizeof(shorthands[0]); i++) {
        if (str_case_eq(text, str_of(shorthands[i].name)))
            return str_of(shorthands[i].text);
    }
    return text;
}

static bool read_fields(struct str text, struct crontab *c, struct str words[FIELDS])
{
    uint64_t bits[FIELDS];
    for (int i = 0; i < FIELDS; i++) {
        words[i] = next_word(&text);
        if (!read_field(words[i], i, &bits[i]))
            return false;
    }
    *c = (struct crontab){.minutes = bits[MINUTE],
                          .hours = (uint32_t)bits[HOUR],
                          .days = (uint32_t)bits[DAY],
                          .months = (uint32_t)bits[MONTH],
                          .weekdays = (uint32_t)(bits[WEEKDAY] | bits[WEEKDAY] >> 7) & 0x7F,
                          .any_day = words[DAY].p[0] == '*',
                          .any_weekday = words[WEEKDAY].p[0] == '*',
                          .every_hour = bits[HOUR] == 0xFFFFFF};
    return !str_trim(text).n;
}

/* ---- the calendar */

struct date {
    int64_t year;
    int month, day, last; /* last: of the month */
};

/* By the days since 1970: years begin in March, so that the leap day ends them. */
static struct date date_of(int64_t days)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    struct date d;
    int64_t shifted = days + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t of_era = shifted - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t march = (5 * of_year + 2) / 153;
    d.day = (int)(of_year - (153 * march + 2) / 5 + 1);
    d.month = (int)(march < 10 ? march + 3 : march - 9);
    d.year = year + era * 400 + (d.month <= 2);
    bool leap = (d.year % 4 == 0 && d.year % 100 != 0) || d.year % 400 == 0;
    d.last = lengths[d.month - 1] + (d.month == 2 && leap);
    return d;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static bool matches_day(const struct crontab *c, int64_t days)
{
    enum { THURSDAY = 4 }; /* 1970-01-01 */
    struct date d = date_of(days);
    int64_t weekday = days + THURSDAY - 7 * floor_div(days + THURSDAY, 7);
    bool day = c->days >> d.day & 1 || ((c->days & 1) && d.day == d.last);
    bool of_week = c->weekdays >> weekday & 1;
    if (!(c->months >> d.month & 1))
        return false;
    return c->any_day || c->any_weekday ? day && of_week : day || of_week;
}

static bool next_day(const struct crontab *c, int64_t *days)
{
    for (int i = 0; i < YEARS_AHEAD * 366; i++, ++*days) {
        if (matches_day(c, *days))
            return true;
    }
    return false;
}

/* ---- */

bool crontab_parse(struct arena *a, struct str text, struct crontab *out)
{
    struct str words[FIELDS];
    int64_t days = 0;
    text = str_trim(text);
    if (text.n > LENGTH_MAX || !read_fields(without_shorthand(text), out, words) ||
        !next_day(out, &days))
        return false;
    out->text = words[0];
    for (int i = 1; i < FIELDS; i++)
        out->text = text_join(a, out->text, S(" "), words[i]);
    return true;
}

bool crontab_matches(const struct crontab *c, int64_t civil)
{
    int64_t days = floor_div(civil, CLOCK_DAY), minute = (civil - days * CLOCK_DAY) / minute_us;
    return c->minutes >> minute % 60 & 1 && c->hours >> minute / 60 & 1 && matches_day(c, days);
}

int64_t crontab_next(const struct crontab *c, int64_t civil)
{
    enum { MINUTES = 24 * 60 };
    int64_t days = floor_div(civil, CLOCK_DAY);
    int64_t minute = (civil - days * CLOCK_DAY) / minute_us + 1;
    for (int64_t today = days; next_day(c, &days); days++) {
        for (int64_t m = days == today ? minute : 0; m < MINUTES; m++) {
            if (c->minutes >> m % 60 & 1 && c->hours >> m / 60 & 1)
                return days * CLOCK_DAY + m * minute_us;
        }
    }
    return CLOCK_MOST; /* no such day in reach; crontab_parse() lets none through */
}

#include "base/clock.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static _Atomic int64_t pinned;
static const _Atomic int64_t unmoved;
static const _Atomic int64_t *moved_by = &unmoved; /* or in a file that whoever tests writes */

static int64_t read_clock(clockid_t which)
{
    struct timespec now;
    clock_gettime(which, &now);
    return (int64_t)now.tv_sec * CLOCK_SECOND + now.tv_nsec / 1000;
}

int64_t clock_now(void)
{
    int64_t us = atomic_load_explicit(&pinned, memory_order_relaxed);
    if (us)
        return us;
    return read_clock(CLOCK_REALTIME) + atomic_load_explicit(moved_by, memory_order_relaxed);
}

int64_t clock_monotonic(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

void clock_pin(int64_t us)
{
    atomic_store(&pinned, us);
}

bool clock_follow(const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool holds_it = fd >= 0 && fstat(fd, &st) == 0 && st.st_size >= (off_t)sizeof(*moved_by);
    void *bytes =
        holds_it ? mmap(NULL, sizeof(*moved_by), PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
    if (fd >= 0)
        close(fd);
    if (bytes == MAP_FAILED)
        return false;
    moved_by = bytes;
    return true;
}

/* A test whose clock does not move would wait in vain: it had better not begin. */
__attribute__((constructor)) static void follow_environment(void)
{
    const char *path = getenv("VEDETTE_CLOCK");
    if (!path || clock_follow(path))
        return;
    fprintf(stderr, "VEDETTE_CLOCK: %s cannot be read\n", path);
    exit(2);
}

/*
 * Days since 1970 of a Gregorian date and back, in years that begin in March, so that the leap day
 * comes last; 719468 days lie between 0000-03-01 and 1970-01-01.
 */
static int64_t days_from_date(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - 719468;
}

struct date {
    int year, month, day;
};

static struct date date_from_days(int64_t days)
{
    int64_t z = days + 719468;
    int64_t era = z / 146097, day_of_era = z % 146097;
    int64_t year =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    int64_t civil = month < 10 ? month + 3 : month - 9;
    return (struct date){(int)(year + era * 400 + (civil <= 2)), (int)civil,
                         (int)(day_of_year - (153 * month + 2) / 5 + 1)};
}

static bool digits(struct str *s, int count, int *out)
{
    if (s->n < (size_t)count)
        return false;
    *out = 0;
    for (int i = 0; i < count; i++) {
        if (s->p[i] < '0' || s->p[i] > '9')
            return false;
        *out = *out * 10 + (s->p[i] - '0');
    }
    *s = str_slice(*s, (size_t)count, s->n);
    return true;
}

static bool take(struct str *s, const char *any)
{
    if (!s->n || !s->p[0] || !strchr(any, s->p[0]))
        return false;
    *s = str_slice(*s, 1, s->n);
    return true;
}

static bool parse_date(struct str *s, int64_t *us)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    struct date d;
    if (!digits(s, 4, &d.year) || !take(s, "-") || !digits(s, 2, &d.month) || !take(s, "-") ||
        !digits(s, 2, &d.day) || d.year < 1 || d.month < 1 || d.month > 12)
        return false;
    bool leap = d.year % 4 == 0 && (d.year % 100 || d.year % 400 == 0);
    if (d.day < 1 || d.day > days[d.month - 1] + (d.month == 2 && leap))
        return false;
    *us = days_from_date(d.year, d.month, d.day) * CLOCK_DAY;
    return true;
}

/* Digits past the microsecond are read and dropped. */
static bool parse_fraction(struct str *s, int64_t *us)
{
    int64_t unit = CLOCK_SECOND, fraction = 0;
    int count = 0;
    for (int digit; count < 9 && digits(s, 1, &digit); count++)
        fraction += digit * (unit /= 10);
    *us += fraction;
    return count > 0;
}

/* hh:mm[:ss[.fraction]]; a leap second counts as the first of the next minute. */
static bool parse_time(struct str *s, int64_t *us)
{
    int hour, minute, second = 0;
    if (!digits(s, 2, &hour) || !take(s, ":") || !digits(s, 2, &minute))
        return false;
    bool seconds = take(s, ":");
    if ((seconds && !digits(s, 2, &second)) || hour > 23 || minute > 59 || second > 60)
        return false;
    *us += (int64_t)(hour * 3600 + minute * 60 + second) * CLOCK_SECOND;
    return !seconds || !take(s, ".,") || parse_fraction(s, us);
}

/* Z, +hh, +hhmm, +hh:mm or nothing. */
static bool parse_zone(struct str *s, int64_t *us)
{
    int hours, minutes = 0;
    if (s->n == 0 || take(s, "Zz"))
        return true;
    bool west = s->p[0] == '-';
    if (!take(s, "+-") || !digits(s, 2, &hours))
        return false;
    bool colon = take(s, ":");
    if ((s->n || colon) && !digits(s, 2, &minutes))
        return false;
    int64_t offset = (int64_t)(hours * 60 + minutes) * 60 * CLOCK_SECOND;
    *us += west ? offset : -offset;
    return hours < 24 && minutes < 60;
}

bool clock_parse(struct str s, int64_t *us)
{
    int64_t time;
    s = str_trim(s);
    if (!parse_date(&s, &time))
        return false;
    if (s.n && (!take(&s, "Tt ") || !parse_time(&s, &time) || !parse_zone(&s, &time) || s.n))
        return false;
    *us = time;
    return true;
}

static char *put_digits(char *at, int value, int count)
{
    for (int i = count; i; i--, value /= 10)
        at[i - 1] = (char)('0' + value % 10);
    return at + count;
}

size_t clock_put(int64_t us, char out[CLOCK_ISO_MAX])
{
    us = us < CLOCK_LEAST ? CLOCK_LEAST : us > CLOCK_MOST ? CLOCK_MOST : us;
    int64_t days = us / CLOCK_DAY - (us % CLOCK_DAY < 0);
    int64_t rest = us - days * CLOCK_DAY;
    struct date d = date_from_days(days);
    int second = (int)(rest / CLOCK_SECOND), fraction = (int)(rest % CLOCK_SECOND);
    const struct {
        int value, count;
        char after;
    } parts[] = {{d.year, 4, '-'},        {d.month, 2, '-'},          {d.day, 2, 'T'},
                 {second / 3600, 2, ':'}, {second / 60 % 60, 2, ':'}, {second % 60, 2, '.'},
                 {fraction, 6, 'Z'}};
    char *at = out;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        at = put_digits(at, parts[i].value, parts[i].count);
        *at++ = parts[i].after;
    }
    *at = '\0';
    return (size_t)(at - out);
}

struct str clock_iso(struct arena *a, int64_t us)
{
    char *out = arena_take(a, CLOCK_ISO_MAX);
    return (struct str){out, clock_put(us, out)};
}

#include "storage/quotas.h"

#include <time.h>

#include "base/clock.h"
#include "sql.h"

static const struct str names[QUOTA_PERIOD_COUNT] = {
#define X(constant, name) [QUOTA_##constant] = {name, sizeof(name) - 1},
    QUOTA_PERIODS(X)
#undef X
};

static const int64_t lengths[QUOTA_PERIOD_COUNT] = {
    [QUOTA_MINUTE] = (int64_t)60 * CLOCK_SECOND,
    [QUOTA_HOUR] = (int64_t)3600 * CLOCK_SECOND,
    [QUOTA_DAY] = CLOCK_DAY,
};

struct str quota_period_name(enum quota_period period)
{
    return names[period];
}

bool quota_period_named(struct str name, enum quota_period *out)
{
    for (int i = 0; i < QUOTA_PERIOD_COUNT; i++) {
        *out = (enum quota_period)i;
        if (str_eq(names[i], name))
            return true;
    }
    return false;
}

static struct quota_slot month_of(int64_t now)
{
    time_t seconds = now / CLOCK_SECOND;
    struct tm month;
    gmtime_r(&seconds, &month);
    int64_t number = (int64_t)(month.tm_year - 70) * 12 + month.tm_mon;
    struct tm next = {.tm_year = month.tm_year, .tm_mon = month.tm_mon + 1, .tm_mday = 1};
    return (struct quota_slot){number, (int64_t)timegm(&next) * CLOCK_SECOND};
}

struct quota_slot quota_slot_of(enum quota_period period, int64_t now)
{
    if (period == QUOTA_MONTH)
        return month_of(now);
    int64_t number = now / lengths[period];
    return (struct quota_slot){number, (number + 1) * lengths[period]};
}

bool quota_counts(const struct quota *quota, enum category category)
{
    return !quota->categories || quota->categories >> category & 1;
}

struct str quota_reason(const struct quota *quota)
{
    if (quota->is_spike_protection)
        return S("spike_protection");
    return quota->of_organization ? S("organization_quota") : S("project_quota");
}

/* Errors are everything that becomes an issue, as in Sentry's statistics. */
static uint64_t bits_of(struct str categories)
{
    uint64_t bits = 0;
    while (categories.n) {
        size_t comma = str_find(categories, S(","));
        bits |= UINT64_C(1) << category_named(str_slice(categories, 0, comma));
        categories = str_slice(categories, comma + 1, categories.n);
    }
    if (bits >> CATEGORY_ERROR & 1)
        bits |= UINT64_C(1) << CATEGORY_DEFAULT | UINT64_C(1) << CATEGORY_SECURITY;
    return bits;
}

struct quota_list quotas_load(struct pg *db, struct arena *a)
{
    struct rows *r = pg_query_none(db, a, &SQL_quota_list_all);
    struct quota_list all = {arena_alloc(a, (size_t)rows_count(r) * sizeof(struct quota) + 1), 0};
    while (rows_next(r)) {
        struct quota *q = &all.list[all.count++];
        *q = (struct quota){.project_id = rows_int(r, 0),
                            .id = rows_int(r, 1),
                            .of_organization = rows_bool(r, 2),
                            .categories = bits_of(rows_str(r, 3)),
                            .most = rows_int(r, 5),
                            .is_spike_protection = rows_bool(r, 6)};
        (void)quota_period_named(rows_str(r, 4), &q->period);
    }
    return all;
}

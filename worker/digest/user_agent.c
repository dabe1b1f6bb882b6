#include "worker/digest/user_agent.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/lru.h"
#include "base/map.h"
#include "base/text.h"
#include "worker/digest/user_agent_rules.h"

enum { FIELDS = sizeof(struct user_agent) / sizeof(struct str), FILLED_MAX = 16384 };
enum { CACHE_ENTRIES = 2048, CACHE_KEY = 128, CACHE_TEXT = 242 };
#define CACHE_LIFE CLOCK_DAY

/* ---- asking the rules */

/* The group that stands for a part without a text of its own. */
static const int default_groups[USER_AGENT_LISTS][USER_AGENT_PARTS] = {
    [USER_AGENT_BROWSER] = {1, 2, 3, 4},
    [USER_AGENT_OS] = {1, 2, 3, 4},
    [USER_AGENT_DEVICE] = {1, 0, 1, 0},
};

/* $1 to $9 in `pattern` become what the groups caught. */
static struct str fill_in(struct arena *a, const char *pattern,
                          const struct str groups[USER_AGENT_GROUPS])
{
    struct buf out;
    if (!strchr(pattern, '$'))
        return str_of(pattern);
    buf_init(&out, FILLED_MAX);
    for (const char *p = pattern; *p; p++) {
        if (p[0] == '$' && p[1] >= '1' && p[1] <= '9')
            buf_put_str(&out, groups[*++p - '0']);
        else
            buf_putc(&out, *p);
    }
    struct str text = arena_str(a, buf_str(&out));
    buf_free(&out);
    return text;
}

/* Fills parts[]; all are absent when no rule matches, or one that says Other. */
static void ask(struct arena *a, enum user_agent_list list, const struct prefilter *set,
                struct str text, struct str parts[USER_AGENT_PARTS])
{
    struct str groups[USER_AGENT_GROUPS];
    const struct user_agent_rule *rule = user_agent_rules_find(list, set, text, groups);
    for (int i = 0; i < USER_AGENT_PARTS; i++) {
        int group = default_groups[list][i];
        struct str part = {0};
        if (rule && rule->parts[i])
            part = fill_in(a, rule->parts[i], groups);
        else if (rule && group)
            part = groups[group];
        part = str_trim(part);
        bool unknown = i == 0 && str_eq(part, S("Other"));
        rule = unknown ? NULL : rule;
        parts[i] = part.n && !unknown ? part : (struct str){0};
    }
}

/* "major.minor.patch", up to the first part that is not there. */
static struct str version_of(struct arena *a, const struct str numbers[3])
{
    struct str version = numbers[0];
    for (int i = 1; i < 3 && numbers[i - 1].p && numbers[i].p; i++)
        version = text_join(a, version, S("."), numbers[i]);
    return version;
}

static void parse(struct arena *a, struct str text, struct user_agent *out)
{
    struct prefilter set;
    struct str browser[USER_AGENT_PARTS], os[USER_AGENT_PARTS], device[USER_AGENT_PARTS];
    prefilter_read(&set, text);
    ask(a, USER_AGENT_BROWSER, &set, text, browser);
    ask(a, USER_AGENT_OS, &set, text, os);
    ask(a, USER_AGENT_DEVICE, &set, text, device);
    *out = (struct user_agent){.browser = browser[0], .os = os[0], .device = device[0]};
    if (out->browser.p)
        out->browser_version = version_of(a, browser + 1);
    if (out->os.p)
        out->os_version = version_of(a, os + 1);
    if (out->device.p) {
        out->brand = device[1];
        out->model = device[2];
    }
}

/* ---- the cache */

/* The fields' bytes one after the other; ABSENT is the length of one that is not there. */
struct packed {
    uint16_t lengths[FIELDS];
    char text[CACHE_TEXT];
};

enum { ABSENT = UINT16_MAX };

static struct lru *cache;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void open_cache(void)
{
    cache = lru_new(CACHE_ENTRIES, sizeof(struct packed));
}

static void list_fields(struct user_agent *ua, struct str *fields[FIELDS])
{
    struct str *all[FIELDS] = {&ua->browser, &ua->browser_version, &ua->os,   &ua->os_version,
                               &ua->device,  &ua->brand,           &ua->model};
    memcpy(fields, all, sizeof(all));
}

/* False when it does not fit. */
static bool pack(struct user_agent *ua, struct packed *out)
{
    struct str *fields[FIELDS];
    size_t used = 0;
    list_fields(ua, fields);
    for (size_t i = 0; i < FIELDS; i++) {
        if (fields[i]->n > CACHE_TEXT - used)
            return false;
        out->lengths[i] = fields[i]->p ? (uint16_t)fields[i]->n : ABSENT;
        if (fields[i]->p)
            memcpy(out->text + used, fields[i]->p, fields[i]->n);
        used += fields[i]->n;
    }
    return true;
}

static void unpack(struct arena *a, const struct packed *packed, struct user_agent *out)
{
    struct str *fields[FIELDS];
    size_t used = 0;
    *out = (struct user_agent){0};
    list_fields(out, fields);
    for (size_t i = 0; i < FIELDS; i++)
        used += packed->lengths[i] == ABSENT ? 0 : packed->lengths[i];
    const char *text = arena_str(a, (struct str){packed->text, used}).p;
    for (size_t i = 0; i < FIELDS; i++) {
        if (packed->lengths[i] == ABSENT)
            continue;
        *fields[i] = (struct str){text, packed->lengths[i]};
        text += packed->lengths[i];
    }
}

/* Keys are short: of a long header its hash and its end, where headers differ most. */
static struct str key_of(struct str text, char room[CACHE_KEY])
{
    if (text.n <= CACHE_KEY)
        return text;
    uint64_t hash = map_hash(text);
    size_t end = CACHE_KEY - sizeof(hash);
    memcpy(room, &hash, sizeof(hash));
    memcpy(room + sizeof(hash), text.p + text.n - end, end);
    return (struct str){room, CACHE_KEY};
}

void user_agent_parse(struct arena *a, struct str text, struct user_agent *out)
{
    char room[CACHE_KEY];
    struct packed packed;
    *out = (struct user_agent){0};
    text.n = text_prefix(text, USER_AGENT_MAX);
    if (!text.n)
        return;
    pthread_once(&once, open_cache);
    struct str key = key_of(text, room);
    if (lru_get(cache, key, &packed)) {
        unpack(a, &packed, out);
        return;
    }
    parse(a, text, out);
    if (pack(out, &packed))
        lru_put(cache, key, &packed, CACHE_LIFE);
}

#include "worker/digest/geo.h"

#include <maxminddb.h>
#include <pthread.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/text.h"

enum { LOOK_EVERY_US = 2 * CLOCK_SECOND, PATH_DEPTH = 5 };

/* Where the database has what the event is told. */
static const struct {
    struct str key;
    const char *path[PATH_DEPTH];
} fields[] = {
    {{"country_code", 12}, {"country", "iso_code", NULL}},
    {{"city", 4}, {"city", "names", "en", NULL}},
    {{"subdivision", 11}, {"subdivisions", "0", "names", "en", NULL}},
    {{"region", 6}, {"country", "names", "en", NULL}},
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* What is known of the file, and the last that could be read. */
static struct {
    const char *path;
    struct stat seen;
    int64_t looked; /* clock_monotonic(); 0: never */
    MMDB_s file;
    bool is_open;
} database;

static bool is_seen(const char *path, const struct stat *st)
{
    return database.path && !strcmp(path, database.path) && st->st_ino == database.seen.st_ino &&
           st->st_dev == database.seen.st_dev && st->st_size == database.seen.st_size &&
           st->st_mtim.tv_sec == database.seen.st_mtim.tv_sec &&
           st->st_mtim.tv_nsec == database.seen.st_mtim.tv_nsec;
}

static void use(const MMDB_s *file)
{
    if (database.is_open)
        MMDB_close(&database.file);
    database.file = *file;
    database.is_open = true;
    log_info("a GeoIP database is used", LOG_STR("path", str_of(database.path)));
}

/* A file is judged once, so a bad one is complained of once. */
static void look(const char *path)
{
    struct stat st = {0};
    MMDB_s file;
    int status = stat(path, &st) == 0 ? MMDB_SUCCESS : MMDB_FILE_OPEN_ERROR;
    database.looked = clock_monotonic();
    if (is_seen(path, &st))
        return;
    database.path = path;
    database.seen = st;
    if (status == MMDB_SUCCESS)
        status = MMDB_open(path, MMDB_MODE_MMAP, &file);
    if (status == MMDB_SUCCESS)
        use(&file);
    else
        log_warn("the GeoIP database cannot be read", LOG_STR("path", str_of(path)),
                 LOG_STR("reason", str_of(MMDB_strerror(status))));
}

static struct str name_at(MMDB_entry_s *entry, const char *const *path)
{
    MMDB_entry_data_s data;
    if (MMDB_aget_value(entry, &data, path) != MMDB_SUCCESS || !data.has_data ||
        data.type != MMDB_DATA_TYPE_UTF8_STRING)
        return (struct str){0};
    return (struct str){data.utf8_string, data.data_size};
}

/* The texts must not point into the file, which another may replace. */
static struct jt *read_entry(struct arena *a, MMDB_entry_s *entry)
{
    struct jt *geo = jt_new(a, JT_OBJECT);
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        struct str name = name_at(entry, fields[i].path);
        if (name.n)
            jt_set(geo, fields[i].key, jt_new_str(a, text_utf8(a, arena_str(a, name))));
    }
    return geo->count ? geo : NULL;
}

static struct jt *look_up(struct arena *a, struct str address)
{
    int not_an_address, failed;
    MMDB_lookup_result_s found =
        MMDB_lookup_string(&database.file, arena_strdup(a, address), &not_an_address, &failed);
    if (not_an_address || failed != MMDB_SUCCESS || !found.found_entry)
        return NULL;
    return read_entry(a, &found.entry);
}

static bool is_configured(void)
{
    const char *path = settings()->geoip_database;
    return path && *path;
}

void geo_begin(void)
{
    if (is_configured())
        look(settings()->geoip_database);
}

struct jt *geo_of(struct arena *a, struct str address)
{
    if (!is_configured() || !address.n)
        return NULL;
    pthread_mutex_lock(&lock);
    if (clock_monotonic() - database.looked >= LOOK_EVERY_US)
        look(settings()->geoip_database);
    struct jt *geo = database.is_open ? look_up(a, address) : NULL;
    pthread_mutex_unlock(&lock);
    return geo;
}

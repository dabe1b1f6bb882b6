#include "storage/project_keys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/jr.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/text.h"
#include "sql.h"

enum { SNAPSHOT_MAX = 256 << 20, SNAPSHOT_DEPTH = 4 };

static struct project_key key_of_row(const struct rows *r, struct arena *a)
{
    return (struct project_key){
        .public_key = arena_str(a, rows_str(r, 0)),
        .id = rows_int(r, 1),
        .project_id = rows_int(r, 2),
        .enabled = rows_bool(r, 3),
        .rate_limit_count = rows_int(r, 4),
        .rate_limit_window = rows_int(r, 5),
        .allowed_domains = arena_str(a, rows_str(r, 6)),
        .organization_slug = arena_str(a, rows_str(r, 7)),
        .project_slug = arena_str(a, rows_str(r, 8)),
        .loader_options = arena_str(a, rows_str(r, 9)),
        .max_event_bytes = rows_int(r, 10),
    };
}

static struct project_keys keys_of_rows(struct rows *r, struct arena *a)
{
    int count = rows_count(r);
    struct project_keys keys = {arena_alloc(a, (size_t)count * sizeof(*keys.list)), 0};
    while (rows_next(r))
        keys.list[keys.count++] = key_of_row(r, a);
    return keys;
}

struct project_keys project_keys_load(struct pg *db, struct arena *a)
{
    return keys_of_rows(pg_query_none(db, a, &SQL_project_key_list), a);
}

struct project_keys project_keys_find(struct pg *db, struct arena *a, const struct str *public_keys,
                                      size_t count)
{
    const char *wanted = pg_text_array(a, public_keys, count);
    return keys_of_rows(pg_query(db, a, &SQL_project_key_find, wanted), a);
}

struct str project_key_dsn(struct arena *a, struct str public_key)
{
    struct str url = str_of(settings()->public_url);
    size_t host = str_find(url, S("://")) + 3;
    return str_of(arena_printf(a, "%.*s%.*s@%.*s", STR_ARG(str_slice(url, 0, host)),
                               STR_ARG(public_key), STR_ARG(str_slice(url, host, url.n))));
}

/* ---- the snapshot */

static void put_key(struct jw *j, const struct project_key *k)
{
    jw_open(j, '[');
    jw_str(j, k->public_key);
    jw_int(j, k->id);
    jw_int(j, k->project_id);
    jw_bool(j, k->enabled);
    jw_int(j, k->rate_limit_count);
    jw_int(j, k->rate_limit_window);
    jw_str(j, k->allowed_domains);
    jw_str(j, k->organization_slug);
    jw_str(j, k->project_slug);
    jw_str(j, k->loader_options);
    jw_int(j, k->max_event_bytes);
    jw_close(j, ']');
}

struct str project_keys_text(struct arena *a, struct project_keys keys)
{
    struct buf to;
    struct jw j;
    buf_init(&to, SNAPSHOT_MAX);
    jw_begin(&j, &to);
    jw_open(&j, '[');
    for (size_t i = 0; i < keys.count; i++)
        put_key(&j, &keys.list[i]);
    jw_close(&j, ']');
    struct str text = buf_ok(&to) ? arena_str(a, buf_str(&to)) : (struct str){0};
    buf_free(&to);
    return text;
}

static bool write_synced(const char *path, struct str text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool ok = write(fd, text.p, text.n) == (ssize_t)text.n && fsync(fd) == 0;
    close(fd);
    return ok;
}

bool project_keys_save(const char *path, struct str text)
{
    char draft[4096];
    snprintf(draft, sizeof(draft), "%s.%d", path, (int)getpid());
    if (text.p && write_synced(draft, text) && rename(draft, path) == 0)
        return true;
    log_error("the snapshot of keys cannot be written", LOG_STR("file", str_of(path)),
              LOG_STR("reason", str_of(strerror(errno))));
    unlink(draft);
    return false;
}

static struct str read_file(struct arena *a, const char *path)
{
    struct stat st;
    struct str text = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return text;
    if (fstat(fd, &st) == 0 && st.st_size > 0 && st.st_size <= SNAPSHOT_MAX) {
        char *bytes = arena_take(a, (size_t)st.st_size);
        if (read(fd, bytes, (size_t)st.st_size) == st.st_size)
            text = (struct str){bytes, (size_t)st.st_size};
    }
    close(fd);
    return text;
}

static bool take_str(struct jr *r, struct arena *a, struct str *out)
{
    bool ok = jr_next(r) == JR_STRING;
    if (ok)
        *out = arena_str(a, jr_text(r, a));
    return ok;
}

static bool take_int(struct jr *r, struct arena *a, int64_t *out)
{
    return jr_next(r) == JR_NUMBER && text_int64(jr_text(r, a), out);
}

static bool take_bool(struct jr *r, bool *out)
{
    enum jr_kind kind = jr_next(r);
    *out = kind == JR_TRUE;
    return kind == JR_TRUE || kind == JR_FALSE;
}

/* Snapshots of older versions end before it. */
static bool take_max_event_bytes(struct jr *r, struct arena *a, struct project_key *k)
{
    enum jr_kind kind = jr_next(r);
    k->max_event_bytes = 0;
    if (kind == JR_ARRAY_END)
        return true;
    return kind == JR_NUMBER && text_int64(jr_text(r, a), &k->max_event_bytes) &&
           jr_next(r) == JR_ARRAY_END;
}

static bool take_key(struct jr *r, struct arena *a, struct project_key *k)
{
    return take_str(r, a, &k->public_key) && k->public_key.n == PUBLIC_KEY_LENGTH &&
           take_int(r, a, &k->id) && take_int(r, a, &k->project_id) && take_bool(r, &k->enabled) &&
           take_int(r, a, &k->rate_limit_count) && take_int(r, a, &k->rate_limit_window) &&
           take_str(r, a, &k->allowed_domains) && take_str(r, a, &k->organization_slug) &&
           take_str(r, a, &k->project_slug) && take_str(r, a, &k->loader_options) &&
           take_max_event_bytes(r, a, k);
}

static bool take_keys(struct jr *r, struct arena *a, struct project_keys *out)
{
    enum jr_kind kind;
    if (jr_next(r) != JR_ARRAY)
        return false;
    while ((kind = jr_next(r)) == JR_ARRAY)
        if (!take_key(r, a, &out->list[out->count++]))
            return false;
    return kind == JR_ARRAY_END && jr_next(r) == JR_END;
}

/* Every key costs at least its own text. */
static size_t most_keys(struct str text)
{
    return text.n / PUBLIC_KEY_LENGTH + 1;
}

bool project_keys_read(struct arena *a, const char *path, struct project_keys *out)
{
    struct jr r;
    struct str text = read_file(a, path);
    *out = (struct project_keys){0};
    if (!text.p)
        return false;
    out->list = arena_alloc(a, most_keys(text) * sizeof(*out->list));
    jr_begin(&r, text, SNAPSHOT_DEPTH);
    if (take_keys(&r, a, out))
        return true;
    log_warn("the snapshot of keys is broken", LOG_STR("file", str_of(path)));
    *out = (struct project_keys){0};
    return false;
}

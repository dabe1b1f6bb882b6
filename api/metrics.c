/* All figures of this server as Prometheus reads them: text format 0.0.4. */
#include "base/metrics.h"

#include <dirent.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/clock.h"
#include "base/route.h"
#include "base/settings.h"
#include "sql.h"
#include "storage/items.h"
#include "storage/pg.h"

enum { TEXT_MAX = 1 << 20, BLOCK_BYTES = 512 };

struct exposition {
    struct request *rq;
    struct buf text;
    struct metrics *programs[METRIC_OF_EVERY]; /* NULL: has never run */
};

/* ---- names of rows and columns; absent: there is no such one */

static struct str endpoint_name(struct arena *a, int row)
{
    static const struct str names[] = {
#define X(noun) {#noun, sizeof(#noun) - 1},
        INGEST_ENDPOINTS(X)
#undef X
            {"other", 5},
    };
    (void)a;
    return row < (int)(sizeof(names) / sizeof(names[0])) ? names[row] : (struct str){0};
}

static struct str status_class(struct arena *a, int column)
{
    return column ? str_of(arena_printf(a, "%dxx", column)) : (struct str){0};
}

static struct str category_at(struct arena *a, int row)
{
    (void)a;
    return row == CATEGORY_NONE ? (struct str){0} : category_name((enum category)row);
}

static struct str outcome_at(struct arena *a, int column)
{
    (void)a;
    return outcome_name((enum outcome)column);
}

static struct str lane_name(struct arena *a, int row)
{
    return row < settings()->digest_lanes ? str_of(arena_printf(a, "%d", row)) : (struct str){0};
}

static struct str failure_name(struct arena *a, int row)
{
    static const struct str names[] = {
        [PG_OK] = {0},
        [PG_AWAY] = {"away", 4},
        [PG_CONFLICT] = {"conflict", 8},
        [PG_RETRY] = {"retry", 5},
        [PG_DATA] = {"data", 4},
        [PG_BROKEN] = {"broken", 6},
    };
    (void)a;
    return names[row];
}

static struct str result_name(struct arena *a, int row)
{
    (void)a;
    return row ? S("failed") : S("done");
}

static const struct {
    struct str (*row)(struct arena *a, int row);
    struct str (*column)(struct arena *a, int column);
} names[METRIC_COUNT] = {
    [METRIC_INGEST_REQUESTS] = {endpoint_name, status_class},
    [METRIC_ITEMS] = {category_at, outcome_at},
    [METRIC_DIGEST_LAG] = {lane_name, NULL},
    [METRIC_DIGEST_BACKLOG] = {lane_name, NULL},
    [METRIC_JOBS] = {result_name, NULL},
    [METRIC_POSTGRES_FAILURES] = {failure_name, NULL},
};

/* ---- lines */

static void put_head(struct buf *b, const char *name, const char *type, const char *help)
{
    buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void put_value(struct buf *b, enum metric_unit unit, int64_t value)
{
    if (unit == METRIC_IN_SECONDS)
        buf_printf(b, " %" PRId64 ".%06" PRId64 "\n", value / CLOCK_SECOND, value % CLOCK_SECOND);
    else
        buf_printf(b, " %" PRId64 "\n", value);
}

static void put_label(struct buf *b, bool first, const char *name, struct str value)
{
    buf_printf(b, "%s%s=\"%.*s\"", first ? "{" : ",", name, STR_ARG(value));
}

/* One cell of a family's table; what has no name is left out, and of large tables what is 0. */
static void put_cell(struct exposition *x, enum metric m, enum metric_program program, int at)
{
    const struct metric_family *f = &metric_families[m];
    struct arena *a = x->rq->arena;
    int row = at / f->columns, column = at % f->columns;
    int64_t value = metrics_value(x->programs[program], m, row, column);
    struct str row_name = f->row_label ? names[m].row(a, row) : S("");
    struct str column_name = f->column_label ? names[m].column(a, column) : S("");
    bool every = f->program == METRIC_OF_EVERY;
    if (!row_name.p || !column_name.p || (f->column_label && !value))
        return;
    buf_puts(&x->text, f->name);
    if (every)
        put_label(&x->text, true, "program", str_of(metrics_program_name(program)));
    if (f->row_label)
        put_label(&x->text, !every, f->row_label, row_name);
    if (f->column_label)
        put_label(&x->text, false, f->column_label, column_name);
    if (every || f->row_label)
        buf_putc(&x->text, '}');
    put_value(&x->text, f->unit, value);
}

static void put_summary(struct exposition *x, enum metric m)
{
    const struct metric_family *f = &metric_families[m];
    const struct metrics *of = x->programs[f->program];
    buf_printf(&x->text, "%s_sum", f->name);
    put_value(&x->text, f->unit, metrics_value(of, m, 0, 0));
    buf_printf(&x->text, "%s_count", f->name);
    put_value(&x->text, METRIC_IN_ONE, metrics_value(of, m, 0, 1));
}

static void put_family(struct exposition *x, enum metric m)
{
    static const char *const types[] = {"counter", "gauge", "summary"};
    const struct metric_family *f = &metric_families[m];
    put_head(&x->text, f->name, types[f->kind], f->help);
    for (int program = 0; program < METRIC_OF_EVERY; program++) {
        bool keeps = f->program == METRIC_OF_EVERY || (int)f->program == program;
        if (!keeps || !x->programs[program])
            continue;
        if (f->kind == METRIC_IS_SUMMARY)
            put_summary(x, m);
        for (int at = 0; f->kind != METRIC_IS_SUMMARY && at < f->rows * f->columns; at++)
            put_cell(x, m, (enum metric_program)program, at);
    }
}

/* ---- what nobody counts, but can be asked for */

static void put_gauge(struct buf *b, const char *name, const char *label, int64_t value)
{
    buf_printf(b, "%s%s %" PRId64 "\n", name, label, value);
}

static int64_t bytes_in(struct arena *a, const char *path)
{
    int64_t bytes = 0;
    struct stat st;
    DIR *dir = opendir(path);
    for (struct dirent *file; dir && (file = readdir(dir));)
        if (stat(arena_printf(a, "%s/%s", path, file->d_name), &st) == 0 && S_ISREG(st.st_mode))
            bytes += (int64_t)st.st_blocks * BLOCK_BYTES;
    if (dir)
        closedir(dir);
    return bytes;
}

/* Of all event logs, consumed segments included. */
static int64_t log_bytes(struct arena *a)
{
    int64_t bytes = 0;
    const char *path = arena_printf(a, "%s/log", settings()->data_dir);
    DIR *dir = opendir(path);
    for (struct dirent *log; dir && (log = readdir(dir));)
        if (log->d_name[0] != '.')
            bytes += bytes_in(a, arena_printf(a, "%s/%s", path, log->d_name));
    if (dir)
        closedir(dir);
    return bytes;
}

static int64_t free_bytes(void)
{
    struct statvfs disk;
    if (statvfs(settings()->data_dir, &disk) < 0)
        return 0;
    return (int64_t)(disk.f_bavail * disk.f_frsize);
}

static void put_disk(struct exposition *x, const struct rows *row)
{
    const char *name = "vedette_disk_bytes";
    put_head(&x->text, name, "gauge", "Bytes on disk by kind; free: what is left for all of them.");
    put_gauge(&x->text, name, "{kind=\"event_log\"}", log_bytes(x->rq->arena));
    put_gauge(&x->text, name, "{kind=\"free\"}", free_bytes());
    if (!row)
        return;
    put_gauge(&x->text, name, "{kind=\"database\"}", rows_int(row, 4));
    put_gauge(&x->text, name, "{kind=\"blobs\"}", rows_int(row, 5));
}

static void put_queues(struct exposition *x, const struct rows *row)
{
    put_head(&x->text, "vedette_poison_records", "gauge",
             "Records that were set aside and wait to be replayed.");
    put_gauge(&x->text, "vedette_poison_records", "", rows_int(row, 0));
    put_head(&x->text, "vedette_queue_depth", "gauge",
             "What waits: jobs that are due, jobs that were given up, batches without their tags.");
    put_gauge(&x->text, "vedette_queue_depth", "{queue=\"jobs\"}", rows_int(row, 1));
    put_gauge(&x->text, "vedette_queue_depth", "{queue=\"jobs_failed\"}", rows_int(row, 2));
    put_gauge(&x->text, "vedette_queue_depth", "{queue=\"tags\"}", rows_int(row, 3));
}

/* Without a database its own figures are missing, and nothing else. */
static void put_asked(struct exposition *x)
{
    struct request *rq = x->rq;
    struct rows *r =
        pg_query(rq->db, rq->arena, &SQL_health_figures, pg_time(rq->arena, clock_now()));
    bool known = rows_next(r);
    put_head(&x->text, "vedette_database_up", "gauge", "1 when PostgreSQL answers.");
    put_gauge(&x->text, "vedette_database_up", "", known);
    put_disk(x, known ? r : NULL);
    if (known)
        put_queues(x, r);
}

static int show_metrics(struct request *rq)
{
    struct exposition x = {.rq = rq};
    buf_init(&x.text, TEXT_MAX);
    for (int program = 0; program < METRIC_OF_EVERY; program++) {
        struct metrics *of = arena_new_of(rq->arena, struct metrics);
        if (metrics_read((enum metric_program)program, of))
            x.programs[program] = of;
    }
    for (int m = 0; m < METRIC_COUNT; m++)
        put_family(&x, (enum metric)m);
    put_asked(&x);
    reply_bytes(rq, 200, "text/plain; version=0.0.4; charset=utf-8", buf_str(&x.text));
    buf_free(&x.text);
    return rq->status;
}

const struct route metric_routes[] = {
    {METHOD_GET, "/_metrics/", ACCESS_PUBLIC, show_metrics},
    {0},
};

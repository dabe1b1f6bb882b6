#include "base/metrics.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "base/settings.h"

enum { PATH_BYTES = 160 };

const struct metric_family metric_families[METRIC_COUNT] = {
#define METRIC(constant, program, kind, unit, rows, columns, name, row_label, column_label, help)  \
    [METRIC_##constant] = {METRIC_OF_##program,                                                    \
                           METRIC_IS_##kind,                                                       \
                           METRIC_IN_##unit,                                                       \
                           rows,                                                                   \
                           columns,                                                                \
                           METRIC_##constant##_AT,                                                 \
                           name,                                                                   \
                           row_label,                                                              \
                           column_label,                                                           \
                           help},
#include "base/metrics.def"
#undef METRIC
};

static struct metrics own;
static struct metrics *current = &own;

static uint64_t mix(uint64_t hash, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ p[i]) * UINT64_C(1099511628211);
    return hash;
}

static uint64_t layout(void)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (int m = 0; m < METRIC_COUNT; m++) {
        const struct metric_family *f = &metric_families[m];
        hash = mix(hash, f->name, strlen(f->name));
        hash = mix(hash, &f->rows, sizeof(f->rows));
        hash = mix(hash, &f->columns, sizeof(f->columns));
    }
    return hash;
}

const char *metrics_program_name(enum metric_program program)
{
    static const char *const names[] = {
        [METRIC_OF_INGEST] = "ingest", [METRIC_OF_WORKER] = "worker", [METRIC_OF_API] = "api"};
    return names[program];
}

static void path_of(char path[PATH_BYTES], enum metric_program program, const char *suffix)
{
    snprintf(path, PATH_BYTES, "%s/metrics.%s%s", settings()->run_dir,
             metrics_program_name(program), suffix);
}

static struct metrics *map_file(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    void *memory = MAP_FAILED;
    if (fd < 0)
        return NULL;
    if (ftruncate(fd, sizeof(struct metrics)) == 0)
        memory = mmap(NULL, sizeof(struct metrics), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    return memory == MAP_FAILED ? NULL : memory;
}

/* A new file in place of the old one: who reads that is not disturbed. */
void metrics_open(enum metric_program program)
{
    char path[PATH_BYTES], fresh[PATH_BYTES];
    path_of(path, program, "");
    path_of(fresh, program, ".new");
    struct metrics *shared = map_file(fresh);
    if (!shared || rename(fresh, path) < 0) {
        log_warn("metrics are not kept", LOG_INT("errno", errno));
        return;
    }
    shared->layout = layout();
    current = shared;
}

static _Atomic int64_t *value_at(struct metrics *of, enum metric m, int row, int column)
{
    const struct metric_family *f = &metric_families[m];
    if (row < 0 || row >= f->rows || column < 0 || column >= f->columns)
        return NULL;
    return &of->values[f->at + row * f->columns + column];
}

void metrics_add_at(enum metric m, int row, int column, int64_t n)
{
    _Atomic int64_t *value = value_at(current, m, row, column);
    if (value)
        atomic_fetch_add_explicit(value, n, memory_order_relaxed);
}

void metrics_set_at(enum metric m, int row, int column, int64_t v)
{
    _Atomic int64_t *value = value_at(current, m, row, column);
    if (value)
        atomic_store_explicit(value, v, memory_order_relaxed);
}

bool metrics_read(enum metric_program program, struct metrics *out)
{
    char path[PATH_BYTES];
    path_of(path, program, "");
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool whole = read(fd, out, sizeof(*out)) == (ssize_t)sizeof(*out);
    close(fd);
    return whole && out->layout == layout();
}

int64_t metrics_value(const struct metrics *of, enum metric m, int row, int column)
{
    const struct metric_family *f = &metric_families[m];
    return atomic_load_explicit(&of->values[f->at + row * f->columns + column],
                                memory_order_relaxed);
}

int64_t metrics_now(enum metric m, int row, int column)
{
    return metrics_value(current, m, row, column);
}

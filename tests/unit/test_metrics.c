#include "base/metrics.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/settings.h"
#include "tests/unit/suite.h"

static char folder[64];
static struct metrics seen;

static void set_up(void)
{
    snprintf(folder, sizeof(folder), "/tmp/vedette-metrics-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    setenv("VEDETTE_RUN_DIR", folder, 1);
    settings_load();
    log_open("test", LOG_ERROR);
}

static void tear_down(void)
{
    char command[100];
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

static int64_t requests(int row, int column)
{
    ck_assert(metrics_read(METRIC_OF_INGEST, &seen));
    return metrics_value(&seen, METRIC_INGEST_REQUESTS, row, column);
}

START_TEST(children_count_together_and_others_read)
{
    ck_assert(!metrics_read(METRIC_OF_INGEST, &seen));
    metrics_open(METRIC_OF_INGEST);
    for (int i = 0; i < 4; i++) {
        if (fork())
            continue;
        for (int n = 0; n < 10000; n++)
            metrics_add_at(METRIC_INGEST_REQUESTS, 2, 5, 1);
        _exit(0);
    }
    while (wait(NULL) > 0)
        ;
    ck_assert_int_eq(requests(2, 5), 40000);
    ck_assert_int_eq(requests(2, 4), 0);
    ck_assert_int_eq(requests(3, 0), 0);
    ck_assert(!metrics_read(METRIC_OF_WORKER, &seen));
}
END_TEST

START_TEST(a_program_that_starts_again_begins_at_nothing)
{
    metrics_open(METRIC_OF_INGEST);
    metrics_add_at(METRIC_INGEST_REQUESTS, 0, 2, 7);
    ck_assert_int_eq(requests(0, 2), 7);
    metrics_open(METRIC_OF_INGEST);
    ck_assert_int_eq(requests(0, 2), 0);
}
END_TEST

START_TEST(what_lies_outside_is_not_counted)
{
    const struct metric_family *f = &metric_families[METRIC_INGEST_REQUESTS];
    metrics_open(METRIC_OF_INGEST);
    metrics_add_at(METRIC_INGEST_REQUESTS, f->rows, 0, 1);
    metrics_add_at(METRIC_INGEST_REQUESTS, -1, 0, 1);
    metrics_add_at(METRIC_INGEST_REQUESTS, 0, f->columns, 1);
    metrics_set_at(METRIC_INGEST_REQUESTS, 0, -1, 1);
    ck_assert(metrics_read(METRIC_OF_INGEST, &seen));
    for (int i = 0; i < METRIC_VALUES; i++)
        ck_assert_int_eq(seen.values[i], 0);
}
END_TEST

/* Every value has a place of its own. */
START_TEST(families_do_not_overlap)
{
    int end = 0;
    for (int m = 0; m < METRIC_COUNT; m++) {
        ck_assert_int_eq(metric_families[m].at, end);
        end += metric_families[m].rows * metric_families[m].columns;
    }
    ck_assert_int_eq(end, METRIC_VALUES);
}
END_TEST

START_TEST(files_of_another_version_are_not_read)
{
    char path[100];
    metrics_open(METRIC_OF_API);
    ck_assert(metrics_read(METRIC_OF_API, &seen));
    snprintf(path, sizeof(path), "%s/metrics.api", folder);
    FILE *file = fopen(path, "r+e");
    ck_assert(file && fputc('x', file) == 'x' && fclose(file) == 0);
    ck_assert(!metrics_read(METRIC_OF_API, &seen));
    ck_assert_int_eq(truncate(path, 100), 0);
    ck_assert(!metrics_read(METRIC_OF_API, &seen));
}
END_TEST

START_TEST(without_a_folder_each_counts_for_itself)
{
    setenv("VEDETTE_RUN_DIR", "/nonexistent", 1);
    settings_load();
    int64_t before = metrics_now(METRIC_RESTARTS, 0, 0);
    metrics_open(METRIC_OF_WORKER);
    metrics_add(METRIC_RESTARTS, 2);
    ck_assert_int_eq(metrics_now(METRIC_RESTARTS, 0, 0), before + 2);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, children_count_together_and_others_read);
    tcase_add_test(tc, a_program_that_starts_again_begins_at_nothing);
    tcase_add_test(tc, what_lies_outside_is_not_counted);
    tcase_add_test(tc, families_do_not_overlap);
    tcase_add_test(tc, files_of_another_version_are_not_read);
    tcase_add_test(tc, without_a_folder_each_counts_for_itself);
}

int main(void)
{
    return suite_run("metrics", add_tests);
}

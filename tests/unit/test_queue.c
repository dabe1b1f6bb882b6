#include "base/queue.h"

#include <pthread.h>

#include "base/clock.h"
#include "tests/unit/suite.h"

enum { ITEMS = 20000 };

static int numbers[ITEMS];

static void *produce(void *queue)
{
    for (int i = 0; i < ITEMS; i++) {
        numbers[i] = i;
        queue_push(queue, &numbers[i]);
    }
    queue_close(queue);
    return NULL;
}

START_TEST(order_is_kept_and_nothing_is_lost)
{
    struct queue *q = queue_new(7);
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, produce, q), 0);
    int expected = 0;
    for (const int *item; (item = queue_pop(q, (int64_t)CLOCK_SECOND * 10)); expected++)
        if (*item != expected)
            ck_abort_msg("got %d, expected %d", *item, expected);
    ck_assert_int_eq(expected, ITEMS);
    pthread_join(thread, NULL);
    queue_free(q);
}
END_TEST

START_TEST(waiting_ends_in_time)
{
    struct queue *q = queue_new(1);
    int64_t before = clock_monotonic();
    ck_assert_ptr_null(queue_pop(q, 30000));
    ck_assert_int_ge(clock_monotonic() - before, 29000);
    ck_assert_ptr_null(queue_pop(q, 0));
    queue_free(q);
}
END_TEST

START_TEST(what_was_pushed_outlives_closing)
{
    int item;
    struct queue *q = queue_new(2);
    ck_assert(queue_push(q, &item));
    queue_close(q);
    ck_assert(!queue_push(q, &item));
    ck_assert_ptr_eq(queue_pop(q, 0), &item);
    ck_assert_ptr_null(queue_pop(q, (int64_t)CLOCK_SECOND * 60));
    queue_free(q);
}
END_TEST

static void *push_into_full(void *queue)
{
    static int item;
    return queue_push(queue, &item) ? queue : NULL;
}

START_TEST(closing_wakes_a_waiting_producer)
{
    int item;
    struct queue *q = queue_new(1);
    pthread_t thread;
    queue_push(q, &item);
    ck_assert_int_eq(pthread_create(&thread, NULL, push_into_full, q), 0);
    queue_close(q);
    void *pushed;
    pthread_join(thread, &pushed);
    ck_assert_ptr_null(pushed);
    queue_free(q);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_test(tc, order_is_kept_and_nothing_is_lost);
    tcase_add_test(tc, waiting_ends_in_time);
    tcase_add_test(tc, what_was_pushed_outlives_closing);
    tcase_add_test(tc, closing_wakes_a_waiting_producer);
}

int main(void)
{
    return suite_run("queue", add_tests);
}

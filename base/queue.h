/*
 * Bounded first-in-first-out queue of pointers between threads.  Items are never NULL and stay the
 * property of whoever holds them; closing wakes every waiter, and what is queued can still be
 * taken.
 */
#ifndef BASE_QUEUE_H
#define BASE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct queue;

struct queue *queue_new(size_t capacity);
void queue_free(struct queue *q);
bool queue_push(struct queue *q, void *item);         /* waits for room; false once closed */
void *queue_pop(struct queue *q, int64_t timeout_us); /* NULL on time-out or closed and empty */
void queue_close(struct queue *q);

#endif

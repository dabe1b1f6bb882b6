/*
 * Exception groups (Python's ExceptionGroup, .NET's AggregateException, JavaScript's
 * AggregateError): a tree of exceptions of which equal branches count once
 * (grouping-symbolication.md §1.4, "group filter").
 */
#ifndef WORKER_DIGEST_EXCEPTION_GROUP_H
#define WORKER_DIGEST_EXCEPTION_GROUP_H

#include "worker/digest/exception_component.h"

enum { EXCEPTION_GROUP_MAX = 200 };

/* Reorders and shortens nodes[] to those that tell the event apart; returns how many.  Events that
 * are no well-formed group keep all. */
size_t exception_group_filter(struct normalizer *n, struct exception_node *nodes, size_t count);

#endif

/*
 * How many spans a transaction counts as: those that it brings, and itself, which is one too.  What
 * is no JSON, or breaks off, has as many as could be read.  Both who refuses transactions at the
 * door and who refuses them later count so.
 */
#ifndef STORAGE_TRANSACTION_SPANS_H
#define STORAGE_TRANSACTION_SPANS_H

#include <stdint.h>

#include "base/str.h"

uint64_t transaction_spans(struct str payload);

#endif

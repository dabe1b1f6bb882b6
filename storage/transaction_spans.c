#include "storage/transaction_spans.h"

#include "base/jr.h"

static uint64_t count_elements(struct jr *r)
{
    uint64_t count = 0;
    enum jr_kind kind;
    while ((kind = jr_next(r)) != JR_ARRAY_END && jr_skip(r, kind))
        count++;
    return count;
}

uint64_t transaction_spans(struct str payload)
{
    struct jr r;
    uint64_t count = 1;
    jr_begin_folding(&r, payload, JR_DEPTH_MAX);
    if (jr_next(&r) != JR_OBJECT)
        return count;
    while (jr_next(&r) == JR_KEY) {
        bool is_spans = jr_is(&r, S("spans"));
        enum jr_kind kind = jr_next(&r);
        if (is_spans && kind == JR_ARRAY)
            count += count_elements(&r);
        else
            jr_skip(&r, kind);
    }
    return count;
}

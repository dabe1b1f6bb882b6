#include "worker/digest/normalize.h"

#include "worker/digest/breadcrumbs.h"
#include "worker/digest/contexts.h"
#include "worker/digest/defaults.h"
#include "worker/digest/exceptions.h"
#include "worker/digest/frames.h"
#include "worker/digest/http.h"
#include "worker/digest/interfaces.h"
#include "worker/digest/logentry.h"
#include "worker/digest/measurements.h"
#include "worker/digest/release.h"
#include "worker/digest/tags.h"
#include "worker/digest/times.h"
#include "worker/digest/transaction.h"
#include "worker/digest/trim.h"
#include "worker/digest/user.h"

struct str normalize_text(const struct normalizer *n, struct str key)
{
    return jt_get_str(n->event, key);
}

const struct jt *normalize_trace(const struct normalizer *n)
{
    enum { HEADER_DEPTH_MAX = 16 };
    const char *error;
    if (!n->record->envelope_header.n)
        return NULL;
    return jt_get(jt_read(n->arena, n->record->envelope_header, HEADER_DEPTH_MAX, &error),
                  S("trace"));
}

void normalize_drop(struct normalizer *n, struct jt *field)
{
    if (field)
        jt_remove(n->event, field);
}

struct jt *normalize_values(const struct jt *event, struct str key)
{
    struct jt *values = jt_get(jt_get(event, key), S("values"));
    return values && values->kind == JT_ARRAY ? values : NULL;
}

/* Errors and remarks that the SDK or a proxy noted are kept. */
static void take_sent_meta(struct normalizer *n)
{
    struct jt *errors = jt_get(n->event, S("errors")), *tree = jt_get(n->event, S("_meta"));
    normalize_drop(n, errors);
    normalize_drop(n, tree);
    if (errors && errors->kind == JT_ARRAY && errors->count < META_ERRORS_MAX)
        n->meta.errors = errors;
    if (tree && tree->kind == JT_OBJECT)
        n->meta.tree = tree;
}

void normalize_event(struct normalizer *n)
{
    bool is_transaction = n->item_type == ITEM_TRANSACTION;
    meta_begin(&n->meta, n->arena);
    n->meta.text_max = n->max_field_bytes;
    take_sent_meta(n);
    n->schema = (struct schema){.meta = &n->meta};
    schema_object(&n->schema, n->event, &shape_event);
    if (is_transaction && !transaction_has_times(n))
        return;
    defaults_platform(n);
    times_normalize(n);
    http_normalize(n);
    user_normalize(n);
    logentry_normalize(n);
    breadcrumbs_normalize(n);
    tags_normalize(n);
    release_normalize(n);
    contexts_normalize(n);
    exceptions_normalize(n);
    frames_normalize(n);
    defaults_normalize(n);
    if (is_transaction)
        transaction_normalize(n);
    else
        measurements_drop(n);
    trim_texts(&n->meta, n->event);
}

#include "worker/digest/times.h"

#include "base/clock.h"
#include "storage/retention.h"
#include "worker/digest/scalar.h"

#define DRIFT_LEAST ((int64_t)55 * 60 * CLOCK_SECOND)

static void shift(struct schema *s, int64_t by)
{
    for (struct moment *m = s->moments; m; m = m->next)
        m->us += by;
}

void times_settle(struct schema *s, int64_t by)
{
    shift(s, by);
    for (struct moment *m = s->moments; m; m = m->next) {
        m->node->kind = JT_NUMBER;
        m->node->text = scalar_time_text(s->meta->arena, m->us);
    }
}

static struct moment *moment_of(const struct normalizer *n, const struct jt *node)
{
    for (struct moment *m = n->schema.moments; m && node; m = m->next)
        if (m->node == node)
            return m;
    return NULL;
}

static void note(struct normalizer *n, const char *kind, const struct jt *original, int64_t sdk)
{
    struct jt *data = jt_new(n->arena, JT_OBJECT);
    jt_set(data, S("sdk_time"), jt_new_str(n->arena, clock_iso(n->arena, sdk)));
    struct str server = clock_iso(n->arena, n->record->received);
    jt_set(data, S("server_time"), jt_new_str(n->arena, server));
    meta_enter(&n->meta, S("timestamp"));
    meta_error_data(&n->meta, kind, original, data);
    meta_leave(&n->meta);
}

int64_t times_drift(const struct log_record *record)
{
    int64_t drift = record->sent_at ? record->received - record->sent_at : 0;
    return drift < DRIFT_LEAST && -drift < DRIFT_LEAST ? 0 : drift;
}

bool times_in_trace_range(const struct log_record *record, int64_t us)
{
    return us >= record->received - TIMES_TRACE_DAYS * CLOCK_DAY &&
           us <= record->received + TIMES_FUTURE_MOST;
}

static void correct_drift(struct normalizer *n)
{
    int64_t drift = times_drift(n->record);
    if (!drift)
        return;
    shift(&n->schema, drift);
    note(n, "clock_drift", NULL, n->record->sent_at);
}

/* An event from before the retention or from the future moves, all its times with it, to now. */
static void keep_in_range(struct normalizer *n, const struct moment *own)
{
    int64_t received = n->record->received;
    if (n->item_type == ITEM_TRANSACTION) {
        n->invalid = times_in_trace_range(n->record, own->us) ? n->invalid : S("timestamp");
        return;
    }
    int64_t oldest = retention_oldest(RETENTION_ERROR, received);
    if (own->us >= oldest && own->us <= received + TIMES_FUTURE_MOST)
        return;
    note(n, own->us < oldest ? "past_timestamp" : "future_timestamp", own->node, own->us);
    shift(&n->schema, received - own->us);
}

static struct jt *number_node(struct normalizer *n, struct str text)
{
    struct jt *number = jt_new(n->arena, JT_NUMBER);
    number->text = text;
    return number;
}

static struct moment *own_moment(struct normalizer *n)
{
    struct moment *own = moment_of(n, jt_get(n->event, S("timestamp")));
    if (own)
        return own;
    own = arena_new_of(n->arena, struct moment);
    *own = (struct moment){n->schema.moments, number_node(n, S("0")), n->record->received};
    n->schema.moments = own;
    jt_set(n->event, S("timestamp"), own->node);
    return own;
}

void times_normalize(struct normalizer *n)
{
    correct_drift(n);
    struct moment *own = own_moment(n);
    keep_in_range(n, own);
    n->out->timestamp = own->us;
    times_settle(&n->schema, 0);
    struct str received = scalar_time_text(n->arena, n->record->received);
    jt_set(n->event, S("received"), number_node(n, received));
}

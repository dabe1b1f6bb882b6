#include "worker/digest/profile.h"

#include <math.h>

#include "base/clock.h"
#include "base/text.h"
#include "sql.h"
#include "storage/copy.h"
#include "storage/event_body.h"
#include "worker/digest/profile_samples.h"
#include "worker/digest/release.h"

/* Kept in the row up to this size, packed. */
#define INLINE_MAX ((size_t)64 << 10)
/* Its tree takes some forty times as much while it is read. */
#define PAYLOAD_MAX ((size_t)10 << 20)
#define TREE_MAX ((size_t)640 << 20)
#define DURATION_MAX_NS 30e9
enum { DEPTH_MAX = 64, NAME_MAX = 200 };

struct profile {
    struct uuid transaction_id, trace_id, profiler_id;
    bool has_transaction_id, has_trace_id;
    struct str transaction, platform, release, environment;
    int64_t started, finished; /* us; of a chunk */
    int64_t duration_ns;
    int64_t sample_count;
    int codec;
    struct str body;
};

/* ---- rows */

static void copy_uuid_or_null(struct buf *b, bool given, struct uuid id)
{
    if (given)
        copy_uuid(b, id);
    else
        copy_null(b);
}

static void copy_names(struct buf *b, const struct batch_row *row, const struct profile *p)
{
    copy_text(b, p->platform);
    copy_int8(b, row->environment_id);
    if (row->release_id)
        copy_int8(b, row->release_id);
    else
        copy_null(b);
}

static void copy_body(struct buf *b, const struct batch_row *row, const struct profile *p)
{
    copy_int4(b, (int32_t)p->sample_count);
    copy_int2(b, (int16_t)p->codec);
    copy_text(b, p->body);
    copy_text(b, row->blob);
}

static void copy_key(struct buf *b, const struct batch_row *row)
{
    copy_int8(b, row->record->head.project_id);
    copy_uuid(b, row->id);
    copy_date(b, row->record->head.received);
    copy_time(b, row->record->head.received);
}

static void put_profile(struct buf *b, const struct batch_row *row)
{
    const struct profile *p = row->data;
    copy_row(b, 15);
    copy_key(b, row);
    copy_uuid_or_null(b, p->has_transaction_id, p->transaction_id);
    copy_uuid_or_null(b, p->has_trace_id, p->trace_id);
    copy_text(b, p->transaction);
    copy_names(b, row, p);
    copy_int8(b, p->duration_ns);
    copy_body(b, row, p);
}

const struct row_kind profile_rows = {
    .copy = "copy profile (project_id, profile_id, received_day, received, transaction_id, "
            "trace_id, \"transaction\", platform, environment_id, release_id, duration_ns, "
            "sample_count, codec, body, blob) from stdin (format binary)",
    .put = put_profile,
    .known = &SQL_digest_profiles_known,
};

static void put_chunk(struct buf *b, const struct batch_row *row)
{
    const struct profile *p = row->data;
    copy_row(b, 14);
    copy_key(b, row);
    copy_uuid(b, p->profiler_id);
    copy_time(b, p->started);
    copy_time(b, p->finished);
    copy_names(b, row, p);
    copy_body(b, row, p);
}

const struct row_kind profile_chunk_rows = {
    .copy = "copy profile_chunk (project_id, chunk_id, received_day, received, profiler_id, "
            "started, finished, platform, environment_id, release_id, sample_count, codec, body, "
            "blob) from stdin (format binary)",
    .put = put_chunk,
    .known = &SQL_digest_profiles_known_chunks,
};

/* ---- what both kinds have in common */

static bool read_id(const struct jt *profile, const char *key, struct uuid *id)
{
    return uuid_parse(jt_get_str(profile, str_of(key)), id) && !uuid_is_nil(*id);
}

static struct str name_of(struct reading *r, const struct jt *object, const char *key)
{
    struct str text = jt_get_str(object, str_of(key));
    return text.n ? reading_keep(r, str_slice(text, 0, text_prefix(text, NAME_MAX))) : S("");
}

static void read_names(struct reading *r, const struct jt *profile, struct profile *out)
{
    struct str environment = name_of(r, profile, "environment");
    out->platform = name_of(r, profile, "platform");
    out->release = name_of(r, profile, "release");
    out->environment = release_is_environment(environment) ? environment : S("");
}

/* The row, with the tree as its body; NULL when the blob store does not take it. */
static struct batch_row *store(struct reading *r, enum row_kind_id kind, const struct jt *tree,
                               struct profile *p)
{
    struct buf text;
    struct jw j;
    struct str blob = {0};
    buf_init(&text, r->item->payload.n * 8 + 1024);
    jw_begin(&j, &text);
    jt_write(&j, tree);
    struct str body = event_body_encode(r->scratch, buf_str(&text), &p->codec);
    buf_free(&text);
    if (body.n <= INLINE_MAX)
        p->body = reading_keep(r, body);
    else
        blob = reading_put_blob(r, body);
    if (!p->body.p && !blob.p)
        return NULL;
    struct batch_row *row = reading_row(r, kind, p, sizeof(*p));
    row->blob = blob;
    row->environment = p->environment;
    row->release = p->release.n ? p->release : (struct str){0};
    return row;
}

/* The payload as a tree in an arena of its own; NULL with *reason set. */
static struct jt *read_tree(struct reading *r, struct arena *own, struct str *reason)
{
    const char *error;
    *reason = S("profiling_exceed_size_limit");
    if (r->item->payload.n > PAYLOAD_MAX)
        return NULL;
    struct jt *tree = jt_read(own, r->item->payload, DEPTH_MAX, &error);
    *reason = S("profiling_invalid_json");
    return tree && tree->kind == JT_OBJECT ? tree : NULL;
}

/* ---- of a transaction */

static bool is_apple_complete(const struct jt *profile)
{
    static const char *const names[] = {"locale", "manufacturer", "model"};
    const struct jt *device = jt_get(profile, S("device"));
    const struct jt *emulator = jt_get(device, S("is_emulator"));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (!jt_get_str(device, str_of(names[i])).n)
            return false;
    return emulator && (emulator->kind == JT_TRUE || emulator->kind == JT_FALSE) &&
           jt_get_str(jt_get(profile, S("os")), S("build_number")).n;
}

/* Pointers of Apple's newer processors carry a signature in their upper bits. */
static void strip_signatures(struct arena *a, const struct jt *profile)
{
    const struct jt *frames = jt_get(jt_get(profile, S("profile")), S("frames"));
    struct str architecture = jt_get_str(jt_get(profile, S("device")), S("architecture"));
    if (!str_starts(architecture, S("arm64")) || !frames)
        return;
    for (const struct jt *frame = frames->first; frame; frame = frame->next) {
        struct jt *address = jt_get(frame, S("instruction_addr"));
        struct str hex = jt_str(address);
        if (!str_starts(hex, S("0x")) || hex.n <= 2 || hex.n > 18)
            continue;
        unsigned long long value = strtoull(arena_strdup(a, hex), NULL, 16);
        address->text = str_of(arena_printf(a, "0x%llx", value & 0xFFFFFFFFFULL));
    }
}

/* The transaction that the profile says it is of. */
static const struct jt *transaction_in(const struct jt *profile)
{
    const struct jt *one = jt_get(profile, S("transaction"));
    return one && one->kind == JT_OBJECT ? one : jt_at(jt_get(profile, S("transactions")), 0);
}

static void read_range(const struct jt *transaction, double *from, double *to)
{
    *from = 0;
    *to = INFINITY;
    profile_number(jt_get(transaction, S("relative_start_ns")), from);
    if (!profile_number(jt_get(transaction, S("relative_end_ns")), to) || *to <= 0)
        *to = INFINITY;
}

static struct str check_transaction(struct reading *r, const struct jt *transaction,
                                    struct profile *out)
{
    if (!transaction || transaction->kind != JT_OBJECT)
        return S("profiling_no_transaction_associated");
    out->has_transaction_id = read_id(transaction, "id", &out->transaction_id);
    out->has_trace_id = read_id(transaction, "trace_id", &out->trace_id);
    out->transaction = name_of(r, transaction, "name");
    if (!out->has_transaction_id || !out->has_trace_id)
        return S("profiling_invalid_transaction_metadata");
    return (struct str){0};
}

static struct str check_samples(struct arena *own, struct jt *profile, struct profile *out)
{
    struct profile_samples s = {.profile = jt_get(profile, S("profile")),
                                .time_key = S("elapsed_since_start_ns")};
    double from, to;
    struct str reason = profile_samples_check(&s);
    if (reason.p)
        return reason;
    if (s.last > DURATION_MAX_NS)
        return S("profiling_duration_is_too_long");
    read_range(transaction_in(profile), &from, &to);
    profile_samples_clean(own, &s, from, to);
    if (!s.count)
        return S("profiling_not_enough_samples");
    out->duration_ns = (int64_t)(s.last - s.first);
    out->sample_count = (int64_t)s.count;
    return (struct str){0};
}

/* Android's traces are kept as they are. */
static struct str check_android(struct reading *r, const struct jt *profile, struct profile *out)
{
    struct str trace = jt_get_str(profile, S("sampled_profile"));
    if (!trace.n && !jt_get(profile, S("js_profile")))
        return S("profiling_invalid_sampled_profile");
    if (trace.n && !text_unbase64(r->scratch, trace).p)
        return S("profiling_invalid_base64_value");
    out->transaction = name_of(r, profile, "transaction_name");
    out->has_transaction_id = read_id(profile, "transaction_id", &out->transaction_id);
    out->has_trace_id = read_id(profile, "trace_id", &out->trace_id);
    return (struct str){0};
}

static struct str check_profile(struct reading *r, struct arena *own, struct jt *profile,
                                struct profile *out)
{
    if (str_eq(out->platform, S("android")))
        return check_android(r, profile, out);
    if (!str_eq(jt_get_str(profile, S("version")), S("1")))
        return S("profiling_platform_not_supported");
    struct str reason = check_transaction(r, transaction_in(profile), out);
    if (reason.p)
        return reason;
    if (str_eq(out->platform, S("cocoa"))) {
        if (!is_apple_complete(profile))
            return S("profiling_invalid_profile_metadata");
        strip_signatures(own, profile);
    }
    return check_samples(own, profile, out);
}

/* Absent when the profile has become a row. */
static struct str digest_profile(struct reading *r, struct arena *own)
{
    struct str reason;
    struct uuid id;
    struct profile p = {0};
    struct jt *profile = read_tree(r, own, &reason);
    if (!profile)
        return reason;
    if (!read_id(profile, "event_id", &id) && !read_id(profile, "profile_id", &id))
        return S("profiling_invalid_json");
    read_names(r, profile, &p);
    reason = check_profile(r, own, profile, &p);
    if (reason.p)
        return reason;
    struct batch_row *row = store(r, ROW_PROFILE, profile, &p);
    if (!row)
        return S("internal");
    row->id = id;
    row->has_id = true;
    r->profile_id = id;
    return (struct str){0};
}

static bool has_transaction(const struct reading *r)
{
    for (size_t i = 0; i < r->record.item_count; i++)
        if (r->record.items[i].type == ITEM_TRANSACTION)
            return true;
    return false;
}

static bool is_second(const struct reading *r)
{
    for (const struct batch_item *item = r->kept->items; item != r->to; item = item->next)
        if (item->category == CATEGORY_PROFILE && item->verdict == OUTCOME_ACCEPTED)
            return true;
    return false;
}

void profile_digest(struct reading *r)
{
    if (!has_transaction(r)) {
        r->to->category = CATEGORY_NONE;
        return;
    }
    struct arena *own = arena_new(TREE_MAX);
    struct str reason = is_second(r) ? S("profiling_too_many_profiles") : digest_profile(r, own);
    arena_free(own);
    if (reason.p)
        reading_refuse(r, OUTCOME_INVALID, reason);
    else
        reading_count(r, CATEGORY_PROFILE_INDEXED, 1);
}

/* ---- chunks */

static bool read_chunk_times(const struct profile_samples *s, struct profile *out)
{
    double most = (double)CLOCK_MOST / CLOCK_SECOND;
    if (s->last > most)
        return false;
    out->started = (int64_t)(s->first * CLOCK_SECOND);
    out->finished = (int64_t)(s->last * CLOCK_SECOND);
    out->sample_count = (int64_t)s->count;
    return true;
}

/* Absent when the chunk has become a row that lasts for *milliseconds. */
static struct str digest_chunk(struct reading *r, struct arena *own, int64_t *milliseconds)
{
    struct str reason;
    struct uuid id;
    struct profile p = {0};
    struct jt *chunk = read_tree(r, own, &reason);
    if (!chunk)
        return reason;
    if (!read_id(chunk, "chunk_id", &id) || !read_id(chunk, "profiler_id", &p.profiler_id))
        return S("profiling_invalid_json");
    struct profile_samples s = {.profile = jt_get(chunk, S("profile")), .time_key = S("timestamp")};
    reason = profile_samples_check(&s);
    if (!reason.p && !read_chunk_times(&s, &p))
        reason = S("profiling_malformed_samples");
    if (reason.p)
        return reason;
    read_names(r, chunk, &p);
    struct batch_row *row = store(r, ROW_PROFILE_CHUNK, chunk, &p);
    if (!row)
        return S("internal");
    reading_name(r, row, id);
    *milliseconds = (p.finished - p.started) / (CLOCK_SECOND / 1000);
    return (struct str){0};
}

/* Those of what users run count apart. */
static bool is_of_users(struct reading *r)
{
    struct str platform = jt_get_str(reading_header(r), S("platform"));
    return str_eq(platform, S("cocoa")) || str_eq(platform, S("android")) ||
           str_eq(platform, S("javascript"));
}

void profile_chunk_digest(struct reading *r)
{
    bool ui = is_of_users(r);
    int64_t milliseconds = 0;
    struct arena *own = arena_new(TREE_MAX);
    r->to->category = ui ? CATEGORY_PROFILE_CHUNK_UI : CATEGORY_PROFILE_CHUNK;
    struct str reason = digest_chunk(r, own, &milliseconds);
    arena_free(own);
    if (reason.p)
        reading_refuse(r, OUTCOME_INVALID, reason);
    else
        reading_count(r, ui ? CATEGORY_PROFILE_DURATION_UI : CATEGORY_PROFILE_DURATION,
                      milliseconds);
}

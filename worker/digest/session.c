#include "worker/digest/session.h"

#include "base/text.h"
#include "sql.h"
#include "storage/copy.h"
#include "storage/md5.h"
#include "worker/digest/release.h"
#include "worker/digest/times.h"

enum { AGE_MOST_DAYS = 5, SUMS_MAX = 10000 };

/* Kinds of distinct users, in the order of the table's columns. */
enum { USER_ANY, USER_ERRORED, USER_CRASHED, USER_ABNORMAL, USER_ANR, USER_ANR_FOREGROUND, USERS };

struct session {
    int64_t started;
    int64_t sessions, errored, crashed, abnormal; /* to add */
    bool has_errored_id;
    int64_t errored_id;
    bool users[USERS];
    int64_t user;
};

static void put_hash(struct buf *b, bool given, int64_t hash)
{
    if (given)
        copy_int8(b, hash);
    else
        copy_null(b);
}

static void put(struct buf *b, const struct batch_row *row)
{
    const struct session *s = row->data;
    copy_row(b, 15);
    copy_int8(b, row->record->head.project_id);
    copy_int8(b, row->release_id);
    copy_int8(b, row->environment_id);
    copy_time(b, s->started);
    copy_int8(b, s->sessions);
    copy_int8(b, s->errored);
    copy_int8(b, s->crashed);
    copy_int8(b, s->abnormal);
    put_hash(b, s->has_errored_id, s->errored_id);
    for (int i = 0; i < USERS; i++)
        put_hash(b, s->users[i], s->user);
}

const struct row_kind session_rows = {
    .copy = "copy digest_session from stdin (format binary)",
    .temporary = &SQL_digest_session_temporary,
    .put = put,
    .statements = {&SQL_digest_session_counts, &SQL_digest_session_environments,
                   &SQL_digest_session_releases, &SQL_digest_session_projects},
};

/* ---- fields: each is absent or of its type, else the session is dropped */

static bool is_absent(const struct jt *v)
{
    return !v || v->kind == JT_NULL;
}

static bool read_text(const struct jt *of, struct str key, struct str *out)
{
    const struct jt *v = jt_get(of, key);
    if (is_absent(v))
        return true;
    *out = jt_str(v);
    return out->p != NULL;
}

static bool read_bool(const struct jt *of, struct str key, bool *out)
{
    const struct jt *v = jt_get(of, key);
    *out = v && v->kind == JT_TRUE;
    return is_absent(v) || v->kind == JT_TRUE || v->kind == JT_FALSE;
}

/* A number from 0 to `most`. */
static bool read_count(const struct jt *of, struct str key, int64_t most, int64_t *out)
{
    const struct jt *v = jt_get(of, key);
    return is_absent(v) || (jt_int64(v, out) && *out >= 0 && *out <= most);
}

static bool read_seq(const struct jt *of)
{
    const struct jt *v = jt_get(of, S("seq"));
    uint64_t seq;
    return is_absent(v) ||
           (v->kind == JT_NUMBER && text_uint64(v->text, &seq) && seq != UINT64_MAX);
}

/* As the server's clock tells it, when it is not too far away to be believed. */
static bool read_time(const struct reading *r, const struct jt *v, int64_t *us)
{
    if (!jt_str(v).p || !clock_parse(jt_str(v), us))
        return false;
    *us += times_drift(&r->record);
    return *us >= r->record.received - AGE_MOST_DAYS * CLOCK_DAY &&
           *us <= r->record.received + TIMES_FUTURE_MOST;
}

/* Whose session it is, unless nobody's; stored as a hash. */
static bool read_user(const struct jt *of, struct session *s)
{
    struct str text = {0};
    struct uuid id;
    if (!read_text(of, S("did"), &text))
        return false;
    s->users[USER_ANY] = text.n && !(uuid_parse(text, &id) && uuid_is_nil(id));
    s->user = s->users[USER_ANY] ? (int64_t)md5_number(text) : 0;
    return true;
}

/* Release and environment of all that the item holds. */
struct attributes {
    struct str release, environment;
};

static bool read_attributes(struct reading *r, const struct jt *item, struct attributes *out)
{
    const struct jt *attrs = jt_get(item, S("attrs"));
    struct str release = str_trim(jt_get_str(attrs, S("release")));
    struct str environment = str_trim(jt_get_str(attrs, S("environment")));
    if (!release_is_version(release))
        return false;
    out->release = reading_keep(r, release);
    out->environment = release_is_environment(environment) ? reading_keep(r, environment) : S("");
    return true;
}

static void add_row(struct reading *r, const struct session *s, const struct attributes *of)
{
    struct batch_row *row = reading_row(r, ROW_SESSION, s, sizeof(*s));
    row->release = of->release;
    row->environment = of->environment;
}

/* ---- one update */

enum status {
    STATUS_OK,
    STATUS_EXITED,
    STATUS_ERRORED,
    STATUS_CRASHED,
    STATUS_ABNORMAL,
    NO_STATUS
};

static enum status status_of(struct str name)
{
    static const struct {
        struct str name;
        enum status status;
    } names[] = {{{"ok", 2}, STATUS_OK},           {{"exited", 6}, STATUS_EXITED},
                 {{"errored", 7}, STATUS_ERRORED}, {{"unhandled", 9}, STATUS_ERRORED},
                 {{"crashed", 7}, STATUS_CRASHED}, {{"abnormal", 8}, STATUS_ABNORMAL}};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (str_eq(name, names[i].name))
            return names[i].status;
    }
    return NO_STATUS;
}

static bool read_errored_id(const struct jt *item, struct session *s)
{
    struct uuid sid = uuid_random();
    struct str text = {0};
    if (!read_text(item, S("sid"), &text) || (text.p && !uuid_parse(text, &sid)))
        return false;
    s->errored_id = (int64_t)md5_number((struct str){(const char *)sid.bytes, sizeof(sid.bytes)});
    return true;
}

static void count_states(struct session *s, enum status status, int64_t errors,
                         struct str mechanism)
{
    bool anr_foreground = str_eq(mechanism, S("anr_foreground"));
    s->has_errored_id = errors > 0 || status >= STATUS_ERRORED;
    s->crashed = status == STATUS_CRASHED;
    s->abnormal = status == STATUS_ABNORMAL;
    if (!s->users[USER_ANY])
        return;
    s->users[USER_ERRORED] = s->has_errored_id;
    s->users[USER_CRASHED] = s->crashed;
    s->users[USER_ABNORMAL] = s->abnormal;
    s->users[USER_ANR_FOREGROUND] = s->abnormal && anr_foreground;
    s->users[USER_ANR] = s->abnormal && (anr_foreground || str_eq(mechanism, S("anr_background")));
}

/* The time of the update matters only in that it is one, and not too old. */
static bool read_times(const struct reading *r, const struct jt *item, struct session *s)
{
    const struct jt *timestamp = jt_get(item, S("timestamp"));
    int64_t us;
    if (!read_time(r, jt_get(item, S("started")), &s->started))
        return false;
    return is_absent(timestamp) || (jt_str(timestamp).p && clock_parse(jt_str(timestamp), &us));
}

static bool read_update(struct reading *r, const struct jt *item, struct session *s)
{
    struct str status = S("ok"), mechanism = {0};
    int64_t errors = 0;
    bool init;
    if (!read_times(r, item, s) || !read_seq(item) || !read_errored_id(item, s) ||
        !read_user(item, s) || !read_bool(item, S("init"), &init) ||
        !read_text(item, S("status"), &status) ||
        !read_count(item, S("errors"), INT64_MAX, &errors) ||
        !read_text(item, S("abnormal_mechanism"), &mechanism) || status_of(status) == NO_STATUS)
        return false;
    s->sessions = init;
    count_states(s, status_of(status), errors, mechanism);
    return true;
}

static struct jt *read_item(struct reading *r)
{
    enum { DEPTH_MAX = 16 };
    const char *error;
    return jt_read(r->scratch, r->item->payload, DEPTH_MAX, &error);
}

void session_digest(struct reading *r)
{
    const struct jt *item = read_item(r);
    struct attributes of;
    struct session s = {0};
    if (read_attributes(r, item, &of) && read_update(r, item, &s))
        add_row(r, &s, &of);
    else
        reading_drop(r);
}

/* ---- sums */

static bool read_sum(struct reading *r, const struct jt *sum, struct session *s)
{
    int64_t exited = 0, errored = 0, unhandled = 0;
    if (!read_time(r, jt_get(sum, S("started")), &s->started) || !read_user(sum, s) ||
        !read_count(sum, S("exited"), UINT32_MAX, &exited) ||
        !read_count(sum, S("errored"), UINT32_MAX, &errored) ||
        !read_count(sum, S("unhandled"), UINT32_MAX, &unhandled) ||
        !read_count(sum, S("crashed"), UINT32_MAX, &s->crashed) ||
        !read_count(sum, S("abnormal"), UINT32_MAX, &s->abnormal))
        return false;
    s->errored = errored + unhandled + s->crashed + s->abnormal;
    s->sessions = exited + s->errored;
    s->users[USER_ERRORED] = s->users[USER_ANY] && s->errored;
    s->users[USER_CRASHED] = s->users[USER_ANY] && s->crashed;
    s->users[USER_ABNORMAL] = s->users[USER_ANY] && s->abnormal;
    return true;
}

void session_digest_sums(struct reading *r)
{
    const struct jt *item = read_item(r), *sums = jt_get(item, S("aggregates"));
    size_t left = SUMS_MAX;
    bool any = false;
    struct attributes of;
    if (sums && sums->kind == JT_ARRAY && read_attributes(r, item, &of)) {
        for (const struct jt *sum = sums->first; sum && left; sum = sum->next, left--) {
            struct session s = {0};
            if (!read_sum(r, sum, &s))
                continue;
            add_row(r, &s, &of);
            any = true;
        }
    }
    if (!any)
        reading_drop(r);
}

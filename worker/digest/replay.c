#include "worker/digest/replay.h"

#include "sql.h"
#include "storage/copy.h"
#include "storage/event_body.h"
#include "storage/md5.h"
#include "worker/digest/replay_event.h"
#include "worker/digest/replay_recording.h"
#include "worker/digest/replay_video.h"

/* Recordings are kept in the row up to this size, packed. */
#define INLINE_MAX ((size_t)64 << 10)

/* ---- rows */

struct segment {
    struct replay_event event;
    int64_t clicks, dead_clicks, rage_clicks;
    int64_t size; /* of the recording, unpacked */
    int codec;
    struct str body; /* the recording; absent: in the row's blob */
    bool has_video;  /* then the blob is it */
};

struct click {
    struct uuid replay_id;
    int64_t segment_id, place;
    struct replay_click click;
};

static void copy_id(struct buf *b, int64_t id)
{
    if (id)
        copy_int8(b, id);
    else
        copy_null(b);
}

static void copy_moment(struct buf *b, int64_t us)
{
    if (us)
        copy_time(b, us);
    else
        copy_null(b);
}

static void put_segment(struct buf *b, const struct batch_row *row)
{
    const struct segment *s = row->data;
    const struct log_record *head = &row->record->head;
    copy_row(b, 25);
    copy_int8(b, head->project_id);
    copy_uuid(b, row->id);
    copy_date(b, head->received);
    copy_uuid(b, s->event.replay_id);
    copy_int4(b, (int32_t)s->event.segment_id);
    copy_time(b, head->received);
    copy_moment(b, s->event.started);
    copy_time(b, s->event.finished);
    copy_text(b, s->event.type);
    copy_text(b, s->event.platform);
    copy_int8(b, row->environment_id);
    copy_id(b, row->release_id);
    copy_text(b, s->event.dist);
    copy_jsonb(b, s->event.urls);
    copy_jsonb(b, s->event.error_ids);
    copy_jsonb(b, s->event.trace_ids);
    copy_jsonb(b, s->event.details);
    copy_int4(b, (int32_t)s->clicks);
    copy_int4(b, (int32_t)s->dead_clicks);
    copy_int4(b, (int32_t)s->rage_clicks);
    copy_int8(b, s->size);
    copy_int2(b, (int16_t)s->codec);
    copy_text(b, s->body);
    copy_text(b, row->blob);
    copy_bool(b, s->has_video);
}

const struct row_kind replay_segment_rows = {
    .copy = "copy digest_replay_segment (project_id, id, received_day, replay_id, segment_id, "
            "received, started, finished, type, platform, environment_id, release_id, dist, urls, "
            "error_ids, trace_ids, details, clicks, dead_clicks, rage_clicks, size, codec, body, "
            "blob, has_video) from stdin (format binary)",
    .temporary = &SQL_digest_replays_temporary,
    .put = put_segment,
    .known = &SQL_digest_replays_known,
    .statements = {&SQL_digest_replays_segments, &SQL_digest_replays_merge},
};

static void put_click(struct buf *b, const struct batch_row *row)
{
    const struct click *c = row->data;
    copy_row(b, 21);
    copy_int8(b, row->record->head.project_id);
    copy_uuid(b, c->replay_id);
    copy_int4(b, (int32_t)c->segment_id);
    copy_int2(b, (int16_t)c->place);
    copy_date(b, row->record->head.received);
    copy_time(b, c->click.timestamp ? c->click.timestamp : row->record->head.received);
    copy_int8(b, c->click.node_id);
    copy_text(b, c->click.tag);
    copy_text(b, c->click.id);
    copy_jsonb(b, c->click.classes);
    copy_text(b, c->click.text);
    copy_text(b, c->click.role);
    copy_text(b, c->click.alt);
    copy_text(b, c->click.testid);
    copy_text(b, c->click.aria_label);
    copy_text(b, c->click.title);
    copy_text(b, c->click.component_name);
    copy_text(b, c->click.selector);
    copy_text(b, c->click.url);
    copy_bool(b, c->click.is_dead);
    copy_bool(b, c->click.is_rage);
}

const struct row_kind replay_click_rows = {
    .copy = "copy replay_click (project_id, replay_id, segment_id, place, received_day, "
            "\"timestamp\", node_id, tag, element_id, classes, text, role, alt, testid, "
            "aria_label, title, component_name, selector, url, is_dead, is_rage) "
            "from stdin (format binary)",
    .put = put_click,
};

/* ---- the items of a segment */

struct parts {
    struct str event, recording, video;
    bool has_event, has_recording, has_video_item;
};

static bool take_video(struct str payload, struct parts *parts)
{
    struct replay_video video;
    parts->has_video_item = true;
    if (!replay_video_split(payload, &video) || !video.video.n)
        return false;
    *parts = (struct parts){.event = video.event,
                            .recording = video.recording,
                            .video = video.video,
                            .has_event = true,
                            .has_recording = video.recording.n > 0,
                            .has_video_item = true};
    return true;
}

static struct event_refusal invalid(struct str reason)
{
    return (struct event_refusal){OUTCOME_INVALID, reason};
}

/* Finds the parts among the record's items; false when they are incomplete. */
static bool gather(struct reading *r, struct parts *parts, struct event_refusal *refusal)
{
    bool sound = true;
    for (size_t i = 0; i < r->record.item_count; i++) {
        struct log_item *item = &r->record.items[i];
        if (item_type_category(item->type) != CATEGORY_REPLAY || item->verdict != OUTCOME_ACCEPTED)
            continue;
        *refusal = invalid(S("internal"));
        if (!reading_load_item(r, item))
            return false;
        if (item->type == ITEM_REPLAY_VIDEO) {
            sound &= take_video(item->payload, parts);
        } else if (item->type == ITEM_REPLAY_EVENT) {
            parts->event = item->payload;
            parts->has_event = true;
        } else {
            parts->recording = item->payload;
            parts->has_recording = true;
        }
    }
    *refusal = invalid(!sound             ? S("invalid_replay_video")
                       : parts->has_event ? S("invalid_replay_missing_recording")
                                          : S("invalid_replay"));
    return sound && parts->has_event && parts->has_recording;
}

/* The same for the same segment, in whatever envelope it comes. */
static struct uuid segment_key(const struct replay_event *e)
{
    struct uuid id;
    char bytes[sizeof(e->replay_id) + sizeof(e->segment_id)];
    memcpy(bytes, &e->replay_id, sizeof(e->replay_id));
    memcpy(bytes + sizeof(e->replay_id), &e->segment_id, sizeof(e->segment_id));
    md5((struct str){bytes, sizeof(bytes)}, id.bytes);
    return id;
}

static void keep_texts(struct reading *r, struct replay_event *e)
{
    struct str *texts[] = {&e->type,      &e->platform,  &e->dist,   &e->urls,
                           &e->error_ids, &e->trace_ids, &e->details};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        *texts[i] = reading_keep(r, *texts[i]);
}

/* Where the bytes go: a video into the blob store, beside it the recording into the row; else the
 * recording, by its size.  False when the store does not take them. */
static bool place(struct reading *r, const struct replay_recording *recording, struct str video,
                  struct segment *s, struct str *blob)
{
    struct str body = event_body_encode(r->scratch, recording->events, &s->codec);
    s->has_video = video.n > 0;
    if (s->has_video || body.n <= INLINE_MAX)
        s->body = reading_keep(r, body);
    if (s->has_video || !s->body.p)
        *blob = reading_put_blob(r, s->has_video ? video : body);
    return s->body.p || blob->p;
}

static void add_clicks(struct reading *r, const struct replay_recording *recording,
                       struct segment *s)
{
    for (size_t i = 0; i < recording->click_count; i++) {
        struct click c = {s->event.replay_id, s->event.segment_id, (int64_t)i,
                          recording->clicks[i]};
        struct str *texts[] = {&c.click.tag,        &c.click.id,
                               &c.click.text,       &c.click.role,
                               &c.click.alt,        &c.click.testid,
                               &c.click.title,      &c.click.url,
                               &c.click.aria_label, &c.click.component_name,
                               &c.click.classes,    &c.click.selector};
        for (size_t text = 0; text < sizeof(texts) / sizeof(texts[0]); text++)
            *texts[text] = reading_keep(r, *texts[text]);
        reading_row(r, ROW_REPLAY_CLICK, &c, sizeof(c));
        s->dead_clicks += c.click.is_dead;
        s->rage_clicks += c.click.is_rage;
    }
    s->clicks = (int64_t)recording->click_count;
}

static bool digest_segment(struct reading *r, const struct parts *parts,
                           struct event_refusal *refusal)
{
    struct segment s = {0};
    struct str blob = {0};
    struct replay_recording *recording = arena_new_of(r->scratch, struct replay_recording);
    const struct log_item event = {.type = ITEM_REPLAY_EVENT, .payload = parts->event};
    const struct event_source source = {&r->record, &event, r->policy};
    if (!replay_event_understand(r->scratch, &source, &s.event, refusal))
        return false;
    *refusal = invalid(S("invalid_replay_recording"));
    if (!replay_recording_read(r->scratch, r->policy->scrubber, parts->recording, recording))
        return false;
    *refusal = invalid(S("internal"));
    if (!place(r, recording, parts->video, &s, &blob))
        return false;
    struct str environment = reading_keep(r, s.event.environment);
    struct str release = reading_keep(r, s.event.release);
    keep_texts(r, &s.event);
    add_clicks(r, recording, &s);
    s.size = (int64_t)recording->events.n;
    struct batch_row *row = reading_row(r, ROW_REPLAY_SEGMENT, &s, sizeof(s));
    row->environment = environment.p ? environment : S("");
    row->release = release;
    row->blob = blob;
    reading_name(r, row, segment_key(&s.event));
    return true;
}

/* The first of the record's replay items that was looked at: it stands for all. */
static const struct batch_item *leader_of(const struct reading *r)
{
    const struct batch_item *item = r->kept->items;
    while (item->category != CATEGORY_REPLAY)
        item = item->next;
    return item;
}

void replay_digest(struct reading *r)
{
    struct parts parts = {0};
    struct event_refusal refusal;
    const struct batch_item *leader = leader_of(r);
    if (leader != r->to && leader->verdict == OUTCOME_ACCEPTED)
        r->to->lead = leader;
    else if (leader != r->to)
        reading_refuse(r, leader->verdict, leader->reason);
    else if (!gather(r, &parts, &refusal) || !digest_segment(r, &parts, &refusal))
        reading_refuse(r, refusal.verdict, refusal.reason);
}

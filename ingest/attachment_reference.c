#include "ingest/attachment_reference.h"

#include "base/jt.h"
#include "ingest/attachment.h"

enum { DEPTH_MAX = 8 };

bool attachment_reference_is(const struct envelope_item *item)
{
    return item->type == ITEM_ATTACHMENT &&
           str_case_eq(item->content_type, S("application/vnd.sentry.attachment-ref"));
}

static const struct jt *read_json(struct arena *a, struct str json)
{
    const char *error;
    return json.n ? jt_read(a, json, DEPTH_MAX, &error) : NULL;
}

bool attachment_reference_add(struct submission *s, const struct envelope_item *item)
{
    struct upload upload;
    struct str bytes = {0};
    struct arena *a = s->rq->arena;
    const struct uploads *uploads = &s->visit->ingest->uploads;
    const struct jt *header = read_json(a, item->header), *said = read_json(a, item->payload);
    struct str location = jt_get_str(said, S("location"));
    struct str filename = jt_get_str(header, S("filename"));
    int64_t length = 1;
    if (upload_of_location(a, uploads, s->record.project_id, location, &upload))
        bytes = upload_bytes(a, uploads, &upload);
    if (bytes.p) {
        const struct attachment attachment = {
            .type = item->attachment_type.p ? item->attachment_type : S("event.attachment"),
            .filename = filename.n ? filename : S("unnamed"),
            .content_type = jt_get_str(said, S("content_type")),
            .bytes = bytes};
        return attachment_add(s, &attachment);
    }
    (void)jt_int64(jt_get(header, S("attachment_length")), &length);
    submission_count_invalid(s, ITEM_ATTACHMENT, length > 0 ? (uint64_t)length : 1,
                             S("invalid_placeholder_attachment"));
    return true;
}

#include "worker/digest/attachment.h"

#include "base/text.h"
#include "storage/copy.h"

enum { NAME_MAX = 255, TYPE_MAX = 100 }; /* code points */

struct attachment {
    struct str type, name, content_type, body, blob;
    int64_t size;
};

static void put(struct buf *b, const struct batch_row *row)
{
    const struct attachment *a = row->data;
    copy_row(b, 10);
    copy_int8(b, row->record->head.project_id);
    copy_date(b, row->record->head.received);
    copy_uuid(b, row->record->head.event_id);
    copy_time(b, row->record->head.received);
    copy_text(b, a->type);
    copy_text(b, a->name);
    copy_text(b, a->content_type);
    copy_int8(b, a->size);
    copy_text(b, a->body);
    copy_text(b, a->blob);
}

const struct row_kind attachment_rows = {
    .copy = "copy attachment (project_id, received_day, event_id, received, type, name, "
            "content_type, size, body, blob) from stdin (format binary)",
    .put = put,
};

/* A member of the header, cut, or what is meant by its absence. */
static struct str header_text(struct reading *r, const struct jt *header, const char *key,
                              struct str otherwise)
{
    struct str text = jt_get_str(header, str_of(key));
    if (!text.n)
        return otherwise;
    size_t most = str_eq(str_of(key), S("filename")) ? NAME_MAX : TYPE_MAX;
    text = text_utf8(r->scratch, text);
    return reading_keep(r, str_slice(text, 0, text_prefix(text, most)));
}

/* A large one is read, scrubbed and stored anew; nobody refers to the old blob then.  False when
 * either failed. */
static bool scrub_blob(struct reading *r, struct attachment *a)
{
    struct arena *own = arena_new(SIZE_MAX);
    struct str bytes = reading_get_blob(r, own);
    char *changing = arena_take(own, bytes.n + 1);
    if (bytes.n)
        memcpy(changing, bytes.p, bytes.n);
    if (scrub_attachment(r->policy->scrubber, a->name, changing, bytes.n))
        a->blob = reading_put_blob(r, (struct str){changing, bytes.n});
    arena_free(own);
    return bytes.p && a->blob.p;
}

static bool scrub_body(struct reading *r, struct attachment *a)
{
    char *changing = arena_take(r->scratch, a->body.n + 1);
    if (a->body.n)
        memcpy(changing, a->body.p, a->body.n);
    scrub_attachment(r->policy->scrubber, a->name, changing, a->body.n);
    a->body.p = changing;
    return true;
}

static bool scrub(struct reading *r, struct attachment *a)
{
    const struct scrubber *s = r->policy->scrubber;
    if (!s || !scrub_wants_attachment(s, a->name))
        return true;
    return a->blob.p ? scrub_blob(r, a) : scrub_body(r, a);
}

void attachment_digest(struct reading *r)
{
    const struct jt *header = reading_header(r);
    struct attachment a = {
        .type = header_text(r, header, "attachment_type", S("event.attachment")),
        .name = header_text(r, header, "filename", S("attachment")),
        .content_type = header_text(r, header, "content_type", S("application/octet-stream")),
        .body = r->item->payload,
        .blob = reading_keep(r, r->item->blob),
        .size = r->item->blob.p ? r->to->quantity : (int64_t)r->item->payload.n,
    };
    if (!scrub(r, &a)) {
        reading_refuse(r, OUTCOME_INVALID, S("internal"));
        return;
    }
    a.body = reading_keep(r, a.body);
    reading_row(r, ROW_ATTACHMENT, &a, sizeof(a))->blob = a.blob;
    reading_count(r, CATEGORY_ATTACHMENT_ITEM, 1);
}

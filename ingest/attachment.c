#include "ingest/attachment.h"

bool attachment_add(struct submission *s, const struct attachment *attachment)
{
    const struct envelope_item item = {
        .type = ITEM_ATTACHMENT,
        .header = attachment_header(s->rq->arena, attachment),
        .payload = attachment->bytes.n ? attachment->bytes : S(""),
        .attachment_type = attachment->type,
        .content_type = attachment->content_type,
    };
    return submission_add(s, &item);
}

#include "ingest/attachment.h"

enum { HEADER_BYTES_MAX = 64 << 10 };

static struct str header_of(struct arena *a, const struct attachment *attachment)
{
    struct buf text;
    struct jw j;
    buf_init(&text, HEADER_BYTES_MAX);
    jw_begin(&j, &text);
    jw_open(&j, '{');
    jw_str_k(&j, "type", S("attachment"));
    jw_int_k(&j, "length", (int64_t)attachment->bytes.n);
    jw_str_k(&j, "attachment_type", attachment->type);
    jw_str_k(&j, "filename", attachment->filename);
    if (attachment->content_type.p)
        jw_str_k(&j, "content_type", attachment->content_type);
    jw_close(&j, '}');
    struct str header = buf_ok(&text) ? arena_str(a, buf_str(&text)) : S("{}");
    buf_free(&text);
    return header;
}

bool attachment_add(struct submission *s, const struct attachment *attachment)
{
    const struct envelope_item item = {
        .type = ITEM_ATTACHMENT,
        .header = header_of(s->rq->arena, attachment),
        .payload = attachment->bytes.n ? attachment->bytes : S(""),
        .attachment_type = attachment->type,
        .content_type = attachment->content_type,
    };
    return submission_add(s, &item);
}

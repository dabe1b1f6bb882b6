#include "storage/attachment_item.h"

#include "base/buf.h"
#include "base/jw.h"

enum { HEADER_BYTES_MAX = 64 << 10 };

struct str attachment_header(struct arena *a, const struct attachment *attachment)
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

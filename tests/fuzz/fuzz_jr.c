/* Any bytes through the JSON reader, the tree and the writer: what was read once reads the same
 * again. */
#include <stdint.h>
#include <stdlib.h>

#include "base/jt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str written(const struct jt *v, struct buf *to)
{
    struct jw w;
    jw_begin(&w, to);
    jt_write(&w, v);
    return buf_str(to);
}

static void read_tokens(struct arena *a, struct str input)
{
    struct jr r;
    jr_begin_prefix(&r, input, 64);
    for (enum jr_kind kind; (kind = jr_next(&r)) != JR_END && kind != JR_ERROR;) {
        if (kind != JR_KEY && kind != JR_STRING)
            continue;
        if (!jr_is(&r, jr_text(&r, a)))
            abort();
    }
    if (jr_offset(&r) > input.n)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(256 << 20);
    struct str input = {(const char *)data, size};
    struct buf once, twice;
    const char *error = NULL;
    buf_init(&once, 64 << 20);
    buf_init(&twice, 64 << 20);
    read_tokens(a, input);
    struct jt *v = jt_read(a, input, 64, &error);
    if (v) {
        struct jt *again = jt_read(a, written(v, &once), 64, &error);
        if (!again || !str_eq(buf_str(&once), written(again, &twice)))
            abort();
    } else if (!error) {
        abort();
    }
    buf_free(&once);
    buf_free(&twice);
    arena_free(a);
    return 0;
}

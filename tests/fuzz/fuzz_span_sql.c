/* Any bytes as a database query and as a span's description of each kind: what comes out is text,
 * and the same again. */
#include <stdint.h>
#include <stdlib.h>

#include "base/text.h"
#include "worker/span/description.h"
#include "worker/span/sql.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct str one, struct str again)
{
    if (!text_is_utf8(one) || !str_eq(one, again))
        abort();
}

static void describe(struct arena *a, struct str op, struct str text)
{
    struct jt *span = jt_new(a, JT_OBJECT);
    jt_set(span, S("op"), jt_new_str(a, op));
    jt_set(span, S("description"), jt_new_str(a, text));
    check(span_description(a, span), span_description(a, span));
    check(span_domain(a, span), span_domain(a, span));
    check(span_action(a, span), span_action(a, span));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct str ops[] = {{"http.client", 11},     {"db.redis", 8}, {"db", 2},
                                     {"resource.script", 15}, {"file", 4},     {"function", 8}};
    struct arena *a = arena_new(512 << 20);
    struct str text = text_utf8(a, (struct str){(const char *)data, size});
    check(sql_description(a, text), sql_description(a, text));
    check(sql_tables(a, text), sql_tables(a, text));
    check(sql_action(a, text), sql_action(a, text));
    for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
        describe(a, ops[i], text);
    arena_free(a);
    return 0;
}

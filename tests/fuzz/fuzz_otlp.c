/* Any bytes as a body of OTLP; the first says whether JSON or protobuf, traces or logs.  What comes
 * out is JSON with as many items as announced, within its ceilings. */
#include <stdint.h>
#include <stdlib.h>

#include "storage/eventlog.h"
#include "storage/otlp.h"

enum { DEPTH = 64, IS_PROTOBUF = 1, IS_LOGS = 2 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool is_so)
{
    if (!is_so)
        abort();
}

static void check_container(struct arena *a, const struct otlp_container *c)
{
    const char *why;
    int64_t announced;
    const struct jt *container = jt_read(a, c->payload, DEPTH, &why);
    const struct jt *items = jt_get(container, S("items"));
    expect(items && items->kind == JT_ARRAY && items->count == c->count);
    expect(c->count > 0 && c->count <= OTLP_CONTAINER_ITEMS);
    expect(jt_int64(jt_get(jt_read(a, c->header, DEPTH, &why), S("item_count")), &announced));
    expect(announced == (int64_t)c->count);
    for (const struct jt *item = items->first; item; item = item->next)
        expect(jt_get(item, S("attributes")) != NULL);
}

static void convert(struct arena *a, unsigned choice, struct str body)
{
    const char *error;
    struct otlp_converted out;
    struct otlp_request request = {
        .signal = choice & IS_LOGS ? &otlp_signal_logs : &otlp_signal_traces,
        .format = choice & IS_PROTOBUF ? OTLP_PROTOBUF : OTLP_JSON,
        .body = body,
        .received = 1,
    };
    enum otlp_result result = otlp_convert(a, &request, &out, &error);
    expect((result == OTLP_BROKEN) == (error != NULL));
    size_t count = 0;
    for (const struct otlp_container *c = out.first; c; c = c->next, count++)
        check_container(a, c);
    expect(count == out.count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct arena *a = arena_new((size_t)1 << 30);
    convert(a, data[0], (struct str){(const char *)data + 1, size - 1});
    arena_free(a);
    return 0;
}

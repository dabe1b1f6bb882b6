/* Any bytes as an envelope: pieces lie inside the body, in order, and add up to it. */
#include <stdint.h>
#include <stdlib.h>

#include "ingest/credentials.h"
#include "ingest/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool is_so)
{
    if (!is_so)
        abort();
}

static const char *expect_inside(struct str part, struct str body, const char *from)
{
    if (part.n == 0)
        return from;
    expect(part.p >= from && part.p + part.n <= body.p + body.n);
    return part.p + part.n;
}

static void split(struct arena *a, struct str body)
{
    struct envelope e;
    struct envelope_item item;
    struct tally tally = {0};
    struct credentials credentials;
    bool begun = envelope_begin(&e, a, body);
    expect(begun == !e.error);
    const char *at = expect_inside(e.header, body, body.p);
    credentials_of_dsn(e.dsn, &credentials);
    size_t items = 0;
    while (begun && envelope_next(&e, &item)) {
        at = expect_inside(item.header, body, at);
        at = expect_inside(item.payload, body, at);
        expect(item.type_name.p && !e.error);
        expect(++items <= body.n);
        if (!tally_add(&tally, &item))
            return;
    }
    expect(!begun || e.error || e.rest.n == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new((size_t)256 << 20);
    split(a, (struct str){(const char *)data, size});
    arena_free(a);
    return 0;
}

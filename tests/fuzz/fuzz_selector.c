/* Selectors: any text is one or is refused with a reason; what is one reads the same once printed,
 * and can be asked about any place. */
#include <stdint.h>
#include <stdlib.h>

#include "base/text.h"
#include "worker/scrub/selector.h"

enum { LIMIT = 256 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str printed(struct arena *a, const struct selector *s)
{
    struct buf out;
    buf_init(&out, LIMIT / 4);
    selector_print(s, &out);
    struct str text = arena_str(a, buf_str(&out));
    buf_free(&out);
    return text;
}

static void ask(const struct selector *s)
{
    struct scrub_path root = {.types = TYPE_BIT(TYPE_EVENT)};
    struct scrub_path list = {
        .parent = &root, .key = S("extra"), .types = TYPE_BIT(TYPE_ARRAY), .depth = 1};
    struct scrub_path item = {
        .parent = &list, .index = 1, .types = TYPE_BIT(TYPE_USER), .depth = 2};
    struct scrub_path leaf = {
        .parent = &item, .key = S("a"), .types = TYPE_BIT(TYPE_STRING), .depth = 3};
    for (int pii = PII_NONE; pii <= PII_YES; pii++) {
        leaf.pii = (enum pii)pii;
        bool matches = selector_matches(s, &leaf);
        bool possible = pii != PII_NONE && (selector_last_keys(s) & selector_key_bit(leaf.key)) &&
                        (pii != PII_MAYBE || selector_reaches_maybe(s));
        if (matches && !possible)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(LIMIT);
    const char *error = NULL;
    struct selector *s = selector_parse(a, (struct str){(const char *)data, size}, &error);
    if (!s && !error)
        abort();
    if (s) {
        struct str text = printed(a, s);
        const struct selector *again = selector_parse_plain(a, text, &error);
        /* Blanks and parentheses may make the canonical text longer than what is read. */
        if (!again && text.n <= SELECTOR_TEXT_MAX)
            abort();
        if (again && (selector_compare(s, again) != 0 || !str_eq(printed(a, again), text)))
            abort();
        ask(s);
    }
    arena_free(a);
    return 0;
}

/* Any bytes as a User-Agent header, and as an expression for the prefilter: what is found lies in
 * bounds and is text, and the cache gives the same again. */
#include <stdint.h>
#include <stdlib.h>

#include "base/text.h"
#include "worker/digest/prefilter.h"
#include "worker/digest/user_agent.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct str part, struct str again)
{
    if (!text_is_utf8(part) || !str_eq(part, again) || !part.p != !again.p)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(64 << 20);
    struct str bytes = {(const char *)data, size}, text = text_utf8(a, bytes);
    struct user_agent first, second;
    struct prefilter set;
    uint16_t needs[PREFILTER_NEEDS_MAX];
    user_agent_parse(a, text, &first);
    user_agent_parse(a, text, &second);
    check(first.browser, second.browser);
    check(first.browser_version, second.browser_version);
    check(first.os, second.os);
    check(first.os_version, second.os_version);
    check(first.device, second.device);
    check(first.brand, second.brand);
    check(first.model, second.model);
    prefilter_read(&set, bytes);
    size_t n = prefilter_needs(bytes, needs);
    if (!n || n > PREFILTER_NEEDS_MAX || needs[n - 1])
        abort();
    (void)prefilter_allows(&set, needs);
    arena_free(a);
    return 0;
}

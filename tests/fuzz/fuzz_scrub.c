/*
 * A configuration, a line break, and what is scrubbed with it: as an event when it is JSON, as an
 * attachment in any case.  An input whose first line is empty is scrubbed by the simple settings.
 * What comes out is JSON with remarks that fit, and an attachment keeps its size.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/text.h"
#include "worker/scrub/scrubber.h"

enum { LIMIT = 512 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct scrubber *scrubber_from(struct str config)
{
    const char *error = NULL;
    struct scrub_options all = scrub_options_of_project;
    struct str fields[] = {S("secret field"), S("(")}, safe[] = {S("a.b"), S("*x")};
    all.scrub_ip_addresses = true;
    all.sensitive_fields = (struct str_list){2, fields};
    all.safe_fields = (struct str_list){2, safe};
    struct scrubber *s = config.n ? scrubber_of_config(config, &error)
                                  : scrubber_new(&scrub_options_of_organization, &all, &error);
    if (!s && !error)
        abort();
    return s;
}

static void check(struct arena *a, const struct jt *v)
{
    struct buf out;
    struct jw w;
    const char *error = NULL;
    buf_init(&out, LIMIT / 4);
    jw_begin(&w, &out);
    jt_write(&w, v);
    if (!buf_ok(&out) || !text_is_utf8(buf_str(&out)) || !jt_read(a, buf_str(&out), 256, &error))
        abort();
    buf_free(&out);
}

static void scrub_json(const struct scrubber *s, struct arena *a, struct str text)
{
    const char *error = NULL;
    struct jt *event = jt_read(a, text, 128, &error);
    if (!event || event->kind != JT_OBJECT)
        return;
    struct scrub_notes notes = {jt_get(event, S("_meta")), jt_get(event, S("errors"))};
    if (notes.meta)
        jt_remove(event, notes.meta);
    scrub_event(s, a, event, &notes);
    check(a, event);
    if (notes.meta)
        check(a, notes.meta);
    /* Once more, with the remarks of the first time. */
    scrub_event(s, a, event, &notes);
    check(a, event);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = {(const char *)data, size};
    struct str config = str_split(&rest, '\n');
    struct scrubber *s = rest.p ? scrubber_from(config) : NULL;
    if (!s)
        return 0;
    struct arena *a = arena_new(LIMIT);
    scrub_json(s, a, rest);
    /* In a block of its own size, so that the sanitizer sees a byte too many. */
    char *bytes = malloc(rest.n + 1);
    if (!bytes)
        abort();
    memcpy(bytes, rest.p, rest.n);
    scrub_attachment(s, S("a.txt"), bytes, rest.n);
    free(bytes);
    arena_free(a);
    scrubber_free(s);
    return 0;
}

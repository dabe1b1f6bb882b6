/* Any bytes as a form, and its fields and files as an event: parts lie inside the body, in order,
 * and what is gathered is JSON. */
#include <stdint.h>
#include <stdlib.h>

#include "ingest/crash_form.h"
#include "ingest/multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool is_so)
{
    if (!is_so)
        abort();
}

static void take(struct crash_form *form, const struct multipart_part *part)
{
    if (part->filename.p)
        crash_form_file(form, part->name, part->bytes);
    else
        crash_form_field(form, part->name, part->bytes);
}

static void cut(struct arena *a, struct multipart *m, struct str body)
{
    struct crash_form form;
    struct multipart_part part;
    const char *error = NULL, *at = body.p;
    struct uuid id;
    bool has_id;
    crash_form_begin(&form, a);
    while (multipart_next(m, &part)) {
        expect(!part.bytes.n ||
               (part.bytes.p >= at && part.bytes.p + part.bytes.n <= body.p + body.n));
        at = part.bytes.n ? part.bytes.p + part.bytes.n : at;
        take(&form, &part);
    }
    expect(jt_read(a, crash_form_event(&form, &has_id, &id), 256, &error) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct multipart m;
    struct arena *a = arena_new((size_t)512 << 20);
    struct str body = {(const char *)data, size};
    multipart_begin(&m, a, S("multipart/form-data; boundary=b"), body);
    cut(a, &m, body);
    multipart_begin_nested(&m, a, body);
    cut(a, &m, body);
    /* The first line as a content type, the rest as its body. */
    struct str rest = body;
    struct str type = str_split(&rest, '\n');
    multipart_begin(&m, a, type, rest.p ? rest : S(""));
    cut(a, &m, rest.p ? rest : S(""));
    arena_free(a);
    return 0;
}

#include "worker/crash/apple_report.h"

#include "base/text.h"
#include "worker/crash/crash_event.h"

/* The lines that are of interest stand near the top. */
enum { HEAD_BYTES = 16 << 10 };

static struct str line_named(struct str head, struct str name)
{
    while (head.p) {
        struct str line = str_split(&head, '\n');
        if (str_starts(line, name))
            return str_trim(str_from(line, name.n));
    }
    return (struct str){0};
}

static void put_context(struct arena *a, struct jt *event, struct str context, struct str key,
                        struct str value)
{
    if (!value.n)
        return;
    struct jt *object = crash_object(a, crash_object(a, event, S("contexts")), context);
    crash_put(a, object, S("type"), context);
    crash_put(a, object, key, value);
}

void apple_report_complete(struct arena *a, struct str bytes, struct jt *event)
{
    static const struct crash_kind kind = {
        {"applecrashreport", 16}, {"AppleCrashReport", 16}, {"Invalid Apple Crash Report", 26}};
    struct str head = text_utf8(a, str_slice(bytes, 0, HEAD_BYTES));
    struct jt *exception = crash_exception(a, event, &kind);
    struct str type = line_named(head, S("Exception Type:"));
    put_context(a, event, S("os"), S("raw_description"), line_named(head, S("OS Version:")));
    put_context(a, event, S("device"), S("model"), line_named(head, S("Hardware Model:")));
    if (!type.n)
        return;
    struct jt *mechanism = crash_object(a, exception, S("mechanism"));
    jt_set(exception, S("type"), jt_new_str(a, type));
    jt_set(exception, S("value"), jt_new_str(a, text_join(a, S("Fatal Error"), S(": "), type)));
    jt_remove(mechanism, jt_get(mechanism, S("synthetic")));
}

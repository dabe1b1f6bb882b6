#include "worker/crash/crash.h"

#include "base/settings.h"
#include "storage/blobs.h"
#include "worker/crash/crash_event.h"
#include "worker/crash/minidump_event.h"

/* What the header of an item says of a file.  Headers nest hardly. */
enum { HEADER_DEPTH = 8 };

static void complete_by_apple_report(struct arena *a, struct str bytes, struct jt *event)
{
    static const struct crash_kind kind = {
        {"applecrashreport", 16}, {"AppleCrashReport", 16}, {"Invalid Apple Crash Report", 26}};
    (void)bytes;
    crash_exception(a, event, &kind);
}

/* Later rows see what earlier ones made of the event. */
static const struct {
    struct str type;
    void (*complete)(struct arena *a, struct str bytes, struct jt *event);
} kinds[] = {
    {{"event.applecrashreport", 22}, complete_by_apple_report},
    {{"event.minidump", 14}, minidump_complete},
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

/* Most attachments are something else: their headers need no reading. */
static struct str type_of(struct arena *a, const struct log_item *item)
{
    const char *error;
    if (item->type != ITEM_ATTACHMENT || item->verdict != OUTCOME_ACCEPTED || !item->header.n)
        return (struct str){0};
    return jt_get_str(jt_read(a, item->header, HEADER_DEPTH, &error), S("attachment_type"));
}

static bool mentions_kind(struct str header)
{
    for (size_t i = 0; i < KINDS; i++)
        if (str_has(header, kinds[i].type))
            return true;
    return false;
}

bool crash_is_in(const struct log_record *record)
{
    for (size_t i = 0; i < record->item_count; i++)
        if (record->items[i].type == ITEM_ATTACHMENT && mentions_kind(record->items[i].header))
            return true;
    return false;
}

static struct str bytes_of(struct arena *a, const struct log_item *item)
{
    if (!item->blob.p)
        return item->payload;
    return blob_map(a, arena_printf(a, "%s/blobs", settings()->data_dir), item->blob);
}

/* The first file of a kind; NULL when there is none. */
static const struct log_item *file_of(struct arena *a, const struct log_record *record,
                                      struct str type)
{
    for (size_t i = 0; i < record->item_count; i++)
        if (str_eq(type_of(a, &record->items[i]), type))
            return &record->items[i];
    return NULL;
}

void crash_complete(struct arena *a, const struct log_record *record, struct jt *event)
{
    for (size_t i = 0; i < KINDS; i++) {
        const struct log_item *file = file_of(a, record, kinds[i].type);
        if (file)
            kinds[i].complete(a, bytes_of(a, file), event);
    }
}

#include "worker/crash/crash.h"

#include "base/settings.h"
#include "storage/blobs.h"
#include "worker/crash/apple_report.h"
#include "worker/crash/crash_event.h"
#include "worker/crash/minidump_event.h"
#include "worker/crash/unreal_context.h"

/* What the header of an item says of a file.  Headers nest hardly. */
enum { HEADER_DEPTH = 8 };

/* The format is its maker's secret: what is known is that it crashed. */
static void prosperodump_complete(struct arena *a, struct str bytes, struct jt *event)
{
    static const struct crash_kind kind = {
        {"prosperodump", 12}, {"PlayStation", 11}, {"Unread PlayStation dump", 23}};
    (void)bytes;
    crash_exception(a, event, &kind);
}

/* Later rows see what earlier ones made of the event. */
static const struct {
    struct str type;
    void (*complete)(struct arena *a, struct str bytes, struct jt *event);
} kinds[] = {
    {{"unreal.context", 14}, unreal_context_event},
    {{"event.applecrashreport", 22}, apple_report_complete},
    {{"event.minidump", 14}, minidump_complete},
    {{"playstation.prosperodump", 24}, prosperodump_complete},
    {{"unreal.context", 14}, unreal_context_complete},
    {{"unreal.logs", 11}, unreal_log_complete},
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

/* Most attachments are something else: their headers need no reading. */
static struct str type_of(struct arena *a, const struct log_item *item)
{
    const char *error;
    if (item->type != ITEM_ATTACHMENT || !item->header.n)
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

/* What the endpoint was told in its address, noted where an envelope would say it. */
static struct str unreal_user(struct arena *a, const struct log_record *record)
{
    const char *error;
    struct str header = record->envelope_header;
    if (!str_has(header, S("unreal_user_id")))
        return (struct str){0};
    return jt_get_str(jt_read(a, header, HEADER_DEPTH, &error), S("unreal_user_id"));
}

void crash_complete(struct arena *a, const struct log_record *record, struct jt *event)
{
    struct str user = unreal_user(a, record);
    if (user.n)
        unreal_user_complete(a, user, event);
    for (size_t i = 0; i < KINDS; i++) {
        const struct log_item *file = file_of(a, record, kinds[i].type);
        if (file)
            kinds[i].complete(a, bytes_of(a, file), event);
    }
}

#include "storage/unreal_report.h"

#include "base/buf.h"
#include "base/jw.h"
#include "base/xml.h"
#include "storage/attachment_item.h"

enum { CONTEXT_BYTES_MAX = 1 << 20 };

/* What a file is, by the ends of names and beginnings of contents; the first row that fits. */
static const struct {
    struct str suffix, magic, type;
} kinds[] = {
    {{".dmp", 4}, {"MDMP", 4}, {"event.minidump", 14}},
    {{".dmp", 4}, {"Incident Identifier", 19}, {"event.applecrashreport", 22}},
    {{"CrashContext.runtime-xml", 24}, {"", 0}, {"unreal.context", 14}},
    {{".log", 4}, {"", 0}, {"unreal.logs", 11}},
};

static struct str type_of(const struct unreal_file *file)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (str_ends(file->name, kinds[i].suffix) && str_starts(file->bytes, kinds[i].magic))
            return kinds[i].type;
    return S("event.attachment");
}

/* What the user wrote into the reporter's window stands in the crash's context. */
static struct str comments_of(struct arena *a, struct str context)
{
    struct xml x;
    struct xml_leaf leaf;
    xml_begin(&x, a, str_slice(context, 0, CONTEXT_BYTES_MAX));
    while (xml_next(&x, &leaf)) {
        if (str_eq(leaf.name, S("UserDescription")) && str_trim(leaf.text).n)
            return leaf.text;
    }
    return (struct str){0};
}

static struct unreal_item user_report(const struct unreal_report *u)
{
    struct buf text;
    struct jw j;
    char hex[33];
    uuid_put(u->event_id, hex);
    buf_init(&text, 6 * u->comments.n + 1000);
    jw_begin(&j, &text);
    jw_open(&j, '{');
    jw_str_k(&j, "event_id", str_of(hex));
    jw_str_k(&j, "name", S(""));
    jw_str_k(&j, "email", S(""));
    jw_str_k(&j, "comments", u->comments);
    jw_close(&j, '}');
    struct str json = arena_str(u->crash.arena, buf_str(&text));
    buf_free(&text);
    return (struct unreal_item){
        .type = ITEM_USER_REPORT, .header = S("{\"type\":\"user_report\"}"), .payload = json};
}

static struct unreal_item attachment_of(const struct unreal_report *u,
                                        const struct unreal_file *file)
{
    const struct attachment attachment = {
        .type = type_of(file), .filename = file->name, .bytes = file->bytes};
    return (struct unreal_item){.type = ITEM_ATTACHMENT,
                                .header = attachment_header(u->crash.arena, &attachment),
                                .payload = file->bytes.n ? file->bytes : S(""),
                                .attachment_type = attachment.type};
}

void unreal_report_begin(struct unreal_report *u, struct arena *a, struct str bytes,
                         struct uuid event_id)
{
    *u = (struct unreal_report){.event_id = event_id};
    unreal_crash_begin(&u->crash, a, bytes);
}

bool unreal_report_next(struct unreal_report *u, struct unreal_item *item)
{
    struct unreal_file file;
    if (u->comments.n) {
        *item = user_report(u);
        u->comments = (struct str){0};
        return true;
    }
    if (unreal_crash_next(&u->crash, &file)) {
        *item = attachment_of(u, &file);
        if (str_eq(item->attachment_type, S("unreal.context")))
            u->comments = comments_of(u->crash.arena, file.bytes);
        return true;
    }
    if (u->crash.is_broken || u->is_told)
        return false;
    u->is_told = true;
    *item = (struct unreal_item){
        .type = ITEM_EVENT, .header = S("{\"type\":\"event\"}"), .payload = S("{}")};
    return true;
}

#include "worker/digest/user_report.h"

#include "base/text.h"
#include "sql.h"
#include "storage/copy.h"

enum { NAME_MAX = 128, EMAIL_MAX = 75, COMMENTS_MAX = 4096, DEPTH_MAX = 8 }; /* code points */

struct user_report {
    struct uuid event_id;
    struct str name, email, comments;
};

static void put(struct buf *b, const struct batch_row *row)
{
    const struct user_report *u = row->data;
    copy_row(b, 6);
    copy_int8(b, row->record->head.project_id);
    copy_uuid(b, u->event_id);
    copy_time(b, row->record->head.received);
    copy_text(b, u->name);
    copy_text(b, u->email);
    copy_text(b, u->comments);
}

const struct row_kind user_report_rows = {
    .copy = "copy digest_user_report (project_id, event_id, received, name, email, comments) "
            "from stdin (format binary)",
    .temporary = &SQL_digest_user_reports_temporary,
    .put = put,
    .statements = {&SQL_digest_user_reports},
};

static struct str text_of(struct reading *r, const struct jt *report, struct str key, size_t most)
{
    struct str text = jt_get_str(report, key);
    return text.n ? reading_keep(r, str_slice(text, 0, text_prefix(text, most))) : S("");
}

static bool find_event(const struct reading *r, const struct jt *report, struct uuid *id)
{
    struct str text = jt_get_str(report, S("event_id"));
    *id = r->record.event_id;
    return text.n ? uuid_parse(text, id) : r->record.has_event_id;
}

void user_report_digest(struct reading *r)
{
    const char *error;
    struct user_report u;
    const struct jt *report = jt_read(r->scratch, r->item->payload, DEPTH_MAX, &error);
    if (!report || report->kind != JT_OBJECT || !find_event(r, report, &u.event_id)) {
        r->to->category = CATEGORY_NONE;
        return;
    }
    u.name = text_of(r, report, S("name"), NAME_MAX);
    u.email = text_of(r, report, S("email"), EMAIL_MAX);
    u.comments = text_of(r, report, S("comments"), COMMENTS_MAX);
    reading_row(r, ROW_USER_REPORT, &u, sizeof(u));
}

/* POST /api/{project}/minidump/ and /playstation/: a crash dump, alone or in a form with what
 * belongs to it. */
#include "base/text.h"
#include "ingest/attachment.h"
#include "ingest/crash.h"
#include "ingest/crash_form.h"
#include "ingest/endpoints.h"
#include "ingest/gate.h"
#include "ingest/multipart.h"
#include "ingest/refuse.h"

/* What an endpoint takes for its dump. */
struct dump_kind {
    bool (*is_dump)(const struct multipart_part *part);
    bool may_be_alone; /* the whole body may be the dump */
    struct str type, filename;
    struct str beginnings[2]; /* of the dump: one of these */
    const char *missing, *invalid;
};

struct crash_upload {
    struct request *rq;
    const struct dump_kind *kind;
    struct submission submission;
    struct crash_form form;
    struct attachment dump; /* bytes absent: none was sent */
};

/* ---- parts of the form */

static void take_dump(struct crash_upload *u, const struct multipart_part *part)
{
    u->dump.bytes = part->bytes;
    u->dump.content_type = part->content_type;
    if (part->filename.n)
        u->dump.filename = part->filename;
}

static bool take_file(struct crash_upload *u, const struct multipart_part *part)
{
    if (crash_form_file(&u->form, part->name, part->bytes))
        return true;
    const struct attachment attachment = {.type = S("event.attachment"),
                                          .filename =
                                              part->filename.n ? part->filename : part->name,
                                          .content_type = part->content_type,
                                          .bytes = part->bytes};
    return attachment_add(&u->submission, &attachment);
}

/* False after answering. */
static bool take_part(struct crash_upload *u, const struct multipart_part *part)
{
    if (u->kind->is_dump(part))
        take_dump(u, part);
    else if (part->filename.p)
        return take_file(u, part);
    else
        crash_form_field(&u->form, part->name, part->bytes);
    return true;
}

static bool take_parts(struct crash_upload *u, struct str body)
{
    struct multipart form;
    struct multipart_part part;
    multipart_begin(&form, u->rq->arena, request_header(u->rq, "CONTENT_TYPE"), body);
    while (multipart_next(&form, &part))
        if (!take_part(u, &part))
            return false;
    if (form.error)
        refuse_because(u->rq, 400, "invalid multipart data", form.error);
    return !form.error;
}

/* Electron before 1.3 sent its form inside a form's part. */
static bool open_nested(struct crash_upload *u)
{
    struct multipart form;
    struct multipart_part part;
    if (!multipart_begin_nested(&form, u->rq->arena, u->dump.bytes))
        return true;
    while (multipart_next(&form, &part))
        if (!take_part(u, &part))
            return false;
    return true;
}

/* ---- the dump */

static struct str without_suffix(struct str name, struct str suffix)
{
    struct str end = str_slice(name, name.n > suffix.n ? name.n - suffix.n : 0, name.n);
    return str_case_eq(end, suffix) ? str_slice(name, 0, name.n - suffix.n) : name;
}

/* False after answering. */
static bool unpack(struct crash_upload *u)
{
    enum inflate_result result;
    struct visit *visit = visit_of(u->rq);
    struct str suffix = inflate_file_suffix(u->dump.bytes);
    const struct packed packed = {.bytes = u->dump.bytes,
                                  .beside = &visit->body,
                                  .slots = &visit->ingest->large,
                                  .ceiling = gate_body_max(u->rq)};
    if (!suffix.p)
        return true;
    if (!body_unpack(u->rq, &visit->unpacked, &packed, &result))
        return false;
    u->dump.bytes = visit->unpacked.bytes;
    u->dump.filename = without_suffix(u->dump.filename, suffix);
    if (result == INFLATE_TOO_LARGE)
        refuse(u->rq, 413, "length limit exceeded");
    else if (result != INFLATE_OK)
        refuse(u->rq, 400, "invalid compression container");
    return result == INFLATE_OK;
}

static bool check_magic(struct crash_upload *u)
{
    const struct str *beginnings = u->kind->beginnings;
    bool is_ours =
        str_starts(u->dump.bytes, beginnings[0]) || str_starts(u->dump.bytes, beginnings[1]);
    if (!is_ours)
        refuse(u->rq, 400, u->kind->invalid);
    return is_ours;
}

static struct str body_type(const struct request *rq)
{
    struct str type = request_header(rq, "CONTENT_TYPE");
    return str_trim(str_slice(type, 0, str_index(type, ';')));
}

static bool take_body(struct crash_upload *u, struct str body)
{
    struct str type = body_type(u->rq);
    bool is_dump = str_case_eq(type, S("application/octet-stream")) ||
                   str_case_eq(type, S("application/x-dmp"));
    if (!is_dump || !u->kind->may_be_alone)
        return take_parts(u, body);
    u->dump.bytes = body.n ? body : (struct str){0};
    return true;
}

static bool take_whole_dump(struct crash_upload *u, struct str body)
{
    if (!take_body(u, body))
        return false;
    if (!u->dump.bytes.p) {
        refuse(u->rq, 400, u->kind->missing);
        return false;
    }
    return open_nested(u) && unpack(u) && check_magic(u) &&
           attachment_add(&u->submission, &u->dump);
}

static bool add_event(struct crash_upload *u)
{
    struct uuid id;
    bool has_id;
    if (u->form.bytes > CRASH_FORM_BYTES_MAX)
        return submission_refuse_size(&u->submission, ITEM_FORM_DATA);
    struct envelope_item event = {.type = ITEM_EVENT, .header = S("{\"type\":\"event\"}")};
    event.payload = crash_form_event(&u->form, &has_id, &id);
    if (has_id)
        u->submission.record.event_id = id;
    return submission_add(&u->submission, &event);
}

static int dump_post(struct request *rq, const struct dump_kind *kind)
{
    struct visit *visit = visit_of(rq);
    struct crash_upload u = {
        .rq = rq, .kind = kind, .dump = {.type = kind->type, .filename = kind->filename}};
    if (!body_read(rq, &visit->body, &visit->ingest->large, gate_body_max(rq)))
        return rq->status;
    submission_begin_part(&u.submission, rq, 0);
    crash_form_begin(&u.form, rq->arena);
    if (!take_whole_dump(&u, visit->body.bytes) || !add_event(&u))
        return rq->status;
    return crash_keep(&u.submission);
}

/* ---- minidumps */

static bool is_minidump(const struct multipart_part *part)
{
    return str_eq(part->name, S("upload_file_minidump"));
}

static int minidump_post(struct request *rq)
{
    static const struct dump_kind kind = {.is_dump = is_minidump,
                                          .may_be_alone = true,
                                          .type = {"event.minidump", 14},
                                          .filename = {"Minidump", 8},
                                          .beginnings = {{"MDMP", 4}, {"PMDM", 4}},
                                          .missing = "missing minidump",
                                          .invalid = "invalid minidump"};
    return dump_post(rq, &kind);
}

/* ---- PlayStation dumps (ingest.md §1.10) */

/* How dumps begin, packed or not. */
#define LZ4_FRAME "\x04\x22\x4D\x18"
#define ELF "\177ELF"
/* What it asks before it sends a crash, and what it is told to send. */
#define QUESTION "application/vnd.sce.crs.datareq-request+json"
#define WANTED "{\"parts\":{\"upload\":[\"corefile\",\"screenshot\"]}}"

static bool is_prosperodump(const struct multipart_part *part)
{
    return str_ends(part->filename, S(".prosperodmp"));
}

static int playstation_post(struct request *rq)
{
    static const struct dump_kind kind = {.is_dump = is_prosperodump,
                                          .type = {"playstation.prosperodump", 24},
                                          .filename = {"prosperodump", 12},
                                          .beginnings = {{LZ4_FRAME, 4}, {ELF, 4}},
                                          .missing = "missing prosperodump",
                                          .invalid = "invalid prosperodump"};
    if (str_case_eq(body_type(rq), S(QUESTION)))
        return reply_bytes(rq, 200, "application/json", S(WANTED));
    return dump_post(rq, &kind);
}

static const struct endpoint endpoint = {AUTH_REQUEST, 0, true};

const struct route dump_routes[] = {
    {METHOD_POST, "/api/{project}/minidump/", 0, minidump_post, &endpoint},
    {METHOD_POST, "/api/{project}/playstation/", 0, playstation_post, &endpoint},
    {0},
};

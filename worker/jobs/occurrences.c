#include "base/clock.h"
#include "sql.h"
#include "storage/partitions.h"
#include "worker/digest/write.h"
#include "worker/jobs/job.h"

#define SCRATCH_LIMIT ((size_t)64 << 20)
enum { TRIES = 5 };

/* The event in the shape in which ingest would have handed it over. */
static struct str record_of(struct job *j, const struct rows *r)
{
    struct log_item item = {
        .type = ITEM_EVENT, .verdict = OUTCOME_ACCEPTED, .payload = rows_str(r, 1), .quantity = 1};
    struct log_record record = {.request_id = uuid_random(),
                                .received = clock_now(),
                                .project_id = j->project_id,
                                .items = &item,
                                .item_count = 1};
    record.has_event_id = uuid_parse(rows_str(r, 0), &record.event_id);
    return log_record_encode(j->arena, &record);
}

static enum write_result try_once(struct job *j, struct batch *b, struct arena *scratch,
                                  struct str record)
{
    batch_begin(b, (struct uuid){{0}}, 0);
    batch_add(b, scratch, record, (int64_t)record.n);
    for (struct batch_event *e = b->events; e; e = e->next)
        e->event.type = S("monitor");
    return batch_write_made(b, j->db, scratch);
}

/* A project whose settings nobody changed needs one try; another's are loaded after the first. */
static bool store(struct job *j, struct str record)
{
    struct policies *known = policies_new();
    struct batch *b = batch_new(known);
    struct arena *scratch = arena_new(SCRATCH_LIMIT);
    enum write_result result = WRITE_AGAIN;
    for (int i = 0; i < TRIES && (result == WRITE_AGAIN || result == WRITE_OUTDATED); i++) {
        pg_reset(j->db);
        if (result == WRITE_OUTDATED && !batch_load_policies(b, j->db, scratch))
            break;
        result = try_once(j, b, scratch, record);
    }
    arena_free(scratch);
    batch_free(b);
    policies_free(known);
    return result == WRITE_DONE;
}

bool job_occurrence(struct job *j)
{
    struct rows *r = pg_query(j->db, j->arena, &SQL_monitor_occurrence, j->project_id, j->data);
    bool found = rows_next(r);
    if (found && (!partitions_make(j->db, j->arena, clock_now(), 1) || !store(j, record_of(j, r))))
        return false;
    pg_query(j->db, j->arena, &SQL_monitor_issue_resolve, j->project_id, j->data,
             pg_time(j->arena, clock_now()));
    return job_answer(j, "%d events", found);
}

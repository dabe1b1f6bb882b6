#include "ingest/crash.h"

int crash_reply(struct request *rq, struct uuid id)
{
    char hex[33];
    uuid_put(id, hex);
    const char *text = arena_printf(rq->arena, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12,
                                    hex + 16, hex + 20);
    return reply_bytes(rq, 200, "text/plain", str_of(text));
}

int crash_keep(struct submission *s)
{
    if (submission_accept(s))
        return s->rq->status;
    crash_reply(s->rq, s->record.event_id);
    return submission_keep(s);
}

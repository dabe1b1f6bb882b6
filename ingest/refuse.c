#include "ingest/refuse.h"

#define RETRY_SECONDS "60"

int refuse_because(struct request *rq, int status, const char *detail, const char *cause)
{
    reply_header(rq, "X-Sentry-Error", str_of(detail));
    struct jw j = reply_json(rq, status);
    jw_open(&j, '{');
    jw_str_k(&j, "detail", str_of(detail));
    if (cause) {
        jw_open_k(&j, "causes", '[');
        jw_str(&j, str_of(cause));
        jw_close(&j, ']');
    }
    jw_close(&j, '}');
    return reply_done(rq);
}

int refuse(struct request *rq, int status, const char *detail)
{
    return refuse_because(rq, status, detail, NULL);
}

int refuse_overloaded(struct request *rq, const char *detail)
{
    reply_header(rq, "Retry-After", S(RETRY_SECONDS));
    return refuse(rq, 503, detail);
}

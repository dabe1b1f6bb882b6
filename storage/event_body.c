#include "storage/event_body.h"

#include <pthread.h>
#include <stdlib.h>
#include <zstd.h>

#include "base/log.h"

enum { LEVEL = 3 };
#define BODY_MAX ((unsigned long long)64 << 20) /* far above what ingest lets through */

static pthread_key_t contexts;
static pthread_once_t contexts_once = PTHREAD_ONCE_INIT;

static void free_context(void *context)
{
    ZSTD_freeCCtx(context);
}

static void make_key(void)
{
    if (pthread_key_create(&contexts, free_context))
        abort();
}

/* A context of the thread's own: making one costs more than compressing a small body. */
static ZSTD_CCtx *thread_context(void)
{
    pthread_once(&contexts_once, make_key);
    ZSTD_CCtx *context = pthread_getspecific(contexts);
    if (context)
        return context;
    context = ZSTD_createCCtx();
    if (!context)
        abort();
    pthread_setspecific(contexts, context);
    return context;
}

struct str event_body_encode(struct arena *a, struct str json, int *codec)
{
    size_t room = ZSTD_compressBound(json.n);
    char *to = arena_take(a, room);
    size_t n = ZSTD_compressCCtx(thread_context(), to, room, json.p, json.n, LEVEL);
    *codec = ZSTD_isError(n) || n >= json.n ? EVENT_BODY_PLAIN : EVENT_BODY_NEWEST;
    return *codec == EVENT_BODY_PLAIN ? arena_str(a, json) : (struct str){to, n};
}

static struct str unreadable(int codec, const char *reason)
{
    log_error("the body of an event cannot be read", LOG_INT("codec", codec),
              LOG_STR("reason", str_of(reason)));
    return (struct str){0};
}

static struct str decode_zstd(struct arena *a, struct str bytes)
{
    unsigned long long size = ZSTD_getFrameContentSize(bytes.p, bytes.n);
    if (size > BODY_MAX) /* the two error values are larger, too */
        return unreadable(EVENT_BODY_ZSTD, "no sound length");
    char *to = arena_take(a, (size_t)size + 1);
    size_t n = ZSTD_decompress(to, (size_t)size, bytes.p, bytes.n);
    if (ZSTD_isError(n))
        return unreadable(EVENT_BODY_ZSTD, ZSTD_getErrorName(n));
    return (struct str){to, n};
}

struct str event_body_decode(struct arena *a, int codec, struct str bytes)
{
    switch (codec) {
    case EVENT_BODY_PLAIN:
        return arena_str(a, bytes);
    case EVENT_BODY_ZSTD:
        return decode_zstd(a, bytes);
    default:
        return unreadable(codec, "unknown number");
    }
}

#include "storage/event_body.h"

#include <pthread.h>
#include <stdlib.h>
#include <zstd.h>

#include "base/log.h"

enum { LEVEL = 3 };
#define BODY_MAX                                                                                   \
    ((unsigned long long)128 << 20) /* above all that is stored: replays' recordings               \
                                     */

/* The file's bytes as they are, between two labels. */
__asm__(".section .rodata\n"
        ".hidden event_body_2\n"
        ".hidden event_body_2_end\n"
        ".globl event_body_2\n"
        ".globl event_body_2_end\n"
        "event_body_2:\n"
        ".incbin \"storage/event_body_2.dict\"\n"
        "event_body_2_end:\n"
        ".previous\n");
extern const char event_body_2[], event_body_2_end[];

static ZSTD_CDict *newest;
static ZSTD_DDict *dictionaries[EVENT_BODY_CODECS]; /* NULL: the codec has none */
static pthread_key_t contexts;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void free_context(void *context)
{
    ZSTD_freeCCtx(context);
}

static void prepare(void)
{
    size_t size = (size_t)(event_body_2_end - event_body_2);
    newest = ZSTD_createCDict(event_body_2, size, LEVEL);
    dictionaries[EVENT_BODY_DICTIONARY_2] = ZSTD_createDDict(event_body_2, size);
    if (!newest || !dictionaries[EVENT_BODY_DICTIONARY_2] ||
        pthread_key_create(&contexts, free_context))
        abort();
}

/* A context of the thread's own: making one costs more than compressing a small body. */
static ZSTD_CCtx *thread_context(void)
{
    pthread_once(&once, prepare);
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
    ZSTD_CCtx *context = thread_context();
    size_t room = ZSTD_compressBound(json.n);
    char *to = arena_take(a, room);
    size_t n = ZSTD_compress_usingCDict(context, to, room, json.p, json.n, newest);
    *codec = ZSTD_isError(n) || n >= json.n ? EVENT_BODY_PLAIN : EVENT_BODY_NEWEST;
    return *codec == EVENT_BODY_PLAIN ? arena_str(a, json) : (struct str){to, n};
}

static struct str unreadable(int codec, const char *reason)
{
    log_error("the body of an event cannot be read", LOG_INT("codec", codec),
              LOG_STR("reason", str_of(reason)));
    return (struct str){0};
}

static struct str decompress(struct arena *a, int codec, struct str bytes)
{
    unsigned long long size = ZSTD_getFrameContentSize(bytes.p, bytes.n);
    if (size > BODY_MAX) /* the two error values are larger, too */
        return unreadable(codec, "no sound length");
    char *to = arena_take(a, (size_t)size + 1);
    ZSTD_DCtx *context = ZSTD_createDCtx();
    if (!context)
        abort();
    pthread_once(&once, prepare);
    size_t n = ZSTD_decompress_usingDDict(context, to, (size_t)size, bytes.p, bytes.n,
                                          dictionaries[codec]);
    ZSTD_freeDCtx(context);
    if (ZSTD_isError(n))
        return unreadable(codec, ZSTD_getErrorName(n));
    return (struct str){to, n};
}

struct str event_body_decode(struct arena *a, int codec, struct str bytes)
{
    if (codec == EVENT_BODY_PLAIN)
        return arena_str(a, bytes);
    if (codec < 0 || codec >= EVENT_BODY_CODECS)
        return unreadable(codec, "unknown number");
    return decompress(a, codec, bytes);
}

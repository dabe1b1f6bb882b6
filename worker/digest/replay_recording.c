#include "worker/digest/replay_recording.h"

#include "base/inflate.h"
#include "base/jr.h"
#include "base/text.h"
#include "worker/digest/replay_click.h"

/* One custom event: far more than any SDK puts into one, and no tree of it outgrows its arena. */
#define CUSTOM_MAX ((size_t)4 << 20)
#define CUSTOM_ARENA ((size_t)768 << 20)
/* Scrubbing makes texts longer by names of placeholders. */
#define OUT_MAX (REPLAY_RECORDING_MAX + REPLAY_RECORDING_MAX / 4)
enum { TYPE_CUSTOM = 5, NO_TYPE = -1 };

struct run {
    struct arena *arena;
    struct arena *own; /* of one custom event */
    const struct scrubber *scrubber;
    struct str body;
    struct buf out;
    size_t copied; /* bytes of the body that are in `out` */
    struct replay_recording *to;
};

static void release_buf(void *b)
{
    buf_free(b);
}

static void release_arena(void *a)
{
    arena_free(a);
}

static struct buf *buf_in(struct arena *a, size_t max)
{
    struct buf *b = arena_new_of(a, struct buf);
    buf_init(b, max);
    arena_defer(a, release_buf, b);
    return b;
}

/* The array in the payload, unpacked; absent when there is none. */
static struct str open_body(struct arena *a, struct str payload)
{
    struct jr r;
    struct str header = str_slice(payload, 0, str_index(payload, '\n'));
    struct str body = str_slice(payload, header.n + 1, payload.n);
    jr_begin(&r, header, 16);
    if (jr_next(&r) != JR_OBJECT || !jr_skip(&r, JR_OBJECT) || !body.n)
        return (struct str){0};
    if (body.p[0] == '[')
        return body.n <= REPLAY_RECORDING_MAX ? body : (struct str){0};
    struct buf *plain = buf_in(a, REPLAY_RECORDING_MAX);
    if (inflate_zlib(a, body, plain) != INFLATE_OK)
        return (struct str){0};
    return buf_str(plain);
}

/* Scrubs and looks through the custom event, and writes it anew where it was. */
static bool take_custom(struct run *run, size_t from, size_t to)
{
    const char *error;
    struct jw j;
    if (to - from > CUSTOM_MAX)
        return false;
    arena_reset(run->own);
    struct jt *event = jt_read(run->own, str_slice(run->body, from, to), JR_DEPTH_MAX, &error);
    if (!event)
        return false;
    struct jt *payload = jt_get(jt_get(event, S("data")), S("payload"));
    struct jt *told[] = {jt_get(payload, S("description")), jt_get(payload, S("data"))};
    for (int i = 0; run->scrubber && i < 2; i++)
        if (told[i])
            scrub_free_value(run->scrubber, run->own, told[i]);
    replay_click_find(run->arena, event, run->to);
    buf_put_str(&run->out, str_slice(run->body, run->copied, from));
    jw_begin(&j, &run->out);
    jt_write(&j, event);
    run->copied = to;
    return true;
}

/* Reads on to the end of the object that has just begun: its numeric type, or NO_TYPE. */
static int read_object(struct jr *r, struct arena *a)
{
    int type = NO_TYPE;
    enum jr_kind kind;
    double number;
    while ((kind = jr_next(r)) == JR_KEY) {
        bool is_type = jr_is(r, S("type"));
        kind = jr_next(r);
        if (is_type && kind == JR_NUMBER)
            type = text_double(jr_text(r, a), &number) && number == TYPE_CUSTOM ? TYPE_CUSTOM : 0;
        if (!jr_skip(r, kind))
            return NO_TYPE;
    }
    return kind == JR_OBJECT_END ? type : NO_TYPE;
}

static bool take_events(struct run *run)
{
    struct jr r;
    enum jr_kind kind;
    jr_begin_folding(&r, run->body, JR_DEPTH_MAX);
    if (jr_next(&r) != JR_ARRAY)
        return false;
    while ((kind = jr_next(&r)) == JR_OBJECT) {
        size_t from = jr_offset(&r) - 1;
        int type = read_object(&r, run->arena);
        if (type == NO_TYPE || (type == TYPE_CUSTOM && !take_custom(run, from, jr_offset(&r))))
            return false;
    }
    return kind == JR_ARRAY_END && jr_next(&r) == JR_END;
}

bool replay_recording_read(struct arena *a, const struct scrubber *scrubber, struct str payload,
                           struct replay_recording *out)
{
    struct run *run = arena_new_of(a, struct run);
    *out = (struct replay_recording){0};
    *run =
        (struct run){.arena = a, .scrubber = scrubber, .to = out, .own = arena_new(CUSTOM_ARENA)};
    arena_defer(a, release_arena, run->own);
    run->body = open_body(a, payload);
    buf_init(&run->out, OUT_MAX);
    arena_defer(a, release_buf, &run->out);
    if (!run->body.p || !take_events(run))
        return false;
    buf_put_str(&run->out, str_slice(run->body, run->copied, run->body.n));
    out->events = run->copied ? buf_str(&run->out) : run->body;
    return buf_ok(&run->out);
}

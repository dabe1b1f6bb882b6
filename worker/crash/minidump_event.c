#include "worker/crash/minidump_event.h"

#include "worker/crash/crash_event.h"
#include "worker/crash/crashpad.h"
#include "worker/crash/minidump_context.h"
#include "worker/crash/minidump_reason.h"
#include "worker/digest/scalar.h"

enum { THREAD_SIZE = 48, THREADS_MAX = 500, THREAD_NAME_SIZE = 12 };
enum { IMAGES_BYTES_MAX = 512 << 10, IMAGE_BYTES = 300 };

struct completing {
    struct arena *arena;
    struct minidump dump;
    struct minidump_modules modules;
    struct minidump_context context;
    struct jt *event;
};

static const struct crash_kind kind = {{"minidump", 8}, {"Minidump", 8}, {"Invalid Minidump", 16}};

/* ---- why */

static struct jt *frame_of(const struct completing *c)
{
    struct jt *frame = jt_new(c->arena, JT_OBJECT);
    const struct minidump_module *module = minidump_module_at(&c->modules, c->context.instruction);
    crash_put_address(c->arena, frame, S("instruction_addr"), c->context.instruction);
    if (module)
        crash_put(c->arena, frame, S("package"), module->code_file);
    crash_put(c->arena, frame, S("trust"), S("context"));
    return frame;
}

/* Where the thread stood: more of its stack only its symbols can tell. */
static void put_stack(const struct completing *c, struct jt *exception)
{
    struct jt *stack = crash_object(c->arena, exception, S("stacktrace"));
    struct jt *frames = jt_new(c->arena, JT_ARRAY);
    if (c->context.instruction)
        jt_append(frames, frame_of(c));
    jt_set(stack, S("frames"), frames);
    jt_set(stack, S("registers"), c->context.registers);
}

static void put_exception(const struct completing *c)
{
    struct arena *a = c->arena;
    struct minidump_reason reason = minidump_reason(&c->dump);
    struct jt *exception = crash_exception(a, c->event, &kind);
    if (!reason.text.n)
        return;
    struct jt *mechanism = crash_object(a, exception, S("mechanism"));
    const char *value = arena_printf(a, "Fatal Error: %.*s / 0x%llx", STR_ARG(reason.text),
                                     (unsigned long long)reason.address);
    jt_set(exception, S("type"), jt_new_str(a, reason.text));
    jt_set(exception, S("value"), jt_new_str(a, str_of(value)));
    jt_remove(mechanism, jt_get(mechanism, S("synthetic")));
    if (c->context.has_thread)
        jt_set(exception, S("thread_id"), jt_new_int(a, c->context.thread_id));
    if (c->context.registers->count)
        put_stack(c, exception);
}

/* ---- threads */

static struct str thread_name(const struct completing *c, uint32_t id)
{
    struct minidump_list names = minidump_list(minidump_stream(&c->dump, MINIDUMP_THREAD_NAMES),
                                               THREAD_NAME_SIZE, THREADS_MAX);
    for (size_t i = 0; i < names.count; i++) {
        struct str entry = minidump_entry(&names, i);
        uint64_t rva = minidump_u64(entry, 4);
        if (minidump_u32(entry, 0) == id && rva <= UINT32_MAX)
            return minidump_wide_text(&c->dump, (uint32_t)rva);
    }
    return (struct str){0};
}

static void put_threads(const struct completing *c)
{
    struct arena *a = c->arena;
    struct jt *list = jt_new(a, JT_ARRAY);
    struct minidump_list threads =
        minidump_list(minidump_stream(&c->dump, MINIDUMP_THREADS), THREAD_SIZE, THREADS_MAX);
    for (size_t i = 0; i < threads.count; i++) {
        struct jt *thread = jt_new(a, JT_OBJECT);
        uint32_t id = minidump_u32(minidump_entry(&threads, i), 0);
        bool crashed = c->context.has_thread && id == c->context.thread_id;
        jt_set(thread, S("id"), jt_new_int(a, id));
        crash_put(a, thread, S("name"), thread_name(c, id));
        jt_set(thread, S("crashed"), jt_new_bool(a, crashed));
        jt_append(list, thread);
    }
    if (list->count)
        jt_set(crash_object(a, c->event, S("threads")), S("values"), list);
}

/* ---- where */

static void put_system(const struct completing *c)
{
    static const struct str processors[MINIDUMP_CPU_COUNT] = {
        [MINIDUMP_CPU_X86] = {"x86", 3},
        [MINIDUMP_CPU_X86_64] = {"x86_64", 6},
        [MINIDUMP_CPU_ARM] = {"arm", 3},
        [MINIDUMP_CPU_ARM64] = {"arm64", 5},
    };
    struct arena *a = c->arena;
    const struct minidump *d = &c->dump;
    struct jt *contexts = crash_object(a, c->event, S("contexts"));
    if (d->os_name.n) {
        struct jt *os = crash_object(a, contexts, S("os"));
        crash_put(a, os, S("type"), S("os"));
        crash_put(a, os, S("name"), d->os_name);
        crash_put(a, os, S("version"), d->os_version);
        crash_put(a, os, S("build"), d->os_build);
    }
    if (d->cpu != MINIDUMP_CPU_UNKNOWN) {
        struct jt *device = crash_object(a, contexts, S("device"));
        crash_put(a, device, S("type"), S("device"));
        crash_put(a, device, S("arch"), processors[d->cpu]);
    }
    crashpad_contexts(d, &c->modules, contexts);
}

/* ---- with what */

static struct jt *image_of(const struct completing *c, const struct minidump_module *module)
{
    static const struct str types[] = {
        [MINIDUMP_OS_UNKNOWN] = {"symbolic", 8},
        [MINIDUMP_OS_WINDOWS] = {"pe", 2},
        [MINIDUMP_OS_APPLE] = {"macho", 5},
        [MINIDUMP_OS_LINUX] = {"elf", 3},
    };
    struct arena *a = c->arena;
    struct jt *image = jt_new(a, JT_OBJECT);
    crash_put(a, image, S("type"), types[c->dump.os]);
    crash_put(a, image, S("code_id"), module->code_id);
    crash_put(a, image, S("code_file"), module->code_file);
    crash_put(a, image, S("debug_id"), module->debug_id);
    crash_put(a, image, S("debug_file"), module->debug_file);
    crash_put_address(a, image, S("image_addr"), module->address);
    jt_set(image, S("image_size"), jt_new_int(a, module->size));
    return image;
}

/* So many that the event still can be stored: what is refused for its size is no crash any more. */
static void put_images(const struct completing *c)
{
    struct jt *images = jt_new(c->arena, JT_ARRAY);
    size_t bytes = 0;
    for (size_t i = 0; i < c->modules.count && bytes < IMAGES_BYTES_MAX; i++) {
        const struct minidump_module *module = &c->modules.list[i];
        bytes += IMAGE_BYTES + module->code_file.n + module->debug_file.n;
        jt_append(images, image_of(c, module));
    }
    if (images->count)
        jt_set(crash_object(c->arena, c->event, S("debug_meta")), S("images"), images);
}

static void put_sdk(const struct completing *c)
{
    const struct jt *sent = jt_get(c->event, S("sdk"));
    if (sent && sent->kind == JT_OBJECT)
        return;
    struct jt *sdk = crash_object(c->arena, c->event, S("sdk"));
    struct str name = S("minidump.unknown");
    if (minidump_stream(&c->dump, MINIDUMP_CRASHPAD).p)
        name = S("minidump.crashpad");
    else if (minidump_stream(&c->dump, MINIDUMP_BREAKPAD).p)
        name = S("minidump.breakpad");
    crash_put(c->arena, sdk, S("name"), name);
    crash_put(c->arena, sdk, S("version"), S("0.0.0"));
}

static void put_time(const struct completing *c)
{
    struct jt *time = jt_new(c->arena, JT_NUMBER);
    if (!c->dump.time)
        return;
    time->text = scalar_time_text(c->arena, c->dump.time);
    jt_set(c->event, S("timestamp"), time);
}

void minidump_complete(struct arena *a, struct str bytes, struct jt *event)
{
    struct completing c = {.arena = a, .event = event};
    if (!minidump_open(&c.dump, a, bytes)) {
        crash_exception(a, event, &kind);
        put_sdk(&c);
        return;
    }
    c.modules = minidump_modules(&c.dump);
    c.context = minidump_context(&c.dump);
    put_time(&c);
    put_exception(&c);
    put_threads(&c);
    put_system(&c);
    put_images(&c);
    put_sdk(&c);
}

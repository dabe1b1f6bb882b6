#include "worker/crash/crashpad.h"

#include "base/text.h"

/* Places of the locations in the stream, and in what it says of a module. */
enum { AT_ANNOTATIONS = 36, AT_MODULES = 44 };
enum { AT_LIST = 4, AT_DICTIONARY = 12, AT_OBJECTS = 20 };
enum { LINK_SIZE = 12, PAIR_SIZE = 8, OBJECT_SIZE = 12, ENTRIES_MAX = 500, TYPE_STRING = 1 };

static struct str located(const struct minidump *d, struct str bytes, size_t at)
{
    return minidump_located(d, str_slice(bytes, at, bytes.n));
}

/* Names come from the dump, so a name may come twice. */
static void put(const struct minidump *d, struct jt *object, struct str name, struct str value)
{
    if (name.n)
        jt_set(object, name, jt_new_str(d->arena, value));
}

static void read_dictionary(const struct minidump *d, struct str bytes, struct jt *into)
{
    struct minidump_list list = minidump_list(bytes, PAIR_SIZE, ENTRIES_MAX);
    for (size_t i = 0; i < list.count; i++) {
        struct str pair = minidump_entry(&list, i);
        put(d, into, minidump_text(d, minidump_u32(pair, 0)),
            minidump_text(d, minidump_u32(pair, 4)));
    }
}

static void read_list(const struct minidump *d, struct str bytes, struct jt *into)
{
    struct jt *texts = jt_new(d->arena, JT_ARRAY);
    struct minidump_list list = minidump_list(bytes, sizeof(uint32_t), ENTRIES_MAX);
    for (size_t i = 0; i < list.count; i++) {
        struct str text = minidump_text(d, minidump_u32(minidump_entry(&list, i), 0));
        jt_append(texts, jt_new_str(d->arena, text));
    }
    if (texts->count)
        jt_set(into, S("annotations"), texts);
}

static void read_objects(const struct minidump *d, struct str bytes, struct jt *into)
{
    struct minidump_list list = minidump_list(bytes, OBJECT_SIZE, ENTRIES_MAX);
    for (size_t i = 0; i < list.count; i++) {
        struct str object = minidump_entry(&list, i);
        if (minidump_u16(object, 4) == TYPE_STRING)
            put(d, into, minidump_text(d, minidump_u32(object, 0)),
                minidump_text(d, minidump_u32(object, 8)));
    }
}

static void add_context(const struct minidump *d, struct jt *contexts, struct str name,
                        struct jt *context)
{
    if (!context->count || !name.n)
        return;
    jt_set(context, S("type"), jt_new_str(d->arena, S("crashpad")));
    jt_set(contexts, name, context);
}

void crashpad_contexts(const struct minidump *d, const struct minidump_modules *modules,
                       struct jt *contexts)
{
    struct str info = minidump_stream(d, MINIDUMP_CRASHPAD);
    struct jt *program = jt_new(d->arena, JT_OBJECT);
    read_dictionary(d, located(d, info, AT_ANNOTATIONS), program);
    add_context(d, contexts, S("crashpad"), program);
    struct minidump_list links =
        minidump_list(located(d, info, AT_MODULES), LINK_SIZE, ENTRIES_MAX);
    for (size_t i = 0; i < links.count; i++) {
        struct str link = minidump_entry(&links, i);
        struct str module = located(d, link, 4);
        struct jt *context = jt_new(d->arena, JT_OBJECT);
        uint32_t index = minidump_u32(link, 0);
        if (index >= modules->count)
            continue;
        read_list(d, located(d, module, AT_LIST), context);
        read_dictionary(d, located(d, module, AT_DICTIONARY), context);
        read_objects(d, located(d, module, AT_OBJECTS), context);
        add_context(d, contexts, text_after_last(modules->list[index].code_file, "/\\"), context);
    }
}

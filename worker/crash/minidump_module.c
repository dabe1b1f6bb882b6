#include "worker/crash/minidump_module.h"

#include "base/text.h"

enum { MODULE_SIZE = 108, GUID_SIZE = 16, FILE_NAME_MAX = 1024 };
enum { AT_SIZE = 8, AT_TIME = 16, AT_NAME = 20, AT_DEBUG = 76 };

/* The first three numbers of a GUID stand with their last byte in front. */
static struct str guid_text(struct arena *a, struct str guid)
{
    const unsigned char *b = (const unsigned char *)guid.p;
    if (!b || guid.n < GUID_SIZE)
        return (struct str){0};
    return str_of(arena_printf(
        a, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[3], b[2], b[1],
        b[0], b[5], b[4], b[7], b[6], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]));
}

static struct str without_dashes(struct arena *a, struct str guid)
{
    char *out = arena_take(a, guid.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < guid.n; i++)
        if (guid.p[i] != '-')
            out[n++] = guid.p[i];
    return (struct str){out, n};
}

static struct str file_name(struct arena *a, struct str bytes)
{
    bytes = str_slice(bytes, 0, FILE_NAME_MAX);
    return text_utf8(a, str_slice(bytes, 0, str_index(bytes, '\0')));
}

/* "RSDS", GUID, age, name: Microsoft's, and Breakpad's for all systems. */
static void read_pdb(const struct minidump *d, struct str record, struct minidump_module *m)
{
    struct str guid = guid_text(d->arena, str_slice(record, 4, 4 + GUID_SIZE));
    uint32_t age = minidump_u32(record, 4 + GUID_SIZE);
    m->debug_file = file_name(d->arena, str_slice(record, 8 + GUID_SIZE, record.n));
    m->debug_id = guid;
    if (d->os == MINIDUMP_OS_APPLE)
        m->code_id = without_dashes(d->arena, guid);
    else if (age)
        m->debug_id = str_of(arena_printf(d->arena, "%.*s-%x", STR_ARG(guid), age));
}

/* "LEpB" and the build id of an ELF file, as long as it is. */
static void read_build_id(const struct minidump *d, struct str record, struct minidump_module *m)
{
    char guid[GUID_SIZE] = {0};
    struct str id = str_slice(record, 4, 4 + 64);
    if (!id.n)
        return;
    memcpy(guid, id.p, id.n < GUID_SIZE ? id.n : GUID_SIZE);
    m->code_id = text_hex(d->arena, id.p, id.n);
    m->debug_id = guid_text(d->arena, (struct str){guid, GUID_SIZE});
    m->debug_file = m->code_file;
}

static struct minidump_module read_module(const struct minidump *d, struct str entry)
{
    struct minidump_module m = {.address = minidump_u64(entry, 0),
                                .size = minidump_u32(entry, AT_SIZE),
                                .code_file = minidump_wide_text(d, minidump_u32(entry, AT_NAME))};
    struct str record = minidump_located(d, str_slice(entry, AT_DEBUG, entry.n));
    if (d->os == MINIDUMP_OS_WINDOWS)
        m.code_id = str_of(arena_printf(d->arena, "%08x%x", minidump_u32(entry, AT_TIME), m.size));
    if (str_starts(record, S("RSDS")) && record.n >= 8 + GUID_SIZE)
        read_pdb(d, record, &m);
    else if (str_starts(record, S("LEpB")))
        read_build_id(d, record, &m);
    return m;
}

struct minidump_modules minidump_modules(const struct minidump *d)
{
    struct minidump_list list =
        minidump_list(minidump_stream(d, MINIDUMP_MODULES), MODULE_SIZE, MINIDUMP_MODULES_MAX);
    struct minidump_modules modules = {.count = list.count};
    modules.list = arena_alloc(d->arena, (list.count + 1) * sizeof(*modules.list));
    for (size_t i = 0; i < list.count; i++)
        modules.list[i] = read_module(d, minidump_entry(&list, i));
    return modules;
}

const struct minidump_module *minidump_module_at(const struct minidump_modules *modules,
                                                 uint64_t address)
{
    for (size_t i = 0; i < modules->count; i++) {
        const struct minidump_module *m = &modules->list[i];
        if (address >= m->address && address - m->address < m->size)
            return m;
    }
    return NULL;
}

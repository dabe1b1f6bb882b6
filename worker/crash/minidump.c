#include "worker/crash/minidump.h"

#include <endian.h>

#include "base/clock.h"
#include "base/text.h"

enum { HEADER_SIZE = 32, ENTRY_SIZE = 12, STREAMS_MAX = 1000, TEXT_BYTES_MAX = 4 << 10 };
enum { TEXTS_BYTES_MAX = 2 << 20, TEXT_COST = 64 };

struct str minidump_at(const struct minidump *d, uint64_t rva, uint64_t n)
{
    if (rva > d->bytes.n || n > d->bytes.n - rva)
        return (struct str){0};
    return (struct str){d->bytes.p + rva, (size_t)n};
}

static uint64_t number_at(struct str bytes, size_t offset, size_t size)
{
    uint64_t number = 0;
    if (offset > bytes.n || size > bytes.n - offset)
        return 0;
    memcpy(&number, bytes.p + offset, size);
    return le64toh(number);
}

uint16_t minidump_u16(struct str bytes, size_t offset)
{
    return (uint16_t)number_at(bytes, offset, sizeof(uint16_t));
}

uint32_t minidump_u32(struct str bytes, size_t offset)
{
    return (uint32_t)number_at(bytes, offset, sizeof(uint32_t));
}

uint64_t minidump_u64(struct str bytes, size_t offset)
{
    return number_at(bytes, offset, sizeof(uint64_t));
}

struct str minidump_located(const struct minidump *d, struct str location)
{
    return minidump_at(d, minidump_u32(location, 4), minidump_u32(location, 0));
}

static struct str counted_bytes(const struct minidump *d, uint32_t rva)
{
    struct str length = rva ? minidump_at(d, rva, sizeof(uint32_t)) : (struct str){0};
    uint32_t n = minidump_u32(length, 0);
    n = n < TEXT_BYTES_MAX ? n : TEXT_BYTES_MAX;
    if (n + TEXT_COST > *d->text_left)
        return (struct str){0};
    *d->text_left -= n + TEXT_COST;
    return minidump_at(d, (uint64_t)rva + length.n, n);
}

struct str minidump_wide_text(const struct minidump *d, uint32_t rva)
{
    struct str bytes = counted_bytes(d, rva);
    return bytes.n ? text_of_utf16(d->arena, bytes) : S("");
}

struct str minidump_text(const struct minidump *d, uint32_t rva)
{
    struct str bytes = counted_bytes(d, rva);
    return bytes.n ? text_utf8(d->arena, bytes) : S("");
}

/* Some writers put four bytes between the count and the first structure, to align it. */
struct minidump_list minidump_list(struct str bytes, size_t size, size_t most)
{
    struct minidump_list list = {.size = size, .count = minidump_u32(bytes, 0)};
    list.count = list.count < most ? list.count : most;
    size_t gap = bytes.n == 2 * sizeof(uint32_t) + list.count * size ? sizeof(uint32_t) : 0;
    list.entries = str_slice(bytes, sizeof(uint32_t) + gap, bytes.n);
    if (list.count > list.entries.n / size)
        list.count = list.entries.n / size;
    return list;
}

struct str minidump_entry(const struct minidump_list *list, size_t index)
{
    return str_slice(list->entries, index * list->size, (index + 1) * list->size);
}

struct str minidump_stream(const struct minidump *d, enum minidump_stream type)
{
    for (size_t at = 0; at + ENTRY_SIZE <= d->directory.n; at += ENTRY_SIZE)
        if (minidump_u32(d->directory, at) == (uint32_t)type)
            return minidump_located(d, str_from(d->directory, at + 4));
    return (struct str){0};
}

/* ---- the system */

static const struct {
    uint32_t platform;
    enum minidump_os os;
    struct str name;
} systems[] = {
    {1, MINIDUMP_OS_WINDOWS, {"Windows", 7}},      {2, MINIDUMP_OS_WINDOWS, {"Windows", 7}},
    {0x8101, MINIDUMP_OS_APPLE, {"macOS", 5}},     {0x8102, MINIDUMP_OS_APPLE, {"iOS", 3}},
    {0x8201, MINIDUMP_OS_LINUX, {"Linux", 5}},     {0x8203, MINIDUMP_OS_LINUX, {"Android", 7}},
    {0x8206, MINIDUMP_OS_UNKNOWN, {"Fuchsia", 7}},
};

static const struct {
    uint16_t architecture;
    enum minidump_cpu cpu;
} architectures[] = {
    {0, MINIDUMP_CPU_X86},
    {9, MINIDUMP_CPU_X86_64},
    {5, MINIDUMP_CPU_ARM},
};

/* "Linux 4.9.60-aufs #1 SMP Mon Nov 6 16:00:12 UTC 2017 x86_64": as uname says it, the machine
 * last. */
static void read_uname(struct minidump *d, struct str text)
{
    struct str rest = text;
    str_split(&rest, ' ');
    d->os_version = str_split(&rest, ' ');
    rest = str_trim(rest);
    size_t end = rest.n;
    while (end && rest.p[end - 1] != ' ')
        end--;
    d->os_build = str_trim(str_slice(rest, 0, end));
}

static void read_version(struct minidump *d, struct str system)
{
    struct str text = minidump_wide_text(d, minidump_u32(system, 24));
    if (str_starts(text, S("Linux "))) {
        read_uname(d, text);
        return;
    }
    d->os_build = text;
    d->os_version = str_of(arena_printf(d->arena, "%u.%u.%u", minidump_u32(system, 8),
                                        minidump_u32(system, 12), minidump_u32(system, 16)));
}

static void read_system(struct minidump *d)
{
    struct str system = minidump_stream(d, MINIDUMP_SYSTEM);
    uint32_t platform = minidump_u32(system, 20);
    if (!system.n)
        return;
    for (size_t i = 0; i < sizeof(systems) / sizeof(systems[0]); i++) {
        if (systems[i].platform != platform)
            continue;
        d->os = systems[i].os;
        d->os_name = systems[i].name;
    }
    for (size_t i = 0; i < sizeof(architectures) / sizeof(architectures[0]); i++)
        if (architectures[i].architecture == minidump_u16(system, 0))
            d->cpu = architectures[i].cpu;
    read_version(d, system);
}

bool minidump_open(struct minidump *d, struct arena *a, struct str bytes)
{
    *d = (struct minidump){
        .arena = a, .bytes = bytes, .text_left = arena_take(a, sizeof(*d->text_left))};
    *d->text_left = TEXTS_BYTES_MAX;
    struct str header = minidump_at(d, 0, HEADER_SIZE);
    uint32_t streams = minidump_u32(header, 8);
    if (!str_starts(header, S("MDMP")) || streams > STREAMS_MAX)
        return false;
    d->directory = minidump_at(d, minidump_u32(header, 12), (uint64_t)streams * ENTRY_SIZE);
    d->time = (int64_t)minidump_u32(header, 20) * CLOCK_SECOND;
    read_system(d);
    return d->directory.n > 0;
}

/*
 * Reads minidumps: what Windows, Breakpad and Crashpad write when a program crashes.
 *
 * A dump is a header, a directory of streams, and structures that point at each other by their
 * distance from the start ("RVA"); all little endian.  Nothing in it is believed: every access goes
 * through minidump_at(), which checks it against the dump's length, and every count is cut.  A
 * stream that is missing or cut reads as nothing.  Structures may share texts, so a small dump
 * could read as gigabytes: of all texts together 2 MiB are read, of one 4 KiB.  Layout:
 * minidumpapiset.h of Windows, Breakpad's minidump_format.h, Crashpad's minidump_extensions.h.
 *
 * Texts lie in the arena or in the dump.  One thread per dump.
 */
#ifndef WORKER_CRASH_MINIDUMP_H
#define WORKER_CRASH_MINIDUMP_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum minidump_stream {
    MINIDUMP_THREADS = 3,
    MINIDUMP_MODULES = 4,
    MINIDUMP_EXCEPTION = 6,
    MINIDUMP_SYSTEM = 7,
    MINIDUMP_THREAD_NAMES = 24,
    MINIDUMP_CRASHPAD = 0x43500001,
    MINIDUMP_BREAKPAD = 0x47670001,
};

enum minidump_os {
    MINIDUMP_OS_UNKNOWN,
    MINIDUMP_OS_WINDOWS,
    MINIDUMP_OS_APPLE,
    MINIDUMP_OS_LINUX,
};

enum minidump_cpu {
    MINIDUMP_CPU_UNKNOWN,
    MINIDUMP_CPU_X86,
    MINIDUMP_CPU_X86_64,
    MINIDUMP_CPU_ARM,
    MINIDUMP_CPU_ARM64,
    MINIDUMP_CPU_COUNT
};

struct minidump {
    struct arena *arena;
    struct str bytes;
    struct str directory;
    size_t *text_left; /* bytes of texts that may still be read */
    int64_t time;      /* when it was written, us since 1970; 0: not told */
    enum minidump_os os;
    enum minidump_cpu cpu;
    struct str os_name, os_version, os_build; /* absent when not told */
};

/* False when it is no minidump that can be read. */
bool minidump_open(struct minidump *d, struct arena *a, struct str bytes);

struct str minidump_stream(const struct minidump *d, enum minidump_stream type);

/* n bytes at a distance from the start; absent when the dump does not have them all. */
struct str minidump_at(const struct minidump *d, uint64_t rva, uint64_t n);

/* A location: size and distance, as they stand in a structure. */
struct str minidump_located(const struct minidump *d, struct str location);

/* Numbers in a structure; 0 past its end. */
uint16_t minidump_u16(struct str bytes, size_t offset);
uint32_t minidump_u32(struct str bytes, size_t offset);
uint64_t minidump_u64(struct str bytes, size_t offset);

/* A length of 32 bits, and so many bytes of UTF-16 or UTF-8.  Empty when it is not there. */
struct str minidump_wide_text(const struct minidump *d, uint32_t rva);
struct str minidump_text(const struct minidump *d, uint32_t rva);

/* The entries of a list of equal structures: a count of 32 bits, perhaps a gap, the structures. */
struct minidump_list {
    struct str entries;
    size_t size, count;
};
struct minidump_list minidump_list(struct str bytes, size_t size, size_t most);
struct str minidump_entry(const struct minidump_list *list, size_t index);

#endif

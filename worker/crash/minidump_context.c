#include "worker/crash/minidump_context.h"

enum { AT_CONTEXT = 160 };

/* A run of registers that follow each other; of several the letter is the name, and a number. */
struct run {
    const char *name;
    uint16_t offset, count, size;
};

/* Places in the CONTEXT structures of winnt.h and of Breakpad. */
static const struct run x86[] = {
    {"edi", 0x9c, 1, 4}, {"esi", 0xa0, 1, 4},    {"ebx", 0xa4, 1, 4}, {"edx", 0xa8, 1, 4},
    {"ecx", 0xac, 1, 4}, {"eax", 0xb0, 1, 4},    {"ebp", 0xb4, 1, 4}, {"eip", 0xb8, 1, 4},
    {"esp", 0xc4, 1, 4}, {"eflags", 0xc0, 1, 4}, {NULL, 0, 0, 0},
};
static const struct run x86_64[] = {
    {"rax", 0x78, 1, 8}, {"rcx", 0x80, 1, 8}, {"rdx", 0x88, 1, 8}, {"rbx", 0x90, 1, 8},
    {"rsp", 0x98, 1, 8}, {"rbp", 0xa0, 1, 8}, {"rsi", 0xa8, 1, 8}, {"rdi", 0xb0, 1, 8},
    {"r8", 0xb8, 1, 8},  {"r9", 0xc0, 1, 8},  {"r10", 0xc8, 1, 8}, {"r11", 0xd0, 1, 8},
    {"r12", 0xd8, 1, 8}, {"r13", 0xe0, 1, 8}, {"r14", 0xe8, 1, 8}, {"r15", 0xf0, 1, 8},
    {"rip", 0xf8, 1, 8}, {NULL, 0, 0, 0},
};
static const struct run arm[] = {
    {"r", 4, 11, 4},    {"fp", 0x30, 1, 4}, {"r12", 0x34, 1, 4}, {"sp", 0x38, 1, 4},
    {"lr", 0x3c, 1, 4}, {"pc", 0x40, 1, 4}, {NULL, 0, 0, 0},
};
static const struct run arm64[] = {
    {"x", 8, 29, 8},     {"fp", 0xf0, 1, 8},  {"lr", 0xf8, 1, 8},
    {"sp", 0x100, 1, 8}, {"pc", 0x108, 1, 8}, {NULL, 0, 0, 0},
};

static const struct {
    const struct run *runs;
    const char *instruction;
} processors[MINIDUMP_CPU_COUNT] = {
    [MINIDUMP_CPU_X86] = {x86, "eip"},
    [MINIDUMP_CPU_X86_64] = {x86_64, "rip"},
    [MINIDUMP_CPU_ARM] = {arm, "pc"},
    [MINIDUMP_CPU_ARM64] = {arm64, "pc"},
};

static struct str register_name(struct arena *a, const struct run *run, unsigned index)
{
    struct str name = str_of(run->name);
    return run->count == 1 ? name : str_of(arena_printf(a, "%c%u", name.p[0], index));
}

static uint64_t register_at(struct str context, const struct run *run, unsigned index)
{
    size_t offset = run->offset + (size_t)index * run->size;
    return run->size == 8 ? minidump_u64(context, offset) : minidump_u32(context, offset);
}

static void read_registers(const struct minidump *d, struct str context,
                           struct minidump_context *out)
{
    struct arena *a = d->arena;
    const struct run *run = processors[d->cpu].runs;
    for (; run && run->name; run++) {
        if (run->offset + (size_t)run->count * run->size > context.n)
            return;
        for (unsigned i = 0; i < run->count; i++) {
            struct str name = register_name(a, run, i);
            uint64_t value = register_at(context, run, i);
            const char *text = arena_printf(a, "0x%llx", (unsigned long long)value);
            jt_set(out->registers, name, jt_new_str(a, str_of(text)));
            if (str_eq(name, str_of(processors[d->cpu].instruction)))
                out->instruction = value;
        }
    }
}

struct minidump_context minidump_context(const struct minidump *d)
{
    struct str exception = minidump_stream(d, MINIDUMP_EXCEPTION);
    struct minidump_context out = {.has_thread = exception.n > 0,
                                   .thread_id = minidump_u32(exception, 0),
                                   .registers = jt_new(d->arena, JT_OBJECT)};
    struct str location = str_slice(exception, AT_CONTEXT, exception.n);
    read_registers(d, minidump_located(d, location), &out);
    return out;
}

#include "worker/crash/minidump_reason.h"

/* Places in the stream: code, flags, address, and the parameters. */
enum { AT_CODE = 8, AT_FLAGS = 12, AT_ADDRESS = 24, AT_COUNT = 32, AT_PARAMETERS = 40 };
enum { ACCESS_VIOLATION = (int)0xc0000005, IN_PAGE_ERROR = (int)0xc0000006 };

struct code_name {
    uint32_t code;
    const char *name;
};

#define NAME_IN(table, code) name_in((table), sizeof(table) / sizeof((table)[0]), (code))

static const char *name_in(const struct code_name *table, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count; i++)
        if (table[i].code == code)
            return table[i].name;
    return NULL;
}

static const struct code_name windows_codes[] = {
    {0x80000001, "EXCEPTION_GUARD_PAGE"},
    {0x80000002, "EXCEPTION_DATATYPE_MISALIGNMENT"},
    {0x80000003, "EXCEPTION_BREAKPOINT"},
    {0x80000004, "EXCEPTION_SINGLE_STEP"},
    {0xc0000005, "EXCEPTION_ACCESS_VIOLATION"},
    {0xc0000006, "EXCEPTION_IN_PAGE_ERROR"},
    {0xc0000008, "EXCEPTION_INVALID_HANDLE"},
    {0xc000001d, "EXCEPTION_ILLEGAL_INSTRUCTION"},
    {0xc0000025, "EXCEPTION_NONCONTINUABLE_EXCEPTION"},
    {0xc0000026, "EXCEPTION_INVALID_DISPOSITION"},
    {0xc000008c, "EXCEPTION_ARRAY_BOUNDS_EXCEEDED"},
    {0xc000008d, "EXCEPTION_FLT_DENORMAL_OPERAND"},
    {0xc000008e, "EXCEPTION_FLT_DIVIDE_BY_ZERO"},
    {0xc000008f, "EXCEPTION_FLT_INEXACT_RESULT"},
    {0xc0000090, "EXCEPTION_FLT_INVALID_OPERATION"},
    {0xc0000091, "EXCEPTION_FLT_OVERFLOW"},
    {0xc0000092, "EXCEPTION_FLT_STACK_CHECK"},
    {0xc0000093, "EXCEPTION_FLT_UNDERFLOW"},
    {0xc0000094, "EXCEPTION_INT_DIVIDE_BY_ZERO"},
    {0xc0000095, "EXCEPTION_INT_OVERFLOW"},
    {0xc0000096, "EXCEPTION_PRIV_INSTRUCTION"},
    {0xc00000fd, "EXCEPTION_STACK_OVERFLOW"},
    {0xc0000194, "EXCEPTION_POSSIBLE_DEADLOCK"},
    {0xc0000374, "STATUS_HEAP_CORRUPTION"},
    {0xc0000409, "STATUS_STACK_BUFFER_OVERRUN"},
    {0xc0000417, "STATUS_INVALID_CRUNTIME_PARAMETER"},
    {0xe06d7363, "Unhandled C++ Exception"},
    {0x0517a7ed, "Simulated Exception"},
};

/* What an access wanted, as the first parameter says. */
static const struct code_name accesses[] = {{0, "_READ"}, {1, "_WRITE"}, {8, "_EXEC"}};

static const struct code_name mach_codes[] = {
    {1, "EXC_BAD_ACCESS"},     {2, "EXC_BAD_INSTRUCTION"}, {3, "EXC_ARITHMETIC"},
    {4, "EXC_EMULATION"},      {5, "EXC_SOFTWARE"},        {6, "EXC_BREAKPOINT"},
    {7, "EXC_SYSCALL"},        {8, "EXC_MACH_SYSCALL"},    {9, "EXC_RPC_ALERT"},
    {10, "EXC_CRASH"},         {11, "EXC_RESOURCE"},       {12, "EXC_GUARD"},
    {13, "EXC_CORPSE_NOTIFY"},
};

static const struct code_name signals[] = {
    {1, "SIGHUP"},   {2, "SIGINT"},   {3, "SIGQUIT"},  {4, "SIGILL"},
    {5, "SIGTRAP"},  {6, "SIGABRT"},  {7, "SIGBUS"},   {8, "SIGFPE"},
    {9, "SIGKILL"},  {10, "SIGUSR1"}, {11, "SIGSEGV"}, {12, "SIGUSR2"},
    {13, "SIGPIPE"}, {14, "SIGALRM"}, {15, "SIGTERM"}, {16, "SIGSTKFLT"},
    {24, "SIGXCPU"}, {25, "SIGXFSZ"}, {31, "SIGSYS"},  {0xffffffff, "DUMP_REQUESTED"},
};

/* How a code is told further by the flags. */
static const struct {
    enum minidump_os os;
    uint32_t code, flags;
    const char *name;
} details[] = {
    {MINIDUMP_OS_APPLE, 1, 1, "KERN_INVALID_ADDRESS"},
    {MINIDUMP_OS_APPLE, 1, 2, "KERN_PROTECTION_FAILURE"},
    {MINIDUMP_OS_APPLE, 3, 1, "EXC_I386_DIV"},
    {MINIDUMP_OS_LINUX, 4, 1, "ILL_ILLOPC"},
    {MINIDUMP_OS_LINUX, 4, 2, "ILL_ILLOPN"},
    {MINIDUMP_OS_LINUX, 4, 3, "ILL_ILLADR"},
    {MINIDUMP_OS_LINUX, 4, 4, "ILL_ILLTRP"},
    {MINIDUMP_OS_LINUX, 4, 5, "ILL_PRVOPC"},
    {MINIDUMP_OS_LINUX, 5, 1, "TRAP_BRKPT"},
    {MINIDUMP_OS_LINUX, 5, 2, "TRAP_TRACE"},
    {MINIDUMP_OS_LINUX, 7, 1, "BUS_ADRALN"},
    {MINIDUMP_OS_LINUX, 7, 2, "BUS_ADRERR"},
    {MINIDUMP_OS_LINUX, 7, 3, "BUS_OBJERR"},
    {MINIDUMP_OS_LINUX, 8, 1, "FPE_INTDIV"},
    {MINIDUMP_OS_LINUX, 8, 2, "FPE_INTOVF"},
    {MINIDUMP_OS_LINUX, 8, 3, "FPE_FLTDIV"},
    {MINIDUMP_OS_LINUX, 8, 4, "FPE_FLTOVF"},
    {MINIDUMP_OS_LINUX, 8, 5, "FPE_FLTUND"},
    {MINIDUMP_OS_LINUX, 8, 7, "FPE_FLTINV"},
    {MINIDUMP_OS_LINUX, 11, 1, "SEGV_MAPERR"},
    {MINIDUMP_OS_LINUX, 11, 2, "SEGV_ACCERR"},
    {MINIDUMP_OS_LINUX, 11, 3, "SEGV_BNDERR"},
    {MINIDUMP_OS_LINUX, 11, 4, "SEGV_PKUERR"},
};

static const char *detail_of(const struct minidump *d, uint32_t code, uint32_t flags)
{
    for (size_t i = 0; i < sizeof(details) / sizeof(details[0]); i++)
        if (details[i].os == d->os && details[i].code == code && details[i].flags == flags)
            return details[i].name;
    return NULL;
}

static struct str with_detail(const struct minidump *d, const char *name, struct str exception)
{
    uint32_t code = minidump_u32(exception, AT_CODE), flags = minidump_u32(exception, AT_FLAGS);
    const char *detail = detail_of(d, code, flags);
    if (!name)
        return str_of(arena_printf(d->arena, "0x%08x / 0x%08x", code, flags));
    return str_of(detail ? arena_printf(d->arena, "%s / %s", name, detail) : name);
}

static struct str windows_reason(const struct minidump *d, struct str exception, uint64_t *address)
{
    uint32_t code = minidump_u32(exception, AT_CODE), count = minidump_u32(exception, AT_COUNT);
    const char *name = NAME_IN(windows_codes, code), *access = NULL;
    bool is_access = code == (uint32_t)ACCESS_VIOLATION || code == (uint32_t)IN_PAGE_ERROR;
    if (is_access && count >= 2) {
        access = NAME_IN(accesses, (uint32_t)minidump_u64(exception, AT_PARAMETERS));
        *address = minidump_u64(exception, AT_PARAMETERS + sizeof(uint64_t));
    }
    if (!name)
        return str_of(arena_printf(d->arena, "0x%08x", code));
    return str_of(access ? arena_printf(d->arena, "%s%s", name, access) : name);
}

struct minidump_reason minidump_reason(const struct minidump *d)
{
    struct str exception = minidump_stream(d, MINIDUMP_EXCEPTION);
    struct minidump_reason reason = {.address = minidump_u64(exception, AT_ADDRESS)};
    uint32_t code = minidump_u32(exception, AT_CODE);
    if (!exception.n)
        return reason;
    switch (d->os) {
    case MINIDUMP_OS_WINDOWS:
        reason.text = windows_reason(d, exception, &reason.address);
        break;
    case MINIDUMP_OS_APPLE:
        reason.text = with_detail(d, NAME_IN(mach_codes, code), exception);
        break;
    case MINIDUMP_OS_LINUX:
        reason.text = with_detail(d, NAME_IN(signals, code), exception);
        break;
    default:
        reason.text = with_detail(d, NULL, exception);
    }
    return reason;
}

#include "worker/digest/mechanism.h"

enum system { SYSTEM_UNKNOWN, SYSTEM_LINUX, SYSTEM_DARWIN };

struct number_name {
    int64_t number;
    const char *name;
};

/* signal(7), the numbers of x86 and ARM. */
static const struct number_name linux_signals[] = {
    {1, "SIGHUP"},     {2, "SIGINT"},   {3, "SIGQUIT"},   {4, "SIGILL"},   {5, "SIGTRAP"},
    {6, "SIGABRT"},    {7, "SIGBUS"},   {8, "SIGFPE"},    {9, "SIGKILL"},  {10, "SIGUSR1"},
    {11, "SIGSEGV"},   {12, "SIGUSR2"}, {13, "SIGPIPE"},  {14, "SIGALRM"}, {15, "SIGTERM"},
    {16, "SIGSTKFLT"}, {17, "SIGCHLD"}, {18, "SIGCONT"},  {19, "SIGSTOP"}, {20, "SIGTSTP"},
    {21, "SIGTTIN"},   {22, "SIGTTOU"}, {23, "SIGURG"},   {24, "SIGXCPU"}, {25, "SIGXFSZ"},
    {26, "SIGVTALRM"}, {27, "SIGPROF"}, {28, "SIGWINCH"}, {29, "SIGIO"},   {30, "SIGPWR"},
    {31, "SIGSYS"},    {0, NULL},
};

/* sys/signal.h of Darwin. */
static const struct number_name darwin_signals[] = {
    {1, "SIGHUP"},     {2, "SIGINT"},   {3, "SIGQUIT"},   {4, "SIGILL"},   {5, "SIGTRAP"},
    {6, "SIGABRT"},    {7, "SIGEMT"},   {8, "SIGFPE"},    {9, "SIGKILL"},  {10, "SIGBUS"},
    {11, "SIGSEGV"},   {12, "SIGSYS"},  {13, "SIGPIPE"},  {14, "SIGALRM"}, {15, "SIGTERM"},
    {16, "SIGURG"},    {17, "SIGSTOP"}, {18, "SIGTSTP"},  {19, "SIGCONT"}, {20, "SIGCHLD"},
    {21, "SIGTTIN"},   {22, "SIGTTOU"}, {23, "SIGIO"},    {24, "SIGXCPU"}, {25, "SIGXFSZ"},
    {26, "SIGVTALRM"}, {27, "SIGPROF"}, {28, "SIGWINCH"}, {29, "SIGINFO"}, {30, "SIGUSR1"},
    {31, "SIGUSR2"},   {0, NULL},
};

/* mach/exception_types.h */
static const struct number_name mach_exceptions[] = {
    {1, "EXC_BAD_ACCESS"},     {2, "EXC_BAD_INSTRUCTION"},
    {3, "EXC_ARITHMETIC"},     {4, "EXC_EMULATION"},
    {5, "EXC_SOFTWARE"},       {6, "EXC_BREAKPOINT"},
    {7, "EXC_SYSCALL"},        {8, "EXC_MACH_SYSCALL"},
    {9, "EXC_RPC_ALERT"},      {10, "EXC_CRASH"},
    {11, "EXC_RESOURCE"},      {12, "EXC_GUARD"},
    {13, "EXC_CORPSE_NOTIFY"}, {0, NULL},
};

static const struct {
    const char *name;
    enum system system;
} systems[] = {
    {"ios", SYSTEM_DARWIN},   {"watchos", SYSTEM_DARWIN}, {"tvos", SYSTEM_DARWIN},
    {"macos", SYSTEM_DARWIN}, {"linux", SYSTEM_LINUX},    {"android", SYSTEM_LINUX},
};

static enum system system_named(struct str name)
{
    for (size_t i = 0; i < sizeof(systems) / sizeof(systems[0]); i++)
        if (str_case_eq(name, str_of(systems[i].name)))
            return systems[i].system;
    return SYSTEM_UNKNOWN;
}

static enum system system_of(const struct jt *event)
{
    const struct jt *sdk_info = jt_get(jt_get(event, S("debug_meta")), S("sdk_info"));
    struct str name = jt_get_str(sdk_info, S("sdk_name"));
    if (!name.p)
        name = jt_get_str(jt_get(jt_get(event, S("contexts")), S("os")), S("name"));
    return system_named(name);
}

static void name_number(struct arena *a, struct jt *part, struct str number_key,
                        const struct number_name *names)
{
    int64_t number;
    if (!names || jt_get(part, S("name")) || !jt_int64(jt_get(part, number_key), &number))
        return;
    while (names->name && names->number != number)
        names++;
    if (names->name)
        jt_set(part, S("name"), jt_new_str(a, str_of(names->name)));
}

static void check_link(struct normalizer *n, struct jt *mechanism)
{
    struct jt *link = jt_get(mechanism, S("help_link"));
    if (!link || str_starts(link->text, S("http://")) || str_starts(link->text, S("https://")))
        return;
    meta_enter(&n->meta, link->key);
    meta_error(&n->meta, "invalid_data", link, S("expected an http or https address"));
    meta_leave(&n->meta);
    jt_remove(mechanism, link);
}

void mechanism_normalize(struct normalizer *n, struct jt *mechanism)
{
    static const struct number_name *const signals[] = {
        [SYSTEM_UNKNOWN] = NULL, [SYSTEM_LINUX] = linux_signals, [SYSTEM_DARWIN] = darwin_signals};
    const struct jt *meta = jt_get(mechanism, S("meta"));
    meta_enter(&n->meta, mechanism->key);
    check_link(n, mechanism);
    meta_leave(&n->meta);
    name_number(n->arena, jt_get(meta, S("mach_exception")), S("exception"), mach_exceptions);
    struct jt *signal = jt_get(meta, S("signal"));
    if (signal)
        name_number(n->arena, signal, S("number"), signals[system_of(n->event)]);
}

#include "base/settings.h"

#include "api/cli/command.h"
#include "base/buf.h"

int command_settings(struct call *call)
{
    if (call->count == 1 && strcmp(call->words[0], "manual") != 0)
        return command_fail("vedette settings, or vedette settings manual");
    struct buf text;
    buf_init(&text, (size_t)1 << 20);
    if (call->count == 1)
        settings_manual(&text);
    else
        settings_print(&text);
    return command_print(&text);
}

/* The settings were read before any command runs; bad ones have ended the program with status 2. */
int command_check_settings(struct call *call)
{
    (void)call;
    return COMMAND_DONE;
}

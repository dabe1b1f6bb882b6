/* Any bytes as a crash dump or as Apple's report of a crash: an event comes out of it that can be
 * stored. */
#include <stdint.h>
#include <stdlib.h>

#include "base/settings.h"
#include "tests/fuzz/crash.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    settings_load();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = {(const char *)data, size};
    crash_check("{\"attachment_type\":\"event.minidump\"}", bytes);
    crash_check("{\"attachment_type\":\"event.applecrashreport\"}", bytes);
    return 0;
}

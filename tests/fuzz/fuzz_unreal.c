/* Any bytes as a crash of Unreal Engine, as its context, as its log: files lie inside the crash, in
 * order, and an event comes out that can be stored. */
#include <stdint.h>
#include <stdlib.h>

#include "base/settings.h"
#include "storage/unreal_crash.h"
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

static void read_files(struct str bytes)
{
    struct unreal_crash crash;
    struct unreal_file file;
    struct arena *a = arena_new((size_t)256 << 20);
    const char *at = bytes.p;
    unreal_crash_begin(&crash, a, bytes);
    for (int count = 0; unreal_crash_next(&crash, &file); count++) {
        if (count >= UNREAL_FILES_MAX)
            abort();
        if (file.bytes.n && (file.bytes.p < at || file.bytes.p + file.bytes.n > bytes.p + bytes.n))
            abort();
        at = file.bytes.n ? file.bytes.p + file.bytes.n : at;
    }
    arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = {(const char *)data, size};
    read_files(bytes);
    crash_check("{\"attachment_type\":\"unreal.context\"}", bytes);
    crash_check("{\"attachment_type\":\"unreal.logs\"}", bytes);
    return 0;
}

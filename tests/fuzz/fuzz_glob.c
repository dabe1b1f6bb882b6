/* Any pattern over any text: the text up to the first newline is the pattern.  With a star in
 * front of it it matches whatever it did without. */
#include <stdint.h>
#include <stdlib.h>

#include "base/glob.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(64 << 20);
    struct str text = text_utf8(a, (struct str){(const char *)data, size});
    struct str pattern = str_split(&text, '\n');
    const struct glob *narrow = glob_compile(a, pattern);
    const struct glob *wide = glob_compile(a, text_join(a, S("*"), pattern, S("")));
    struct str folded = text_fold(a, text);
    if (!text_is_utf8(folded))
        abort();
    if (narrow && wide && glob_matches(narrow, text) && !glob_matches(wide, text))
        abort();
    if (narrow)
        (void)glob_matches(narrow, folded);
    arena_free(a);
    return 0;
}

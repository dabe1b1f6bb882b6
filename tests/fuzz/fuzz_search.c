/* Search queries: any text ends in terms or in words about what is wrong with it, within bounds. */
#include <stdint.h>
#include <stdlib.h>

#include "base/text.h"
#include "storage/issue_search.h"

enum { LIMIT = 256 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(LIMIT);
    struct issue_filter filter = {.end = 1, .by_environment = size % 2};
    struct str text = text_utf8(arena, (struct str){(const char *)data, size});
    const char *error = NULL;
    struct query q;
    query_begin(&q, arena);
    issue_search_begin(&q, &filter);
    if (!search_parse(arena, text, 0, &filter.search, &error)) {
        if (!error)
            abort();
    } else if (!issue_search_put(&q, &filter, &error) && !error) {
        abort();
    }
    if (!buf_ok(q.sql) || filter.search.count > SEARCH_TERMS_MAX)
        abort();
    arena_free(arena);
    return 0;
}

#include "base/route.h"

#include "api/cli/command.h"
#include "api/tables.h"
#include "base/buf.h"

int command_routes(struct call *call)
{
    (void)call;
    struct buf text;
    buf_init(&text, (size_t)1 << 20);
    struct routes *routes = routes_compile(api_tables);
    routes_print(routes, &text);
    routes_free(routes);
    return command_print(&text);
}

#include "base/handover.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"

enum { TEXT_BYTES = (HANDOVER_CHILDREN + 1) * 12 };

static const char variable[] = "VEDETTE_HANDOVER";

struct handover handover_take(char **argv)
{
    struct handover h = {.argv = argv, .listen_fd = -1};
    int64_t number;
    const char *text = getenv(variable);
    struct str rest = str_of(text ? text : "");
    if (text_int64(str_split(&rest, ' '), &number))
        h.listen_fd = (int)number;
    while (h.child_count < HANDOVER_CHILDREN && text_int64(str_split(&rest, ' '), &number))
        h.children[h.child_count++] = (pid_t)number;
    if (h.listen_fd >= 0)
        fcntl(h.listen_fd, F_SETFD, FD_CLOEXEC);
    unsetenv(variable);
    return h;
}

void handover_exec(const struct handover *h)
{
    char text[TEXT_BYTES];
    int n = snprintf(text, sizeof(text), "%d", h->listen_fd);
    for (int i = 0; i < h->child_count; i++)
        n += snprintf(text + n, sizeof(text) - (size_t)n, " %d", (int)h->children[i]);
    if (h->listen_fd >= 0)
        fcntl(h->listen_fd, F_SETFD, 0);
    setenv(variable, text, 1);
    execvp(h->argv[0], h->argv);
    log_error("the program cannot be run anew", LOG_STR("program", str_of(h->argv[0])),
              LOG_INT("errno", errno));
    unsetenv(variable);
    if (h->listen_fd >= 0)
        fcntl(h->listen_fd, F_SETFD, FD_CLOEXEC);
}

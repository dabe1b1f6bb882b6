#include "base/priority.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum {
    ATTEMPTS = 5,
    PAUSE_NS = 110 * 1000 * 1000, /* the kernel takes one change in a tenth of a second */
};

/* Fields 4 and 6 of proc(5)'s stat, counted from the end of the name, which may hold anything. */
static bool read_stat(pid_t process, int *parent, int *session)
{
    char path[64], line[512];
    snprintf(path, sizeof(path), "/proc/%d/stat", (int)process);
    FILE *f = fopen(path, "re");
    if (!f)
        return false;
    size_t n = fread(line, 1, sizeof(line) - 1, f);
    fclose(f);
    line[n] = '\0';
    const char *after_name = strrchr(line, ')');
    return after_name && sscanf(after_name, ") %*c %d %*d %d", parent, session) == 2;
}

pid_t process_parent(pid_t process)
{
    int parent, session;
    return read_stat(process, &parent, &session) ? parent : 0;
}

static bool write_session(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return true; /* this kernel shares out by process */
    bool done = write(fd, text, strlen(text)) > 0 || errno != EAGAIN;
    close(fd);
    return done;
}

static void lower_session(pid_t session, int nice)
{
    char path[64], text[16];
    snprintf(path, sizeof(path), "/proc/%d/autogroup", (int)session);
    snprintf(text, sizeof(text), "%d", nice);
    for (int i = 0; i < ATTEMPTS && !write_session(path, text); i++)
        nanosleep(&(struct timespec){0, PAUSE_NS}, NULL);
}

void priority_lower(pid_t process, int nice)
{
    int parent, session;
    if (getpriority(PRIO_PROCESS, (id_t)process) < nice)
        (void)setpriority(PRIO_PROCESS, (id_t)process, nice);
    if (read_stat(process, &parent, &session) && session == process)
        lower_session(session, nice);
}

#include "base/master.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"

enum {
    TICK_NS = 100 * 1000 * 1000,
    PAUSE_FIRST_US = 50 * 1000,
    PAUSE_MOST_US = 5 * CLOCK_SECOND,
    GROWN_UP_US = 10 * CLOCK_SECOND,
    TICKS_PER_BEAT = 10,
};

struct child {
    const struct master_child *kind;
    int index;
    pid_t pid; /* 0: not running */
    int64_t started, start_at, pause;
};

struct master {
    struct child *children;
    int count;
    bool stopping;
    unsigned ticks;
    int64_t kill_at;
    struct handover before; /* its children are those that have not ended yet */
    int64_t kill_before_at;
    int grace_seconds;
    sigset_t handled, mask_before;
};

static void name_process(const struct child *c)
{
    char name[64];
    snprintf(name, sizeof(name), "%s %d", c->kind->name, c->index);
    prctl(PR_SET_NAME, name);
}

_Noreturn static void run_child(const struct master *m, const struct child *c, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    /* The parent may have died before the line above took effect. */
    if (getppid() != parent)
        _exit(EXIT_FAILURE);
    name_process(c);
    sigprocmask(SIG_SETMASK, &m->mask_before, NULL);
    exit(c->kind->run(c->index, c->kind->arg));
}

static void grow_pause(struct child *c, int64_t now)
{
    bool grown_up = now - c->started > GROWN_UP_US;
    int64_t longer = c->pause ? c->pause * 2 : PAUSE_FIRST_US;
    c->pause = longer > PAUSE_MOST_US ? PAUSE_MOST_US : longer;
    if (grown_up)
        c->pause = PAUSE_FIRST_US;
    c->start_at = now + c->pause;
}

static void start_child(const struct master *m, struct child *c)
{
    pid_t parent = getpid();
    pid_t pid = fork();
    c->started = clock_monotonic();
    if (pid == 0)
        run_child(m, c, parent);
    if (pid < 0) {
        log_error("cannot start a child", LOG_STR("child", str_of(c->kind->name)),
                  LOG_INT("errno", errno));
        grow_pause(c, c->started);
        return;
    }
    c->pid = pid;
}

static void start_due(const struct master *m)
{
    int64_t now = clock_monotonic();
    for (int i = 0; i < m->count; i++) {
        if (!m->children[i].pid && m->children[i].start_at <= now)
            start_child(m, &m->children[i]);
    }
}

static void note_death(const struct master *m, struct child *c, int status)
{
    const struct master_child *kind = c->kind;
    pid_t pid = c->pid;
    c->pid = 0;
    grow_pause(c, clock_monotonic());
    if (!m->stopping) {
        log_warn("a child ended; starting another", LOG_STR("child", str_of(kind->name)),
                 LOG_INT("index", c->index), LOG_INT("pid", pid),
                 LOG_INT("signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0),
                 LOG_INT("status", WIFEXITED(status) ? WEXITSTATUS(status) : 0));
        metrics_add(METRIC_RESTARTS, 1);
    }
    if (kind->died)
        kind->died(c->index, status, kind->arg);
}

static void forget_before(struct handover *before, pid_t pid)
{
    for (int i = 0; i < before->child_count; i++) {
        if (before->children[i] == pid)
            before->children[i] = before->children[--before->child_count];
    }
}

static void reap(struct master *m)
{
    int status;
    for (pid_t pid = waitpid(-1, &status, WNOHANG); pid > 0; pid = waitpid(-1, &status, WNOHANG)) {
        forget_before(&m->before, pid);
        for (int i = 0; i < m->count; i++) {
            if (m->children[i].pid == pid)
                note_death(m, &m->children[i], status);
        }
    }
}

static void signal_before(const struct master *m, int signal)
{
    for (int i = 0; i < m->before.child_count; i++)
        kill(m->before.children[i], signal);
}

static void signal_all(const struct master *m, int signal)
{
    for (int i = 0; i < m->count; i++) {
        if (m->children[i].pid)
            kill(m->children[i].pid, signal);
    }
}

static void watch_all(const struct master *m)
{
    for (int i = 0; i < m->count; i++) {
        const struct child *c = &m->children[i];
        if (!c->pid || !c->kind->watch)
            continue;
        pid_t hung = c->kind->watch(c->index, c->pid, c->kind->arg);
        if (hung > 0)
            kill(hung, SIGKILL);
    }
}

/* ---- figures */

static int64_t resident_bytes(pid_t pid)
{
    char path[40];
    long pages = 0;
    snprintf(path, sizeof(path), "/proc/%d/statm", pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return 0;
    if (fscanf(file, "%*d %ld", &pages) != 1)
        pages = 0;
    fclose(file);
    return (int64_t)pages * sysconf(_SC_PAGESIZE);
}

/* About once a second. */
static void beat(struct master *m)
{
    if (m->ticks++ % TICKS_PER_BEAT)
        return;
    int64_t bytes = resident_bytes(getpid());
    for (int i = 0; i < m->count; i++) {
        if (m->children[i].pid)
            bytes += resident_bytes(m->children[i].pid);
    }
    metrics_set(METRIC_RESIDENT, bytes);
    metrics_set(METRIC_HEARTBEAT, clock_now());
}

static bool all_gone(const struct master *m)
{
    for (int i = 0; i < m->count; i++) {
        if (m->children[i].pid)
            return false;
    }
    return m->before.child_count == 0;
}

static void give_way(const struct master *m)
{
    struct handover h = m->before;
    for (int i = 0; i < m->count && h.child_count < HANDOVER_CHILDREN; i++) {
        if (m->children[i].pid)
            h.children[h.child_count++] = m->children[i].pid;
    }
    sigprocmask(SIG_SETMASK, &m->mask_before, NULL);
    handover_exec(&h);
    sigprocmask(SIG_BLOCK, &m->handled, NULL);
}

static int64_t grace_over(const struct master *m)
{
    return clock_monotonic() + (int64_t)m->grace_seconds * CLOCK_SECOND;
}

static void handle_signal(struct master *m, int signal)
{
    if (signal == SIGHUP) {
        signal_all(m, SIGHUP);
    } else if (signal == SIGUSR2 && !m->stopping) {
        give_way(m);
    } else if (signal != SIGCHLD && signal != SIGUSR2 && !m->stopping) {
        m->stopping = true;
        m->kill_at = grace_over(m);
        signal_all(m, SIGTERM);
    }
}

static void add_children(struct master *m, const struct master_child *kind)
{
    for (int i = 0; i < kind->count; i++)
        m->children[m->count++] = (struct child){.kind = kind, .index = i};
}

static void prepare(struct master *m, const struct master_child *kinds)
{
    size_t total = 0;
    for (const struct master_child *k = kinds; k->run; k++)
        total += (size_t)k->count;
    m->children = calloc(total + 1, sizeof(*m->children));
    if (!m->children)
        abort();
    for (const struct master_child *k = kinds; k->run; k++)
        add_children(m, k);
    sigemptyset(&m->handled);
    const int handled[] = {SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR2, SIGCHLD};
    for (size_t i = 0; i < sizeof(handled) / sizeof(handled[0]); i++)
        sigaddset(&m->handled, handled[i]);
    sigprocmask(SIG_BLOCK, &m->handled, &m->mask_before);
}

static void kill_overdue(const struct master *m)
{
    int64_t now = clock_monotonic();
    if (now > m->kill_before_at)
        signal_before(m, SIGKILL);
    if (m->stopping && now > m->kill_at)
        signal_all(m, SIGKILL);
}

int master_run(const struct master_child *kinds, int grace_seconds, const struct handover *handover)
{
    struct master m = {.before = *handover, .grace_seconds = grace_seconds};
    const struct timespec tick = {.tv_nsec = TICK_NS};
    prepare(&m, kinds);
    start_due(&m);
    signal_before(&m, SIGTERM);
    m.kill_before_at = grace_over(&m);
    for (;;) {
        if (!m.stopping)
            start_due(&m);
        int signal = sigtimedwait(&m.handled, NULL, &tick);
        if (signal > 0)
            handle_signal(&m, signal);
        reap(&m);
        if (m.stopping && all_gone(&m))
            break;
        watch_all(&m);
        beat(&m);
        kill_overdue(&m);
    }
    free(m.children);
    return EXIT_SUCCESS;
}

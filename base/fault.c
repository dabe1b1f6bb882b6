#include "base/fault.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { FAULTS_MAX = 8, SPEC_MAX = 512 };

struct fault {
    struct str name, text;
    long count, visits;
};

bool fault_armed;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char spec_text[SPEC_MAX];
static struct fault faults[FAULTS_MAX];
static size_t fault_count;

static struct fault fault_parse(struct str part)
{
    struct fault f = {.name = part, .count = 1};
    size_t at = str_index(part, '@');
    if (at < part.n)
        f.text = str_slice(part, at + 1, part.n);
    f.name = str_slice(part, 0, at);
    size_t colon = str_index(f.name, ':');
    if (colon < f.name.n)
        f.count = strtol(f.name.p + colon + 1, NULL, 10);
    f.name = str_slice(f.name, 0, colon);
    return f;
}

void fault_set(const char *spec)
{
    pthread_mutex_lock(&lock);
    fault_count = 0;
    snprintf(spec_text, sizeof(spec_text), "%s", spec ? spec : "");
    struct str rest = str_of(spec_text);
    while (rest.n && fault_count < FAULTS_MAX)
        faults[fault_count++] = fault_parse(str_split(&rest, ','));
    fault_armed = fault_count > 0;
    pthread_mutex_unlock(&lock);
}

__attribute__((constructor)) static void fault_load(void)
{
    fault_set(getenv("VEDETTE_FAULT"));
}

static bool fault_due(struct fault *f, struct str text)
{
    if (f->text.n)
        return text.n && memmem(text.p, text.n, f->text.p, f->text.n);
    return ++f->visits == f->count;
}

static bool fault_allowed(void)
{
    const char *once = getenv("VEDETTE_FAULT_ONCE");
    return !once || unlink(once) == 0;
}

bool fault_fires(const char *name, struct str text)
{
    bool fires = false;
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < fault_count; i++)
        if (str_eq(faults[i].name, str_of(name)) && fault_due(&faults[i], text))
            fires = true;
    pthread_mutex_unlock(&lock);
    return fires && fault_allowed();
}

void fault_die(void)
{
    kill(getpid(), SIGKILL);
    fault_hang();
}

void fault_hang(void)
{
    for (;;)
        pause();
}

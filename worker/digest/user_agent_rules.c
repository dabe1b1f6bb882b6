#define PCRE2_CODE_UNIT_WIDTH 8
#include "worker/digest/user_agent_rules.h"

#include <pcre2.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "uap_core.h"

enum { MATCH_LIMIT = 5000, EXHAUSTED_MAX = 3 };
#define NEEDS_LIMIT ((size_t)4 << 20)
#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

enum {
    OS_FIRST = COUNT(browser_rules),
    DEVICE_FIRST = OS_FIRST + COUNT(os_rules),
    RULES = DEVICE_FIRST + COUNT(device_rules),
};

/* first: the list's place among all rules. */
static const struct {
    const struct user_agent_rule *rules;
    size_t count, first;
} lists[USER_AGENT_LISTS] = {
    [USER_AGENT_BROWSER] = {browser_rules, COUNT(browser_rules), 0},
    [USER_AGENT_OS] = {os_rules, COUNT(os_rules), OS_FIRST},
    [USER_AGENT_DEVICE] = {device_rules, COUNT(device_rules), DEVICE_FIRST},
};

static struct arena *programs; /* as long as the process */
static const uint16_t *needs[RULES];
static _Atomic(pcre2_code *) codes[RULES]; /* NULL until it first runs */
static pcre2_match_context *bounds;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void read_list(enum user_agent_list list)
{
    uint16_t program[PREFILTER_NEEDS_MAX];
    for (size_t i = 0; i < lists[list].count; i++) {
        size_t n = prefilter_needs(str_of(lists[list].rules[i].expression), program);
        uint16_t *copy = arena_take(programs, n * sizeof(*copy));
        memcpy(copy, program, n * sizeof(*copy));
        needs[lists[list].first + i] = copy;
    }
}

static void read_all(void)
{
    programs = arena_new(NEEDS_LIMIT);
    for (int list = 0; list < USER_AGENT_LISTS; list++)
        read_list((enum user_agent_list)list);
    bounds = pcre2_match_context_create(NULL);
    if (!bounds)
        abort();
    pcre2_set_match_limit(bounds, MATCH_LIMIT);
    pcre2_set_depth_limit(bounds, MATCH_LIMIT);
}

/* NULL when PCRE2 cannot read the expression; user_agent_rules_check() tells. */
static pcre2_code *compile(const struct user_agent_rule *rule)
{
    int error;
    PCRE2_SIZE at;
    uint32_t options = PCRE2_UTF | PCRE2_NO_UTF_CHECK | (rule->caseless ? PCRE2_CASELESS : 0);
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)rule->expression, PCRE2_ZERO_TERMINATED, options,
                                     &error, &at, NULL);
    if (code)
        pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    return code;
}

/* Compiled once; of two threads that both did, the second throws its own away. */
static const pcre2_code *code_of(const struct user_agent_rule *rule, size_t place)
{
    pcre2_code *none = NULL, *code = atomic_load(&codes[place]);
    if (code)
        return code;
    code = compile(rule);
    if (!code || atomic_compare_exchange_strong(&codes[place], &none, code))
        return code;
    pcre2_code_free(code);
    return none;
}

/* Spans past the expression's last group still hold another match's. */
static void take_groups(pcre2_match_data *match, size_t found, struct str text,
                        struct str groups[USER_AGENT_GROUPS])
{
    const PCRE2_SIZE *spans = pcre2_get_ovector_pointer(match);
    for (size_t i = 0; i < USER_AGENT_GROUPS; i++) {
        bool caught = (found == 0 || i < found) && spans[2 * i] != PCRE2_UNSET;
        groups[i] = caught ? str_slice(text, spans[2 * i], spans[2 * i + 1]) : (struct str){0};
    }
}

static const struct user_agent_rule *find(enum user_agent_list list, const struct prefilter *set,
                                          struct str text, pcre2_match_data *match,
                                          struct str groups[USER_AGENT_GROUPS])
{
    int exhausted = 0;
    for (size_t i = 0; i < lists[list].count && exhausted < EXHAUSTED_MAX; i++) {
        const struct user_agent_rule *rule = &lists[list].rules[i];
        size_t place = lists[list].first + i;
        if (!prefilter_allows(set, needs[place]))
            continue;
        const pcre2_code *code = code_of(rule, place);
        int found = code ? pcre2_match(code, (PCRE2_SPTR)text.p, text.n, 0, PCRE2_NO_UTF_CHECK,
                                       match, bounds)
                         : PCRE2_ERROR_NOMATCH;
        if (found >= 0) {
            take_groups(match, (size_t)found, text, groups);
            return rule;
        }
        exhausted += found != PCRE2_ERROR_NOMATCH;
    }
    return NULL;
}

const struct user_agent_rule *user_agent_rules_find(enum user_agent_list list,
                                                    const struct prefilter *set, struct str text,
                                                    struct str groups[USER_AGENT_GROUPS])
{
    pthread_once(&once, read_all);
    pcre2_match_data *match = pcre2_match_data_create(USER_AGENT_GROUPS, NULL);
    if (!match)
        abort();
    const struct user_agent_rule *rule = find(list, set, text, match, groups);
    pcre2_match_data_free(match);
    return rule;
}

bool user_agent_rules_check(void)
{
    bool fine = true;
    for (size_t list = 0; list < USER_AGENT_LISTS; list++)
        for (size_t i = 0; i < lists[list].count; i++) {
            pcre2_code *code = compile(&lists[list].rules[i]);
            if (!code)
                fprintf(stderr, "cannot compile %s\n", lists[list].rules[i].expression);
            fine = fine && code;
            pcre2_code_free(code);
        }
    return fine;
}

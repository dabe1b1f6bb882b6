#include "worker/scrub/builtin.h"

#include <pthread.h>
#include <stdlib.h>

/*
 * Every pattern is written so that a hostile text costs little: runs that could start anywhere have
 * an upper bound, and alternatives differ in their first characters.
 */
#define COUNTRY                                                                                    \
    "(?:A[DELOTZ]|B[AEFGHIJRY]|C[FGHIMRVYZ]|D[EJKOZ]|E[EGS]|F[IOR]|G[ABEILQRTW]|H[NRU]|I[ELQRST]|" \
    "JO|K[MWZ]|L[BCITUVY]|M[ACDEGKLRTUZ]|N[EILO]|P[KLST]|QA|R[OSU]|S[ACEIKMNTV]|T[DGLNR]|UA|"      \
    "V[AG]|XK)"
#define KEY_LINE(word) "-----" word "[A-Z ]+(?:PRIVATE|PUBLIC) KEY-----"
#define LOGIN "[a-zA-Z0-9%_.-]+"
#define OCTET "(?:25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9]?)"
#define IPV4 "(?:" OCTET "\\.){3}" OCTET
#define H4 "[0-9a-fA-F]{1,4}"
#define BORDER "[^\\s[:punct:]]"
#define IPV6                                                                                       \
    "(?:" H4 ":){7}" H4 "|(?:" H4 ":){1,7}:|(?:" H4 ":){1,6}:" H4 "|(?:" H4 ":){1,5}(?::" H4       \
    "){1,2}|(?:" H4 ":){1,4}(?::" H4 "){1,3}|(?:" H4 ":){1,3}(?::" H4 "){1,4}|(?:" H4              \
    ":){1,2}(?::" H4 "){1,5}|" H4 ":(?::" H4 "){1,6}|:(?:(?::" H4 "){1,7}|:)|fe80:(?::" H4         \
    "){0,4}%[0-9a-zA-Z]+|::(?:ffff(?::0{1,4})?:)?" IPV4 "|(?:" H4 ":){1,4}:" IPV4
#define MAILBOX "[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,254}+"

enum builtin_pattern {
    P_BEARER,
    P_CREDITCARD,
    P_EMAIL,
    P_IBAN,
    P_IMEI,
    P_IPV4,
    P_IPV6,
    P_MAC,
    P_PASSWORD,
    P_PEMKEY,
    P_TOKEN,
    P_URLAUTH,
    P_URLAUTH_LEGACY,
    P_USERPATH,
    P_USSSN,
    P_UUID,
    PATTERNS,
};

static struct wordset words; /* of P_BEARER, P_PASSWORD and P_TOKEN: a text is asked once */

static const struct {
    const char *source;
    bool caseless;
    struct need need;
} sources[PATTERNS] = {
    [P_BEARER] = {"\\bBearer\\s+\\S+", true, {HAS_BLANK, 0, 8, 0, {0}, &words}},
    [P_CREDITCARD] = {"\\b(?:3[47][0-9]|4[0-9]{3}|5[1-5][0-9]{2}|65[0-9]{2}|6011)"
                      "(?:[-\\s]?[0-9]){12}\\b",
                      false,
                      {HAS_DIGIT, 15, 15, 0, {0}, NULL}},
    [P_EMAIL] = {"\\b" MAILBOX "@(?:[a-zA-Z0-9-]+\\.)+[a-zA-Z]{2,}\\b",
                 false,
                 {HAS_AT | HAS_DOT, 0, 6, 0, {0}, NULL}},
    [P_IBAN] = {"\\b" COUNTRY "[0-9]{2}[a-zA-Z0-9]{11,29}\\b",
                false,
                {HAS_DIGIT, 2, 15, 15, {0}, NULL}},
    [P_IMEI] = {"\\b[0-9]{2}-?[0-9]{6}-?[0-9]{6}-?[0-9]{1,2}\\b",
                false,
                {HAS_DIGIT, 15, 15, 0, {0}, NULL}},
    [P_IPV4] = {"\\b" IPV4 "\\b", false, {HAS_DIGIT | HAS_DOT, 4, 7, 0, {0}, NULL}},
    [P_IPV6] = {"(?<!" BORDER ")(?:" IPV6 ")(?!" BORDER ")", true, {HAS_COLON, 0, 2, 0, {0}, NULL}},
    [P_MAC] = {"\\b(?:[0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}\\b", false, {0, 0, 17, 0, {0}, NULL}},
    [P_PASSWORD] = {"password|secret|passwd|api[-_]key|apikey|auth|credentials|mysql_pwd|"
                    "privatekey|private[-_]key|token\\S{0,256}?[:=]|^otp$|^two[-_]factor$",
                    true,
                    {0, 0, 3, 0, {0}, &words}},
    [P_PEMKEY] = {"(?s)" KEY_LINE("BEGIN") "[\\t ]*\\r?\\n?(.{1,16384}?)\\r?\\n?" KEY_LINE("END"),
                  false,
                  {HAS_DASH, 0, 50, 0, {"KEY-----", 8}, NULL}},
    [P_TOKEN] = {"token", true, {0, 0, 5, 0, {0}, &words}},
    [P_URLAUTH] = {"//(" LOGIN "(?::" LOGIN ")?)@",
                   false,
                   {HAS_AT | HAS_SLASH, 0, 4, 0, {"//", 2}, NULL}},
    [P_URLAUTH_LEGACY] = {"//" LOGIN ":(" LOGIN ")@",
                          false,
                          {HAS_AT | HAS_SLASH | HAS_COLON, 0, 6, 0, {"//", 2}, NULL}},
    [P_USERPATH] = {"(?:\\b(?:users|home|documents and settings)|[/\\\\]profiles)[/\\\\]"
                    "([^/\\\\\\r\\n\\x00]+)",
                    true,
                    {HAS_SLASH, 0, 6, 0, {0}, NULL}},
    [P_USSSN] = {"\\b[0-9]{3}-[0-9]{2}-[0-9]{4}\\b",
                 false,
                 {HAS_DIGIT | HAS_DASH, 9, 11, 0, {0}, NULL}},
    [P_UUID] = {"\\b[a-z0-9]{8}-?[a-z0-9]{4}-?[a-z0-9]{4}-?[a-z0-9]{4}-?[a-z0-9]{12}\\b",
                true,
                {0, 0, 32, 8, {0}, NULL}},
};

enum { MATCH = 1 << 0, GROUP_1 = 1 << 1, VALUE = 0 };

/* What each type looks for, in this order. */
static const struct {
    enum rule_type type;
    enum aim aim;
    enum builtin_pattern pattern;
    uint32_t groups;
} searches[] = {
    {RULE_BEARER, AIM_VALUE, P_BEARER, MATCH},
    {RULE_CREDITCARD, AIM_VALUE, P_CREDITCARD, MATCH},
    {RULE_EMAIL, AIM_VALUE, P_EMAIL, MATCH},
    {RULE_IBAN, AIM_VALUE, P_IBAN, MATCH},
    {RULE_IMEI, AIM_VALUE, P_IMEI, MATCH},
    {RULE_IP, AIM_VALUE, P_IPV4, MATCH},
    {RULE_IP, AIM_VALUE, P_IPV6, MATCH},
    {RULE_MAC, AIM_VALUE, P_MAC, MATCH},
    {RULE_PASSWORD, AIM_VALUE, P_BEARER, MATCH},
    {RULE_PASSWORD, AIM_KEY, P_TOKEN, VALUE},
    {RULE_PASSWORD, AIM_BOTH, P_PASSWORD, VALUE},
    {RULE_PEMKEY, AIM_VALUE, P_PEMKEY, GROUP_1},
    {RULE_URLAUTH, AIM_VALUE, P_URLAUTH, GROUP_1},
    {RULE_URLAUTH_LEGACY, AIM_VALUE, P_URLAUTH_LEGACY, GROUP_1},
    {RULE_USERPATH, AIM_VALUE, P_USERPATH, GROUP_1},
    {RULE_USSSN, AIM_VALUE, P_USSSN, MATCH},
    {RULE_UUID, AIM_VALUE, P_UUID, MATCH},
};

static struct pattern *patterns[PATTERNS];
static pthread_once_t compiled = PTHREAD_ONCE_INIT;

/* Of each word the part that is rarest in other words, because a hit costs a search. */
static const char *const word_parts[] = {
    "rer", "ssw", "ecr", "i_k", "i-k", "pik", "uth", "ede",
    "l_p", "tek", "e_k", "e-k", "oke", "otp", "wo_", "wo-",
};

static void compile_all(void)
{
    for (size_t i = 0; i < sizeof(word_parts) / sizeof(word_parts[0]); i++)
        wordset_add(&words, str_of(word_parts[i]));
    for (size_t i = 0; i < PATTERNS; i++) {
        unsigned caseless = sources[i].caseless ? PATTERN_CASELESS : 0;
        patterns[i] = pattern_new(str_of(sources[i].source), PATTERN_TRUSTED | caseless);
        if (!patterns[i])
            abort();
    }
}

void builtin_probes(enum rule_type type, struct rule *rule)
{
    pthread_once(&compiled, compile_all);
    for (size_t i = 0; i < sizeof(searches) / sizeof(searches[0]); i++) {
        enum builtin_pattern p = searches[i].pattern;
        if (searches[i].type == type)
            rule->probes[rule->count++] =
                (struct probe){searches[i].aim, searches[i].groups, patterns[p], sources[p].need};
    }
}

/* ---- Ids. */

/* "@ip" is the rule with the usual method; "filter" marks those that have a :filter. */
static const struct {
    struct str name, usual, text;
    enum rule_type type;
    bool filter;
} rules[] = {
    {{"anything", 8}, {"replace", 7}, {"[Filtered]", 10}, RULE_ANYTHING, true},
    {{"bearer", 6}, {"replace", 7}, {"Bearer [token]", 14}, RULE_BEARER, true},
    {{"creditcard", 10}, {"replace", 7}, {"[creditcard]", 12}, RULE_CREDITCARD, true},
    {{"email", 5}, {"replace", 7}, {"[email]", 7}, RULE_EMAIL, false},
    {{"iban", 4}, {"replace", 7}, {"[iban]", 6}, RULE_IBAN, true},
    {{"imei", 4}, {"replace", 7}, {"[imei]", 6}, RULE_IMEI, false},
    {{"ip", 2}, {"replace", 7}, {"[ip]", 4}, RULE_IP, false},
    {{"mac", 3}, {"mask", 4}, {"[mac]", 5}, RULE_MAC, false},
    {{"password", 8}, {"remove", 6}, {"[password]", 10}, RULE_PASSWORD, true},
    {{"pemkey", 6}, {"replace", 7}, {"[pemkey]", 8}, RULE_PEMKEY, true},
    {{"urlauth", 7}, {"replace", 7}, {"[auth]", 6}, RULE_URLAUTH, false},
    {{"userpath", 8}, {"replace", 7}, {"[user]", 6}, RULE_USERPATH, false},
    {{"usssn", 5}, {"mask", 4}, {"[us-ssn]", 8}, RULE_USSSN, true},
    {{"uuid", 4}, {"mask", 4}, {"[uuid]", 6}, RULE_UUID, false},
};

static const struct {
    struct str suffix;
    enum method method;
} methods[] = {{{"remove", 6}, METHOD_REMOVE},
               {{"replace", 7}, METHOD_REPLACE},
               {{"mask", 4}, METHOD_MASK},
               {{"hash", 4}, METHOD_HASH}};

static bool redaction_of(size_t row, struct str suffix, struct redaction *out)
{
    *out = (struct redaction){METHOD_REPLACE, S("[Filtered]"), {0}};
    if (str_eq(suffix, S("filter")))
        return rules[row].filter;
    out->text = rules[row].text;
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (!str_eq(suffix, methods[i].suffix))
            continue;
        /* Masks of these were hashes once, and stay so for those who count them. */
        bool quirk = rules[row].type == RULE_IMEI && methods[i].method == METHOD_MASK;
        out->method = quirk ? METHOD_HASH : methods[i].method;
        return true;
    }
    return false;
}

/* "@ip:mask" -> "ip" and "mask". */
static bool split_name(struct str id, struct str *name, struct str *suffix)
{
    if (!str_starts(id, S("@")))
        return false;
    *suffix = str_from(id, 1);
    *name = str_split(suffix, ':');
    return true;
}

static void fill(struct rule *rule, enum rule_type type, struct str origin,
                 struct redaction redaction)
{
    *rule = (struct rule){.id = origin, .origin = origin, .type = type, .redaction = redaction};
    builtin_probes(type, rule);
}

bool builtin_rule(struct str id, struct rule *rule)
{
    struct str name, suffix;
    struct redaction redaction = {METHOD_REPLACE, S("[Filtered]"), {0}};
    if (!split_name(id, &name, &suffix))
        return false;
    if (str_eq(id, S("@urlauth:legacy"))) {
        fill(rule, RULE_URLAUTH_LEGACY, id, redaction);
        return true;
    }
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (!str_eq(name, rules[i].name))
            continue;
        if (!redaction_of(i, suffix.p ? suffix : rules[i].usual, &redaction))
            return false;
        fill(rule, rules[i].type, id, redaction);
        return true;
    }
    return false;
}

const struct str *builtin_collection(struct str id, size_t *count, struct str *suffix)
{
    static const struct str common[] = {
        {"@iban", 5},    {"@ip", 3},       {"@email", 6},    {"@creditcard", 11}, {"@pemkey", 7},
        {"@urlauth", 8}, {"@userpath", 9}, {"@password", 9}, {"@usssn", 6},
    };
    static const struct str filtered[] = {
        {"@creditcard", 11}, {"@iban", 5},  {"@pemkey", 7}, {"@urlauth:legacy", 15},
        {"@password", 9},    {"@usssn", 6}, {"@bearer", 7},
    };
    struct str name;
    if (!split_name(id, &name, suffix) || !str_eq(name, S("common")))
        return NULL;
    bool filter = str_eq(*suffix, S("filter"));
    *count = filter ? sizeof(filtered) / sizeof(filtered[0]) : sizeof(common) / sizeof(common[0]);
    return filter ? filtered : common;
}

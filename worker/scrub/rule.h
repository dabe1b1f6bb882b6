/*
 * Scrubbing rules: what to look for and what to leave in its place (ingest.md §4.2, §4.3).
 *
 * A rule book holds the custom rules of one configuration; rule_collect() resolves a rule's id,
 * custom or built in, to the plain rules that it stands for.  Rules borrow from the arena of the
 * book and never change: any thread may apply them.
 */
#ifndef WORKER_SCRUB_RULE_H
#define WORKER_SCRUB_RULE_H

#include "base/jt.h"
#include "worker/scrub/pattern.h"
#include "worker/scrub/traits.h"

enum { RULE_PROBES_MAX = 3, RULE_LIST_MAX = 128, RULE_NESTING_MAX = 8 };

enum rule_type {
    RULE_UNKNOWN, /* of a newer server: does nothing */
    RULE_ANYTHING,
    RULE_BEARER,
    RULE_CREDITCARD,
    RULE_EMAIL,
    RULE_IBAN,
    RULE_IMEI,
    RULE_IP,
    RULE_MAC,
    RULE_PASSWORD,
    RULE_PEMKEY,
    RULE_URLAUTH,
    RULE_URLAUTH_LEGACY,
    RULE_USERPATH,
    RULE_USSSN,
    RULE_UUID,
    RULE_PATTERN,
    RULE_REDACT_PAIR,
    RULE_MULTIPLE,
    RULE_ALIAS,
};

enum method {
    METHOD_DEFAULT, /* as METHOD_REMOVE, unless an outer rule says otherwise */
    METHOD_REMOVE,
    METHOD_REPLACE,
    METHOD_MASK,
    METHOD_HASH,
    METHOD_UNKNOWN, /* leaves everything as it is */
};

struct redaction {
    enum method method;
    struct str text;     /* METHOD_REPLACE */
    struct str hash_key; /* METHOD_HASH */
};

/* What a text must have for a probe to match at all. */
struct need {
    unsigned traits; /* all of these enum trait */
    size_t digits, size;
    size_t run;                  /* of letters and digits */
    struct str literal;          /* somewhere in it; absent: none */
    const struct wordset *words; /* one of these; NULL: none */
};

/* Where a probe looks.  AIM_BOTH: at the key, and at the value when the key does not match. */
enum aim { AIM_VALUE, AIM_KEY, AIM_BOTH };

struct probe {
    enum aim aim;
    uint32_t groups; /* bit i: group i is what is replaced; 0: the whole value */
    const struct pattern *pattern;
    struct need need;
};

struct rule {
    struct str id;     /* decides the order */
    struct str origin; /* the id that remarks show */
    enum rule_type type;
    struct redaction redaction;
    size_t count;
    struct probe probes[RULE_PROBES_MAX];
};

/* Sorted by id, no id twice. */
struct rule_list {
    size_t count;
    struct rule *rules[RULE_LIST_MAX];
};

struct rule_source {
    const struct jt *config; /* JT_OBJECT: rules, vars */
    struct str prefix;       /* put before the names of custom rules in remarks */
    bool literal_pairs;      /* key patterns are names, made by rule_escape(), of any case */
};

struct rule_book;

/* Never NULL: a rule whose pattern is broken does nothing, and *broken counts it. */
struct rule_book *rule_book_new(struct arena *a, const struct rule_source *source, size_t *broken);

/* Ids that nobody knows add nothing.  False when the id stands for more rules than fit. */
bool rule_collect(const struct rule_book *book, struct str id, struct rule_list *list);

/* Does the text have what the probe needs, but for the words? */
bool need_is_met(const struct need *need, struct str text, const struct traits *traits);

/* A text's characters with a meaning in patterns, escaped. */
struct str rule_escape(struct arena *a, struct str text);

#endif

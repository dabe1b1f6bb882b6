/*
 * Selectors: which values of an event a scrubbing rule applies to (ingest.md §4.5).
 *
 *   or   = and { ("||" | "|") and }        and  = unary { ("&&" | "&") unary }
 *   unary = ("!" | "~") prim | prim         prim = "(" or ")" | path
 *   path = item { "." item }
 *   item = "$" type | "**" | "*" | index | key | "'" quoted key "'"
 *
 * A path is compared from its end: `foo.bar` selects whatever ends in foo.bar.  Keys compare
 * without the case of ASCII letters.  Selectors live in the arena they were parsed into and never
 * change: any thread may match against them.  Text, nesting and length of paths have ceilings, so
 * neither parsing nor matching can be made to run away.
 */
#ifndef WORKER_SCRUB_SELECTOR_H
#define WORKER_SCRUB_SELECTOR_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"

enum { SELECTOR_TEXT_MAX = 65536, SELECTOR_NESTING_MAX = 32, SELECTOR_ITEMS_MAX = 32 };

/* What a value is; the order is that of sorted selectors. */
enum value_type {
    TYPE_STRING,
    TYPE_BINARY,
    TYPE_NUMBER,
    TYPE_BOOLEAN,
    TYPE_DATETIME,
    TYPE_ARRAY,
    TYPE_OBJECT,
    TYPE_EVENT,
    TYPE_ATTACHMENTS,
    TYPE_REPLAY,
    TYPE_EXCEPTION,
    TYPE_STACKTRACE,
    TYPE_FRAME,
    TYPE_REQUEST,
    TYPE_USER,
    TYPE_LOGENTRY,
    TYPE_MESSAGE,
    TYPE_THREAD,
    TYPE_BREADCRUMB,
    TYPE_LOG,
    TYPE_TRACE_METRIC,
    TYPE_SPAN,
    TYPE_SDK,
    TYPE_MINIDUMP,
    TYPE_HEAP_MEMORY,
    TYPE_STACK_MEMORY,
};
#define TYPE_BIT(type) (UINT32_C(1) << (type))

/* How much a field asks to be scrubbed: never, only when a selector names its path, or always. */
enum pii { PII_NONE, PII_MAYBE, PII_YES };

/* A value's place: a chain from the value up to the root, which has no name. */
struct scrub_path {
    const struct scrub_path *parent; /* NULL: the root */
    struct str key;                  /* absent: an index, or the root */
    size_t index;
    uint32_t types; /* TYPE_BIT()s */
    enum pii pii;
    unsigned depth; /* of the root: 0 */
};

struct selector;

/* NULL when the text is no selector; *error then says why, static text.  selector_parse() also
 * knows the names that old configurations use for a whole selector, such as "freeform". */
struct selector *selector_parse(struct arena *a, struct str text, const char **error);
struct selector *selector_parse_plain(struct arena *a, struct str text, const char **error);
struct selector *selector_of_key(struct arena *a, struct str key); /* any text, taken literally */

/* The last `steps` steps of a path, indices as wildcards, after a type if one is given; NULL when
 * that is nothing, or too long. */
enum { SELECTOR_NO_TYPE = -1 };
struct selector *selector_of_path(struct arena *a, const struct scrub_path *path, unsigned steps,
                                  int type);

/* Builders for the generated configuration; `parts` stay the caller's until then. */
enum selector_kind { SELECTOR_AND, SELECTOR_OR, SELECTOR_NOT, SELECTOR_PATH };
struct selector *selector_new(struct arena *a, enum selector_kind kind);
void selector_add(struct selector *whole, struct selector *part);

/* The canonical text; parsing it gives the same selector. */
void selector_print(const struct selector *s, struct buf *out);

/* The order in which applications run: <0, 0, >0. */
int selector_compare(const struct selector *a, const struct selector *b);

bool selector_matches(const struct selector *s, const struct scrub_path *path);

/* What can be known without a value.  selector_reaches_maybe(): may it match PII_MAYBE fields at
 * all?  selector_last_keys(): a set of selector_key_bit()s; a value whose key has its bit missing
 * is never matched. */
bool selector_reaches_maybe(const struct selector *s);
uint64_t selector_last_keys(const struct selector *s);
uint64_t selector_key_bit(struct str key);

#endif

/*
 * The words of a database query: identifiers, literals, signs.  For worker/span/sql.c.
 *
 * Reads what any dialect writes; nothing is an error.  What the text cuts short (a string, a
 * comment, a quoted name) is its last token, and `cut` says so.  Linear; tokens live in the arena,
 * their texts in the query.
 */
#ifndef WORKER_SPAN_SQL_TOKEN_H
#define WORKER_SPAN_SQL_TOKEN_H

#include "base/arena.h"

enum sql_kind {
    SQL_WORD,    /* a name or a keyword; of a quoted name what is inside */
    SQL_LITERAL, /* a string, a number, a placeholder */
    SQL_SIGN,    /* punctuation and operators */
};

struct sql_token {
    enum sql_kind kind;
    bool quoted;  /* a name, whatever it says */
    bool keyword; /* of SQL itself, and not quoted */
    bool number;
    bool spaced; /* an opening bracket that is no call */
    struct str text;
};

struct sql_tokens {
    struct sql_token *list;
    size_t count;
    bool cut;
};

struct sql_tokens sql_read(struct arena *a, struct str query);

bool sql_is_sign(const struct sql_token *t, char sign);
/* The unquoted word, whatever its case. */
bool sql_is_word(const struct sql_token *t, struct str word);

#endif

#include "worker/span/sql_words.h"

#include <stdlib.h>
#include <strings.h>

#define WORD(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* In order. */
static const struct str keywords[] = {
    WORD("ADD"),       WORD("AGAINST"),      WORD("ALL"),       WORD("ALTER"),
    WORD("ANALYZE"),   WORD("AND"),          WORD("ANY"),       WORD("AS"),
    WORD("ASC"),       WORD("BEGIN"),        WORD("BETWEEN"),   WORD("BY"),
    WORD("CALL"),      WORD("CASCADE"),      WORD("CASE"),      WORD("CLOSE"),
    WORD("COLLATE"),   WORD("COLUMN"),       WORD("COMMIT"),    WORD("CONFLICT"),
    WORD("COPY"),      WORD("CREATE"),       WORD("CROSS"),     WORD("CURSOR"),
    WORD("DECLARE"),   WORD("DEFAULT"),      WORD("DELETE"),    WORD("DESC"),
    WORD("DISTINCT"),  WORD("DIV"),          WORD("DO"),        WORD("DROP"),
    WORD("DUPLICATE"), WORD("ELSE"),         WORD("END"),       WORD("ESCAPE"),
    WORD("EXCEPT"),    WORD("EXEC"),         WORD("EXECUTE"),   WORD("EXISTS"),
    WORD("EXPLAIN"),   WORD("FETCH"),        WORD("FILTER"),    WORD("FIRST"),
    WORD("FOR"),       WORD("FORCE"),        WORD("FROM"),      WORD("FULL"),
    WORD("GRANT"),     WORD("GROUP"),        WORD("HAVING"),    WORD("HOLD"),
    WORD("IF"),        WORD("IGNORE"),       WORD("ILIKE"),     WORD("IN"),
    WORD("INDEX"),     WORD("INNER"),        WORD("INSERT"),    WORD("INTERSECT"),
    WORD("INTERVAL"),  WORD("INTO"),         WORD("IS"),        WORD("JOIN"),
    WORD("KEY"),       WORD("LAST"),         WORD("LATERAL"),   WORD("LEFT"),
    WORD("LIKE"),      WORD("LIMIT"),        WORD("LOCK"),      WORD("LOCKED"),
    WORD("MATCH"),     WORD("MATERIALIZED"), WORD("MERGE"),     WORD("NATURAL"),
    WORD("NEXT"),      WORD("NOT"),          WORD("NOTHING"),   WORD("NOWAIT"),
    WORD("NULL"),      WORD("NULLS"),        WORD("OF"),        WORD("OFFSET"),
    WORD("ON"),        WORD("ONLY"),         WORD("OR"),        WORD("ORDER"),
    WORD("OUTER"),     WORD("OVER"),         WORD("PARTITION"), WORD("PRAGMA"),
    WORD("PRIMARY"),   WORD("RECURSIVE"),    WORD("REGEXP"),    WORD("RELEASE"),
    WORD("REPLACE"),   WORD("RETURNING"),    WORD("REVOKE"),    WORD("RIGHT"),
    WORD("RLIKE"),     WORD("ROLLBACK"),     WORD("ROW"),       WORD("ROWS"),
    WORD("SAVEPOINT"), WORD("SELECT"),       WORD("SET"),       WORD("SHARE"),
    WORD("SHOW"),      WORD("SIMILAR"),      WORD("SKIP"),      WORD("SOME"),
    WORD("START"),     WORD("TABLE"),        WORD("THEN"),      WORD("TO"),
    WORD("TOP"),       WORD("TRANSACTION"),  WORD("TRUNCATE"),  WORD("UNION"),
    WORD("UNIQUE"),    WORD("UPDATE"),       WORD("USE"),       WORD("USING"),
    WORD("VACUUM"),    WORD("VALUES"),       WORD("VIEW"),      WORD("WHEN"),
    WORD("WHERE"),     WORD("WINDOW"),       WORD("WITH"),      WORD("WITHIN"),
    WORD("WORK"),      WORD("XOR"),
};

static const struct str verbs[] = {
    WORD("SELECT"),   WORD("INSERT"),    WORD("UPDATE"),  WORD("DELETE"),  WORD("WITH"),
    WORD("CREATE"),   WORD("ALTER"),     WORD("DROP"),    WORD("BEGIN"),   WORD("COMMIT"),
    WORD("ROLLBACK"), WORD("SAVEPOINT"), WORD("RELEASE"), WORD("DECLARE"), WORD("FETCH"),
    WORD("CLOSE"),    WORD("SET"),       WORD("SHOW"),    WORD("EXPLAIN"), WORD("TRUNCATE"),
    WORD("CALL"),     WORD("EXEC"),      WORD("EXECUTE"), WORD("MERGE"),   WORD("REPLACE"),
    WORD("LOCK"),     WORD("ANALYZE"),   WORD("VACUUM"),  WORD("USE"),     WORD("START"),
    WORD("GRANT"),    WORD("REVOKE"),    WORD("COPY"),    WORD("PRAGMA"),  WORD("VALUES"),
};

static const struct str clauses[] = {
    WORD("WHERE"), WORD("ON"),     WORD("HAVING"),    WORD("GROUP"),  WORD("ORDER"),  WORD("LIMIT"),
    WORD("UNION"), WORD("EXCEPT"), WORD("INTERSECT"), WORD("JOIN"),   WORD("LEFT"),   WORD("RIGHT"),
    WORD("INNER"), WORD("FULL"),   WORD("CROSS"),     WORD("OFFSET"), WORD("FETCH"),  WORD("FOR"),
    WORD("SET"),   WORD("FROM"),   WORD("RETURNING"), WORD("SELECT"), WORD("WINDOW"),
};

static int by_word(const void *a, const void *b)
{
    const struct str *x = a, *y = b;
    size_t n = x->n < y->n ? x->n : y->n;
    int order = strncasecmp(x->p, y->p, n);
    return order ? order : (x->n > y->n) - (x->n < y->n);
}

bool sql_is_keyword(struct str word)
{
    return bsearch(&word, keywords, COUNT(keywords), sizeof(keywords[0]), by_word);
}

bool sql_is_one_of(const struct sql_token *t, const struct str *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (sql_is_word(t, words[i]))
            return true;
    return false;
}

bool sql_begins_statement(const struct sql_token *t)
{
    return sql_is_one_of(t, verbs, COUNT(verbs));
}

bool sql_ends_condition(const struct sql_token *t)
{
    return sql_is_one_of(t, clauses, COUNT(clauses));
}

bool sql_is_name(const struct sql_token *t)
{
    return t->kind == SQL_WORD && !t->keyword;
}

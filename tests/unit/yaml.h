/*
 * Enough YAML to read snapshots that a serializer wrote: nested mappings and sequences, plain and
 * double-quoted scalars on one line, ~, {} and [].  Numbers and plain texts both become texts.
 */
#ifndef TESTS_UNIT_YAML_H
#define TESTS_UNIT_YAML_H

#include "base/jt.h"
#include "tests/unit/suite.h"

struct yaml {
    struct arena *arena;
    struct str rest; /* lines that were not read */
    struct str line; /* the current one, without what was read of it */
    size_t column;   /* where `line` begins */
};

static inline bool yaml_next_line(struct yaml *y)
{
    while (y->rest.p) {
        struct str line = str_split(&y->rest, '\n');
        size_t indent = 0;
        while (indent < line.n && line.p[indent] == ' ')
            indent++;
        if (indent == line.n)
            continue;
        y->line = str_from(line, indent);
        y->column = indent;
        return true;
    }
    y->line = (struct str){0};
    return false;
}

static inline void yaml_skip(struct yaml *y, size_t n)
{
    y->line = str_from(y->line, n);
    y->column += n;
}

/* Length of the quoted text that the line begins with, or 0. */
static inline size_t yaml_quoted(struct str line)
{
    size_t i = 1;
    if (!line.n || line.p[0] != '"')
        return 0;
    while (i < line.n && line.p[i] != '"')
        i += line.p[i] == '\\' ? 2 : 1;
    return i + 1;
}

static inline struct jt *yaml_scalar(struct yaml *y)
{
    const char *error;
    struct str text = str_trim(y->line);
    bool is_json = yaml_quoted(text) || str_eq(text, S("{}")) || str_eq(text, S("[]")) ||
                   str_eq(text, S("true")) || str_eq(text, S("false"));
    struct jt *v = is_json ? jt_read(y->arena, text, 8, &error) : jt_new_str(y->arena, text);
    ck_assert_msg(v != NULL, "cannot read %.*s", STR_ARG(text));
    if (str_eq(text, S("~")))
        v->kind = JT_NULL;
    yaml_next_line(y);
    return v;
}

/* Length of "key:" at the start of the line, or 0. */
static inline size_t yaml_key(struct str line)
{
    size_t n = yaml_quoted(line);
    while (!yaml_quoted(line) && n < line.n &&
           !(line.p[n] == ':' && (n + 1 == line.n || line.p[n + 1] == ' ')))
        n++;
    return n < line.n && line.p[n] == ':' ? n + 1 : 0;
}

static inline bool yaml_is_item(struct str line)
{
    return str_starts(line, S("- ")) || str_eq(line, S("-"));
}

static inline struct jt *yaml_value(struct yaml *y);

static inline struct jt *yaml_list(struct yaml *y)
{
    struct jt *list = jt_new(y->arena, JT_ARRAY);
    size_t column = y->column;
    while (y->line.p && y->column == column && yaml_is_item(y->line)) {
        yaml_skip(y, 2);
        jt_append(list, yaml_value(y));
    }
    return list;
}

static inline struct jt *yaml_object(struct yaml *y)
{
    struct jt *object = jt_new(y->arena, JT_OBJECT);
    size_t column = y->column, n;
    while (y->line.p && y->column == column && (n = yaml_key(y->line))) {
        struct str key = str_slice(y->line, 0, n - 1);
        if (key.n && key.p[0] == '"')
            key = str_slice(key, 1, key.n - 1);
        yaml_skip(y, n);
        if (y->line.n)
            yaml_skip(y, 1);
        else
            yaml_next_line(y);
        jt_set(object, key, yaml_value(y));
    }
    return object;
}

static inline struct jt *yaml_value(struct yaml *y)
{
    if (yaml_is_item(y->line))
        return yaml_list(y);
    return yaml_key(y->line) ? yaml_object(y) : yaml_scalar(y);
}

static inline struct jt *yaml_read(struct arena *a, struct str text)
{
    struct yaml y = {.arena = a, .rest = text};
    yaml_next_line(&y);
    return yaml_value(&y);
}

#endif

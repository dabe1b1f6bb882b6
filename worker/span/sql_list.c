#include "worker/span/sql_list.h"

#include "worker/span/sql_words.h"

/* What is open in one pair of brackets.  Places are in the output. */
struct frame {
    bool selecting;        /* in the list of columns after SELECT: */
    size_t item;           /* its current item, */
    size_t run_from, run;  /* and the plain columns just before it */
    bool testing, between; /* in a condition; behind BETWEEN, whose AND joins nothing: */
    size_t operand;        /* its current operand, */
    bool has_prior;        /* and the one before it */
    size_t prior, prior_end;
};

struct shaper {
    const struct sql_tokens *in;
    size_t at;
    struct sql_token *out;
    size_t count;
    struct frame frames[SQL_DEPTH_MAX + 1];
    size_t depth;
    bool updating, endless;
};

static const struct sql_token nothing = {.kind = SQL_SIGN};

static const struct sql_token *in(const struct shaper *s, size_t ahead)
{
    size_t i = s->at + ahead;
    return i < s->in->count ? &s->in->list[i] : &nothing;
}

static struct frame *frame(struct shaper *s)
{
    return &s->frames[s->depth];
}

static void push(struct shaper *s, struct sql_token token)
{
    s->out[s->count++] = token;
}

static void push_text(struct shaper *s, struct str text)
{
    push(s, (struct sql_token){.kind = SQL_LITERAL, .text = text});
}

/* ---- columns after SELECT */

static bool is_plain(const struct sql_token *t)
{
    return sql_is_name(t) || sql_is_sign(t, '*');
}

/* The item is no plain column: those before it become one "..". */
static void close_run(struct shaper *s)
{
    struct frame *f = frame(s);
    size_t tail = s->count - f->item;
    if (f->run >= 2) {
        static const struct sql_token rest = {.kind = SQL_LITERAL, .text = {"..", 2}};
        s->out[f->run_from + 1] = s->out[f->item - 1];
        s->out[f->run_from] = rest;
        memmove(s->out + f->run_from + 2, s->out + f->item, tail * sizeof(*s->out));
        f->item = f->run_from + 2;
        s->count = f->item + tail;
    }
    f->run = 0;
}

static void end_item(struct shaper *s)
{
    struct frame *f = frame(s);
    if (s->count != f->item + 1 || !is_plain(&s->out[f->item]))
        return;
    if (!f->run++)
        f->run_from = f->item;
}

static void end_columns(struct shaper *s)
{
    struct frame *f = frame(s);
    if (!f->selecting)
        return;
    end_item(s);
    f->selecting = false;
    if (f->run < 2 || s->count != f->item + 1)
        return;
    s->count = f->run_from;
    push_text(s, S(".."));
}

static void append(struct shaper *s, const struct sql_token *t)
{
    struct frame *f = frame(s);
    bool begins = s->count == f->item;
    if (f->selecting && (begins ? !is_plain(t) : s->count == f->item + 1))
        close_run(s);
    push(s, *t);
}

/* ---- conditions */

static bool same(const struct shaper *s, size_t one, size_t two, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!str_eq(s->out[one + i].text, s->out[two + i].text))
            return false;
    return true;
}

static void end_operand(struct shaper *s)
{
    struct frame *f = frame(s);
    size_t n = s->count - f->operand;
    if (!f->testing || !n)
        return;
    if (f->has_prior && n == f->prior_end - f->prior && same(s, f->prior, f->operand, n)) {
        s->count = f->prior_end;
        return;
    }
    f->prior = f->operand;
    f->prior_end = s->count;
    f->has_prior = true;
}

static void begin_condition(struct shaper *s)
{
    struct frame *f = frame(s);
    f->testing = true;
    f->has_prior = f->between = false;
    f->operand = s->count;
}

static void join(struct shaper *s)
{
    struct frame *f = frame(s);
    bool joins = f->testing && !f->between;
    f->between = false;
    if (joins)
        end_operand(s);
    append(s, in(s, 0));
    if (joins)
        f->operand = s->count;
}

/* ---- lists that become one word */

static bool begins_query(const struct sql_token *t)
{
    return sql_is_word(t, S("select")) || sql_is_word(t, S("with"));
}

/* How far ahead of an opening bracket its closing one stands. */
static size_t closing(const struct shaper *s, size_t ahead)
{
    size_t depth = 0;
    for (;; ahead++) {
        if (sql_is_sign(in(s, ahead), '('))
            depth++;
        if (sql_is_sign(in(s, ahead), ')') && !--depth)
            return ahead;
    }
}

static bool take_in(struct shaper *s)
{
    if (!sql_is_sign(in(s, 1), '(') || begins_query(in(s, 2)))
        return false;
    append(s, in(s, 0));
    push_text(s, S("(%s)"));
    s->at += closing(s, 1) + 1;
    return true;
}

static bool take_values(struct shaper *s)
{
    if (!sql_is_sign(in(s, 1), '('))
        return false;
    append(s, in(s, 0));
    push_text(s, S("(%s)"));
    s->at += closing(s, 1) + 1;
    while (sql_is_sign(in(s, 0), ',') && sql_is_sign(in(s, 1), '('))
        s->at += closing(s, 1) + 1;
    return true;
}

static bool take_into(struct shaper *s)
{
    if (!sql_is_name(in(s, 1)))
        return false;
    bool columns = sql_is_sign(in(s, 2), '(') && !begins_query(in(s, 3));
    append(s, in(s, 0));
    push(s, *in(s, 1));
    if (columns || sql_is_word(in(s, 2), S("values")))
        push_text(s, S("(..)"));
    s->at += columns ? closing(s, 2) + 1 : 2;
    return true;
}

static bool ends_assignments(const struct sql_token *t)
{
    return sql_ends_condition(t) || sql_is_sign(t, ';');
}

/* The assignments of an UPDATE, when there are several. */
static bool take_set(struct shaper *s)
{
    size_t ahead = 1, depth = 0, commas = 0;
    for (; s->at + ahead < s->in->count; ahead++) {
        const struct sql_token *t = in(s, ahead);
        if (!depth && (ends_assignments(t) || sql_is_sign(t, ')')))
            break;
        depth += sql_is_sign(t, '(');
        depth -= sql_is_sign(t, ')');
        commas += !depth && sql_is_sign(t, ',');
    }
    if (!s->updating || !commas)
        return false;
    append(s, in(s, 0));
    push_text(s, S(".."));
    s->at += ahead;
    return true;
}

/* How far ahead the END of a CASE stands; 0: there is none in its brackets. */
static size_t case_end(const struct shaper *s)
{
    size_t depth = 0, cases = 0;
    for (size_t ahead = 0; s->at + ahead < s->in->count; ahead++) {
        const struct sql_token *t = in(s, ahead);
        if (sql_is_sign(t, ')') && !depth)
            return 0;
        depth += sql_is_sign(t, '(');
        depth -= sql_is_sign(t, ')');
        cases += !depth && sql_is_word(t, S("case"));
        if (!depth && sql_is_word(t, S("end")) && !--cases)
            return ahead;
    }
    return 0;
}

static bool take_case(struct shaper *s)
{
    size_t end = s->endless ? 0 : case_end(s);
    s->endless |= !end;
    if (!end)
        return false;
    append(s, &(struct sql_token){.kind = SQL_LITERAL, .text = S("CASE WHEN .. THEN .. END")});
    s->at += end + 1;
    return true;
}

/* A savepoint's or a cursor's name is made up for the occasion. */
static bool take_name(struct shaper *s)
{
    if (!sql_is_name(in(s, 1)))
        return false;
    append(s, in(s, 0));
    push_text(s, S("%s"));
    s->at += 2;
    return true;
}

static const struct {
    struct str word;
    bool (*take)(struct shaper *s); /* false: it is a word like others here */
} lists[] = {
    {{"IN", 2}, take_in},        {{"VALUES", 6}, take_values}, {{"INTO", 4}, take_into},
    {{"SET", 3}, take_set},      {{"CASE", 4}, take_case},     {{"SAVEPOINT", 9}, take_name},
    {{"DECLARE", 7}, take_name}, {{"CLOSE", 5}, take_name},
};

static bool take_list(struct shaper *s)
{
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        if (!sql_is_word(in(s, 0), lists[i].word))
            continue;
        if (ends_assignments(in(s, 0))) {
            end_columns(s);
            end_operand(s);
        }
        return lists[i].take(s);
    }
    return false;
}

/* ---- one token after the other */

static void open_bracket(struct shaper *s)
{
    append(s, in(s, 0));
    s->frames[++s->depth] = (struct frame){0};
    begin_condition(s);
}

static void close_bracket(struct shaper *s)
{
    end_columns(s);
    end_operand(s);
    s->depth--;
    append(s, in(s, 0));
}

static void take_comma(struct shaper *s)
{
    struct frame *f = frame(s);
    if (f->selecting)
        end_item(s);
    push(s, *in(s, 0));
    if (f->selecting)
        f->item = s->count;
}

static void take_clause(struct shaper *s)
{
    static const struct str conditions[] = {{"WHERE", 5}, {"ON", 2}, {"HAVING", 6}};
    struct frame *f = frame(s);
    end_columns(s);
    end_operand(s);
    f->testing = false;
    append(s, in(s, 0));
    if (sql_is_one_of(in(s, 0), conditions, 3))
        begin_condition(s);
    if (!sql_is_word(in(s, 0), S("select")))
        return;
    bool distinct = sql_is_word(in(s, 1), S("distinct"));
    if (distinct)
        push(s, *in(s, 1));
    s->at += distinct;
    f->selecting = true;
    f->run = 0;
    f->item = s->count;
}

static void take(struct shaper *s)
{
    const struct sql_token *t = in(s, 0);
    s->updating |= sql_is_word(t, S("update"));
    if (take_list(s))
        return;
    if (sql_is_word(t, S("and")) || sql_is_word(t, S("or")))
        join(s);
    else if (sql_is_sign(t, '('))
        open_bracket(s);
    else if (sql_is_sign(t, ')'))
        close_bracket(s);
    else if (sql_is_sign(t, ','))
        take_comma(s);
    else if (sql_ends_condition(t) || sql_is_sign(t, ';'))
        take_clause(s);
    else
        append(s, t);
    frame(s)->between |= sql_is_word(t, S("between"));
    s->at++;
}

void sql_list_whole(struct arena *a, struct sql_tokens *t)
{
    struct shaper s = {.in = t};
    s.out = arena_take(a, (t->count * 2 + 8) * sizeof(struct sql_token));
    while (s.at < t->count)
        take(&s);
    end_columns(&s);
    end_operand(&s);
    t->list = s.out;
    t->count = s.count;
}

/* How many tokens from `i` on are literals and commas. */
static size_t values_run(const struct sql_tokens *t, size_t i)
{
    size_t from = i;
    while (i < t->count && (t->list[i].kind == SQL_LITERAL || sql_is_sign(&t->list[i], ',')))
        i++;
    return i - from;
}

void sql_list_loose(struct sql_tokens *t)
{
    size_t n = 0;
    for (size_t i = 0; i < t->count; i++) {
        bool list = sql_is_word(&t->list[i], S("in")) || sql_is_word(&t->list[i], S("values"));
        bool open = i + 1 < t->count && sql_is_sign(&t->list[i + 1], '(');
        size_t run = list && open ? values_run(t, i + 2) : 0, end = i + 2 + run;
        t->list[n++] = t->list[i];
        if (!run || (end < t->count && !sql_is_sign(&t->list[end], ')')))
            continue;
        bool closed = end < t->count;
        t->list[n++] =
            (struct sql_token){.kind = SQL_LITERAL, .text = closed ? S("(%s)") : S("(%s")};
        i = closed ? end : end - 1;
    }
    t->count = n;
}

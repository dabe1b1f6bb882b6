#include "base/log.h"

#include <stdatomic.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/jw.h"
#include "base/text.h"

enum { LINE_MAX = 8192, TEXT_MAX = 2048, REQUEST_ID_MAX = 64 };

static const char *program_name = "vedette";
static _Atomic int least_level = LOG_INFO;
static _Thread_local char request_id[REQUEST_ID_MAX];
static _Thread_local size_t request_id_length;

void log_open(const char *program, enum log_level least)
{
    program_name = program;
    atomic_store(&least_level, (int)least);
}

void log_set_level(enum log_level least)
{
    atomic_store(&least_level, (int)least);
}

bool log_level_named(struct str name, enum log_level *level)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    for (int i = 0; i < 4; i++) {
        if (!str_eq(name, str_of(names[i])))
            continue;
        *level = (enum log_level)i;
        return true;
    }
    return false;
}

void log_request(struct str id)
{
    request_id_length = id.n < REQUEST_ID_MAX ? id.n : REQUEST_ID_MAX;
    if (id.n)
        memcpy(request_id, id.p, request_id_length);
}

/* Log lines must be valid JSON whatever bytes a field holds, and they must not need an arena. */
static void put_text(struct jw *line, struct str s)
{
    char clean[TEXT_MAX];
    size_t n = 0;
    bool valid;
    for (size_t at = 0, size; at < s.n && n + 4 <= TEXT_MAX; at += size) {
        struct str rest = str_slice(s, at, s.n);
        size = text_sequence(rest, &valid);
        memcpy(clean + n, valid ? rest.p : "?", valid ? size : 1);
        n += valid ? size : 1;
    }
    jw_str(line, (struct str){clean, n});
}

static void put_field(struct jw *line, const struct log_field *field)
{
    jw_key(line, field->name);
    if (field->is_number)
        jw_int(line, field->number);
    else if (field->text.p)
        put_text(line, field->text);
    else
        jw_null(line);
}

/* A field that would make the line too long is left out, with all after it. */
static void put_fields(struct jw *line, const struct log_field *fields, int count)
{
    for (int i = 0; i < count; i++) {
        struct jw before = *line;
        size_t length = line->to->len;
        put_field(line, &fields[i]);
        if (buf_ok(line->to) && line->to->len < LINE_MAX - 32)
            continue;
        *line = before;
        line->to->len = length;
        line->to->bad = false;
        jw_bool_k(line, "cut", true);
        return;
    }
}

void log_write(enum log_level level, const char *message, const struct log_field *fields, int count)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    if ((int)level < atomic_load_explicit(&least_level, memory_order_relaxed))
        return;
    char memory[LINE_MAX];
    struct buf out = {.data = memory, .cap = LINE_MAX, .max = LINE_MAX};
    struct jw line;
    jw_begin(&line, &out);
    jw_open(&line, '{');
    jw_time_k(&line, "time", clock_now());
    jw_str_k(&line, "level", str_of(names[level]));
    jw_str_k(&line, "program", str_of(program_name));
    jw_int_k(&line, "pid", getpid());
    if (request_id_length)
        jw_str_k(&line, "request", (struct str){request_id, request_id_length});
    jw_str_k(&line, "message", str_of(message));
    put_fields(&line, fields, count);
    jw_close(&line, '}');
    buf_putc(&out, '\n');
    ssize_t written = write(STDERR_FILENO, out.data, out.len);
    (void)written;
}

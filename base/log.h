/*
 * Structured log: one JSON line per record on standard error, with time, level, program, process,
 * and the request id of the thread's current request.
 *
 * log_info("accepted", LOG_STR("key", key), LOG_INT("bytes", n)) — the message is a constant
 * English sentence, everything that varies is a field; log_info("ready") alone is fine too.
 * Secrets are never fields.  A text is cut after 2 KiB; fields past the line's 8 KiB are left out
 * ("cut": true).  A line is written by one write(); a failing write is ignored.  Any thread may
 * call.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdint.h>

#include "base/str.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log_field {
    const char *name;
    struct str text;
    int64_t number;
    bool is_number;
};

#define LOG_STR(name, value) ((struct log_field){name, value, 0, false})
#define LOG_INT(name, value) ((struct log_field){name, {0}, value, true})

void log_open(const char *program, enum log_level least);     /* once, before threads */
void log_set_level(enum log_level least);                     /* after a reload; any thread */
bool log_level_named(struct str name, enum log_level *level); /* "debug", "info", … */
void log_request(struct str id); /* the thread's request id; an absent str clears it */
void log_write(enum log_level level, const char *message, const struct log_field *fields,
               int count);

/* The last of the fields is always this one and never written: so a message may have none. */
#define LOG_NO_FIELD ((struct log_field){0})
#define LOG_FIELDS(...) ((struct log_field[]){__VA_ARGS__})
#define LOG_AT(level, message, ...)                                                                \
    log_write(level, message, LOG_FIELDS(__VA_ARGS__),                                             \
              (int)(sizeof(LOG_FIELDS(__VA_ARGS__)) / sizeof(struct log_field)) - 1)
#define log_debug(...) LOG_AT(LOG_DEBUG, __VA_ARGS__, LOG_NO_FIELD)
#define log_info(...) LOG_AT(LOG_INFO, __VA_ARGS__, LOG_NO_FIELD)
#define log_warn(...) LOG_AT(LOG_WARN, __VA_ARGS__, LOG_NO_FIELD)
#define log_error(...) LOG_AT(LOG_ERROR, __VA_ARGS__, LOG_NO_FIELD)

#endif

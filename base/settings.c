#include "base/settings.h"

#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/text.h"

enum kind { KIND_TEXT, KIND_INT, KIND_BOOL };

enum { FILE_MAX = 65536, NAME_MAX = 64 };

struct row {
    const char *name, *manual, *text_default;
    int64_t default_value, min, max;
    size_t at;
    enum kind kind;
    bool reload;
};

#define DEFAULT_TEXT(fallback) .text_default = (fallback)
#define DEFAULT_INT(fallback) .default_value = (fallback)
#define DEFAULT_BOOL(fallback) .default_value = (fallback)

static const struct row rows[] = {
#define SETTING(id, type, fallback, least, most, again, words)                                     \
    {.name = #id,                                                                                  \
     .kind = KIND_##type,                                                                          \
     .at = offsetof(struct settings, id),                                                          \
     DEFAULT_##type(fallback),                                                                     \
     .min = (least),                                                                               \
     .max = (most),                                                                                \
     .reload = (again),                                                                            \
     .manual = (words)},
#include "base/settings.def"
#undef SETTING
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

/* A reload makes a new version and leaves the old ones alone: threads may be reading them. */
struct version {
    struct settings values;
    struct version *before;
};

static struct version first;
static _Atomic(struct version *) newest = &first;

/* Texts stay for the life of the process: they change only on a reload, and readers hold them. */
struct kept {
    struct kept *next;
    char text[];
};

static struct kept *all_kept;

static const char *keep(struct str s)
{
    struct kept *k = malloc(sizeof(*k) + s.n + 1);
    if (!k)
        abort();
    if (s.n)
        memcpy(k->text, s.p, s.n);
    k->text[s.n] = '\0';
    k->next = all_kept;
    all_kept = k;
    return k->text;
}

static void *field(struct settings *into, const struct row *row)
{
    return (char *)into + row->at;
}

static const void *field_read(const struct settings *from, const struct row *row)
{
    return (const char *)from + row->at;
}

static void set_defaults(struct settings *into)
{
    for (const struct row *row = rows; row < rows + ROWS; row++) {
        if (row->kind == KIND_TEXT)
            *(const char **)field(into, row) = row->text_default;
        else if (row->kind == KIND_INT)
            *(int64_t *)field(into, row) = row->default_value;
        else
            *(bool *)field(into, row) = row->default_value != 0;
    }
}

static bool parse_bool(struct str value, bool *out)
{
    static const struct {
        const char *word;
        bool value;
    } words[] = {{"1", true},  {"true", true},   {"yes", true}, {"on", true},
                 {"0", false}, {"false", false}, {"no", false}, {"off", false}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (!str_case_eq(value, str_of(words[i].word)))
            continue;
        *out = words[i].value;
        return true;
    }
    return false;
}

static bool assign_bool(void *at, const struct row *row, struct str value, struct buf *error)
{
    bool fine = parse_bool(value, at);
    if (!fine)
        buf_printf(error, "%s must be yes or no", row->name);
    return fine;
}

static bool assign_int(void *at, const struct row *row, struct str value, struct buf *error)
{
    int64_t number;
    bool fine = text_int64(value, &number) && number >= row->min && number <= row->max;
    if (fine)
        *(int64_t *)at = number;
    else
        buf_printf(error, "%s must be a number from %lld to %lld", row->name, (long long)row->min,
                   (long long)row->max);
    return fine;
}

static bool assign_text(void *at, const struct row *row, struct str value, struct buf *error)
{
    int64_t length = (int64_t)value.n;
    bool fine = length >= row->min && length <= row->max && str_index(value, '\0') == value.n;
    if (fine)
        *(const char **)at = keep(value);
    else
        buf_printf(error, "%s must have %lld to %lld bytes", row->name, (long long)row->min,
                   (long long)row->max);
    return fine;
}

/* Appends why the value is refused to *error. */
static bool assign(struct settings *into, const struct row *row, struct str value,
                   struct buf *error)
{
    static bool (*const by_kind[])(void *, const struct row *, struct str, struct buf *) = {
        [KIND_TEXT] = assign_text, [KIND_INT] = assign_int, [KIND_BOOL] = assign_bool};
    return by_kind[row->kind](field(into, row), row, value, error);
}

static const struct row *row_named(struct str name)
{
    for (const struct row *row = rows; row < rows + ROWS; row++)
        if (str_eq(name, str_of(row->name)))
            return row;
    return NULL;
}

static bool read_line(struct settings *into, struct str line, struct buf *error)
{
    line = str_trim(line);
    if (line.n == 0 || line.p[0] == '#')
        return true;
    size_t equals = str_index(line, '=');
    struct str name = str_trim(str_slice(line, 0, equals));
    const struct row *row = row_named(name);
    if (equals == line.n) {
        buf_printf(error, "expected NAME=value");
        return false;
    }
    if (!row) {
        buf_printf(error, "unknown setting %.*s", STR_ARG(name));
        return false;
    }
    return assign(into, row, str_trim(str_slice(line, equals + 1, line.n)), error);
}

bool settings_read(struct settings *into, struct str file, struct buf *error)
{
    for (int number = 1; file.p; number++) {
        struct buf why;
        buf_init(&why, 1024);
        bool fine = read_line(into, str_split(&file, '\n'), &why);
        if (!fine)
            buf_printf(error, "line %d: %.*s", number, STR_ARG(buf_str(&why)));
        buf_free(&why);
        if (!fine)
            return false;
    }
    return true;
}

/* False when the file cannot be read. */
static bool read_file(const char *path, struct buf *to)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    char *room = buf_reserve(to, FILE_MAX);
    to->len = room ? fread(room, 1, FILE_MAX, file) : 0;
    bool whole = room && feof(file) && !ferror(file);
    fclose(file);
    return whole;
}

static bool load_file(struct settings *into, struct buf *error)
{
    const char *named = getenv("VEDETTE_CONFIG");
    const char *path = named && *named ? named : "/etc/vedette.conf";
    struct buf file, why;
    buf_init(&file, FILE_MAX + 1);
    buf_init(&why, 2048);
    bool fine = true;
    if (read_file(path, &file)) {
        fine = settings_read(into, buf_str(&file), &why);
        if (!fine)
            buf_printf(error, "%s, %.*s", path, STR_ARG(buf_str(&why)));
    } else if (named && *named) {
        buf_printf(error, "cannot read the configuration file %s", path);
        fine = false;
    }
    buf_free(&file);
    buf_free(&why);
    return fine;
}

static const char *environment(const struct row *row, const char *suffix)
{
    char name[NAME_MAX];
    int n = snprintf(name, sizeof(name), "VEDETTE_%s%s", row->name, suffix);
    for (int i = 0; i < n && i < NAME_MAX; i++)
        if (name[i] >= 'a' && name[i] <= 'z')
            name[i] = (char)(name[i] - 'a' + 'A');
    return getenv(name);
}

static bool load_row(struct settings *into, const struct row *row, struct buf *error)
{
    const char *value = environment(row, ""), *path = environment(row, "_FILE");
    if (value)
        return assign(into, row, str_of(value), error);
    if (!path)
        return true;
    struct buf file;
    buf_init(&file, FILE_MAX + 1);
    bool fine = read_file(path, &file);
    if (fine)
        fine = assign(into, row, str_trim(buf_str(&file)), error);
    else
        buf_printf(error, "cannot read %s, the file of the setting %s", path, row->name);
    buf_free(&file);
    return fine;
}

static bool load(struct settings *into, struct buf *error)
{
    set_defaults(into);
    if (!load_file(into, error))
        return false;
    for (const struct row *row = rows; row < rows + ROWS; row++)
        if (!load_row(into, row, error))
            return false;
    return true;
}

void settings_load(void)
{
    struct buf error;
    buf_init(&error, 4096);
    if (!load(&first.values, &error)) {
        fprintf(stderr, "vedette: %.*s\n", STR_ARG(buf_str(&error)));
        exit(2);
    }
    buf_free(&error);
}

static size_t field_size(const struct row *row)
{
    static const size_t sizes[] = {[KIND_TEXT] = sizeof(const char *),
                                   [KIND_INT] = sizeof(int64_t),
                                   [KIND_BOOL] = sizeof(bool)};
    return sizes[row->kind];
}

void settings_reload(void)
{
    struct settings fresh;
    struct buf error;
    buf_init(&error, 4096);
    if (load(&fresh, &error)) {
        struct version *next = malloc(sizeof(*next));
        if (!next)
            abort();
        next->before = newest;
        next->values = next->before->values;
        for (const struct row *row = rows; row < rows + ROWS; row++)
            if (row->reload)
                memcpy(field(&next->values, row), field_read(&fresh, row), field_size(row));
        newest = next;
        log_info("settings read again", LOG_INT("count", ROWS));
    } else {
        log_error("settings not changed", LOG_STR("reason", buf_str(&error)));
    }
    buf_free(&error);
}

const struct settings *settings(void)
{
    return &newest->values;
}

static void print_value(struct buf *to, const struct row *row, const struct settings *from)
{
    const void *at = field_read(from, row);
    if (row->kind == KIND_TEXT)
        buf_puts(to, *(const char *const *)at);
    else if (row->kind == KIND_INT)
        buf_printf(to, "%lld", (long long)*(const int64_t *)at);
    else
        buf_puts(to, *(const bool *)at ? "yes" : "no");
}

void settings_print(struct buf *to)
{
    for (const struct row *row = rows; row < rows + ROWS; row++) {
        buf_printf(to, "# %s\n%s=", row->manual, row->name);
        print_value(to, row, settings());
        buf_putc(to, '\n');
    }
}

void settings_manual(struct buf *to)
{
    struct settings defaults;
    set_defaults(&defaults);
    buf_puts(to, "| setting | default | meaning |\n|---|---|---|\n");
    for (const struct row *row = rows; row < rows + ROWS; row++) {
        buf_printf(to, "| `%s` | `", row->name);
        print_value(to, row, &defaults);
        buf_printf(to, "` | %s%s |\n", row->manual, row->reload ? "" : " Needs a restart.");
    }
}

#include "api/options.h"

static void put_texts(struct jw *j, const struct field_texts *texts)
{
    jw_open(j, '[');
    for (size_t i = 0; i < texts->count; i++)
        if (str_trim(texts->items[i]).n)
            jw_str(j, texts->items[i]);
    jw_close(j, ']');
}

static void put_field(struct jw *j, const struct field *field, const void *at)
{
    jw_key(j, field->name);
    switch (field->kind) {
    case FIELD_BOOL:
        jw_bool(j, *(const bool *)at);
        break;
    case FIELD_INT:
        jw_int(j, *(const int64_t *)at);
        break;
    case FIELD_TEXTS:
        put_texts(j, at);
        break;
    case FIELD_JSON:
        jw_raw(j, *(const struct str *)at);
        break;
    default:
        jw_opt_str(j, *(const struct str *)at);
    }
}

void options_put_sent(struct jw *j, const struct field *fields, const void *from)
{
    const char *base = from;
    for (const struct field *f = fields; f->name; f++) {
        if (f->present && *(const bool *)(base + f->present - 1))
            put_field(j, f, base + f->at);
    }
}

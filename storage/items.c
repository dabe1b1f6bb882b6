#include "storage/items.h"

#include <stddef.h>

static const struct {
    struct str name;
    enum category category;
    bool creates_event;
} types[ITEM_TYPE_COUNT] = {
#define X(constant, wire, kind, creates)                                                           \
    [ITEM_##constant] = {{wire, sizeof(wire) - 1}, CATEGORY_##kind, creates},
    ITEM_TYPES(X)
#undef X
};

static const struct str categories[CATEGORY_COUNT] = {
#define X(constant, text) [CATEGORY_##constant] = {text, sizeof(text) - 1},
    CATEGORIES(X)
#undef X
};

static const struct str outcomes[] = {
#define X(constant, text, id) [id] = {text, sizeof(text) - 1},
    OUTCOMES(X)
#undef X
};

enum item_type item_type_of(struct str name)
{
    if (str_eq(name, S("profile_chunk_ui")))
        return ITEM_PROFILE_CHUNK;
    for (int type = ITEM_UNKNOWN + 1; type < ITEM_TYPE_COUNT; type++)
        if (str_eq(types[type].name, name))
            return (enum item_type)type;
    return ITEM_UNKNOWN;
}

struct str item_type_name(enum item_type type)
{
    return type > ITEM_UNKNOWN && type < ITEM_TYPE_COUNT ? types[type].name : S("unknown");
}

enum category item_type_category(enum item_type type)
{
    return type > ITEM_UNKNOWN && type < ITEM_TYPE_COUNT ? types[type].category : CATEGORY_NONE;
}

bool item_type_creates_event(enum item_type type)
{
    return type > ITEM_UNKNOWN && type < ITEM_TYPE_COUNT && types[type].creates_event;
}

struct str category_name(enum category c)
{
    return (unsigned)c < CATEGORY_COUNT ? categories[c] : (struct str){0};
}

enum category category_named(struct str name)
{
    for (int c = CATEGORY_NONE + 1; c < CATEGORY_COUNT; c++)
        if (str_eq(categories[c], name))
            return (enum category)c;
    return CATEGORY_NONE;
}

struct str outcome_name(enum outcome o)
{
    return (unsigned)o < sizeof(outcomes) / sizeof(*outcomes) ? outcomes[o] : (struct str){0};
}

#include "storage/span_status.h"

static const struct str names[SPAN_STATUS_COUNT] = {
    {"ok", 2},
    {"cancelled", 9},
    {"unknown", 7},
    {"invalid_argument", 16},
    {"deadline_exceeded", 17},
    {"not_found", 9},
    {"already_exists", 14},
    {"permission_denied", 17},
    {"resource_exhausted", 18},
    {"failed_precondition", 19},
    {"aborted", 7},
    {"out_of_range", 12},
    {"unimplemented", 13},
    {"internal_error", 14},
    {"unavailable", 11},
    {"data_loss", 9},
    {"unauthenticated", 15},
};

static const struct {
    struct str name;
    int status;
} old_names[] = {
    {{"success", 7}, SPAN_STATUS_OK},
    {{"failure", 7}, SPAN_STATUS_INTERNAL_ERROR},
    {{"unknown_error", 13}, SPAN_STATUS_UNKNOWN},
};

int span_status_named(struct str name)
{
    for (int i = 0; i < SPAN_STATUS_COUNT; i++)
        if (str_eq(name, names[i]))
            return i;
    for (size_t i = 0; i < sizeof(old_names) / sizeof(old_names[0]); i++)
        if (str_eq(name, old_names[i].name))
            return old_names[i].status;
    return SPAN_STATUS_NONE;
}

struct str span_status_name(int status)
{
    return status >= 0 && status < SPAN_STATUS_COUNT ? names[status] : (struct str){0};
}

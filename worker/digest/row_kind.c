#include "worker/digest/row_kind.h"

#define X(constant, variable) extern const struct row_kind variable;
ROW_KIND_LIST(X)
#undef X

static const struct row_kind *const kinds[ROW_KINDS] = {
#define X(constant, variable) [ROW_##constant] = &(variable),
    ROW_KIND_LIST(X)
#undef X
};

const struct row_kind *row_kind(enum row_kind_id id)
{
    return kinds[id];
}

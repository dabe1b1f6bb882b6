/*
 * Settings that lie together as JSON in a row's options, under the names they have in bodies.
 */
#ifndef API_OPTIONS_H
#define API_OPTIONS_H

#include "base/bind.h"
#include "base/jw.h"

enum { OPTIONS_JSON_MAX = 4 << 20 };

/* A row of a field table: the member, and the bool beside it that is named after it. */
#define OPTION_FIELD(type, name, kind, flags, min, max, member)                                    \
    {                                                                                              \
        name, kind, offsetof(type, member), flags, min, max, NULL,                                 \
            FIELD_PRESENT(type, member##_sent)                                                     \
    }

/* Those of the fields whose `present` says that they were sent, as members of the open object.
 * Blank members of lists are left out. */
void options_put_sent(struct jw *j, const struct field *fields, const void *from);

#endif

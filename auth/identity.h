/* Who is asking, as the gate found out.  Lives in the request's arena. */
#ifndef AUTH_IDENTITY_H
#define AUTH_IDENTITY_H

#include <stdint.h>

#include "base/str.h"

enum identity_kind { IDENTITY_NOBODY, IDENTITY_SESSION, IDENTITY_TOKEN };

struct identity {
    enum identity_kind kind;
    int64_t user_id;         /* 0: nobody, or an organization's token */
    int64_t token_id;        /* IDENTITY_TOKEN */
    int64_t organization_id; /* an organization token's; 0: any the user belongs to */
    uint32_t token_scopes;   /* IDENTITY_TOKEN: what the token may; sessions: all bits */
    uint32_t
        scopes; /* in the request's organization: role's scopes ∩ token's; 0 before it is known */
    bool is_superuser;
    struct str email, name;
    struct str session_hash; /* IDENTITY_SESSION: primary key bytes of the session row */
};

#endif

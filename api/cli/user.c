#include <inttypes.h>
#include <stdio.h>

#include "api/cli/command.h"
#include "api/cli/secret.h"
#include "auth/password.h"
#include "auth/scope.h"
#include "base/clock.h"
#include "sql.h"
#include "storage/pg.h"

enum { EMAIL_MAX = 254 };

int command_createuser(struct call *call)
{
    struct str email = str_of(call->words[0]);
    const char *role = call->count == 2 ? call->words[1] : NULL;
    if (str_index(email, '@') == email.n || email.n > EMAIL_MAX)
        return command_fail("%s is not an e-mail address", call->words[0]);
    if (role && scope_of_role(str_of(role)) == 0)
        return command_fail("there is no role %s", role);
    struct str password = secret_password(call->arena);
    struct str hash = password_hash(call->arena, password);
    if (!hash.p)
        return command_fail("too many people are signing in; try again");
    struct pg *db = command_database();
    pg_query(db, call->arena, &SQL_operator_save_user, email, hash, role,
             pg_time(call->arena, clock_now()));
    bool fine = command_database_ok(db);
    pg_close(db);
    if (fine)
        printf("%s  %.*s\n", call->words[0], STR_ARG(password));
    return fine ? COMMAND_DONE : COMMAND_FAILED;
}

#include "worker/digest/user.h"

#include "base/text.h"
#include "storage/md5.h"
#include "worker/digest/geo.h"
#include "worker/digest/interfaces.h"
#include "worker/digest/trim.h"

enum { DATA_DEPTH = 7, DATA_BYTES = 8192 };

static const struct str automatic = {"{{auto}}", 8};

static struct jt *user_object(struct normalizer *n)
{
    struct jt *user = jt_get(n->event, S("user"));
    if (user)
        return user;
    user = jt_new(n->arena, JT_OBJECT);
    jt_set(n->event, S("user"), user);
    return user;
}

static void set_address(struct normalizer *n, struct str ip)
{
    jt_set(user_object(n), S("ip_address"), jt_new_str(n->arena, ip));
}

static void use_client_ip(const struct normalizer *n, struct jt *address)
{
    if (address && str_eq(jt_str(address), automatic) && n->record->client_ip.n)
        address->text = n->record->client_ip;
}

/* Takes the address out unless it is one; true when it stays. */
static bool check_address(struct normalizer *n, struct jt *user)
{
    struct jt *address = jt_get(user, S("ip_address"));
    if (!address)
        return false;
    struct str ip = text_ip(n->arena, address->text);
    if (ip.p) {
        address->text = ip;
        return true;
    }
    meta_enter(&n->meta, S("user"));
    meta_enter(&n->meta, address->key);
    meta_error(&n->meta, "invalid_data", address, S("expected an address"));
    meta_leave(&n->meta);
    meta_leave(&n->meta);
    jt_remove(user, address);
    return false;
}

/* Only these run on the machine of the user. */
static bool runs_at_user(const struct normalizer *n)
{
    struct str platform = normalize_text(n, S("platform"));
    const struct jt *settings = jt_get(jt_get(n->event, S("sdk")), S("settings"));
    bool forbidden = str_eq(jt_get_str(settings, S("infer_ip")), S("never"));
    return !forbidden && (str_eq(platform, S("javascript")) || str_eq(platform, S("cocoa")) ||
                          str_eq(platform, S("objc")));
}

static void normalize_address(struct normalizer *n)
{
    const struct jt *env = jt_get(jt_get(n->event, S("request")), S("env"));
    struct jt *remote = jt_get(env, S("REMOTE_ADDR"));
    struct jt *user = jt_get(n->event, S("user"));
    use_client_ip(n, jt_get(user, S("ip_address")));
    use_client_ip(n, remote);
    if (check_address(n, user))
        return;
    struct str ip = text_ip(n->arena, jt_str(remote));
    if (!ip.p && runs_at_user(n))
        ip = text_ip(n->arena, n->record->client_ip);
    if (ip.p)
        set_address(n, ip);
}

/* Keys of the SDK's own choice move to user.data. */
static bool stays_in_user(struct jt *v, void *data)
{
    if (shape_has(&shape_user, v->key))
        return true;
    jt_append(data, v);
    return false;
}

static void move_unknown(struct normalizer *n, struct jt *user)
{
    struct jt *sent = jt_get(user, S("data"));
    struct jt *data = sent ? sent : jt_new(n->arena, JT_OBJECT);
    jt_filter(user, stays_in_user, data);
    if (!data->count)
        return;
    jt_set(user, S("data"), data);
    meta_enter(&n->meta, user->key);
    meta_enter(&n->meta, data->key);
    trim_value(&n->meta, data, DATA_DEPTH, DATA_BYTES);
    meta_leave(&n->meta);
    meta_leave(&n->meta);
}

struct str user_tag(struct arena *a, const struct jt *event)
{
    static const struct {
        struct str key;
        const char *tag;
    } identities[] = {{{"id", 2}, "id"},
                      {{"username", 8}, "username"},
                      {{"email", 5}, "email"},
                      {{"ip_address", 10}, "ip"}};
    const struct jt *user = jt_get(event, S("user"));
    for (size_t i = 0; i < sizeof(identities) / sizeof(identities[0]); i++) {
        struct str value = jt_get_str(user, identities[i].key);
        if (value.n)
            return str_of(arena_printf(a, "%s:%.*s", identities[i].tag, STR_ARG(value)));
    }
    return (struct str){0};
}

/* What the SDK knows better is left to it. */
static void add_place(struct normalizer *n, struct jt *user)
{
    const struct jt *sent = jt_get(user, S("geo"));
    if (sent && sent->kind == JT_OBJECT && sent->count)
        return;
    struct jt *geo = geo_of(n->arena, jt_get_str(user, S("ip_address")));
    if (geo)
        jt_set(user, S("geo"), geo);
}

void user_normalize(struct normalizer *n)
{
    normalize_address(n);
    struct jt *user = jt_get(n->event, S("user"));
    if (!user)
        return;
    move_unknown(n, user);
    add_place(n, user);
    struct str tag = user_tag(n->arena, n->event);
    n->out->has_user = tag.p != NULL;
    n->out->user_hash = tag.p ? md5_number(tag) : 0;
    if (!user->count)
        normalize_drop(n, user);
}

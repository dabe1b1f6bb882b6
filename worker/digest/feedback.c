#include "worker/digest/feedback.h"

#include "base/text.h"
#include "worker/digest/pairs.h"

enum { MESSAGE_MAX = 4096 };

static bool refuse(struct event_refusal *refusal, struct str reason)
{
    *refusal = (struct event_refusal){OUTCOME_INVALID, reason};
    return false;
}

static bool check(const struct jt *feedback, struct event_refusal *refusal)
{
    struct uuid id;
    const struct jt *message = jt_get(feedback, S("message"));
    struct str associated = jt_get_str(feedback, S("associated_event_id"));
    if (!message || message->kind != JT_STRING)
        return refuse(refusal, S("missing_context"));
    /* What Unreal's reporter says when nobody sits there. */
    if (str_eq(message->text, S("Sent in the unattended mode")))
        return refuse(refusal, S("unreal.unattended"));
    if (!str_trim(message->text).n)
        return refuse(refusal, S("empty"));
    if (text_points(message->text) > MESSAGE_MAX)
        return refuse(refusal, S("too_large"));
    if (associated.n && !uuid_parse(associated, &id))
        return refuse(refusal, S("invalid_associated_event_id"));
    return true;
}

static void put_default(struct arena *a, struct jt *object, struct str key, struct str text)
{
    const struct jt *there = jt_get(object, key);
    if (text.n && (!there || there->kind == JT_NULL))
        jt_set(object, key, jt_new_str(a, text));
}

static struct jt *object_in(struct arena *a, struct jt *event, struct str key)
{
    struct jt *object = jt_get(event, key);
    if (object && object->kind == JT_OBJECT)
        return object;
    object = jt_new(a, JT_OBJECT);
    jt_set(event, key, object);
    return object;
}

static void put_tags(struct arena *a, struct jt *event, const struct jt *feedback)
{
    struct jt *pairs = pairs_of(a, jt_get(event, S("tags")));
    struct str email = jt_get_str(feedback, S("contact_email"));
    struct str associated = jt_get_str(feedback, S("associated_event_id"));
    if (!pairs)
        pairs = jt_new(a, JT_ARRAY);
    if (email.n)
        pairs_add(a, pairs, S("user.email"), jt_new_str(a, email));
    if (associated.n)
        pairs_add(a, pairs, S("associated_event_id"), jt_new_str(a, associated));
    pairs_add(a, pairs, S("has_linked_error"),
              jt_new_str(a, associated.n ? S("true") : S("false")));
    jt_set(event, S("tags"), pairs);
}

/* Every feedback is an issue of its own. */
static void put_fingerprint(struct arena *a, struct jt *event, struct uuid id)
{
    struct jt *fingerprint = jt_new(a, JT_ARRAY);
    jt_append(fingerprint, jt_new_str(a, uuid_text(a, id)));
    jt_set(event, S("fingerprint"), fingerprint);
}

bool feedback_complete(struct arena *a, const struct event_source *source, struct jt *event,
                       struct event_refusal *refusal)
{
    const struct jt *feedback = jt_get(jt_get(event, S("contexts")), S("feedback"));
    if (!check(feedback, refusal))
        return false;
    put_default(a, event, S("level"), S("info"));
    put_default(a, event, S("environment"), S("production"));
    jt_set(event, S("culprit"), jt_new_str(a, S("user")));
    put_default(a, object_in(a, event, S("user")), S("email"),
                jt_get_str(feedback, S("contact_email")));
    put_tags(a, event, feedback);
    put_fingerprint(a, event, source->record->event_id);
    return true;
}

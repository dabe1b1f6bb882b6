/* For tests of the digest: log records with events in them, made of a few words. */
#ifndef TESTS_UNIT_RECORDS_H
#define TESTS_UNIT_RECORDS_H

#include "base/text.h"
#include "storage/eventlog.h"

/* An event id made of a number. */
static inline struct uuid record_uuid(uint64_t number)
{
    struct uuid u = {{0}};
    for (size_t i = 0; i < sizeof(number); i++)
        u.bytes[15 - i] = (uint8_t)(number >> (8 * i));
    return u;
}

/* A record of one item.  Its request id is as fresh as its event id. */
struct record {
    struct log_record head;
    struct log_item item;
};

static inline struct log_record *record_of(struct arena *a, enum item_type type, uint64_t number,
                                           int64_t received, struct str payload)
{
    struct record *r = arena_new_of(a, struct record);
    r->item = (struct log_item){.type = type, .quantity = 1, .payload = payload};
    r->head = (struct log_record){.request_id = record_uuid(number + 1000000007),
                                  .received = received,
                                  .project_id = 1,
                                  .key_id = 1,
                                  .has_event_id = true,
                                  .event_id = record_uuid(number),
                                  .items = &r->item,
                                  .item_count = 1};
    return &r->head;
}

/* {"event_id": …, "fingerprint": [issue], "message": issue, more}; `more` begins with a comma. */
static inline struct log_record *record_event(struct arena *a, uint64_t number, int64_t received,
                                              const char *issue, const char *more)
{
    struct str id = uuid_text(a, record_uuid(number));
    const char *payload =
        arena_printf(a,
                     "{\"event_id\":\"%.*s\",\"timestamp\":%.6f,\"platform\":\"python\","
                     "\"fingerprint\":[\"%s\"],\"message\":\"%s\"%s}",
                     STR_ARG(id), (double)received / 1e6, issue, issue, more);
    return record_of(a, ITEM_EVENT, number, received, str_of(payload));
}

#endif

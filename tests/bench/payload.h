/*
 * Bodies for the load generator: envelopes of one error event each, or of one transaction with so
 * many spans; no two the same.
 *
 * Body number i of a run is a function of (seed, i) alone, so a repeated request has the same id.
 * It varies in id, time, user (10,000), eight tags and issue (100, by Zipf's law); the rest, a
 * stack trace and breadcrumbs up to the wanted size, is made once for each issue.  Half of the
 * bodies are gzipped: the varying part as stored blocks, the fixed part from a deflate stream made
 * once, so that making a body costs the sender a few microseconds and not the server's share of the
 * machine.
 */
#ifndef TESTS_BENCH_PAYLOAD_H
#define TESTS_BENCH_PAYLOAD_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define TRACE_ID "%032x"
enum { ISSUES = 100, USERS = 10000, HEAD_MAX = 2048, FRAMES = 12, ID_DIGITS = 32 };

struct fixed_part {
    char *plain, *deflated;
    size_t plain_size, deflated_size;
};

struct payloads {
    uint64_t seed;
    size_t size;    /* of the whole envelope, uncompressed */
    unsigned spans; /* of a transaction; 0: errors are sent, and spans do not count */
    unsigned gzip_percent;
    double cumulative[ISSUES];
    struct fixed_part issues[ISSUES];
};

struct payload {
    char id[ID_DIGITS + 1];
    bool gzipped;
    char *bytes; /* the caller's, payloads_room() large */
    size_t size;
};

/* SplitMix64: one well mixed number for each (seed, i, which). */
static inline uint64_t payload_random(const struct payloads *p, uint64_t i, uint64_t which)
{
    uint64_t x = p->seed + i * 0x9E3779B97F4A7C15u + which * 0xD1B54A32D192ED03u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

static inline int payload_issue(const struct payloads *p, uint64_t i)
{
    double at = (double)(payload_random(p, i, 1) >> 11) / (double)(1ull << 53);
    int low = 0;
    for (int high = ISSUES - 1; low < high;) {
        int middle = (low + high) / 2;
        if (p->cumulative[middle] < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- what is made once */

static inline size_t payload_frames(char *to, size_t room, int issue)
{
    size_t n = (size_t)snprintf(
        to, room,
        ",\"exception\":{\"values\":[{\"type\":\"Issue%dError\",\"value\":\"could not finish step "
        "%d\",\"mechanism\":{\"type\":\"generic\",\"handled\":false},\"stacktrace\":{\"frames\":[",
        issue, issue);
    for (int f = 0; f < FRAMES; f++)
        n += (size_t)snprintf(to + n, room - n,
                              "%s{\"filename\":\"app/part_%d.py\",\"function\":\"step_%d_%d\","
                              "\"module\":\"app.part_%d\",\"lineno\":%d,\"in_app\":true}",
                              f ? "," : "", f, issue, f, f, 10 + f);
    return n + (size_t)snprintf(to + n, room - n, "]}}]},\"breadcrumbs\":{\"values\":[");
}

/* Queries and calls of a request that ended just before `time`, one after the other. */
static inline void payload_spans(struct fixed_part *part, unsigned spans, int issue, double time)
{
    enum { SPAN_MAX = 512 };
    size_t room = (size_t)spans * SPAN_MAX + 64, n = 0;
    part->plain = malloc(room);
    n += (size_t)snprintf(part->plain, room, ",\"spans\":[");
    for (unsigned i = 0; i < spans; i++)
        n += (size_t)snprintf(
            part->plain + n, room - n,
            "%s{\"trace_id\":\"" TRACE_ID "\",\"span_id\":\"b%015x\",\"parent_span_id\":"
            "\"a000000000000000\",\"op\":\"%s\",\"description\":\"%s\",\"status\":\"ok\","
            "\"origin\":\"auto.db\",\"start_timestamp\":%.3f,\"timestamp\":%.3f,\"data\":{"
            "\"db.system\":\"postgresql\",\"server.address\":\"db-%d\",\"thread.name\":\"main\"}}",
            i ? "," : "", issue + 1, i, i % 2 ? "db" : "http.client",
            i % 2 ? "SELECT u.id, u.name FROM users u WHERE u.id = 17 AND u.kind IN (1, 2, 3)"
                  : "GET https://api.example.com/v1/users?page=7",
            time - 1 + i * 0.001, time - 0.9 + i * 0.001, issue);
    memcpy(part->plain + n, "]}\n", 3);
    part->plain_size = n + 3;
}

static inline void payload_fixed(struct fixed_part *part, size_t size, int issue)
{
    static const char end[] = "]}}\n";
    size_t room = size + 8192, n = 0;
    part->plain = malloc(room);
    n += payload_frames(part->plain, room, issue);
    for (int b = 0; n + 170 < size; b++)
        n += (size_t)snprintf(part->plain + n, room - n,
                              "%s{\"type\":\"http\",\"category\":\"request\",\"level\":\"info\","
                              "\"message\":\"GET /api/part/%d/%08x\",\"data\":{\"status\":200}}",
                              b ? "," : "", b, (unsigned)(issue * 7919 + b) * 2654435761u);
    memcpy(part->plain + n, end, sizeof(end) - 1);
    part->plain_size = n + sizeof(end) - 1;
}

/* Raw deflate blocks ending in a final one, to stand behind stored blocks. */
static inline void payload_deflate(struct fixed_part *part)
{
    z_stream z = {0};
    size_t room = part->plain_size + 1024;
    part->deflated = malloc(room);
    if (deflateInit2(&z, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    z.next_in = (unsigned char *)part->plain;
    z.avail_in = (unsigned)part->plain_size;
    z.next_out = (unsigned char *)part->deflated;
    z.avail_out = (unsigned)room;
    if (deflate(&z, Z_FINISH) != Z_STREAM_END)
        abort();
    part->deflated_size = z.total_out;
    deflateEnd(&z);
}

static inline void payloads_open(struct payloads *p, uint64_t seed, size_t size, unsigned gzip,
                                 unsigned spans, double time)
{
    double sum = 0, at = 0;
    *p = (struct payloads){.seed = seed, .size = size, .gzip_percent = gzip, .spans = spans};
    for (int i = 0; i < ISSUES; i++)
        sum += 1.0 / (i + 1);
    for (int i = 0; i < ISSUES; i++) {
        p->cumulative[i] = at += 1.0 / (i + 1) / sum;
        if (spans)
            payload_spans(&p->issues[i], spans, i, time);
        else
            payload_fixed(&p->issues[i], size > 900 ? size - 900 : 0, i);
        payload_deflate(&p->issues[i]);
    }
}

static inline size_t payloads_room(const struct payloads *p)
{
    return p->size + p->issues[0].plain_size + HEAD_MAX + 8192;
}

/* ---- what is made for each */

static inline size_t payload_event(const struct payloads *p, uint64_t i, const char *id,
                                   double time, char *to)
{
    uint64_t r = payload_random(p, i, 2);
    return (size_t)snprintf(
        to, HEAD_MAX,
        "{\"event_id\":\"%s\",\"timestamp\":%.3f,\"platform\":\"python\",\"level\":\"error\","
        "\"release\":\"shop@1.%u.0\",\"environment\":\"%s\",\"server_name\":\"web-%u\","
        "\"user\":{\"id\":\"%u\"},\"tags\":{\"region\":\"r%u\",\"plan\":\"p%u\",\"browser\":\"b%"
        "u\","
        "\"host\":\"h%u\",\"shard\":\"s%u\",\"locale\":\"l%u\",\"flag\":\"f%u\",\"build\":\"n%u\"}",
        id, time, (unsigned)(r & 7), r & 8 ? "production" : "staging", (unsigned)(r >> 4 & 15),
        (unsigned)(payload_random(p, i, 3) % USERS), (unsigned)(r >> 8 & 7),
        (unsigned)(r >> 11 & 3), (unsigned)(r >> 13 & 15), (unsigned)(r >> 17 & 31),
        (unsigned)(r >> 22 & 63), (unsigned)(r >> 28 & 15), (unsigned)(r >> 32 & 1),
        (unsigned)(r >> 33 & 127));
}

static inline size_t payload_transaction(const struct payloads *p, uint64_t i, const char *id,
                                         double time, char *to)
{
    uint64_t r = payload_random(p, i, 2);
    int issue = payload_issue(p, i);
    return (size_t)snprintf(
        to, HEAD_MAX,
        "{\"event_id\":\"%s\",\"type\":\"transaction\",\"transaction\":\"/shop/%d\","
        "\"transaction_info\":{\"source\":\"route\"},\"start_timestamp\":%.3f,\"timestamp\":"
        "%.3f,\"platform\":\"python\",\"release\":\"shop@1.%u.0\",\"environment\":\"%s\","
        "\"user\":{\"id\":\"%u\"},\"contexts\":{\"trace\":{\"trace_id\":\"" TRACE_ID
        "\",\"span_id\":\"a000000000000000\",\"op\":\"http.server\",\"status\":\"ok\"}},"
        "\"tags\":{\"region\":\"r%u\"}",
        id, issue, time - 1, time + (double)(r & 255) / 1000, (unsigned)(r & 7),
        r & 8 ? "production" : "staging", (unsigned)(payload_random(p, i, 3) % USERS), issue + 1,
        (unsigned)(r >> 8 & 7));
}

static inline size_t payload_stored(char *to, const char *bytes, size_t n)
{
    uint16_t length = (uint16_t)n, inverse = (uint16_t)~n;
    to[0] = 0;
    memcpy(to + 1, &length, 2);
    memcpy(to + 3, &inverse, 2);
    memcpy(to + 5, bytes, n);
    return n + 5;
}

static inline size_t payload_gzip(char *to, const char *head, size_t n,
                                  const struct fixed_part *part)
{
    static const char magic[] = "\x1F\x8B\x08\0\0\0\0\0\0\xFF";
    uint32_t crc = (uint32_t)crc32(0, (const unsigned char *)head, (unsigned)n);
    crc = (uint32_t)crc32(crc, (const unsigned char *)part->plain, (unsigned)part->plain_size);
    uint32_t trailer[2] = {crc, (uint32_t)(n + part->plain_size)};
    size_t size = 10;
    memcpy(to, magic, 10);
    size += payload_stored(to + size, head, n);
    memcpy(to + size, part->deflated, part->deflated_size);
    size += part->deflated_size;
    memcpy(to + size, trailer, sizeof(trailer));
    return size + sizeof(trailer);
}

static inline void payload_make(const struct payloads *p, uint64_t i, double time,
                                struct payload *out)
{
    char event[HEAD_MAX], head[HEAD_MAX * 2];
    const struct fixed_part *part = &p->issues[payload_issue(p, i)];
    snprintf(out->id, sizeof(out->id), "%016llx%016llx",
             (unsigned long long)payload_random(p, i, 4),
             (unsigned long long)payload_random(p, i, 5));
    size_t n = p->spans ? payload_transaction(p, i, out->id, time, event)
                        : payload_event(p, i, out->id, time, event);
    size_t head_size = (size_t)snprintf(
        head, sizeof(head), "{\"event_id\":\"%s\"}\n{\"type\":\"%s\",\"length\":%zu}\n%s", out->id,
        p->spans ? "transaction" : "event", n + part->plain_size - 1, event);
    out->gzipped = payload_random(p, i, 6) % 100 < p->gzip_percent;
    if (out->gzipped) {
        out->size = payload_gzip(out->bytes, head, head_size, part);
        return;
    }
    memcpy(out->bytes, head, head_size);
    memcpy(out->bytes + head_size, part->plain, part->plain_size);
    out->size = head_size + part->plain_size;
}

#endif

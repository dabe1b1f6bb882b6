#include "api/page.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/settings.h"
#include "base/text.h"
#include "storage/md5.h"
#include "storage/reply.h"
#include "storage/search.h"

static bool read_cursor(struct str text, struct cursor *out)
{
    struct str rest = text, value = str_split(&rest, ':'), offset = str_split(&rest, ':');
    int64_t backward;
    out->given = true;
    return text_int64(value, &out->value) && text_int64(offset, &out->offset) &&
           text_int64(rest, &backward) && (out->backward = backward == 1, true) &&
           (backward == 0 || backward == 1) && out->offset >= 0;
}

static bool read_limit(struct request *rq, struct page *page)
{
    const struct str names[] = {S("per_page"), S("limit")};
    int64_t limit;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct str text = request_query(rq, names[i]);
        if (!text.n)
            continue;
        if (!text_int64(text, &limit) || limit < 1) {
            reply_error(rq, 400, "Invalid per_page parameter. Must be between 1 and 100.");
            return false;
        }
        page->limit = limit > PAGE_LIMIT ? PAGE_LIMIT : (int)limit;
    }
    return true;
}

bool page_read(struct request *rq, int fallback_limit, struct page *page)
{
    struct str cursor = request_query(rq, S("cursor"));
    *page = (struct page){.limit = fallback_limit};
    if (cursor.n && !read_cursor(cursor, &page->cursor)) {
        reply_error(rq, 400, "Invalid cursor parameter.");
        return false;
    }
    return read_limit(rq, page);
}

/* The request's own address without its cursor, ending so that a parameter can follow. */
static void put_address(struct request *rq, struct buf *out)
{
    char separator = '?';
    buf_printf(out, "%s%.*s", settings()->public_url, STR_ARG(rq->path));
    for (struct str rest = rq->query; rest.n;) {
        struct str pair = str_split(&rest, '&'), value = pair, name = str_split(&value, '=');
        name = text_percent_decode(rq->arena, name, true);
        if (!name.n || str_eq(name, S("cursor")))
            continue;
        value = text_percent_decode(rq->arena, value, true);
        buf_putc(out, separator);
        buf_put_str(out, text_percent_encode(rq->arena, name));
        buf_putc(out, '=');
        buf_put_str(out, text_percent_encode(rq->arena, value));
        separator = '&';
    }
    buf_putc(out, separator);
}

static void put_link(struct buf *out, struct str address, const char *rel, struct cursor c)
{
    char cursor[64];
    snprintf(cursor, sizeof(cursor), "%" PRId64 ":%" PRId64 ":%d", c.value, c.offset, c.backward);
    buf_printf(out, "<%.*scursor=%s>; rel=\"%s\"; results=\"%s\"; cursor=\"%s\"", STR_ARG(address),
               cursor, rel, c.given ? "true" : "false", cursor);
}

void page_link(struct request *rq, struct cursor previous, struct cursor next)
{
    enum { ADDRESS_MAX = 16384 };
    struct buf address, links;
    buf_init(&address, ADDRESS_MAX);
    buf_init(&links, 2 * ADDRESS_MAX + 512);
    put_address(rq, &address);
    previous.backward = true;
    next.backward = false;
    put_link(&links, buf_str(&address), "previous", previous);
    buf_puts(&links, ", ");
    put_link(&links, buf_str(&address), "next", next);
    if (buf_ok(&address) && buf_ok(&links))
        reply_header(rq, "Link", arena_str(rq->arena, buf_str(&links)));
    buf_free(&address);
    buf_free(&links);
}

void page_link_rows(struct request *rq, const struct page *page, int found)
{
    int64_t at = page->cursor.offset, before = at > page->limit ? at - page->limit : 0;
    page_link(rq, (struct cursor){.given = at > 0, .offset = before},
              (struct cursor){.given = found > page->limit, .offset = at + page->limit});
}

static void put_page(struct jw *j, const struct page *page, struct rows *rows)
{
    for (int i = 0; i < page->limit && rows_next(rows); i++)
        rows_put_object(rows, j);
    jw_close(j, ']');
}

int page_reply(struct request *rq, const struct page *page, struct rows *rows)
{
    if (reply_if_failed(rq))
        return rq->status;
    page_link_rows(rq, page, rows_count(rows));
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '[');
    put_page(&j, page, rows);
    return reply_done(rq);
}

int page_reply_data(struct request *rq, const struct page *page, struct rows *rows)
{
    if (reply_if_failed(rq))
        return rq->status;
    page_link_rows(rq, page, rows_count(rows));
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    jw_open_k(&j, "data", '[');
    put_page(&j, page, rows);
    jw_close(&j, '}');
    return page_done_or_unchanged(rq);
}

struct str page_pattern(struct request *rq)
{
    return search_contains(rq->arena, request_query(rq, S("query")));
}

int page_done_or_unchanged(struct request *rq)
{
    struct str known = request_header(rq, "HTTP_IF_NONE_MATCH");
    uint8_t sum[MD5_SIZE];
    md5(buf_str(rq->out), sum);
    struct str hex = text_hex(rq->arena, sum, sizeof(sum));
    const char *etag = arena_printf(rq->arena, "\"%.*s\"", STR_ARG(hex));
    reply_header(rq, "ETag", str_of(etag));
    /* nginx marks the validator of a body it compresses as weak */
    if (known.n && str_has(known, str_of(etag)) && rq->status == 200)
        return reply_empty(rq, 304);
    return reply_done(rq);
}

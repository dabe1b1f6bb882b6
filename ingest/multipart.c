#include "ingest/multipart.h"

#include "base/text.h"

static const struct str line_end = {"\r\n", 2};

static bool fail(struct multipart *m, const char *error)
{
    m->error = error;
    return false;
}

/* ---- parameters: a header's value, then name=value or name="value" after semicolons */

static bool escapes_next(struct str text, size_t at)
{
    return text.p[at] == '\\' && at + 1 < text.n &&
           (text.p[at + 1] == '"' || text.p[at + 1] == '\\');
}

static size_t closing_quote(struct str text)
{
    size_t at = 1;
    while (at < text.n && text.p[at] != '"')
        at += escapes_next(text, at) ? 2 : 1;
    return at < text.n ? at : text.n;
}

/* A backslash escapes a quote or another backslash; before anything else it belongs to a Windows
 * path. */
static struct str unquote(struct arena *a, struct str *rest)
{
    struct str quoted = str_slice(*rest, 1, closing_quote(*rest));
    char *out = arena_take(a, quoted.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < quoted.n; i++) {
        i += escapes_next(quoted, i);
        out[n++] = quoted.p[i];
    }
    *rest = str_slice(*rest, quoted.n + 2, rest->n);
    return (struct str){out, n};
}

static bool next_parameter(struct arena *a, struct str *rest, struct str *name, struct str *value)
{
    size_t semicolon = str_index(*rest, ';');
    if (semicolon == rest->n)
        return false;
    *rest = str_trim(str_from(*rest, semicolon + 1));
    size_t at = str_index(*rest, '='), end = str_index(*rest, ';');
    if (at > end || at == rest->n) {
        *name = str_trim(str_slice(*rest, 0, end));
        *value = S("");
        *rest = str_from(*rest, end);
        return true;
    }
    *name = str_trim(str_slice(*rest, 0, at));
    *rest = str_trim(str_from(*rest, at + 1));
    if (str_starts(*rest, S("\""))) {
        *value = unquote(a, rest);
        return true;
    }
    end = str_index(*rest, ';');
    *value = str_trim(str_slice(*rest, 0, end));
    *rest = str_from(*rest, end);
    return true;
}

/* UTF-8''na%C3%AFve.txt (RFC 5987) */
static struct str extended_value(struct arena *a, struct str value)
{
    struct str rest = value;
    str_split(&rest, '\'');
    str_split(&rest, '\'');
    return text_percent_decode(a, rest.p ? rest : value, false);
}

static void read_disposition(struct arena *a, struct str value, struct multipart_part *part)
{
    struct str name, text;
    while (next_parameter(a, &value, &name, &text)) {
        if (str_case_eq(name, S("name")))
            part->name = text_utf8(a, text);
        else if (str_case_eq(name, S("filename")) && !part->filename.p)
            part->filename = text_utf8(a, text);
        else if (str_case_eq(name, S("filename*")))
            part->filename = text_utf8(a, extended_value(a, text));
    }
}

/* ---- parts */

static bool read_header(struct arena *a, struct str line, struct multipart_part *part)
{
    size_t colon = str_index(line, ':');
    if (colon == line.n)
        return false;
    struct str name = str_trim(str_slice(line, 0, colon));
    struct str value = str_trim(str_from(line, colon + 1));
    if (str_case_eq(name, S("content-disposition")))
        read_disposition(a, value, part);
    else if (str_case_eq(name, S("content-type")))
        part->content_type = text_utf8(a, value);
    return true;
}

/* Headers up to the blank line. */
static bool read_headers(struct multipart *m, struct multipart_part *part)
{
    size_t budget = MULTIPART_HEADERS_MAX;
    for (;;) {
        size_t n = str_find(str_slice(m->rest, 0, budget), line_end);
        if (n + line_end.n > m->rest.n || n + line_end.n > budget)
            return fail(m, "the headers of a part do not end");
        struct str line = str_slice(m->rest, 0, n);
        m->rest = str_from(m->rest, n + line_end.n);
        budget -= n + line_end.n;
        if (n == 0)
            return true;
        if (!read_header(m->arena, line, part))
            return fail(m, "a part has a line that is no header");
    }
}

/* What stands behind a delimiter: two dashes at the very end, else blanks and a line end. */
static bool pass_delimiter(struct multipart *m)
{
    if (str_starts(m->rest, S("--"))) {
        m->ended = true;
        return true;
    }
    size_t blanks = text_run(m->rest, 0, " \t");
    m->rest = str_slice(m->rest, blanks, m->rest.n);
    if (!str_starts(m->rest, line_end))
        return fail(m, "a delimiter is followed by something else than a line end");
    m->rest = str_from(m->rest, line_end.n);
    return true;
}

/* The payload ends before a delimiter; an empty one may stand right behind the blank line. */
static bool take_payload(struct multipart *m, struct multipart_part *part)
{
    struct str bare = str_from(m->delimiter, line_end.n);
    if (str_starts(m->rest, bare)) {
        part->bytes = S("");
        m->rest = str_from(m->rest, bare.n);
        return pass_delimiter(m);
    }
    size_t n = str_find(m->rest, m->delimiter);
    if (n == m->rest.n)
        return fail(m, "the form ends within a part");
    part->bytes = n ? str_slice(m->rest, 0, n) : S("");
    m->rest = str_from(m->rest, n + m->delimiter.n);
    return pass_delimiter(m);
}

bool multipart_next(struct multipart *m, struct multipart_part *part)
{
    *part = (struct multipart_part){.name = S("")};
    if (m->error || m->ended)
        return false;
    if (m->parts++ == MULTIPART_PARTS_MAX)
        return fail(m, "the form has too many parts");
    return read_headers(m, part) && take_payload(m, part);
}

/* Up to the first delimiter stands a text for readers of mail that know no forms. */
static bool begin(struct multipart *m, struct str boundary, struct str body)
{
    if (boundary.n == 0 || boundary.n > MULTIPART_BOUNDARY_MAX)
        return fail(m, "the content type names no boundary");
    m->delimiter = text_join(m->arena, S("\r\n"), S("--"), boundary);
    struct str bare = str_from(m->delimiter, line_end.n);
    if (str_starts(body, bare)) {
        m->rest = str_from(body, bare.n);
        return pass_delimiter(m);
    }
    size_t at = str_find(body, m->delimiter);
    if (at == body.n)
        return fail(m, "the form does not begin");
    m->rest = str_from(body, at + m->delimiter.n);
    return pass_delimiter(m);
}

bool multipart_begin(struct multipart *m, struct arena *a, struct str content_type, struct str body)
{
    struct str name, value, boundary = {0};
    *m = (struct multipart){.arena = a};
    struct str kind = str_trim(str_slice(content_type, 0, str_index(content_type, ';')));
    if (!str_case_eq(kind, S("multipart/form-data")))
        return fail(m, "the content type is not multipart/form-data");
    while (next_parameter(a, &content_type, &name, &value))
        if (str_case_eq(name, S("boundary")))
            boundary = value;
    return begin(m, boundary, body);
}

bool multipart_begin_nested(struct multipart *m, struct arena *a, struct str bytes)
{
    *m = (struct multipart){.arena = a};
    struct str line = str_slice(bytes, 0, MULTIPART_BOUNDARY_MAX + 2);
    size_t n = str_find(line, line_end);
    if (!str_starts(bytes, S("--")) || n == line.n)
        return fail(m, "these bytes are no form");
    return begin(m, str_slice(bytes, 2, n), bytes);
}

#include "base/xml.h"

#include "base/text.h"

static const struct str cdata = {"<![CDATA[", 9}, cdata_end = {"]]>", 3};

void xml_begin(struct xml *x, struct arena *a, struct str text)
{
    *x = (struct xml){.arena = a, .rest = text};
}

/* ---- text */

static size_t put_reference(struct str name, char *out)
{
    static const struct {
        struct str name;
        char c;
    } named[] = {{{"lt", 2}, '<'},
                 {{"gt", 2}, '>'},
                 {{"amp", 3}, '&'},
                 {{"quot", 4}, '"'},
                 {{"apos", 4}, '\''}};
    uint64_t point;
    uint32_t hex;
    for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
        if (!str_eq(name, named[i].name))
            continue;
        *out = named[i].c;
        return 1;
    }
    if (str_starts(name, S("#x")) && text_hex_value(str_from(name, 2), &hex))
        return text_put_point(out, hex);
    if (str_starts(name, S("#")) && text_uint64(str_from(name, 1), &point) && point < 0x110000)
        return text_put_point(out, (uint32_t)point);
    return 0;
}

/* Every reference is longer than what it stands for. */
static struct str decode(struct arena *a, struct str text)
{
    enum { REFERENCE_MAX = 12 };
    char *out = arena_take(a, text.n + 4);
    size_t n = 0;
    while (text.n) {
        if (str_starts(text, cdata)) {
            text = str_from(text, cdata.n);
            size_t end = str_find(text, cdata_end);
            memcpy(out + n, text.p, end);
            n += end;
            text = str_slice(text, end + cdata_end.n, text.n);
            continue;
        }
        size_t end = *text.p == '&' ? str_index(str_slice(text, 0, REFERENCE_MAX), ';') : text.n;
        size_t put = end < text.n && text.p[end] == ';'
                         ? put_reference(str_slice(text, 1, end), out + n)
                         : 0;
        if (!put)
            out[n] = *text.p;
        n += put ? put : 1;
        text = str_from(text, put ? end + 1 : 1);
    }
    return text_utf8(a, (struct str){out, n});
}

/* ---- tags */

static bool pass(struct xml *x, struct str end)
{
    size_t at = str_find(x->rest, end);
    bool found = at < x->rest.n;
    x->rest = str_slice(x->rest, at + end.n, x->rest.n);
    return found;
}

/* <!-- -->, <![CDATA[ ]]>, <? ?>, <! >; false when it is an element's tag. */
static bool pass_other(struct xml *x)
{
    static const struct {
        struct str begin, end;
    } others[] = {{{"<!--", 4}, {"-->", 3}},
                  {{"<![CDATA[", 9}, {"]]>", 3}},
                  {{"<?", 2}, {"?>", 2}},
                  {{"<!", 2}, {">", 1}}};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (str_starts(x->rest, others[i].begin))
            return pass(x, others[i].end) || true;
    return false;
}

static struct str tag_name(struct str tag)
{
    size_t n = 0;
    while (n < tag.n && !strchr(" \t\r\n/", tag.p[n]))
        n++;
    return str_slice(tag, 0, n);
}

static struct str parent_of(const struct xml *x)
{
    return x->depth ? x->open[x->depth - 1] : (struct str){0};
}

static bool open_element(struct xml *x, struct str tag, struct xml_leaf *leaf)
{
    struct str name = tag_name(tag);
    if (str_ends(tag, S("/"))) {
        x->content = NULL;
        *leaf = (struct xml_leaf){parent_of(x), text_utf8(x->arena, name), S("")};
        return true;
    }
    if (x->depth == XML_DEPTH_MAX) {
        x->rest = (struct str){0};
        return false;
    }
    x->open[x->depth++] = name;
    x->content = x->rest.p;
    return false;
}

static bool close_element(struct xml *x, const char *at, struct xml_leaf *leaf)
{
    const char *content = x->content;
    x->content = NULL;
    if (!x->depth)
        return false;
    struct str name = x->open[--x->depth];
    if (!content)
        return false;
    struct str text = decode(x->arena, (struct str){content, (size_t)(at - content)});
    *leaf = (struct xml_leaf){parent_of(x), text_utf8(x->arena, name), text};
    return true;
}

bool xml_next(struct xml *x, struct xml_leaf *leaf)
{
    for (;;) {
        x->rest = str_slice(x->rest, str_index(x->rest, '<'), x->rest.n);
        if (!x->rest.n)
            return false;
        if (pass_other(x))
            continue;
        const char *at = x->rest.p;
        size_t end = str_index(x->rest, '>');
        struct str tag = str_slice(x->rest, 1, end);
        bool is_whole = end < x->rest.n;
        x->rest = str_slice(x->rest, end + 1, x->rest.n);
        if (!is_whole)
            return false;
        bool closes = str_starts(tag, S("/"));
        if (closes ? close_element(x, at, leaf) : open_element(x, tag, leaf))
            return true;
    }
}

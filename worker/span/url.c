#include "worker/span/url.h"

#include "base/text.h"

enum { NAME_MAX = 25, EXTENSION_MAX = 10, HEX_LEAST = 6, PATH_MAX = 4096 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_alnum(char c)
{
    return is_digit(c) || is_upper(c) || (c >= 'a' && c <= 'z');
}

static bool all(struct str s, bool (*is)(char))
{
    for (size_t i = 0; i < s.n; i++)
        if (!is(s.p[i]))
            return false;
    return s.n > 0;
}

static size_t count(struct str s, bool (*is)(char))
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += is(s.p[i]);
    return n;
}

static bool is_scheme_byte(char c)
{
    return is_alnum(c) || c == '+' || c == '-' || c == '.';
}

static void split_port(struct span_url *url)
{
    bool literal = str_starts(url->host, S("["));
    size_t end = literal ? str_index(url->host, ']') : 0;
    size_t colon = end + str_index(str_slice(url->host, end, url->host.n), ':');
    if (colon >= url->host.n)
        return;
    url->port = str_from(url->host, colon + 1);
    url->host = str_slice(url->host, 0, colon);
    if (!all(url->port, is_digit))
        url->port = (struct str){0};
}

bool url_parse(struct str text, struct span_url *out)
{
    *out = (struct span_url){0};
    size_t at = str_find(text, S("://"));
    if (!text.p || at == text.n || !at)
        return false;
    out->scheme = str_slice(text, 0, at);
    struct str rest = str_from(text, at + 3);
    size_t end = 0;
    while (end < rest.n && !strchr("/?#\\", rest.p[end]))
        end++;
    out->host = text_after_last(str_slice(rest, 0, end), "@");
    split_port(out);
    rest = str_from(rest, end);
    end = 0;
    while (end < rest.n && rest.p[end] != '?' && rest.p[end] != '#')
        end++;
    out->path = str_slice(rest, 0, end);
    bool blank = str_index(out->host, ' ') < out->host.n;
    return out->host.n && !blank && all(out->scheme, is_scheme_byte);
}

/* Names under which registries sell, so that three parts are the domain: example.co.uk. */
static bool is_shared(struct str last_but_one, struct str last)
{
    static const struct str shared[] = {{"co", 2},  {"com", 3}, {"org", 3}, {"net", 3}, {"gov", 3},
                                        {"edu", 3}, {"ac", 2},  {"or", 2},  {"ne", 2},  {"go", 2}};
    for (size_t i = 0; last.n == 2 && i < sizeof(shared) / sizeof(shared[0]); i++)
        if (str_eq(last_but_one, shared[i]))
            return true;
    return false;
}

/* Where the part before `end` begins. */
static size_t part_before(struct str host, size_t end)
{
    while (end && host.p[end - 1] != '.')
        end--;
    return end;
}

static struct str registrable(struct str host)
{
    size_t last = part_before(host, host.n);
    size_t second = last ? part_before(host, last - 1) : 0;
    struct str two = str_slice(host, second, last ? last - 1 : 0);
    if (second && is_shared(two, str_from(host, last)))
        second = part_before(host, second - 1);
    return str_from(host, second);
}

static struct str domain_of(struct arena *a, struct str host)
{
    static const struct str kept[] = {{"localhost", 9}, {"127.0.0.1", 9}, {"::1", 3}};
    struct str bare = str_starts(host, S("[")) ? str_slice(host, 1, host.n - 1) : host;
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
        if (str_eq(bare, kept[i]))
            return bare;
    if (text_ip(a, bare).p)
        return str_index(bare, ':') < bare.n ? S("*:*:*:*:*:*:*:*") : S("*.*.*.*");
    struct str domain = registrable(bare);
    return domain.n == bare.n ? bare : text_join(a, S("*"), S("."), domain);
}

struct str url_domain(struct arena *a, const struct span_url *url)
{
    struct str domain = domain_of(a, text_lower(a, url->host));
    return url->port.n ? text_join(a, domain, S(":"), url->port) : domain;
}

/* ---- files */

struct str url_extension(struct str name)
{
    struct str extension = text_after_last(name, ".");
    bool fits = extension.n < name.n && extension.n <= EXTENSION_MAX && all(extension, is_alnum) &&
                count(extension, is_digit) <= 1;
    return fits ? extension : (struct str){0};
}

static bool is_image(struct str extension)
{
    static const struct str images[] = {{"png", 3}, {"jpg", 3},  {"jpeg", 4}, {"gif", 3},
                                        {"svg", 3}, {"webp", 4}, {"ico", 3},  {"avif", 4},
                                        {"bmp", 3}, {"apng", 4}};
    for (size_t i = 0; i < sizeof(images) / sizeof(images[0]); i++)
        if (str_case_eq(extension, images[i]))
            return true;
    return false;
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* What a build or a database made up: hashes, numbers, versions. */
static bool is_made_up(struct str part)
{
    if (part.n && (part.p[0] == 'v' || part.p[0] == 'V') && all(str_from(part, 1), is_digit))
        return true;
    if (all(part, is_digit))
        return part.n > 1;
    return part.n >= HEX_LEAST && all(part, is_hex);
}

static bool is_part_byte(char c)
{
    return is_alnum(c);
}

/* Each part that is made up becomes a star, stars in a row one. */
static struct str without_made_up(struct arena *a, struct str name)
{
    char *out = arena_take(a, name.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < name.n;) {
        size_t end = i;
        while (end < name.n && is_part_byte(name.p[end]))
            end++;
        bool made_up = end > i && is_made_up(str_slice(name, i, end));
        end += end == i;
        if (made_up)
            out[n++] = '*';
        else
            for (size_t at = i; at < end; at++)
                out[n++] = name.p[at];
        bool repeats = made_up && n >= 3 && out[n - 3] == '*' && !is_alnum(out[n - 2]);
        n -= repeats ? 2 : 0;
        i = end;
    }
    return (struct str){out, n};
}

static bool is_plain_byte(char c)
{
    return is_alnum(c) || c == '-' || c == '_' || c == '.' || c == '*';
}

static struct str file_name(struct arena *a, struct str name)
{
    struct str extension = url_extension(name);
    size_t end = extension.p ? name.n - extension.n - 1 : name.n;
    struct str stem = without_made_up(a, str_slice(name, 0, end));
    bool mixed = count(stem, is_upper) && count(stem, is_upper) < count(stem, is_alnum);
    if (stem.n > NAME_MAX || !all(stem, is_plain_byte) || count(stem, is_digit) || mixed ||
        is_image(extension))
        stem = S("*");
    return extension.p ? text_join(a, stem, S("."), extension) : stem;
}

static bool is_kept_folder(struct str name)
{
    static const struct str kept[] = {
        {"assets", 6},        {"static", 6}, {"js", 2},      {"css", 3},    {"_next", 5},
        {"chunks", 6},        {"dist", 4},   {"build", 5},   {"fonts", 5},  {"images", 6},
        {"img", 3},           {"media", 5},  {"scripts", 7}, {"styles", 6}, {"lib", 3},
        {"bundles", 7},       {"public", 6}, {"vendor", 6},  {"pages", 5},  {"packages", 8},
        {"node_modules", 12}, {"_nuxt", 5},
    };
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
        if (str_eq(name, kept[i]))
            return true;
    return false;
}

/* The folders of a path: unknown ones in a row are one star.  *rest is the file's name. */
static struct str folders(struct arena *a, struct str path, struct str *rest)
{
    struct str out = S("");
    bool star = false;
    *rest = str_slice(path, 1, path.n < PATH_MAX ? path.n : PATH_MAX);
    while (str_index(*rest, '/') < rest->n) {
        struct str piece = str_split(rest, '/');
        bool kept = is_kept_folder(piece);
        if (kept || !star)
            out = text_join(a, out, S("/"), kept ? piece : S("*"));
        star = !kept;
    }
    return out;
}

static struct str file_path(struct arena *a, struct str path)
{
    struct str name, out = folders(a, path, &name);
    return text_join(a, out, S("/"), name.n ? file_name(a, name) : S(""));
}

struct str url_resource(struct arena *a, struct str text)
{
    struct span_url url;
    if (str_starts(text, S("data:"))) {
        struct str type = str_slice(text, 0, str_index(text, ','));
        return str_slice(type, 0, str_index(type, ';'));
    }
    if (!url_parse(text, &url))
        return url_extension(text).p && text.p[0] == '/' ? file_path(a, text) : (struct str){0};
    if (str_ends(url.scheme, S("-extension")))
        return S("browser-extension://*");
    struct str site = text_join(a, url.scheme, S("://"), url_domain(a, &url));
    return url.path.n > 1 ? text_join(a, site, S(""), file_path(a, url.path)) : site;
}

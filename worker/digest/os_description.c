#include "worker/digest/os_description.h"

#include "base/text.h"

enum { PARTS_MAX = 4 };

struct description {
    struct str name, version, build, kernel; /* absent when not told */
};

/* Cuts "10.0.19045" off the beginning, at most `most` numbers; how many there were. */
static size_t take_version(struct str *rest, size_t most, struct str *version)
{
    size_t parts = 0, end = 0;
    for (size_t at = 0; parts < most; at = end + 1) {
        size_t digits = at < rest->n ? text_run(*rest, at, "0123456789") : 0;
        if (!digits)
            break;
        end = at + digits;
        parts++;
        if (end == rest->n || rest->p[end] != '.')
            break;
    }
    *version = str_slice(*rest, 0, end);
    *rest = str_from(*rest, end);
    return parts;
}

/* Cuts letters and the blank after them off; absent when it begins otherwise. */
static struct str take_word(struct str *rest)
{
    struct str word = str_slice(
        *rest, 0, text_run(*rest, 0, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"));
    if (!word.n || word.n == rest->n || rest->p[word.n] != ' ')
        return (struct str){0};
    *rest = str_from(*rest, word.n + 1);
    return word;
}

/* Windows by the numbers of its builds; others are called by their whole version. */
static const struct {
    int64_t first, last;
    struct str version;
} windows[] = {
    {2600, 3790, {"XP", 2}},   {6002, 6002, {"Vista", 5}}, {7601, 7601, {"7", 1}},
    {9200, 9200, {"8", 1}},    {9600, 9600, {"8.1", 3}},   {10240, 19044, {"10", 2}},
    {22000, 22999, {"11", 2}},
};

/* "10.0.19045.0", or "10 (10.0.19045)". */
static bool read_windows(struct str rest, struct description *d)
{
    int64_t build;
    size_t parts = take_version(&rest, 3, &d->version);
    rest = str_trim(rest);
    if (parts == 1 && str_starts(rest, S("("))) {
        rest = str_from(rest, 1);
        parts = take_version(&rest, 3, &d->version);
    }
    d->build = text_after_last(d->version, ".");
    if (parts < 3 || !text_int64(d->build, &build))
        return false;
    for (size_t i = 0; i < sizeof(windows) / sizeof(windows[0]); i++)
        if (build >= windows[i].first && build <= windows[i].last)
            d->version = windows[i].version;
    return true;
}

/* "10.14.2 (18C54)" */
static bool read_apple(struct str rest, struct description *d)
{
    if (take_version(&rest, 3, &d->version) < 2)
        return false;
    rest = str_trim(rest);
    if (str_starts(rest, S("(")) && str_ends(rest, S(")")))
        d->build = str_slice(rest, 1, rest.n - 1);
    return true;
}

/* "9 / API-28" */
static bool read_android(struct str rest, struct description *d)
{
    return take_version(&rest, 3, &d->version) && str_starts(rest, S(" / API-"));
}

/* "5.4.0 Ubuntu 20.04": the kernel before the distribution. */
static bool read_distribution(struct str rest, struct description *d)
{
    if (take_version(&rest, PARTS_MAX, &d->kernel) < 2 || !str_starts(rest, S(" ")))
        return false;
    rest = str_from(rest, 1);
    d->name = take_word(&rest);
    return d->name.n && take_version(&rest, 3, &d->version);
}

/* What `uname` says: "Darwin 17.0.0 Darwin Kernel …". */
static bool read_kernel(struct str rest, struct description *d)
{
    d->name = take_word(&rest);
    return d->name.n && take_version(&rest, PARTS_MAX, &d->kernel) >= 3;
}

/* The first row that fits tells; a row without a name finds it in the text. */
static const struct {
    struct str before, name;
    bool (*read)(struct str rest, struct description *d);
} forms[] = {
    {{"Microsoft Windows NT ", 21}, {"Windows", 7}, read_windows},
    {{"Microsoft Windows ", 18}, {"Windows", 7}, read_windows},
    {{"Windows NT ", 11}, {"Windows", 7}, read_windows},
    {{"Windows ", 8}, {"Windows", 7}, read_windows},
    {{"Mac OS X ", 9}, {"macOS", 5}, read_apple},
    {{"iOS ", 4}, {"iOS", 3}, read_apple},
    {{"iPadOS ", 7}, {"iPadOS", 6}, read_apple},
    {{"Android OS ", 11}, {"Android", 7}, read_android},
    {{"Android ", 8}, {"Android", 7}, read_android},
    {{"Linux ", 6}, {0}, read_distribution},
    {{0}, {0}, read_kernel},
};

static bool read_description(struct str text, struct description *d)
{
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        *d = (struct description){.name = forms[i].name};
        if (str_starts(text, forms[i].before) &&
            forms[i].read(str_from(text, forms[i].before.n), d))
            return true;
    }
    return false;
}

static void put(struct arena *a, struct jt *context, struct str key, struct str value)
{
    if (value.n && !jt_get(context, key))
        jt_set(context, key, jt_new_str(a, value));
}

void os_description_read(struct arena *a, struct jt *context)
{
    struct description d;
    struct str text = jt_get_str(context, S("raw_description"));
    if (!text.n || jt_get(context, S("name")) || jt_get(context, S("version")) ||
        !read_description(text, &d))
        return;
    put(a, context, S("name"), d.name);
    put(a, context, S("version"), d.version);
    put(a, context, S("build"), d.build);
    put(a, context, S("kernel_version"), d.kernel);
}

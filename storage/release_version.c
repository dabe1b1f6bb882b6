#include "storage/release_version.h"

#include "base/text.h"

/* Cuts what follows the first `mark` off *rest; absent when there is no mark. */
static struct str cut_after(struct str *rest, char mark)
{
    size_t at = str_index(*rest, mark);
    if (at == rest->n)
        return (struct str){0};
    struct str tail = str_slice(*rest, at + 1, rest->n);
    *rest = str_slice(*rest, 0, at);
    return tail;
}

static bool is_number(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    }
    return s.n > 0;
}

bool release_version_parse(struct str text, struct release_version *out)
{
    struct release_version v = {0};
    size_t at = str_index(text, '@');
    if (at < text.n) {
        v.package = str_slice(text, 0, at);
        text = str_slice(text, at + 1, text.n);
    }
    v.build = cut_after(&text, '+');
    v.prerelease = cut_after(&text, '-');
    int count = 0;
    while (text.p && count < 4) {
        struct str part = str_split(&text, '.');
        if (!is_number(part) || !text_int64(part, &v.numbers[count++]))
            return false;
    }
    if (text.p || count < 2)
        return false;
    *out = v;
    return true;
}

static int compare_number(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* Numbers come before words and are ordered as numbers; too large ones are taken for words. */
static int compare_part(struct str a, struct str b)
{
    int64_t x, y;
    bool a_counts = is_number(a) && text_int64(a, &x), b_counts = is_number(b) && text_int64(b, &y);
    if (a_counts && b_counts)
        return compare_number(x, y);
    return a_counts != b_counts ? b_counts - a_counts : str_compare(a, b);
}

/* A version without a prerelease is newer than one with; of equal beginnings the longer is newer.
 */
static int compare_prerelease(struct str a, struct str b)
{
    if (!a.p || !b.p)
        return (a.p == NULL) - (b.p == NULL);
    while (a.p && b.p) {
        int order = compare_part(str_split(&a, '.'), str_split(&b, '.'));
        if (order)
            return order;
    }
    return (a.p != NULL) - (b.p != NULL);
}

int release_version_compare(const struct release_version *a, const struct release_version *b)
{
    for (int i = 0; i < 4; i++) {
        int order = compare_number(a->numbers[i], b->numbers[i]);
        if (order)
            return order;
    }
    int order = compare_prerelease(a->prerelease, b->prerelease);
    return order ? order : str_compare(a->build, b->build);
}

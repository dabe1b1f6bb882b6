#include "storage/short_id.h"

#include <ctype.h>

#include "base/text.h"

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
enum { DIGITS_MAX = 12 };

struct str short_id_text(struct arena *a, struct str slug, int64_t number)
{
    char number_text[DIGITS_MAX + 1];
    size_t at = DIGITS_MAX;
    do {
        number_text[--at] = digits[number % 32];
        number /= 32;
    } while (number > 0 && at > 0);
    size_t n = DIGITS_MAX - at;
    char *out = arena_take(a, slug.n + 1 + n);
    for (size_t i = 0; i < slug.n; i++)
        out[i] = (char)toupper((unsigned char)slug.p[i]);
    out[slug.n] = '-';
    memcpy(out + slug.n + 1, number_text + at, n);
    return (struct str){out, slug.n + 1 + n};
}

static int digit_of(char c)
{
    char upper = (char)toupper((unsigned char)c);
    upper = (char)(upper == 'O' ? '0' : upper == 'I' || upper == 'L' ? '1' : upper);
    const char *at = upper ? strchr(digits, upper) : NULL;
    return at ? (int)(at - digits) : -1;
}

bool short_id_read(struct arena *a, struct str text, struct str *slug, int64_t *number)
{
    size_t dash = text.n;
    int64_t value = 0;
    while (dash > 0 && text.p[dash - 1] != '-')
        dash--;
    if (dash < 2 || dash == text.n || text.n - dash > DIGITS_MAX)
        return false;
    for (size_t i = dash; i < text.n; i++) {
        int digit = digit_of(text.p[i]);
        if (digit < 0)
            return false;
        value = value * 32 + digit;
    }
    *slug = text_lower(a, str_slice(text, 0, dash - 1));
    *number = value;
    return true;
}

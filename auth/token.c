#include "auth/token.h"

#include <sodium.h>

static const char prefix_user[] = "sntryu_";
static const char *const prefixes[] = {prefix_user, "sntrya_", "sntryi_"};

static void hash_text(uint8_t hash[TOKEN_HASH_BYTES], struct str text)
{
    crypto_generichash(hash, TOKEN_HASH_BYTES, (const unsigned char *)text.p, text.n, NULL, 0);
}

struct token token_create(void)
{
    struct token t;
    uint8_t secret[TOKEN_DIGITS / 2];
    size_t prefix = sizeof(prefix_user) - 1;
    randombytes_buf(secret, sizeof(secret));
    memcpy(t.text, prefix_user, prefix);
    sodium_bin2hex(t.text + prefix, TOKEN_DIGITS + 1, secret, sizeof(secret));
    sodium_memzero(secret, sizeof(secret));
    hash_text(t.hash, str_of(t.text));
    memcpy(t.last_characters, t.text + prefix + TOKEN_DIGITS - 4, 5);
    return t;
}

static struct str without_prefix(struct str text)
{
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        struct str prefix = str_of(prefixes[i]);
        if (str_starts(text, prefix))
            return str_slice(text, prefix.n, text.n);
    }
    return text;
}

static bool is_hex_digit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

struct str token_hash(struct arena *a, struct str text)
{
    struct str digits = without_prefix(text);
    if (digits.n != TOKEN_DIGITS)
        return (struct str){0};
    for (size_t i = 0; i < digits.n; i++) {
        if (!is_hex_digit(digits.p[i]))
            return (struct str){0};
    }
    uint8_t *hash = arena_take(a, TOKEN_HASH_BYTES);
    hash_text(hash, text);
    return (struct str){(const char *)hash, TOKEN_HASH_BYTES};
}

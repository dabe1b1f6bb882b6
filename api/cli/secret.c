#include "api/cli/secret.h"

#include <sodium.h>

#include "base/text.h"

enum { PASSWORD_LENGTH = 20, KEY_BYTES = 16 };

struct str secret_password(struct arena *a)
{
    static const char alphabet[] = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    char *text = arena_alloc(a, PASSWORD_LENGTH + 1);
    for (int i = 0; i < PASSWORD_LENGTH; i++)
        text[i] = alphabet[randombytes_uniform(sizeof(alphabet) - 1)];
    return (struct str){text, PASSWORD_LENGTH};
}

struct str secret_key(struct arena *a)
{
    unsigned char bytes[KEY_BYTES];
    randombytes_buf(bytes, sizeof(bytes));
    return text_hex(a, bytes, sizeof(bytes));
}

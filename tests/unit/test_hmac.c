/* HMAC-SHA1 against RFC 2202. */
#include "storage/hmac.h"

#include "base/text.h"
#include "tests/unit/suite.h"

static const struct {
    const char *key, *bytes, *mac;
} cases[] = {
    {"Jefe", "what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
    {"\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b", "Hi There",
     "b617318655057264e28bc0b6fb378c8ef146be00"},
    {"", "127.0.0.1", "ae12fe3b5f129b5cc4cdd2b136b7b7947c4d2741"},
    {"", "", "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d"},
};

START_TEST(macs_agree)
{
    uint8_t mac[HMAC_SHA1_SIZE];
    struct arena *a = arena_new(1 << 20);
    hmac_sha1(str_of(cases[_i].key), str_of(cases[_i].bytes), mac);
    ck_assert_text(text_hex(a, mac, sizeof(mac)), cases[_i].mac);
    arena_free(a);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_loop_test(tc, macs_agree, 0, COUNT_OF(cases));
}

int main(void)
{
    return suite_run("hmac", add_tests);
}

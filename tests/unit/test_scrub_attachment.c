/* Attachments: bytes change, their number does not: ingest.md §4.6. */
#include "tests/unit/scrub.h"

#define CASES "data/ingest/pii/relay22_attachment_cases.json"

static struct str utf16(struct str ascii)
{
    char *out = arena_alloc(arena, ascii.n * 2 + 1);
    for (size_t i = 0; i < ascii.n; i++)
        out[2 * i] = ascii.p[i];
    return (struct str){out, ascii.n * 2};
}

static struct str config_for(struct str selector, struct str rule)
{
    return str_of(arena_printf(arena, "{\"applications\":{\"%.*s\":[\"%.*s\"]}}", STR_ARG(selector),
                               STR_ARG(rule)));
}

static void check(struct str config, struct str input, struct str output, bool changed)
{
    struct str bytes = arena_str(arena, input);
    char *data = arena_strdup(arena, bytes);
    memcpy(data, input.p, input.n);
    ck_assert_int_eq(scrub_attachment(scrubber_for(config), S("foo.txt"), data, input.n), changed);
    struct str got = {data, input.n};
    ck_assert_msg(str_eq(got, output), "got \"%.*s\"", STR_ARG(got));
}

/* Bytes that are no UTF-8, named one by one in a pattern. */
static const char *const samples[] = {
    "\xc3\x28",
    "\xa0\xa1",
    "\xe2\x28\xa1",
    "\xe2\x82\x28",
    "\xf0\x28\x8c\xbc",
    "\xf0\x90\x28\xbc",
    "\xf0\x28\x8c\x28",
    "\xf8\xa1\xa1\xa1\xa1",
    "\xfc\xa1\xa1\xa1\xa1\xa1",
};

static struct str stars(size_t n)
{
    char *out = arena_alloc(arena, n + 1);
    memset(out, '*', n);
    return (struct str){out, n};
}

static void check_samples(void)
{
    for (int i = 0; i < COUNT_OF(samples); i++) {
        struct str sample = str_of(samples[i]);
        buf_clear(&printed);
        buf_puts(&printed, "{\"rules\":{\"custom\":{\"type\":\"pattern\",\"pattern\":\"");
        for (size_t j = 0; j < sample.n; j++)
            buf_printf(&printed, "\\\\x%02x", (unsigned char)sample.p[j]);
        buf_puts(&printed, "\",\"redaction\":{\"method\":\"remove\"}}},\"applications\":{"
                           "\"$binary\":[\"custom\"]}}");
        check(arena_str(arena, buf_str(&printed)), sample, stars(sample.n), true);
    }
}

static void check_case(const struct jt *c)
{
    struct str encoding = jt_get_str(c, S("encoding"));
    struct str input = jt_get_str(c, S("input")), output = jt_get_str(c, S("output"));
    struct str config = config_for(jt_get_str(c, S("selector")), jt_get_str(c, S("rule")));
    bool changed = jt_get(c, S("changed"))->kind == JT_TRUE, wide = str_eq(encoding, S("utf-16le"));
    char every[255];
    for (size_t i = 0; i < sizeof(every); i++)
        every[i] = (char)i;
    if (str_eq(jt_get_str(c, S("test")), S("test_bytes_regexes")))
        check_samples();
    else if (str_eq(encoding, S("bytes")))
        check(config, (struct str){every, sizeof(every)}, stars(sizeof(every)), true);
    else
        check(config, wide ? utf16(input) : input, wide ? utf16(output) : output, changed);
}

START_TEST(cases_of_relay_agree)
{
    struct str text;
    if (!shared_file(arena, CASES, &text))
        return;
    const struct jt *cases = jt_get(json(text), S("cases"));
    for (const struct jt *c = cases->first; c; c = c->next)
        check_case(c);
    printf("%zu attachment cases passed\n", cases->count);
    ck_assert_uint_eq(cases->count, 15);
}
END_TEST

static const struct {
    const char *selector, *rule, *input, *output;
} texts[] = {
    {"$attachments.'foo.txt'", "@ip", "a 1.2.3.4 b", "a [ip]*** b"},
    {"$attachments.'bar.txt'", "@ip", "a 1.2.3.4 b", "a 1.2.3.4 b"},
    {"$attachments.**", "@email:hash", "a@b.cd", "54BCF8"},
    {"**", "@urlauth:legacy", "//u:p@h //u:longer-secret@h", "//u:[@h //u:[Filtered]***@h"},
    {"**", "@password:filter", "my secret", "[Filtered"},
    {"**", "@anything:replace", "abc", "[Fi"},
    {"**", "@anything:mask", "", ""},
};

START_TEST(bytes_are_redacted)
{
    struct str input = str_of(texts[_i].input), output = str_of(texts[_i].output);
    struct str config = config_for(str_of(texts[_i].selector), str_of(texts[_i].rule));
    check(config, input, output, !str_eq(input, output));
}
END_TEST

START_TEST(wide_texts_between_others_are_found)
{
    struct str wide = utf16(S("mail me@example.org now")),
               clean = utf16(S("mail [email]******* now"));
    struct str plain = S("\xd8\xd8 10.0.0.1 ");
    char *input = arena_alloc(arena, 256), *output = arena_alloc(arena, 256);
    memcpy(input, wide.p, wide.n);
    memcpy(input + wide.n, plain.p, plain.n);
    memcpy(input + wide.n + plain.n, wide.p, wide.n);
    memcpy(output, clean.p, clean.n);
    memcpy(output + wide.n, plain.p, plain.n);
    memcpy(output + wide.n + plain.n, clean.p, clean.n);
    size_t size = 2 * wide.n + plain.n;
    check(config_for(S("$binary"), S("@email")), (struct str){input, size},
          (struct str){output, size}, true);
}
END_TEST

START_TEST(replacements_fit_characters)
{
    struct str config =
        S("{\"rules\":{\"r\":{\"type\":\"pattern\",\"pattern\":\"xx+\",\"redaction\":{"
          "\"method\":\"replace\",\"text\":\"a\\u00e4\\ud83d\\ude00\"}}},"
          "\"applications\":{\"$binary\":[\"r\"]}}");
    check(config, S("xx"), S("a*"), true);
    check(config, S("xxxx"), S("a\xC3\xA4*"), true);
    check(config, S("xxxxxxx"), S("a\xC3\xA4\xF0\x9F\x98\x80"), true);
    check(config, utf16(S("- - xxx - -")), S("-\0 \0-\0 \0a\0\xE4\0*\0 \0-\0 \0-\0"), true);
    check(config, utf16(S("- - xxxx - -")), S("-\0 \0-\0 \0a\0\xE4\0\x3D\xD8\x00\xDE \0-\0 \0-\0"),
          true);
}
END_TEST

START_TEST(simple_settings_leave_attachments_alone)
{
    const char *error;
    char bytes[] = "password=4571234567890111";
    struct scrubber *s =
        scrubber_new(&scrub_options_of_organization, &scrub_options_of_project, &error);
    ck_assert(!scrub_attachment(s, S("a"), bytes, sizeof(bytes) - 1));
    ck_assert_str_eq(bytes, "password=4571234567890111");
    scrubber_free(s);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, scrub_begin, scrub_end);
    tcase_add_test(tc, cases_of_relay_agree);
    tcase_add_loop_test(tc, bytes_are_redacted, 0, COUNT_OF(texts));
    tcase_add_test(tc, wide_texts_between_others_are_found);
    tcase_add_test(tc, replacements_fit_characters);
    tcase_add_test(tc, simple_settings_leave_attachments_alone);
}

int main(void)
{
    return suite_run("scrub_attachment", add_tests);
}

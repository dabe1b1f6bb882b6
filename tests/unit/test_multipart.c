/* Forms of browsers, curl and crash handlers, cut into their parts. */
#include "base/buf.h"
#include "ingest/multipart.h"
#include "tests/unit/suite.h"

static struct arena *arena;

static void setup(void)
{
    arena = arena_new((size_t)64 << 20);
}

static void teardown(void)
{
    arena_free(arena);
}

#define TYPE "multipart/form-data; boundary=b"
#define FIELD(name) "Content-Disposition: form-data; name=\"" name "\"\r\n\r\n"
#define FILE_PART(name, file)                                                                      \
    "Content-Disposition: form-data; name=\"" name "\"; filename=\"" file "\"\r\n"                 \
    "Content-Type: text/plain\r\n\r\n"

/* Parts as name=bytes, of files name(file,type)=bytes, joined by |; then what is wrong. */
static struct str told(struct multipart *m)
{
    struct buf out;
    struct multipart_part part;
    buf_init(&out, 1 << 20);
    for (int i = 0; multipart_next(m, &part); i++) {
        buf_printf(&out, "%s%.*s", i ? "|" : "", STR_ARG(part.name));
        if (part.filename.p)
            buf_printf(&out, "(%.*s,%.*s)", STR_ARG(part.filename), STR_ARG(part.content_type));
        buf_printf(&out, "=%.*s", STR_ARG(part.bytes));
    }
    if (m->error)
        buf_printf(&out, "!%s", m->error);
    struct str text = arena_str(arena, buf_str(&out));
    buf_free(&out);
    return text;
}

static const struct {
    const char *type, *body, *parts;
} forms[] = {
    {TYPE, "--b\r\n" FIELD("a") "1\r\n--b--\r\n", "a=1"},
    {TYPE, "--b\r\n" FIELD("a") "1\r\n--b\r\n" FILE_PART("f", "x.txt") "y\r\nz\r\n--b--",
     "a=1|f(x.txt,text/plain)=y\r\nz"},
    {TYPE, "--b\r\n" FIELD("a") "\r\n--b--", "a="},
    {TYPE, "--b\r\n" FIELD("a") "--b--", "a="},
    {TYPE, "--b\r\n" FIELD("a") "-\r\n--c\r\n\r\n--b--", "a=-\r\n--c\r\n"},
    {TYPE, "for readers of mail\r\n--b \t\r\n" FIELD("a") "1\r\n--b--", "a=1"},
    {"multipart/form-data;boundary=\"b\"", "--b\r\n" FIELD("a") "1\r\n--b--", "a=1"},
    {"Multipart/Form-Data; charset=x; BOUNDARY=b", "--b\r\n" FIELD("a") "1\r\n--b--", "a=1"},
    {TYPE, "--b\r\n" FILE_PART("f", "C:\\dir\\x \\\"y\\\".txt") "1\r\n--b--",
     "f(C:\\dir\\x \"y\".txt,text/plain)=1"},
    {TYPE, "--b\r\nContent-Disposition: form-data; name=f; filename=x.txt\r\n\r\n1\r\n--b--",
     "f(x.txt,)=1"},
    {TYPE,
     "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"n.txt\"; "
     "filename*=UTF-8''na%C3%AFve.txt\r\n\r\n1\r\n--b--",
     "f(na\xC3\xAFve.txt,)=1"},
    {TYPE, "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\"\r\n\r\n\r\n--b--",
     "f(,)="},
    {TYPE, "--b\r\nX: y\r\n\r\n1\r\n--b--", "=1"},
    {TYPE, "--b--", ""},
    {TYPE, "", "!the form does not begin"},
    {TYPE, "nothing", "!the form does not begin"},
    {TYPE, "--b\r\n" FIELD("a") "1", "!the form ends within a part"},
    {TYPE, "--b\r\n" FIELD("a") "1\r\n--bc\r\n",
     "!a delimiter is followed by something else than a line end"},
    {TYPE, "--b\r\n", "!the headers of a part do not end"},
    {TYPE, "--b\r\nno header\r\n\r\n1\r\n--b--", "!a part has a line that is no header"},
    {"multipart/form-data", "--b\r\n", "!the content type names no boundary"},
    {"multipart/form-data; boundary=", "--\r\n", "!the content type names no boundary"},
    {"text/plain; boundary=b", "--b--", "!the content type is not multipart/form-data"},
    {"", "--b--", "!the content type is not multipart/form-data"},
};

START_TEST(forms_are_cut)
{
    struct multipart m;
    multipart_begin(&m, arena, str_of(forms[_i].type), str_of(forms[_i].body));
    ck_assert_text(told(&m), forms[_i].parts);
}
END_TEST

/* The sanitizer looks at the bytes past the end. */
START_TEST(cut_forms_are_refused)
{
    static const char whole[] =
        "--b\r\n" FIELD("a") "1\r\n--b\r\n" FILE_PART("f", "x.txt") "y\r\n--b--";
    for (size_t n = 0; n < sizeof(whole) - 1; n++) {
        struct multipart m;
        char *copy = malloc(n + 1);
        memcpy(copy, whole, n);
        multipart_begin(&m, arena, S(TYPE), (struct str){copy, n});
        told(&m);
        ck_assert_ptr_nonnull(m.error);
        free(copy);
    }
}
END_TEST

START_TEST(a_form_may_stand_in_a_part)
{
    struct multipart m;
    ck_assert(multipart_begin_nested(&m, arena, S("--b\r\n" FIELD("a") "1\r\n--b--\r\n")));
    ck_assert_text(told(&m), "a=1");
    ck_assert(!multipart_begin_nested(&m, arena, S("MDMP")));
    ck_assert(!multipart_begin_nested(&m, arena, S("--b")));
    ck_assert(!multipart_begin_nested(&m, arena, S("")));
}
END_TEST

START_TEST(endless_forms_are_refused)
{
    struct buf body;
    struct multipart m;
    struct multipart_part part;
    buf_init(&body, 1 << 20);
    for (int i = 0; i <= MULTIPART_PARTS_MAX; i++)
        buf_puts(&body, "--b\r\n" FIELD("a") "1\r\n");
    buf_puts(&body, "--b--");
    multipart_begin(&m, arena, S(TYPE), buf_str(&body));
    int parts = 0;
    while (multipart_next(&m, &part))
        parts++;
    ck_assert_int_eq(parts, MULTIPART_PARTS_MAX);
    ck_assert_str_eq(m.error, "the form has too many parts");
    buf_clear(&body);
    buf_puts(&body, "--b\r\nX: ");
    for (int i = 0; i < MULTIPART_HEADERS_MAX; i++)
        buf_putc(&body, 'x');
    buf_puts(&body, "\r\n\r\n1\r\n--b--");
    multipart_begin(&m, arena, S(TYPE), buf_str(&body));
    ck_assert(!multipart_next(&m, &part));
    ck_assert_str_eq(m.error, "the headers of a part do not end");
    buf_free(&body);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, forms_are_cut, 0, COUNT_OF(forms));
    tcase_add_test(tc, cut_forms_are_refused);
    tcase_add_test(tc, a_form_may_stand_in_a_part);
    tcase_add_test(tc, endless_forms_are_refused);
}

int main(void)
{
    return suite_run("multipart", add_tests);
}

/* Stack frames and which of them are the application's: ingest.md §3.11, grouping-symbolication.md
 * §1.5, §3. */
#include "tests/unit/understand.h"
#include "worker/digest/function.h"
#include "worker/digest/java_name.h"

#define FRAME(platform, fields)                                                                    \
    "{\"platform\":\"" platform "\",\"stacktrace\":{\"frames\":[{" fields "}]}}"
#define AT(key) "stacktrace.frames.0." key

static const struct understand_case frames[] = {
    {FRAME("python", "\"filename\":\"a.py\""), AT("abs_path"), "\"a.py\""},
    {FRAME("python", "\"filename\":\"a.py\""), AT("filename"), "\"a.py\""},
    {FRAME("javascript", "\"abs_path\":\"http://a.b/c/d.js?x#y\""), AT("filename"), "\"/c/d.js\""},
    {FRAME("javascript", "\"abs_path\":\"http://a.b/\""), AT("filename"), "\"http://a.b/\""},
    {FRAME("javascript", "\"abs_path\":\"file:///a/b.js\""), AT("filename"), "\"/a/b.js\""},
    {FRAME("python", "\"abs_path\":\"/a/b.py\",\"filename\":\"b.py\""), AT("filename"), "\"b.py\""},
    {FRAME("python", "\"function\":\"?\",\"lineno\":3"), AT("function"), "absent"},
    {FRAME("python", "\"pre_context\":[null,\"a\"]"), "stacktrace.frames.0",
     "{\"pre_context\":[\"\",\"a\"],\"context_line\":\"\",\"in_app\":false}"},
    {FRAME("python", "\"lineno\":\"3\""), "errors.0.reason", "\"expected an unsigned integer\""},
    {FRAME("python", "\"lineno\":3.0"), AT("lineno"), "3"},
    {FRAME("native", "\"instruction_addr\":4096,\"image_addr\":\"0XfF\""), "stacktrace.frames.0",
     "{\"instruction_addr\":\"0x1000\",\"image_addr\":\"0xff\",\"in_app\":false}"},
    {"{\"stacktrace\":{\"frames\":[null,{\"function\":\"f\"}],\"registers\":{\"rip\":16,\"x\":[]}}"
     "}",
     "stacktrace",
     "{\"frames\":[null,{\"function\":\"f\",\"in_app\":false}],\"registers\":{\"rip\":\"0x10\","
     "\"x\":null}}"},
    {"{\"threads\":[{\"id\":1,\"stacktrace\":{\"frames\":[{\"filename\":\"a\"}]}}]}",
     "threads.values.0.stacktrace.frames.0.abs_path", "\"a\""},
    /* Compiled names lose what does not tell them apart. */
    {FRAME("native", "\"function\":\"int ns::f<int>(int) const\""), "stacktrace.frames.0",
     "{\"function\":\"ns::f<T>\",\"raw_function\":\"int ns::f<int>(int) const\",\"in_app\":false}"},
    {FRAME("native", "\"function\":\"f(int)\",\"raw_function\":\"_Z1fi\""), AT("function"),
     "\"f(int)\""},
    /* The SDK's word, and the rules that correct it. */
    {FRAME("python", "\"filename\":\"a.py\",\"in_app\":true"), AT("in_app"), "true"},
    {FRAME("python", "\"filename\":\"a.py\""), AT("in_app"), "false"},
    {FRAME("python", "\"abs_path\":\"/srv/venv/lib/site-packages/x.py\",\"in_app\":true"),
     AT("in_app"), "false"},
    {FRAME("node", "\"abs_path\":\"C:\\\\app\\\\Node_Modules\\\\x.js\",\"in_app\":true"),
     AT("in_app"), "false"},
    {FRAME("node", "\"abs_path\":\"node:internal/timers\",\"in_app\":true"), AT("in_app"), "false"},
    {FRAME("php", "\"abs_path\":\"vendor/x.php\",\"in_app\":true"), AT("in_app"), "false"},
    {FRAME("java", "\"module\":\"org.springframework.web.X\",\"in_app\":true"), AT("in_app"),
     "false"},
    {FRAME("python", "\"module\":\"java.x\",\"in_app\":true"), AT("in_app"), "false"},
    {FRAME("javascript", "\"module\":\"java.x\",\"in_app\":true"), AT("in_app"), "true"},
    {FRAME("native", "\"package\":\"/usr/lib/libc.so\",\"in_app\":true"), AT("in_app"), "false"},
    {FRAME("cocoa", "\"package\":\"/Applications/X.app/Contents/MacOS/X\",\"in_app\":false"),
     AT("in_app"), "true"},
    {FRAME("python", "\"platform\":\"native\",\"package\":\"/lib/x\",\"in_app\":true"),
     AT("in_app"), "false"},
    {"{\"platform\":\"native\",\"stacktrace\":{\"frames\":[{\"function\":\"main\",\"in_app\":true},"
     "{\"function\":\"abort\"},{\"function\":\"x\",\"in_app\":true}]}}",
     "stacktrace.frames.2.in_app", "false"},
};

START_TEST(frames_are_normalized)
{
    understand_check(&frames[_i]);
}
END_TEST

static void understand_frames(int count, const char *fields)
{
    struct buf json;
    buf_init(&json, 4 << 20);
    buf_puts(&json, "{\"platform\":\"python\",\"stacktrace\":{\"frames\":[");
    for (int i = 0; i < count; i++)
        buf_printf(&json, "%s{\"lineno\":%d,\"vars\":{\"a\":1}%s}", i ? "," : "", i, fields);
    buf_puts(&json, "]}}");
    struct str why;
    ck_assert(understand_any(buf_str(&json), &why));
    buf_free(&json);
}

static struct str frame_at(int i, const char *key)
{
    return understood_at(arena_printf(arena, "stacktrace.frames.%d.%s", i, key));
}

START_TEST(deep_stacks_lose_their_middle)
{
    understand_frames(300, "");
    ck_assert_uint_eq(understood_node("stacktrace.frames")->count, 250);
    ck_assert_text(frame_at(49, "lineno"), "49");
    ck_assert_text(frame_at(50, "lineno"), "100");
    ck_assert_text(frame_at(249, "lineno"), "299");
    ck_assert_text(understood_at("_meta.stacktrace.frames..len"), "300");
}
END_TEST

/* Frames, the fields of each, and the first and last frame that lose their variables. */
static const struct {
    int count;
    const char *fields;
    int first, last;
} slims[] = {
    {50, "", -1, -1}, {60, "", 25, 34}, {61, "", 25, 35}, {60, ",\"in_app\":true", 25, 34}};

START_TEST(deep_stacks_lose_data_in_the_middle)
{
    understand_frames(slims[_i].count, slims[_i].fields);
    for (int i = 0; i < slims[_i].count; i++) {
        bool slim = slims[_i].first >= 0 && i >= slims[_i].first && i <= slims[_i].last;
        ck_assert_msg(str_eq(frame_at(i, "vars"), slim ? S("absent") : S("{\"a\":1}")), "frame %d",
                      i);
    }
}
END_TEST

START_TEST(big_variables_are_cut)
{
    char *text = arena_alloc(arena, 5001);
    memset(text, 'x', 5000);
    understand(arena_printf(
        arena, "{\"stacktrace\":{\"frames\":[{\"vars\":{\"a\":\"%s\",\"b\":1}}]}}", text));
    ck_assert_uint_le(frame_at(0, "vars").n, 2100);
    ck_assert_text(understood_at("_meta.stacktrace.frames.0.vars..len"), "2");
}
END_TEST

static const struct {
    const char *platform, *name, *trimmed;
} functions[] = {
    {"python", "f(int)", "f(int)"},
    {"csharp", "Ns.F (int x)", "Ns.F"},
    {"native", "Foo::Bar::baz(int) const &", "Foo::Bar::baz"},
    {"native", "void f<a<b> >::g", "f<T>::g"},
    {"native", "std::vector<int>::operator<<(x)", "std::vector<T>::operator<<"},
    {"native", "ns::S::operator()(int)", "ns::S::operator()"},
    {"native", "(anonymous namespace)::f(int)", "(anonymous namespace)::f"},
    {"native", "`anonymous namespace'::f(int)", "`anonymous namespace'::f"},
    {"native", "?A0x12345678::f", "`anonymous namespace'::f"},
    {"native", "<T as core::fmt::Debug>::fmt::h0123456789abcdef", "core::fmt::Debug::fmt"},
    {"native", "<Foo as core::fmt::Debug>::fmt", "Foo::fmt"},
    {"native", "memcpy@@GLIBC_2.14", "memcpy"},
    {"native", "@foo@12", "foo"},
    {"native", "f [clone .cold]", "f"},
    {"native", "{lambda(int)#1}::operator()(int) const", "lambda::operator()"},
    {"native", "foo::$_12::bar()", "foo::lambda::bar"},
    {"native", "lambda_0123456789abcdef0123456789abcdef::run", "lambda::run"},
    {"native", "foo<lambda>(int)", "foo<lambda>"},
    {"native", "f <T>", "f <T>"},
    {"native", "-[Foo bar:]", "-[Foo bar:]"},
    {"native", "<redacted>", "<redacted>"},
    {"swift", "@objc Foo.bar() -> ()", "Foo.bar"},
    {"swift", "thunk for @escaping () -> ()", "thunk for closure"},
    {"native", "f(", "f"},
    {"native", "<<<", "<<<"},
    {"native", "\x01\x02", "\x01\x02"},
    {"native", "", ""},
};

START_TEST(functions_are_trimmed)
{
    struct str name = str_of(functions[_i].name);
    ck_assert_text(function_trim(arena, name, str_of(functions[_i].platform)),
                   functions[_i].trimmed);
}
END_TEST

static const struct {
    const char *module, *cleaned;
} modules[] = {
    {"com.example.Foo", "com.example.Foo"},
    {"sun.reflect.GeneratedMethodAccessor12", "sun.reflect.GeneratedMethodAccessor"},
    {"jdk.internal.reflect.GeneratedMethodAccessor9",
     "jdk.internal.reflect.GeneratedMethodAccessor"},
    {"sun.reflect.GeneratedConstructorAccessor42",
     "sun.reflect.GeneratedConstructorAccessor<auto>"},
    {"a.B$$EnhancerBySpringCGLIB$$1ebdd0$$FastClassBySpringCGLIB$$6c0b_3",
     "a.B$$EnhancerBySpringCGLIB$$<auto>$$FastClassBySpringCGLIB$$<auto>"},
    {"a.B$$EnhancerByGuice$$9f", "a.B$$EnhancerByGuice$$<auto>"},
    {"a.B$$_javassist_seam_3", "a.B$$_javassist<auto>"},
    {"a.B$HibernateProxy$$oX4", "a.B$HibernateProxy$$<auto>"},
    {"core$_main$fn__1539$fn__1540", "core$_main$fn__<auto>$fn__<auto>"},
    {"a.B$EnhancerBy", "a.B$EnhancerBy"},
};

START_TEST(java_modules_are_cleaned)
{
    ck_assert_text(java_name_module(arena, str_of(modules[_i].module)), modules[_i].cleaned);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, understand_begin, understand_end);
    tcase_add_loop_test(tc, frames_are_normalized, 0, COUNT_OF(frames));
    tcase_add_test(tc, deep_stacks_lose_their_middle);
    tcase_add_loop_test(tc, deep_stacks_lose_data_in_the_middle, 0, COUNT_OF(slims));
    tcase_add_test(tc, big_variables_are_cut);
    tcase_add_loop_test(tc, functions_are_trimmed, 0, COUNT_OF(functions));
    tcase_add_loop_test(tc, java_modules_are_cleaned, 0, COUNT_OF(modules));
}

int main(void)
{
    return suite_run("frames", add_tests);
}

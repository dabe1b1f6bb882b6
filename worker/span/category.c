#include "worker/span/category.h"

#define NAME(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

/* Those of two parts first. */
static const struct str categories[] = {
    NAME("ui.react"),
    NAME("ui.vue"),
    NAME("ui.svelte"),
    NAME("ui.angular"),
    NAME("ui.ember"),
    NAME("ai.pipeline"),
    NAME("function.nextjs"),
    NAME("function.remix"),
    NAME("function.gpc"),
    NAME("function.aws"),
    NAME("function.azure"),
    NAME("ai"),
    NAME("app"),
    NAME("browser"),
    NAME("cache"),
    NAME("console"),
    NAME("db"),
    NAME("event"),
    NAME("file"),
    NAME("graphql"),
    NAME("grpc"),
    NAME("http"),
    NAME("measure"),
    NAME("middleware"),
    NAME("navigation"),
    NAME("pageload"),
    NAME("queue"),
    NAME("resource"),
    NAME("rpc"),
    NAME("serialize"),
    NAME("subprocess"),
    NAME("template"),
    NAME("topic"),
    NAME("view"),
    NAME("websocket"),
};

struct str span_category(struct str op)
{
    for (size_t i = 0; i < sizeof(categories) / sizeof(categories[0]); i++) {
        struct str name = categories[i];
        if (str_starts(op, name) && (op.n == name.n || op.p[name.n] == '.'))
            return name;
    }
    return (struct str){0};
}

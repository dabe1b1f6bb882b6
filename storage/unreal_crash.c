#include "storage/unreal_crash.h"

#include <endian.h>

#include "base/text.h"

enum { NAME_MAX_UNITS = 4096 };

static struct str take(struct unreal_crash *c, size_t n)
{
    if (n > c->rest.n)
        c->is_broken = true;
    if (c->is_broken)
        return (struct str){0};
    struct str bytes = str_slice(c->rest, 0, n);
    c->rest = str_from(c->rest, n);
    return bytes;
}

static uint32_t take_u32(struct unreal_crash *c)
{
    uint32_t number = 0;
    struct str bytes = take(c, sizeof(number));
    if (bytes.p)
        memcpy(&number, bytes.p, sizeof(number));
    return le32toh(number);
}

static struct str take_text(struct unreal_crash *c)
{
    int64_t length = (int32_t)take_u32(c);
    if (length > NAME_MAX_UNITS || length < -NAME_MAX_UNITS)
        c->is_broken = true;
    if (length < 0)
        return text_of_utf16(c->arena, take(c, (size_t)(-2 * length)));
    struct str text = take(c, (size_t)(c->is_broken ? 0 : length));
    return text_utf8(c->arena, str_slice(text, 0, str_index(text, '\0')));
}

static void take_header(struct unreal_crash *c)
{
    take_text(c);
    take_text(c);
    take_u32(c);
    c->left = take_u32(c);
}

bool unreal_crash_begin(struct unreal_crash *c, struct arena *a, struct str bytes)
{
    struct str mark = S("CR1");
    bool is_new = str_starts(bytes, mark);
    *c = (struct unreal_crash){.arena = a, .rest = str_slice(bytes, is_new ? mark.n : 0, bytes.n)};
    size_t before = c->rest.n;
    take_header(c);
    size_t length = before - c->rest.n;
    if (!is_new && !c->is_broken && length <= c->rest.n) {
        struct unreal_crash tail = {.arena = a, .rest = str_from(c->rest, c->rest.n - length)};
        take_header(&tail);
        c->is_broken = tail.is_broken;
        c->left = tail.left;
        c->rest.n -= length;
    }
    c->is_broken |= c->left == 0 || c->left > UNREAL_FILES_MAX;
    return !c->is_broken;
}

bool unreal_crash_next(struct unreal_crash *c, struct unreal_file *file)
{
    *file = (struct unreal_file){0};
    if (c->is_broken || c->left == 0)
        return false;
    c->left--;
    take_u32(c);
    file->name = take_text(c);
    file->bytes = take(c, take_u32(c));
    return !c->is_broken;
}

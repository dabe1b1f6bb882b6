#include "worker/digest/replay_video.h"

#include <stdint.h>

/* MessagePack's first bytes. */
enum {
    FIX_MAP = 0x80,
    FIX_STR = 0xA0,
    BIN_8 = 0xC4,
    BIN_16 = 0xC5,
    BIN_32 = 0xC6,
    STR_8 = 0xD9,
    STR_16 = 0xDA,
    STR_32 = 0xDB,
    MAP_16 = 0xDE,
    MAP_32 = 0xDF,
};

/* A number of so many bytes, the highest first. */
static bool take_number(struct str *rest, size_t bytes, size_t *out)
{
    if (rest->n < bytes)
        return false;
    *out = 0;
    for (size_t i = 0; i < bytes; i++)
        *out = *out << 8 | (unsigned char)rest->p[i];
    *rest = str_from(*rest, bytes);
    return true;
}

static bool take_size(struct str *rest, size_t *size)
{
    size_t first;
    if (!take_number(rest, 1, &first))
        return false;
    switch (first) {
    case BIN_8:
    case STR_8:
        return take_number(rest, 1, size);
    case BIN_16:
    case STR_16:
        return take_number(rest, 2, size);
    case BIN_32:
    case STR_32:
        return take_number(rest, 4, size);
    default:
        *size = first & 0x1F;
        return (first & 0xE0) == FIX_STR;
    }
}

/* A string of either kind. */
static bool take_bytes(struct str *rest, struct str *out)
{
    size_t size;
    if (!take_size(rest, &size) || rest->n < size)
        return false;
    *out = str_slice(*rest, 0, size);
    *rest = str_from(*rest, size);
    return true;
}

static bool take_count(struct str *rest, size_t *count)
{
    size_t first;
    if (!take_number(rest, 1, &first))
        return false;
    if (first == MAP_16 || first == MAP_32)
        return take_number(rest, first == MAP_16 ? 2 : 4, count);
    *count = first & 0x0F;
    return (first & 0xF0) == FIX_MAP;
}

bool replay_video_split(struct str payload, struct replay_video *out)
{
    struct str key, value;
    size_t count;
    *out = (struct replay_video){0};
    if (!payload.n || !take_count(&payload, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!take_bytes(&payload, &key) || !take_bytes(&payload, &value))
            return false;
        if (str_eq(key, S("replay_event")))
            out->event = value;
        else if (str_eq(key, S("replay_recording")))
            out->recording = value;
        else if (str_eq(key, S("replay_video")))
            out->video = value;
    }
    return true;
}

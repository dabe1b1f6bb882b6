#include "worker/filter/legacy_browser.h"

#include "base/text.h"

/* Major versions from `least` to `most` of a family are legacy; today's options first, then the
 * older ones, then what the filter does when no list was chosen. */
static const struct {
    struct str option, family;
    uint64_t least, most;
} rules[] = {
#define RULE(option, family, least, most)                                                          \
    {                                                                                              \
        {option, sizeof(option) - 1}, {family, sizeof(family) - 1}, least, most                    \
    }
    RULE("ie", "IE", 0, 11),
    RULE("edge", "Edge", 0, 78),
    RULE("safari", "Safari", 0, 11),
    RULE("firefox", "Firefox", 0, 66),
    RULE("chrome", "Chrome", 0, 62),
    RULE("opera", "Opera", 0, 50),
    RULE("android", "Android", 0, 3),
    RULE("opera_mini", "Opera Mini", 0, 34),
    RULE("ie_pre_9", "IE", 0, 8),
    RULE("ie9", "IE", 9, 9),
    RULE("ie10", "IE", 10, 10),
    RULE("ie11", "IE", 11, 11),
    RULE("opera_pre_15", "Opera", 0, 14),
    RULE("opera_mini_pre_8", "Opera Mini", 0, 7),
    RULE("android_pre_4", "Android", 0, 3),
    RULE("safari_pre_6", "Safari", 0, 5),
    RULE("edge_pre_79", "Edge", 0, 78),
    RULE("default", "IE", 0, 9),
    RULE("default", "Safari", 0, 5),
    RULE("default", "Opera", 0, 14),
    RULE("default", "Android", 0, 3),
    RULE("default", "Opera Mini", 0, 7),
#undef RULE
};

enum { RULES = sizeof(rules) / sizeof(rules[0]) };

legacy_browsers legacy_browser_option(struct str option)
{
    legacy_browsers set = 0;
    for (size_t i = 0; i < RULES; i++)
        if (str_eq(option, rules[i].option))
            set |= (legacy_browsers)1 << i;
    return set;
}

bool legacy_browser_is(legacy_browsers set, const struct user_agent *ua)
{
    uint64_t major;
    struct str version = ua->browser_version;
    struct str family = str_eq(ua->browser, S("IE Mobile")) ? S("IE") : ua->browser;
    if (!text_uint64(str_slice(version, 0, str_index(version, '.')), &major))
        return false;
    for (size_t i = 0; i < RULES; i++)
        if (set >> i & 1 && str_eq(family, rules[i].family) && major >= rules[i].least &&
            major <= rules[i].most)
            return true;
    return false;
}

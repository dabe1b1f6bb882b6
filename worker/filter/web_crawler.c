#include "worker/filter/web_crawler.h"

#include "base/text.h"
#include "worker/digest/prefilter.h"

/* What follows the name. */
enum after {
    ANYTHING,
    END,   /* a blank, one of / ) ; or nothing */
    DIGIT, /* a digit */
};

/* Names in lower case; they count wherever they stand. */
struct name {
    struct str text;
    enum after after;
};

#define NAME(text, after)                                                                          \
    {                                                                                              \
        {text, sizeof(text) - 1}, after                                                            \
    }

static const struct name crawlers[] = {
    NAME("mediapartners-google", ANYTHING),
    NAME("adsbot-google", ANYTHING),
    NAME("googlebot", ANYTHING),
    NAME("feedfetcher-google", ANYTHING),
    NAME("storebot-google", ANYTHING),
    NAME("bingbot", ANYTHING),
    NAME("bingpreview", ANYTHING),
    NAME("baiduspider", ANYTHING),
    NAME("slurp", ANYTHING),
    NAME("sogou", ANYTHING),
    NAME("facebook", ANYTHING),
    NAME("meta-", ANYTHING),
    NAME("ia_archiver", ANYTHING),
    NAME("bot", END),
    NAME("bots", END),
    NAME("spider", END),
    NAME("slack", ANYTHING),
    NAME("calypso appcrawler", ANYTHING),
    NAME("pingdom", ANYTHING),
    NAME("lyticsbot", ANYTHING),
    NAME("aws security scanner", ANYTHING),
    NAME("hubspot crawler", ANYTHING),
    NAME("bytespider", ANYTHING),
    NAME("better uptime", ANYTHING),
    NAME("cloudflare-healthchecks", ANYTHING),
    NAME("gtmetrix", ANYTHING),
    NAME("brightedgeoncrawl", ANYTHING),
    NAME("elb-healthchecker", ANYTHING),
    NAME("naver.me/spd", ANYTHING),
    NAME("claudebot", ANYTHING),
    NAME("ccbot", ANYTHING),
    NAME("oai-searchbot", ANYTHING),
    NAME("gptbot", ANYTHING),
    NAME("perplexitybot", ANYTHING),
    NAME("applebot", ANYTHING),
    NAME("duckduckbot", ANYTHING),
};

/* These act for a person, or are Sentry's own. */
static const struct name allowed[] = {
    NAME("slackbot 1.", DIGIT),
    NAME("sentryuptimebot", ANYTHING),
    NAME("chatgpt-user", ANYTHING),
};

static bool fits(enum after after, struct str rest)
{
    switch (after) {
    case ANYTHING:
        return true;
    case END:
        return !rest.n || memchr(" \t/);", rest.p[0], 5);
    case DIGIT:
        return rest.n && rest.p[0] >= '0' && rest.p[0] <= '9';
    }
    return false;
}

static bool has_name(struct str text, const struct name *name)
{
    size_t at = str_find(text, name->text);
    while (at < text.n) {
        text = str_from(text, at + name->text.n);
        if (fits(name->after, text))
            return true;
        at = str_find(text, name->text);
    }
    return false;
}

static bool has_one(const struct prefilter *set, struct str text, const struct name *names,
                    size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (prefilter_may_have(set, names[i].text) && has_name(text, &names[i]))
            return true;
    return false;
}

bool web_crawler_is(struct arena *a, struct str user_agent)
{
    struct prefilter set;
    struct str text = text_lower(a, user_agent);
    prefilter_read(&set, text);
    return has_one(&set, text, crawlers, sizeof(crawlers) / sizeof(crawlers[0])) &&
           !has_one(&set, text, allowed, sizeof(allowed) / sizeof(allowed[0]));
}

#include "worker/digest/web_score.h"

#include <math.h>

#include "base/text.h"
#include "worker/digest/measurements.h"

enum { VITALS_MAX = 4 };

struct vital {
    struct str name;
    double weight, p10, p50; /* weight 0: none */
    bool optional;
};

struct profile {
    struct str browser;
    struct vital vitals[VITALS_MAX];
};

#define FCP {"fcp", 3}, .15, 900, 1600
#define LCP {"lcp", 3}, .30, 1200, 2400
#define CLS {"cls", 3}, .15, 0.1, 0.25
#define TTFB {"ttfb", 4}, .10, 200, 400
#define INP {"inp", 3}, 1.0, 200, 500

static const struct profile pages[] = {
    {{"Chrome", 6}, {{FCP}, {LCP}, {CLS}, {TTFB}}},
    {{"Edge", 4}, {{FCP}, {LCP}, {CLS}, {TTFB}}},
    {{"Opera", 5}, {{FCP}, {LCP}, {CLS}, {TTFB}}},
    {{"Firefox", 7}, {{FCP}, {LCP, .optional = true}, {TTFB}}},
    {{"Safari", 6}, {{FCP}, {TTFB}}},
};

static const struct profile interactions[] = {
    {{"Chrome", 6}, {{INP}}},
    {{"Edge", 4}, {{INP}}},
    {{"Opera", 5}, {{INP}}},
};

/* The share of a log-normal distribution, given by its 10th and 50th percentile, that is slower. */
static double score_of(double value, const struct vital *vital)
{
    static const double tenth = 0.9061938024368232; /* erf⁻¹(0.8) */
    double middle = log(vital->p50);
    double sigma = fabs(middle - log(vital->p10)) / (M_SQRT2 * tenth);
    if (value <= 0)
        return 1;
    return 0.5 * (1 - erf((log(value) - middle) / (M_SQRT2 * sigma)));
}

/* The weights of what was measured; 0 when something is missing that must be there. */
static double total_weight(const struct jt *object, const struct profile *profile)
{
    double sum = 0, value;
    for (size_t i = 0; i < VITALS_MAX && profile->vitals[i].weight > 0; i++) {
        bool measured = measurements_get(object, profile->vitals[i].name, &value);
        if (!measured && !profile->vitals[i].optional)
            return 0;
        sum += measured ? profile->vitals[i].weight : 0;
    }
    return sum;
}

static void apply(struct arena *a, struct jt *object, const struct profile *profile)
{
    double sum = total_weight(object, profile), total = 0, value;
    if (sum <= 0)
        return;
    for (size_t i = 0; i < VITALS_MAX && profile->vitals[i].weight > 0; i++) {
        const struct vital *vital = &profile->vitals[i];
        if (!measurements_get(object, vital->name, &value))
            continue;
        double weight = vital->weight / sum, score = score_of(value, vital) * weight;
        measurements_set(a, object, text_join(a, S("score"), S("."), vital->name), score);
        measurements_set(a, object, text_join(a, S("score.weight"), S("."), vital->name), weight);
        total += score;
    }
    measurements_set(a, object, S("score.total"), total);
}

static const struct profile *profile_for(const struct profile *list, size_t count,
                                         struct str browser)
{
    for (size_t i = 0; i < count; i++)
        if (str_starts(browser, list[i].browser))
            return &list[i];
    return NULL;
}

void web_score_page(struct arena *a, struct jt *event)
{
    struct str browser = jt_get_str(jt_get(jt_get(event, S("contexts")), S("browser")), S("name"));
    const struct profile *profile = profile_for(pages, sizeof(pages) / sizeof(pages[0]), browser);
    if (profile && jt_get(event, S("measurements")))
        apply(a, event, profile);
}

void web_score_interaction(struct arena *a, struct jt *span, struct str browser)
{
    const struct profile *profile =
        profile_for(interactions, sizeof(interactions) / sizeof(interactions[0]), browser);
    if (profile)
        apply(a, span, profile);
}

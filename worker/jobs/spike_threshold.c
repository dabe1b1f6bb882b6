#include "worker/jobs/spike_threshold.h"

#include <math.h>

enum { HOURS_OF_DAY = 24, WEIGHT_OF_DAY = 12, WEIGHT_OF_WEEK = 24 };

static const double kept_share = 0.1, deviations = 5, factor_least = 3, factor_most = 6;

static double weight_of(int age)
{
    if (age == SPIKE_HOURS)
        return WEIGHT_OF_WEEK;
    return age % HOURS_OF_DAY == 0 ? WEIGHT_OF_DAY : 1;
}

static double use_of(const struct spike_hour *hour, int age)
{
    double faded = age < HOURS_OF_DAY ? (double)age / HOURS_OF_DAY : 1;
    return (double)hour->accepted + (double)hour->dropped * (1 - (1 - kept_share) * faded);
}

/* How many hours there are since anything arrived first. */
static int known_hours(const struct spike_hour *hours)
{
    int count = SPIKE_HOURS;
    while (count > 0 && !hours[count - 1].accepted && !hours[count - 1].dropped)
        count--;
    return count;
}

static double factor_of(double average, double variance)
{
    double factor = deviations * sqrt(variance) / average;
    return factor < factor_least ? factor_least : factor > factor_most ? factor_most : factor;
}

int64_t spike_threshold(const struct spike_hour hours[SPIKE_HOURS], int64_t least)
{
    double weights = 0, sum = 0, squares = 0;
    int count = known_hours(hours);
    for (int i = 0; i < count; i++) {
        double weight = weight_of(i + 1);
        weights += weight;
        sum += weight * use_of(&hours[i], i + 1);
    }
    if (sum <= 0)
        return least;
    double average = sum / weights;
    for (int i = 0; i < count; i++) {
        double off = use_of(&hours[i], i + 1) - average;
        squares += weight_of(i + 1) * off * off;
    }
    int64_t usual = llround(average * factor_of(average, squares / weights));
    return usual > least ? usual : least;
}

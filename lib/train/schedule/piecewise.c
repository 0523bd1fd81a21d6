/* SPDX-License-Identifier: MIT */
#include "support/number.h"
#include "train/schedule/schedule.h"

#include <math.h>
#include <string.h>

/* The first number of a list with commas between; what follows its comma, NULL after the last. A
 * text that is no number gives NaN. */
static const char *next(const char *text, double *value)
{
    char number[VAE__NUMBER_TEXT];
    size_t length = strcspn(text, ",");

    *value = NAN;
    if (length < sizeof number) {
        memcpy(number, text, length);
        number[length] = '\0';
        if (vae__parse_double(number, value) != 0) *value = NAN;
    }
    return text[length] == ',' ? text + length + 1 : NULL;
}

static const char *check_milestones(const char *text)
{
    double before = 0.0, milestone;

    for (const char *rest = *text ? text : NULL; rest; before = milestone) {
        rest = next(rest, &milestone);
        if (!(milestone > before && milestone <= 1e15))
            return "must be epochs, numbers above 0 and rising, with commas between";
    }
    return NULL;
}

static const char *check_rates(const char *text)
{
    double rate;

    for (const char *rest = *text ? text : NULL; rest;) {
        rest = next(rest, &rate);
        if (!(rate >= 0.0 && rate <= 1e6)) return "must be numbers 0 to 1e6 with commas between";
    }
    return NULL;
}

static const struct vae__option options[] = {
    VAE__OPTION_TEXT("schedule_milestones", "", check_milestones,
                     "piecewise: epochs where the rate changes, such as \"10,20\"; default \"\""),
    VAE__OPTION_DOUBLE("schedule_factor", 0.0, 1e6, 0.1,
                       "piecewise: factor at each milestone; 0 to 1e6, default 0.1"),
    VAE__OPTION_TEXT("schedule_rates", "", check_rates,
                     "piecewise: factors of learning_rate, one before the first milestone and one "
                     "after each, in place of schedule_factor; default \"\" (none)"),
    VAE__OPTION_END};

/* How many milestones lie at or before this step. */
static size_t passed(const char *milestones, double step, double epoch_steps)
{
    size_t n = 0;
    double milestone;

    for (const char *rest = *milestones ? milestones : NULL; rest; n++) {
        rest = next(rest, &milestone);
        if (step < milestone * epoch_steps) break;
    }
    return n;
}

/* The piece's factor; the last one given holds for the pieces after it too. */
static double listed(const char *rates, size_t piece)
{
    double rate = 1.0;

    for (size_t i = 0; rates && i <= piece; i++) rates = next(rates, &rate);
    return rate;
}

static double rate(const struct vae__options *o, double base, uint64_t step, uint64_t epoch_steps)
{
    size_t piece = passed(vae__option_text(o, "schedule_milestones"), (double)step,
                          (double)(epoch_steps ? epoch_steps : 1));
    const char *rates = vae__option_text(o, "schedule_rates");

    if (*rates) return base * listed(rates, piece);
    return base * pow(vae__option_double(o, "schedule_factor"), (double)piece);
}

const struct vae__schedule vae__schedule_piecewise = {
    .kind = {.name = "piecewise",
             .describe = "learning_rate * schedule_factor^(milestones passed), or schedule_rates",
             .options = options},
    .rate = rate,
};

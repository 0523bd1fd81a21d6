/* SPDX-License-Identifier: MIT */
/* The ranges of whole-number options, to the last unit. */
#include "support/check_main.h"
#include "support/options.h"

#include <fenv.h>
#include <math.h>

#define MOST ((int64_t)1 << 53)

static const struct vae__option list[] = {
    VAE__OPTION_INT("count", 0, 9007199254740992.0, 3, "0 to 2^53, default 3"),
    VAE__OPTION_INT("small", -5, 7, 0, "-5 to 7, default 0"),
    VAE__OPTION_INT("any", -INFINITY, INFINITY, 1, "any, default 1"),
    VAE__OPTION_END,
};
static const struct vae__schema schema = {.what = "test", .own = list};

static const struct {
    const char *name;
    int64_t value;
    vae_status answer;
} cases[] = {
    {"count", 0, VAE_OK},           {"count", -1, VAE_EINVAL},
    {"count", MOST, VAE_OK},        {"count", MOST + 1, VAE_EINVAL},
    {"count", MOST - 1, VAE_OK},    {"count", INT64_MAX, VAE_EINVAL},
    {"small", -5, VAE_OK},          {"small", -6, VAE_EINVAL},
    {"small", 7, VAE_OK},           {"small", 8, VAE_EINVAL},
    {"small", MOST, VAE_EINVAL},    {"small", INT64_MIN, VAE_EINVAL},
    {"any", INT64_MIN, VAE_OK},     {"any", INT64_MAX, VAE_OK},
    {"any", INT64_MAX - 1, VAE_OK},
};

START_TEST(whole_numbers_keep_their_range_in_every_rounding_mode)
{
    static const int modes[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    struct vae__options options;
    MUST(vae__options_init("test", &options, NULL, &schema));
    for (size_t m = 0; m < sizeof modes / sizeof *modes; m++) {
        ck_assert_int_eq(fesetround(modes[m]), 0);
        feclearexcept(FE_ALL_EXCEPT);
        vae_status answer = vae__options_set_int("test", &options, cases[_i].name, cases[_i].value);
        int raised = fetestexcept(FE_INEXACT | FE_INVALID);
        fesetround(FE_TONEAREST);
        ck_assert_int_eq(answer, cases[_i].answer);
        if (sizeof(size_t) == 8) /* else the compiler's conversion itself is inexact */
            ck_assert_int_eq(raised, 0);
        if (answer == VAE_OK)
            ck_assert(vae__option_int(&options, cases[_i].name) == cases[_i].value);
    }
    vae__options_clear(&options);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, whole_numbers_keep_their_range_in_every_rounding_mode, 0,
                        (int)(sizeof cases / sizeof *cases));
}

int main(void)
{
    return check_run("options", add);
}

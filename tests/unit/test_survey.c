/* SPDX-License-Identifier: MIT */
/* What is asked of a whole source: its mean, its range, which data it is. */
#include "data/source.h"

#include <math.h>

#include "support/check_main.h"
#include "support/disk.h"
#include "support/fixtures.h"

START_TEST(mean_is_of_all_rows)
{
    enum { MANY = 3000, NARROW = 40 }; /* more than are read at once */
    float *data = fixture_floats(MANY * NARROW), mean[NARROW];
    vae_source *source;

    fixture_normal(data, MANY * NARROW, 5);
    MUST(vae_source_from_float(&source, NULL, data, MANY, NARROW, 0));
    MUST(vae_source_set_binarize(source, "threshold"));
    MUST(vae_source_mean(source, mean));
    for (size_t d = 0; d < NARROW; d++) {
        double sum = 0.0;
        for (size_t r = 0; r < MANY; r++) sum += (double)data[r * NARROW + d];
        ck_assert_float_eq(mean[d], (float)(sum / MANY));
    }
    vae_source_free(source);
    free(data);
}
END_TEST

START_TEST(range_tells_binary_from_grey)
{
    float data[8] = {0, 1, 1, 0, 0, 1, 0.25f, -2}, least, largest;
    int binary;
    vae_source *source;

    MUST(vae_source_from_float(&source, NULL, data, 3, 2, 0));
    MUST(vae_source_range(source, 0, &least, &largest, &binary));
    ck_assert(least == 0.0f && largest == 1.0f && binary == 1);
    vae_source_free(source);
    MUST(vae_source_from_float(&source, NULL, data, 4, 2, 0));
    MUST(vae_source_range(source, 0, &least, &largest, &binary));
    ck_assert(least == -2.0f && largest == 1.0f && binary == 0);
    MUST(vae_source_range(source, 1, &least, &largest, &binary));
    ck_assert(least == 0.0f && largest == 1.0f && binary == 1);
    data[3] = NAN;
    MUST(vae_source_range(source, 0, &least, &largest, &binary));
    ck_assert(isnan(least) && isnan(largest) && binary == 0);
    vae_source_free(source);
}
END_TEST

static uint64_t print_of(const float *data, size_t rows, size_t dim)
{
    uint64_t print;
    vae_source *source;

    MUST(vae_source_from_float(&source, NULL, data, rows, dim, 0));
    MUST(vae__source_fingerprint("f", source, &print));
    vae_source_free(source);
    return print;
}

START_TEST(fingerprint_tells_data_apart)
{
    float *data = fixture_floats(1200);
    disk d = {.x = data, .dim = 12};
    uint64_t print, other;
    vae_source *source;

    fixture_normal(data, 1200, 6);
    print = print_of(data, 100, 12);
    ck_assert(print == print_of(data, 100, 12));
    ck_assert(print != print_of(data, 120, 10));
    ck_assert(print != print_of(data, 99, 12));
    MUST(vae_source_from_callback(&source, NULL, 100, 12, read_disk, &d));
    MUST(vae__source_fingerprint("f", source, &other));
    ck_assert(print == other);
    vae_source_free(source);
    data[700] = nextafterf(data[700], 9.0f);
    ck_assert(print != print_of(data, 100, 12));
    free(data);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, mean_is_of_all_rows);
    tcase_add_test(tests, range_tells_binary_from_grey);
    tcase_add_test(tests, fingerprint_tells_data_apart);
}

int main(void)
{
    return check_run("survey", add);
}

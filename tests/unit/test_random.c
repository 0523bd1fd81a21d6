/* SPDX-License-Identifier: MIT */
#include "support/random.h"

#include "support/check_main.h"

#if defined(__has_include)
#if __has_include(<Random123/philox.h>) && !defined(__mips__) /* which it refuses */
#include <Random123/philox.h>
#define HAVE_RANDOM123
#endif
#endif

/* The published test vectors of Philox4x32-10 (kat_vectors of Random123). */
static const struct vector {
    uint64_t seed;
    uint32_t counter[4], words[4];
} vectors[] = {
    {0, {0, 0, 0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {UINT64_MAX,
     {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
    {UINT64_C(0x299f31d0a4093822),
     {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
};
enum { VECTORS = sizeof vectors / sizeof *vectors };

START_TEST(philox_gives_the_published_words)
{
    uint32_t out[4];
    vae__philox(vectors[_i].seed, vectors[_i].counter, out);
    ck_assert_mem_eq(out, vectors[_i].words, sizeof out);
}
END_TEST

#ifdef HAVE_RANDOM123
START_TEST(philox_is_random123s_over_many_counters_and_seeds)
{
    uint64_t seed = 0x123456789abcdef0;
    uint32_t c[4] = {1, 2, 3, 4};

    for (int i = 0; i < 10000; i++) {
        philox4x32_ctr_t counter = {{c[0], c[1], c[2], c[3]}};
        philox4x32_key_t key = {{(uint32_t)seed, (uint32_t)(seed >> 32)}};
        philox4x32_ctr_t truth = philox4x32(counter, key);
        uint32_t out[4];
        vae__philox(seed, c, out);
        ck_assert_mem_eq(out, truth.v, sizeof out);
        memcpy(c, out, sizeof c); /* the next counter and seed are the words */
        seed = seed * UINT64_C(6364136223846793005) + out[0];
    }
}
END_TEST
#endif

START_TEST(a_place_holds_seed_step_purpose_and_sample)
{
    struct vae__noise noise = vae__noise_at(UINT64_MAX, 7, VAE__PURPOSE_PRIOR, 9);
    ck_assert_uint_eq(noise.seed, UINT64_MAX);
    ck_assert_uint_eq(noise.step, 7);
    ck_assert_uint_eq(noise.tag, (3u << 24) + 9);
}
END_TEST

static void assert_permutation(const uint64_t *order, size_t n)
{
    char *seen = calloc(n + 1, 1);
    ck_assert_ptr_nonnull(seen);
    for (size_t i = 0; i < n; i++) {
        ck_assert_uint_lt(order[i], n);
        ck_assert_int_eq(seen[order[i]]++, 0);
    }
    free(seen);
}

START_TEST(a_shuffle_holds_every_row_once)
{
    static const size_t sizes[] = {0, 1, 2, 3, 10, 1000, 60000};
    size_t n = sizes[_i];
    uint64_t *order = malloc((n + 1) * sizeof *order);

    ck_assert_ptr_nonnull(order);
    order[n] = 12345;
    vae__shuffle(1, 2, order, n);
    assert_permutation(order, n);
    ck_assert_uint_eq(order[n], 12345);
    free(order);
}
END_TEST

START_TEST(a_shuffle_depends_on_seed_and_epoch_alone)
{
    uint64_t first[100], again[100], other_epoch[100], other_seed[100];

    vae__shuffle(5, 6, first, 100);
    vae__shuffle(5, 6, again, 100);
    vae__shuffle(5, 7, other_epoch, 100);
    vae__shuffle(6, 6, other_seed, 100);
    ck_assert_mem_eq(first, again, sizeof first);
    ck_assert_mem_ne(first, other_epoch, sizeof first);
    ck_assert_mem_ne(first, other_seed, sizeof first);
}
END_TEST

/* Each of the 24 orders of 4 rows in 24,000 epochs: chi-square of 23 degrees of freedom is above
 * 57 once in ten thousand seeds. */
START_TEST(all_orders_are_as_likely)
{
    int counts[256] = {0}, kinds = 0;
    double chi = 0;

    for (uint64_t epoch = 0; epoch < 24000; epoch++) {
        uint64_t order[4];
        vae__shuffle(11, epoch, order, 4);
        counts[order[0] | order[1] << 2 | order[2] << 4 | order[3] << 6]++;
    }
    for (int i = 0; i < 256; i++) {
        kinds += counts[i] > 0;
        if (counts[i] > 0) chi += (counts[i] - 1000.0) * (counts[i] - 1000.0) / 1000.0;
    }
    ck_assert_int_eq(kinds, 24);
    ck_assert_double_lt(chi, 57.0);
}
END_TEST

/* The algorithm as random.h names it, with the compiler's own 128-bit product. */
#ifdef __SIZEOF_INT128__
__extension__ typedef unsigned __int128 wide;

START_TEST(a_shuffle_is_fisher_yates_with_lemires_numbers)
{
    enum { N = 1000 };
    uint64_t order[N], truth[N], word = 0;

    vae__shuffle(UINT64_C(0xfedcba9876543210), 3, order, N);
    for (size_t i = 0; i < N; i++) truth[i] = i;
    for (uint64_t i = N; i > 1; i--, word++) {
        uint32_t counter[4] = {(uint32_t)(word / 2), 0, 3, VAE__PURPOSE_SHUFFLE << 24}, w[4];
        vae__philox(UINT64_C(0xfedcba9876543210), counter, w);
        uint64_t x = w[word % 2 * 2] | (uint64_t)w[word % 2 * 2 + 1] << 32;
        uint64_t j = (uint64_t)((wide)x * i >> 64), kept = truth[i - 1];
        truth[i - 1] = truth[j];
        truth[j] = kept;
    }
    ck_assert_mem_eq(order, truth, sizeof order);
}
END_TEST

/* Of a range just above 2^63 nearly every second word would favour some number, and is passed over;
 * of one just above 2^62 nearly every fourth. */
START_TEST(a_word_that_would_favour_some_number_is_passed_over)
{
    static const uint64_t ranges[] = {(UINT64_C(1) << 63) + 1, (UINT64_C(1) << 62) + 1};
    enum { N = 1000 };
    struct vae__stream words = {.seed = 8, .used = 4}, s = words;
    const wide range = ranges[_i], fair = (((wide)1 << 64) / range) * range;
    const wide least = ((wide)1 << 64) - fair;
    uint64_t passed_over = 0;
    for (int i = 0; i < N; i++) {
        wide product;
        do {
            uint32_t counter[4] = {(uint32_t)(words.block / 2), 0, 0, VAE__PURPOSE_SHUFFLE << 24};
            uint32_t w[4];
            vae__philox(words.seed, counter, w);
            uint64_t half = words.block++ % 2 * 2;
            product = ((uint64_t)w[half] | (uint64_t)w[half + 1] << 32) * range;
            passed_over += (uint64_t)product < least;
        } while ((uint64_t)product < least);
        ck_assert_uint_eq(vae__stream_below(&s, (uint64_t)range), (uint64_t)(product >> 64));
    }
    ck_assert_uint_gt(passed_over, N / 5);
}
END_TEST
#endif

/* Recorded once: checkpoints are resumed with these orders. */
START_TEST(the_order_of_ten_rows_never_changes)
{
    static const uint64_t pinned[10] = {6, 3, 1, 8, 4, 9, 5, 2, 7, 0};
    uint64_t order[10];
    vae__shuffle(42, 1, order, 10);
    ck_assert_mem_eq(order, pinned, sizeof order);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, philox_gives_the_published_words, 0, VECTORS);
#ifdef HAVE_RANDOM123
    tcase_add_test(tests, philox_is_random123s_over_many_counters_and_seeds);
#endif
    tcase_add_test(tests, a_place_holds_seed_step_purpose_and_sample);
    tcase_add_loop_test(tests, a_shuffle_holds_every_row_once, 0, 7);
    tcase_add_test(tests, a_shuffle_depends_on_seed_and_epoch_alone);
    tcase_add_test(tests, all_orders_are_as_likely);
#ifdef __SIZEOF_INT128__
    tcase_add_test(tests, a_shuffle_is_fisher_yates_with_lemires_numbers);
    tcase_add_loop_test(tests, a_word_that_would_favour_some_number_is_passed_over, 0, 2);
#endif
    tcase_add_test(tests, the_order_of_ten_rows_never_changes);
}

int main(void)
{
    return check_run("random", add);
}

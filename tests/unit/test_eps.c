/* SPDX-License-Identifier: MIT */
/* Whose noise it is, and what it depends on. */
#include "support/check_main.h"
#include "support/result.h"

static const fixture_case shape = {.input = 37,
                                   .latent = 5,
                                   .output = 19,
                                   .condition = 2,
                                   .encoder = "33,20",
                                   .decoder = "21,40",
                                   .activation = "silu",
                                   .rows = 130,
                                   .samples = 2,
                                   .beta = 0.5,
                                   .reduction = "sum"};

/* Zero heads make q the prior, so z is the noise itself: that noise, passed as eps, must give the
 * bits that the library's own gives. */
START_TEST(noise_passed_as_eps_gives_the_librarys_bits)
{
    fixture_case c = shape;
    fixture f;
    vae_model *trained;
    vae_workspace *workspace;
    result own, passed;

    c.samples = 1;
    fixture_new(&f, &c, NULL);
    MUST(vae_batch_set_eps(f.batch, NULL));
    MUST(vae_batch_set_noise(f.batch, 31, 7));
    own = result_of(&f, f.rows, 2);
    MUST(vae_model_copy(&trained, f.model));
    fixture_weights(f.model, 0, 1);
    MUST(vae_workspace_new(&workspace, f.model, "inference", 50, 1, 1));
    MUST(vae_encode_sample(workspace, f.model, f.batch, f.eps, 0));
    vae_workspace_free(workspace);
    vae_model_free(f.model);
    f.model = trained;
    MUST(vae_batch_set_eps(f.batch, f.eps));
    passed = result_of(&f, f.rows, 1);
    result_expect_same_bits(&own, &passed);
    result_free(&own);
    result_free(&passed);
    fixture_free(&f);
}
END_TEST

START_TEST(noise_depends_on_seed_and_step_alone)
{
    static const uint64_t places[][2] = {
        {0, 0}, {0, 1}, {1, 0}, {UINT64_C(1) << 40, 0}, {0, UINT32_MAX}};
    fixture f;
    double losses[5];

    fixture_new(&f, &shape, NULL);
    MUST(vae_batch_set_eps(f.batch, NULL));
    for (size_t i = 0; i < 5; i++) {
        MUST(vae_batch_set_noise(f.batch, places[i][0], places[i][1]));
        result a = result_of(&f, f.rows, 1), b = result_of(&f, f.rows, 3);
        result_expect_same_bits(&a, &b);
        losses[i] = a.loss;
        for (size_t k = 0; k < i; k++) ck_assert_double_ne(losses[k], losses[i]);
        result_free(&a);
        result_free(&b);
    }
    fixture_free(&f);
}
END_TEST

/* Samples draw anew: L = 2 is the mean of two draws, the first of which is that of L = 1. */
START_TEST(samples_have_noise_of_their_own)
{
    fixture f;
    result two, one;

    fixture_new(&f, &shape, NULL);
    MUST(vae_batch_set_eps(f.batch, NULL));
    two = result_of(&f, f.rows, 1);
    MUST(vae_batch_set_samples(f.batch, 1));
    one = result_of(&f, f.rows, 1);
    ck_assert_double_ne(one.reconstruction, two.reconstruction);
    ck_assert_double_eq(one.kl, two.kl);
    result_free(&two);
    result_free(&one);
    fixture_free(&f);
}
END_TEST

START_TEST(kl_is_zero_at_the_prior)
{
    fixture f;
    result r;

    fixture_new(&f, &shape, NULL);
    fixture_weights(f.model, 0, 1);
    r = result_of(&f, f.rows, 2);
    ck_assert_double_eq(r.kl, 0);
    for (size_t i = 0; i < f.rows; i++) ck_assert_double_eq(r.rows_kl[i], 0);
    ck_assert_double_eq(r.loss, r.reconstruction);
    result_free(&r);
    fixture_free(&f);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, noise_passed_as_eps_gives_the_librarys_bits);
    tcase_add_test(tests, noise_depends_on_seed_and_step_alone);
    tcase_add_test(tests, samples_have_noise_of_their_own);
    tcase_add_test(tests, kl_is_zero_at_the_prior);
}

int main(void)
{
    return check_run("eps", add);
}

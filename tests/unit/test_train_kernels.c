/* SPDX-License-Identifier: MIT */
/* Training under every choice of kernels this machine and this build have. */
#include <math.h>

#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/toy.h"

static const toy_case busy = {.optimizer = "adam",
                              .options = {"samples", "2", NULL},
                              .binarize = "bernoulli",
                              .validation = 1};

/* The combination of a number; NULL when this machine or this build does not have it. */
static vae_context *choose(int index)
{
    int n_simd = fixture_kind_count("simd");
    vae_context *context;

    MUST(vae_context_new(&context, NULL, NULL, NULL));
    if (vae_context_set_text(context, "simd", vae_kind("simd", (size_t)(index % n_simd))) ==
            VAE_OK &&
        vae_context_set_text(context, "gemm", vae_kind("gemm", (size_t)(index / n_simd))) == VAE_OK)
        return context;
    vae_context_free(context);
    return NULL;
}

static int look(float *gradient, size_t n, uint64_t step, void *user)
{
    (void)gradient, (void)n, (void)step, (void)user;
    return 0;
}

static void train(toy *t, vae_context *context, int64_t threads, vae_gradient_fn hook)
{
    toy_new(t, &busy, 1, context);
    toy_set_data(t, &busy);
    MUST(vae_trainer_set_int(t->trainer, "threads", threads));
    MUST(vae_trainer_on_gradient(t->trainer, hook, NULL));
    MUST(vae_trainer_fit(t->trainer, 2));
}

START_TEST(threads_and_hooks_change_no_bit_on_any_kernel)
{
    vae_context *context = choose(_i);
    toy one, three, hooked, usual;
    double loss;

    if (!context) return;
    train(&one, context, 1, NULL);
    train(&three, context, 3, NULL);
    train(&hooked, context, 2, look);
    train(&usual, NULL, 1, NULL);
    toy_expect_same(&one, &three);
    toy_expect_same(&one, &hooked);
    loss = toy_result(&usual, "validation_loss");
    ck_assert_double_eq_tol(toy_result(&one, "validation_loss"), loss, 1e-4 * loss);
    vae_context_free(context);
    toy_free(&one);
    toy_free(&three);
    toy_free(&hooked);
    toy_free(&usual);
}
END_TEST

static void add(TCase *tests)
{
    int all = fixture_kind_count("simd") * fixture_kind_count("gemm");
    tcase_add_loop_test(tests, threads_and_hooks_change_no_bit_on_any_kernel, 0, all);
}

int main(void)
{
    return check_run("train_kernels", add);
}

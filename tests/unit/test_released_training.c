/* SPDX-License-Identifier: MIT */
/* The trainings that released versions cut short go on, in every later one, to the end they had:
 * the checkpoints of tests/golden/released. */
#include <float.h>
#include <stdio.h>

#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/golden.h"
#include "support/released.h"
#include "support/released_files.h"
#include "support/snapshot.h"

/* Of a tensor's norm, after the rest of a training. Kernels may differ in rounding, and so may the
 * versions of libvae. */
#define TOLERANCE 1e-5

/* A checkpoint's training, at hand to go on. */
typedef struct resumed {
    vae_context *context;
    vae_model *model;
    vae_trainer *trainer;
    released_data data;
} resumed;

/* 0 when this machine or this build has no such kernels. */
static int resume(resumed *r, const released_file *f, const char *simd, const char *gemm)
{
    golden *g = golden_open_path(f->path);
    MUST(vae_context_new(&r->context, NULL, NULL, NULL));
    int able = vae_context_set_text(r->context, "simd", simd) == VAE_OK &&
               vae_context_set_text(r->context, "gemm", gemm) == VAE_OK;
    if (able) {
        MUST(vae_model_load(&r->model, r->context, f->path));
        MUST(vae_trainer_new(&r->trainer, r->model, golden_text(g, "libvae.train.optimizer")));
        released_data_new(&r->data, r->model);
        released_data_set(&r->data, r->trainer,
                          golden_number(g, "libvae.train.validation.rows") > 0);
        MUST(vae_trainer_load(r->trainer, f->path));
    } else {
        vae_context_free(r->context);
    }
    golden_close(g);
    return able;
}

static void leave(resumed *r)
{
    vae_trainer_free(r->trainer);
    released_data_free(&r->data);
    vae_model_free(r->model);
    vae_context_free(r->context);
}

/* Loaded and saved, it is the same checkpoint: slots, best weights, options and progress. */
START_TEST(an_old_checkpoint_is_taken_over_whole)
{
    const released_file *f = released_file_at(_i);
    resumed r;
    const char *name;
    size_t n;
    if (!f->end) return;
    ck_assert(resume(&r, f, "baseline", "builtin"));
    snapshot again = snapshot_save(r.trainer, SNAPSHOT_MEMORY);
    golden *g = golden_parse(f->name, again.bytes, again.n), *old = golden_open_path(f->path);
    for (size_t i = 0; (name = golden_key(old, i)) != NULL; i++)
        if (strcmp(name, "libvae.version") != 0)
            ck_assert_msg(strcmp(golden_text(g, name), golden_text(old, name)) == 0, "%s: %s is %s",
                          f->name, name, golden_text(g, name));
    for (size_t i = 0; (name = golden_tensor(old, i)) != NULL; i++) {
        const unsigned char *bytes = golden_bytes(g, name, &n);
        released_expect_digest(f, name, bytes, n);
    }
    golden_close(old);
    golden_close(g);
    free(again.bytes);
    leave(&r);
}
END_TEST

/* The bits are those of a machine that computes floats as floats. */
static double tolerance(const released_file *f, const char *how)
{
    return f->same_bits && FLT_EVAL_METHOD == 0 && strcmp(how, "baseline builtin") == 0 ? 0
                                                                                        : TOLERANCE;
}

static void expect_near(const released_file *f, const vae_model *model, const vae_model *end,
                        const char *how)
{
    for (size_t t = 0; t < vae_model_tensor_count(end); t++) {
        size_t n = fixture_tensor_size(end, t);
        const char *name;
        MUST(vae_model_tensor(end, t, &name, NULL, NULL, NULL, NULL));
        float *values = released_tensor(model, name, n), *truth = released_tensor(end, name, n);
        double *wide = fixture_widen(values, n), *wide_truth = fixture_widen(truth, n);
        double error = fixture_relative_error(wide, wide_truth, n);
        ck_assert_msg(error <= tolerance(f, how), "%s, %s: %s: relative error %g", f->name, how,
                      name, error);
        free(values);
        free(truth);
        free(wide);
        free(wide_truth);
    }
}

/* The order of rows, the noise and the arithmetic of a training do not change with the version. */
START_TEST(an_old_checkpoint_goes_on_to_the_end_it_had)
{
    const released_file *f = released_file_at(_i);
    const char *simd, *gemm;
    char path[1024], how[64];
    vae_model *end;
    int trainings = 0;
    if (!f->end) return;
    snprintf(path, sizeof path, "%.*s%s", (int)(strrchr(f->path, '/') + 1 - f->path), f->path,
             f->end);
    MUST(vae_model_load(&end, NULL, path));
    for (size_t s = 1; (simd = vae_kind("simd", s)) != NULL; s++)
        for (size_t k = 1; (gemm = vae_kind("gemm", k)) != NULL; k++) {
            resumed r;
            if (!resume(&r, f, simd, gemm)) continue;
            MUST(vae_trainer_fit(r.trainer, RELEASED_EPOCHS));
            snprintf(how, sizeof how, "%s %s", simd, gemm);
            expect_near(f, r.model, end, how);
            leave(&r);
            trainings++;
        }
    ck_assert_int_gt(trainings, 0);
    vae_model_free(end);
}
END_TEST

/* Index = release: without its account nothing of it would be tested. */
START_TEST(the_account_of_a_release_can_be_read)
{
    released_expect_account(_i);
}
END_TEST

static void add(TCase *tests)
{
    int n = released_files();
    tcase_add_loop_test(tests, the_account_of_a_release_can_be_read, 0, released_count());
    tcase_add_loop_test(tests, an_old_checkpoint_is_taken_over_whole, 0, n);
    tcase_add_loop_test(tests, an_old_checkpoint_goes_on_to_the_end_it_had, 0, n);
}

int main(void)
{
    return check_run("released_training", add);
}

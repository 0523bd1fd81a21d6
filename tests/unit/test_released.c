/* SPDX-License-Identifier: MIT */
/* The files that released versions wrote load for ever: tests/golden/released has a folder for each.
 * What is in them another program says, tests/golden/make_released.py. With a folder as its argument
 * this program writes the files of the version it is. */
#include <float.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>

#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/golden.h"
#include "support/released.h"
#include "support/snapshot.h"

/* Of a tensor's norm, after the rest of a training. Kernels may differ in rounding, and so may the
 * versions of libvae. */
#define TOLERANCE 1e-5

#define MOST 256

/* same_bits: the built-in product on the baseline goes on to that release's bits. 0 from the first
 * version on that rounds otherwise, which docs/NEWS.md then says. */
static const struct {
    const char *version;
    int same_bits;
} releases[] = {{"0.1.0", 1}};
#define RELEASES (sizeof releases / sizeof *releases)

/* One file, and what it holds by the other program's account. */
typedef struct file {
    char name[128], path[1024];
    json_t *tensors; /* name: digest of the numbers as float32 */
    json_t *config;  /* option: text */
    const char *end; /* of a checkpoint: the file with what its training ends in */
    int same_bits;
} file;

static json_t *accounts[RELEASES];
static file files[MOST];
static int n_files;

/* Before the tests run, where nothing can be asserted: a test of its own sees what is missing. */
static void list_files(void)
{
    char path[1024];
    const char *name;
    json_t *account;
    for (size_t r = 0; r < RELEASES; r++) {
        snprintf(path, sizeof path, "%s/%s/account.json", RELEASED, releases[r].version);
        accounts[r] = json_load_file(path, 0, NULL);
        json_object_foreach(accounts[r], name, account)
        {
            if (n_files == MOST) return;
            file *f = &files[n_files++];
            snprintf(f->name, sizeof f->name, "%s/%s", releases[r].version, name);
            snprintf(f->path, sizeof f->path, "%s/%s/%s", RELEASED, releases[r].version, name);
            f->tensors = json_object_get(account, "tensors");
            f->config = json_object_get(account, "config");
            f->same_bits = releases[r].same_bits;
            f->end = json_string_value(json_object_get(account, "end"));
        }
    }
}

static const char *account_of(const file *f, const char *tensor)
{
    const char *digest = json_string_value(json_object_get(f->tensors, tensor));
    ck_assert_msg(digest != NULL, "%s: no account of %s", f->name, tensor);
    return digest;
}

/* FNV-1a of little-endian bytes. */
static void expect_digest(const file *f, const char *tensor, const unsigned char *bytes, size_t n)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    char text[17];
    for (size_t i = 0; i < n; i++) hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    snprintf(text, sizeof text, "%016llx", (unsigned long long)hash);
    ck_assert_msg(strcmp(text, account_of(f, tensor)) == 0, "%s: %s has other numbers", f->name,
                  tensor);
}

static float *tensor_of(const vae_model *model, const char *name, size_t n)
{
    float *values = fixture_floats(n);
    MUST(vae_model_get_tensor(model, name, values, n));
    return values;
}

static void expect_tensor(const file *f, const vae_model *model, size_t index)
{
    size_t n = fixture_tensor_size(model, index);
    unsigned char *bytes = fixture_alloc(n, 4);
    const char *name;
    MUST(vae_model_tensor(model, index, &name, NULL, NULL, NULL, NULL));
    float *values = tensor_of(model, name, n);
    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        for (size_t k = 0; k < 4; k++) bytes[4 * i + k] = (unsigned char)(bits >> 8 * k);
    }
    expect_digest(f, name, bytes, 4 * n);
    free(values);
    free(bytes);
}

START_TEST(every_tensor_of_an_old_file_is_what_it_was)
{
    const file *f = &files[_i];
    vae_model *model;
    const char *name;
    json_t *digest;
    size_t count = 0;
    MUST(vae_model_load(&model, NULL, f->path));
    json_object_foreach(f->tensors, name, digest) count += strncmp(name, "train.", 6) != 0;
    ck_assert_uint_eq(vae_model_tensor_count(model), count);
    for (size_t i = 0; i < count; i++) expect_tensor(f, model, i);
    vae_model_free(model);
}
END_TEST

/* Options that a file leaves out have the defaults they had. */
START_TEST(every_option_of_an_old_file_is_what_it_was)
{
    const file *f = &files[_i];
    vae_model *model;
    const char *option;
    char text[1024];
    json_t *value;
    MUST(vae_model_load(&model, NULL, f->path));
    ck_assert_uint_gt(json_object_size(f->config), 0);
    json_object_foreach(f->config, option, value)
    {
        MUST(vae_config_format(vae_model_config(model), option, text, sizeof text));
        ck_assert_msg(strcmp(text, json_string_value(value)) == 0, "%s: %s is %s, not %s", f->name,
                      option, text, json_string_value(value));
    }
    vae_model_free(model);
}
END_TEST

/* A checkpoint's training, at hand to go on. */
typedef struct resumed {
    vae_context *context;
    vae_model *model;
    vae_trainer *trainer;
    released_data data;
} resumed;

/* 0 when this machine or this build has no such kernels. */
static int resume(resumed *r, const file *f, const char *simd, const char *gemm)
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
    const file *f = &files[_i];
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
        expect_digest(f, name, bytes, n);
    }
    golden_close(old);
    golden_close(g);
    free(again.bytes);
    leave(&r);
}
END_TEST

/* The bits are those of a machine that computes floats as floats. */
static double tolerance(const file *f, const char *how)
{
    return f->same_bits && FLT_EVAL_METHOD == 0 && strcmp(how, "baseline builtin") == 0 ? 0
                                                                                        : TOLERANCE;
}

static void expect_near(const file *f, const vae_model *model, const vae_model *end,
                        const char *how)
{
    for (size_t t = 0; t < vae_model_tensor_count(end); t++) {
        size_t n = fixture_tensor_size(end, t);
        const char *name;
        MUST(vae_model_tensor(end, t, &name, NULL, NULL, NULL, NULL));
        float *values = tensor_of(model, name, n), *truth = tensor_of(end, name, n);
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
    const file *f = &files[_i];
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

static void expect_options_known(const golden *g, const golden *old)
{
    const char *key, *known;
    for (size_t i = 0; (key = golden_key(g, i)) != NULL; i++) {
        if (!strstr(key, ".config.") && !strstr(key, ".option.")) continue;
        for (size_t k = 0; (known = golden_key(old, k)) != NULL; k++)
            if (strcmp(key, known) == 0) break;
        ck_assert_msg(known != NULL, "0.1.0 has no %s: mark the option as later", key);
    }
}

/* What has all its defaults can be read by the first release: it is asked for nothing new. */
START_TEST(a_plain_checkpoint_has_no_option_that_the_first_release_lacks)
{
    golden *old = golden_open_path(RELEASED "/0.1.0/checkpoint-adam.safetensors"), *g;
    vae_config *config;
    vae_model *model;
    vae_trainer *trainer;
    MUST(vae_config_new(&config, NULL, 5, 2));
    MUST(vae_model_new(&model, config, 0));
    MUST(vae_trainer_new(&trainer, model, "adam"));
    snapshot s = snapshot_save(trainer, SNAPSHOT_MEMORY);
    g = golden_parse("a plain checkpoint", s.bytes, s.n);
    expect_options_known(g, old);
    golden_close(g);
    golden_close(old);
    free(s.bytes);
    vae_trainer_free(trainer);
    vae_model_free(model);
    vae_config_free(config);
}
END_TEST

/* Index = release. */
START_TEST(the_account_of_a_release_can_be_read)
{
    ck_assert_msg(json_object_size(accounts[_i]) > 0, "%s has no account.json",
                  releases[_i].version);
    ck_assert_int_lt(n_files, MOST);
}
END_TEST

static const char *folder;

START_TEST(files_are_written)
{
    released_write(folder);
}
END_TEST

static void add_writing(TCase *tests)
{
    tcase_add_test(tests, files_are_written);
}

static void add(TCase *tests)
{
    list_files();
    tcase_add_loop_test(tests, the_account_of_a_release_can_be_read, 0, (int)RELEASES);
    tcase_add_test(tests, a_plain_checkpoint_has_no_option_that_the_first_release_lacks);
    tcase_add_loop_test(tests, every_tensor_of_an_old_file_is_what_it_was, 0, n_files);
    tcase_add_loop_test(tests, every_option_of_an_old_file_is_what_it_was, 0, n_files);
    tcase_add_loop_test(tests, an_old_checkpoint_is_taken_over_whole, 0, n_files);
    tcase_add_loop_test(tests, an_old_checkpoint_goes_on_to_the_end_it_had, 0, n_files);
}

int main(int argc, char **argv)
{
    if (argc < 2) return check_run("released", add);
    folder = argv[1];
    return check_run("write", add_writing);
}

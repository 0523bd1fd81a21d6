/* SPDX-License-Identifier: MIT */
/* What a checkpoint holds, and that a bad one changes nothing. */
#include <fenv.h>
#include <math.h>
#include <stdio.h>

#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/heap.h"
#include "support/snapshot.h"
#include "support/toy.h"

static const toy_case plain = {.optimizer = "adam", .options = {NULL}, .validation = 1};

static snapshot trained(toy *t, vae_context *context)
{
    toy_new(t, &plain, 1, context);
    toy_set_data(t, &plain);
    MUST(vae_trainer_fit(t->trainer, 2));
    return snapshot_save(t->trainer, SNAPSHOT_MEMORY);
}

START_TEST(a_checkpoint_is_a_model_file_too)
{
    toy t;
    vae_model *model;
    snapshot f = trained(&t, NULL);

    MUST(vae_model_load_memory(&model, NULL, f.bytes, f.n));
    ck_assert(toy_has(&t, vae_model_parameters(model)));
    vae_model_free(model);
    free(f.bytes);
    toy_free(&t);
}
END_TEST

static int has_text(const snapshot *f, const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i + length <= f->n; i++)
        if (memcmp(f->bytes + i, text, length) == 0) return 1;
    return 0;
}

/* Moves an option away from its default, where only an option of 0.1.0 must be in the file. 0 for
 * text, whose values are its own. */
static int move(vae_trainer *trainer, const char *option)
{
    double least, most, initial;
    char text[64];
    if (vae_trainer_option_bounds(option, &least, &most, &initial) != VAE_OK) return 0;
    double other = isinf(least) ? 1 : initial > least ? least : most;
    snprintf(text, sizeof text, "%.17g", other);
    MUST(vae_trainer_parse(trainer, option, text));
    return 1;
}

/* Index = kind of optimizer. Every number but threads, every slot and the best weights. */
START_TEST(a_checkpoint_names_all_it_holds)
{
    toy_case c = plain;
    toy t;
    char text[128];
    const char *name;

    c.optimizer = vae_kind("optimizer", (size_t)_i);
    toy_ready(&t, &c);
    MUST(vae_trainer_fit(t.trainer, 1));
    for (size_t i = 0; (name = vae_trainer_option(i)) != NULL; i++) move(t.trainer, name);
    snapshot f = snapshot_save(t.trainer, SNAPSHOT_CALLBACK);
    for (size_t i = 0; (name = vae_trainer_option(i)) != NULL; i++) {
        if (!move(t.trainer, name)) continue;
        snprintf(text, sizeof text, "\"libvae.train.option.%s\"", name);
        ck_assert_msg(has_text(&f, text) == (strcmp(name, "threads") != 0), "%s", name);
    }
    snprintf(text, sizeof text, "\"libvae.train.optimizer\":\"%s\"", c.optimizer);
    ck_assert(has_text(&f, text));
    ck_assert(has_text(&f, "\"libvae.train.option.schedule\":\"constant\""));
    ck_assert(has_text(&f, "\"train.best.encoder.0.weight\""));
    ck_assert(has_text(&f, strcmp(c.optimizer, "adam") == 0 ? "\"train.exp_avg_sq.output.bias\""
                                                            : "\"train."));
    free(f.bytes);
    toy_free(&t);
}
END_TEST

START_TEST(files_do_not_depend_on_threads_or_time)
{
    toy a, b;

    toy_ready(&a, &plain);
    toy_ready(&b, &plain);
    MUST(vae_trainer_set_int(a.trainer, "threads", 1));
    MUST(vae_trainer_set_int(b.trainer, "threads", 3));
    MUST(vae_trainer_fit(a.trainer, 2));
    MUST(vae_trainer_fit(b.trainer, 2));
    snapshot f = snapshot_save(a.trainer, SNAPSHOT_MEMORY),
             g = snapshot_save(b.trainer, SNAPSHOT_PATH);
    ck_assert_uint_eq(f.n, g.n);
    ck_assert_mem_eq(f.bytes, g.bytes, f.n);
    free(f.bytes);
    free(g.bytes);
    toy_free(&a);
    toy_free(&b);
}
END_TEST

START_TEST(threads_stay_as_they_were_set)
{
    toy t, other;
    int64_t threads, batch;
    snapshot f = trained(&t, NULL);

    toy_new(&other, &plain, 2, NULL);
    MUST(vae_trainer_set_int(other.trainer, "threads", 7));
    MUST(vae_trainer_set_int(other.trainer, "batch_size", 7));
    MUST(snapshot_load(other.trainer, &f, SNAPSHOT_MEMORY));
    MUST(vae_trainer_get_int(other.trainer, "threads", &threads));
    MUST(vae_trainer_get_int(other.trainer, "batch_size", &batch));
    ck_assert_int_eq(threads, 7);
    ck_assert_int_eq(batch, TOY_BATCH);
    free(f.bytes);
    toy_free(&t);
    toy_free(&other);
}
END_TEST

/* Loading `f` into t answers `code` and leaves what t would save as it was. */
static void expect_refused(toy *t, snapshot *f, vae_status code, const char *what)
{
    snapshot before = snapshot_save(t->trainer, SNAPSHOT_MEMORY);
    vae_status status = snapshot_load(t->trainer, f, SNAPSHOT_MEMORY);
    ck_assert_msg(status == code, "%s: %s, %s", what, vae_status_name(status), vae_last_error());
    ck_assert_msg(strncmp(vae_last_error(), "vae_trainer_load_memory", 23) == 0, "%s: \"%s\"", what,
                  vae_last_error());
    snapshot after = snapshot_save(t->trainer, SNAPSHOT_MEMORY);
    ck_assert_uint_eq(before.n, after.n);
    ck_assert_mem_eq(before.bytes, after.bytes, before.n);
    free(before.bytes);
    free(after.bytes);
}

static const struct {
    const char *from, *to;
    vae_status code;
} damages[] = {
    {"\"libvae.train.optimizer\"", "\"libvae.train.optimiser\"", VAE_EFORMAT},
    {"train.optimizer\":\"adam\"", "train.optimizer\":\"adma\"", VAE_ESHAPE},
    {"option.batch_size\":\"16\"", "option.batch_size\":\"-1\"", VAE_EFORMAT},
    {"option.batch_size\":\"16\"", "option.batch_size\":\"1x\"", VAE_EFORMAT},
    {"option.batch_size\"", "option.bitch_size\"", VAE_EUNKNOWN},
    {"option.schedule\":\"constant\"", "option.schedule\":\"constent\"", VAE_EUNKNOWN},
    {"progress.step\":\"8\"", "progress.stop\":\"8\"", VAE_EFORMAT},
    {"progress.step\":\"8\"", "progress.step\":\"x\"", VAE_EFORMAT},
    {"progress.place\":\"53\"", "progress.place\":\"54\"", VAE_EFORMAT},
    {"progress.running\":\"0\"", "progress.running\":\"1\"", VAE_EFORMAT},
    {"progress.running\":\"0\"", "progress.running\":\"7\"", VAE_EFORMAT},
    {"progress.best_epoch\":\"2\"", "progress.best_epoch\":\"3\"", VAE_EFORMAT},
    {"\"train.exp_avg.mean.bias\"", "\"train.exp_avg.mean.bios\"", VAE_EFORMAT},
    {"\"train.best.mean.bias\"", "\"train.best.mean.bios\"", VAE_EFORMAT},
    {"config.encoder\":\"20\"", "config.encoder\":\"21\"", VAE_EFORMAT},
};

START_TEST(a_damaged_checkpoint_changes_nothing)
{
    toy t;
    snapshot f = trained(&t, NULL);

    snapshot_replace(&f, damages[_i].from, damages[_i].to);
    MUST(vae_trainer_step(t.trainer));
    expect_refused(&t, &f, damages[_i].code, damages[_i].to);
    free(f.bytes);
    toy_free(&t);
}
END_TEST

/* The first number of a tensor in a safetensors file. */
static unsigned char *first_number(const snapshot *f, const char *tensor)
{
    char key[64];
    size_t begin, header = f->bytes[0] | (size_t)f->bytes[1] << 8 | (size_t)f->bytes[2] << 16;
    char *json = calloc(1, header + 1);
    memcpy(json, f->bytes + 8, header);
    snprintf(key, sizeof key, "\"%s\"", tensor);
    const char *entry = strstr(json, key);
    ck_assert_ptr_nonnull(entry);
    ck_assert_int_eq(sscanf(strstr(entry, "\"data_offsets\":["), "\"data_offsets\":[%zu", &begin),
                     1);
    free(json);
    return (unsigned char *)f->bytes + 8 + header + begin;
}

START_TEST(a_negative_mean_of_squares_is_refused)
{
    toy t;
    const unsigned char minus_one[4] = {0, 0, 0x80, 0xbf};
    snapshot f = trained(&t, NULL);
    memcpy(first_number(&f, "train.exp_avg.output.bias"), minus_one, 4);
    MUST(vae_trainer_load_memory(t.trainer, f.bytes, f.n));
    memcpy(first_number(&f, "train.exp_avg_sq.output.bias"), minus_one, 4);
    expect_refused(&t, &f, VAE_EFORMAT, "a negative square");
    free(f.bytes);
    toy_free(&t);
}
END_TEST

START_TEST(a_cut_checkpoint_changes_nothing)
{
    toy t;
    snapshot f = trained(&t, NULL);

    for (size_t n = 0; n < f.n; n += 1 + f.n / 50) {
        snapshot cut = snapshot_copy(&f, n);
        expect_refused(&t, &cut, VAE_EFORMAT, "cut");
        free(cut.bytes);
    }
    free(f.bytes);
    toy_free(&t);
}
END_TEST

START_TEST(checkpoints_of_other_trainers_are_refused)
{
    toy t, other;
    size_t bytes;
    vae_config *config;
    vae_model *model;
    vae_trainer *trainer;
    snapshot f, g = {0};

    f = trained(&t, NULL);
    toy_case c = plain;
    c.optimizer = "sgd";
    toy_ready(&other, &c);
    expect_refused(&other, &f, VAE_ESHAPE, "another optimizer");
    MUST(vae_model_save_memory(t.model, NULL, 0, &bytes));
    g = (snapshot){.bytes = fixture_alloc(bytes, 1), .n = bytes};
    MUST(vae_model_save_memory(t.model, g.bytes, g.n, &bytes));
    expect_refused(&t, &g, VAE_EFORMAT, "a model");
    MUST(vae_config_new(&config, NULL, TOY_DIM, 4));
    MUST(vae_model_new(&model, config, 1));
    MUST(vae_trainer_new(&trainer, model, "adam"));
    MUST_FAIL(VAE_ESHAPE, vae_trainer_load_memory(trainer, f.bytes, f.n));
    vae_trainer_free(trainer);
    vae_model_free(model);
    vae_config_free(config);
    free(f.bytes);
    free(g.bytes);
    toy_free(&t);
    toy_free(&other);
}
END_TEST

START_TEST(other_kernels_are_reported)
{
    toy t, other, third;
    snapshot f = trained(&t, NULL), g;
    vae_context *context;

    MUST(vae_context_new(&context, NULL, NULL, NULL));
    MUST(vae_context_set_text(context, "simd", "baseline"));
    toy_new(&other, &plain, 1, context);
    MUST(snapshot_load(other.trainer, &f, SNAPSHOT_MEMORY));
    toy_set_data(&other, &plain);
    MUST(vae_trainer_step(other.trainer));
    ck_assert_double_eq(toy_result(&t, "kernels_changed"), 0);
    const char *here = NULL;
    vae_workspace *workspace;
    MUST(vae_workspace_new(&workspace, t.model, "inference", 1, 1, 1));
    here = vae_workspace_kernels(workspace);
    ck_assert_double_eq(toy_result(&other, "kernels_changed"),
                        strncmp(here, "baseline", 8) == 0 ? 0 : 1);
    vae_workspace_free(workspace);
    g = snapshot_save(other.trainer, SNAPSHOT_MEMORY);
    toy_new(&third, &plain, 1, context);
    MUST(snapshot_load(third.trainer, &g, SNAPSHOT_MEMORY));
    ck_assert_double_eq(toy_result(&third, "kernels_changed"),
                        toy_result(&other, "kernels_changed"));
    free(f.bytes);
    free(g.bytes);
    toy_free(&t);
    toy_free(&other);
    toy_free(&third);
    vae_context_free(context);
}
END_TEST

START_TEST(loading_survives_a_lack_of_memory)
{
    toy t, other;
    heap h = {.fail_at = SIZE_MAX};
    vae_context *context;
    snapshot f = trained(&t, NULL);
    vae_status status = VAE_ENOMEM;

    MUST(vae_context_new(&context, heap_take, heap_give, &h));
    toy_new(&other, &plain, 2, context);
    toy_set_data(&other, &plain);
    size_t held = h.held;
    for (size_t k = 1; status != VAE_OK; k++) {
        float *weights = toy_weights(&other);
        h.calls = 0;
        h.fail_at = k;
        status = snapshot_load(other.trainer, &f, SNAPSHOT_MEMORY);
        h.fail_at = SIZE_MAX;
        if (status != VAE_OK) {
            ck_assert_int_eq(status, VAE_ENOMEM);
            ck_assert(toy_has(&other, weights));
            ck_assert_uint_eq(h.held, held);
        }
        free(weights);
        ck_assert_uint_lt(k, 500);
    }
    toy_expect_same(&t, &other);
    free(f.bytes);
    toy_free(&t);
    toy_free(&other);
    vae_context_free(context);
    ck_assert_uint_eq(h.held, 0);
}
END_TEST

/* Numbers are text in a file, and printf and strtod round as the caller has asked for. */
START_TEST(files_do_not_depend_on_the_callers_rounding)
{
    static const int modes[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    toy t, other;
    snapshot f = trained(&t, NULL);
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        fesetround(modes[i]);
        snapshot odd = snapshot_save(t.trainer, SNAPSHOT_MEMORY);
        toy_new(&other, &plain, 2, NULL);
        MUST(snapshot_load(other.trainer, &odd, SNAPSHOT_MEMORY));
        fesetround(FE_TONEAREST);
        snapshot again = snapshot_save(other.trainer, SNAPSHOT_MEMORY);
        ck_assert_uint_eq(odd.n, f.n);
        ck_assert_mem_eq(odd.bytes, f.bytes, f.n);
        ck_assert_uint_eq(again.n, f.n);
        ck_assert_mem_eq(again.bytes, f.bytes, f.n);
        free(again.bytes);
        free(odd.bytes);
        toy_free(&other);
    }
    free(f.bytes);
    toy_free(&t);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, files_do_not_depend_on_the_callers_rounding);
    tcase_add_test(tests, a_checkpoint_is_a_model_file_too);
    tcase_add_loop_test(tests, a_checkpoint_names_all_it_holds, 0, fixture_kind_count("optimizer"));
    tcase_add_test(tests, files_do_not_depend_on_threads_or_time);
    tcase_add_test(tests, threads_stay_as_they_were_set);
    tcase_add_loop_test(tests, a_damaged_checkpoint_changes_nothing, 0,
                        (int)(sizeof damages / sizeof damages[0]));
    tcase_add_test(tests, a_negative_mean_of_squares_is_refused);
    tcase_add_test(tests, a_cut_checkpoint_changes_nothing);
    tcase_add_test(tests, checkpoints_of_other_trainers_are_refused);
    tcase_add_test(tests, other_kernels_are_reported);
    tcase_add_test(tests, loading_survives_a_lack_of_memory);
}

int main(void)
{
    return check_run("checkpoint", add);
}

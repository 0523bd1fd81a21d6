/* SPDX-License-Identifier: MIT */
/* The same seed, the same bits: 200 steps of a model with several shards, tiles and a smaller last
 * batch, under every kernel, for any number of threads and from any place they are resumed at. The
 * whole checkpoints are compared. tests/run.sh repeats this with every BLAS it finds. */
#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/snapshot.h"
#include "support/valgrind.h"

enum { ROWS = 330, DIM = 98, BATCH = 100, STEPS = 200 };

static uint8_t pixels[ROWS * DIM];

/* Under valgrind, which looks at memory and not at bits, a tenth of a number of steps. */
static int some(int steps)
{
    return under_valgrind() ? steps / 10 : steps;
}

/* Everything of one run. */
typedef struct run {
    vae_model *model;
    vae_source *data;
    vae_trainer *trainer;
} run;

/* The combination of a number, "auto" left out; NULL when this machine or this build lacks it. */
static vae_context *choose(int index)
{
    int n_simd = fixture_kind_count("simd") - 1;
    vae_context *context;
    MUST(vae_context_new(&context, NULL, NULL, NULL));
    if (!vae_context_set_text(context, "simd", vae_kind("simd", (size_t)(1 + index % n_simd))) &&
        !vae_context_set_text(context, "gemm", vae_kind("gemm", (size_t)(1 + index / n_simd))))
        return context;
    vae_context_free(context);
    return NULL;
}

static void begin(run *r, vae_context *context, int64_t threads)
{
    vae_config *config;
    for (size_t i = 0; i < sizeof pixels; i++) pixels[i] = (uint8_t)(i * 2654435761u >> 24);
    MUST(vae_config_new(&config, context, DIM, 7));
    MUST(vae_config_set_text(config, "encoder", "130,33"));
    MUST(vae_config_set_text(config, "decoder", "61"));
    MUST(vae_config_set_text(config, "decoder_activation", "gelu"));
    MUST(vae_model_new(&r->model, config, 3));
    vae_config_free(config);
    MUST(vae_source_from_uint8(&r->data, context, pixels, ROWS, DIM, 0));
    MUST(vae_source_set_binarize(r->data, "bernoulli"));
    MUST(vae_trainer_new(&r->trainer, r->model, "adam"));
    MUST(vae_trainer_set_int(r->trainer, "batch_size", BATCH));
    MUST(vae_trainer_set_int(r->trainer, "threads", threads));
    MUST(vae_trainer_set_data(r->trainer, r->data, NULL, NULL));
}

static snapshot finish(run *r, int steps)
{
    for (int i = 0; i < steps; i++) MUST(vae_trainer_step(r->trainer));
    snapshot s = snapshot_save(r->trainer, SNAPSHOT_MEMORY);
    vae_trainer_free(r->trainer);
    vae_source_free(r->data);
    vae_model_free(r->model);
    return s;
}

static void expect_same(const snapshot *a, snapshot b, const char *what, int64_t number)
{
    ck_assert_msg(a->n == b.n && memcmp(a->bytes, b.bytes, a->n) == 0, "%s %lld", what,
                  (long long)number);
    free(b.bytes);
}

START_TEST(threads_change_no_bit)
{
    static const int64_t threads[] = {2, 3, 4, 16};
    vae_context *context = choose(_i);
    run r;
    if (!context) return;
    begin(&r, context, 1);
    snapshot one = finish(&r, some(STEPS));
    for (size_t i = 0; i < sizeof threads / sizeof threads[0]; i++) {
        begin(&r, context, threads[i]);
        expect_same(&one, finish(&r, some(STEPS)), "threads", threads[i]);
    }
    free(one.bytes);
    vae_context_free(context);
}
END_TEST

START_TEST(resuming_changes_no_bit)
{
    static const int places[] = {1, 57, 123, 199};
    vae_context *context = choose(_i);
    run r;
    if (!context) return;
    begin(&r, context, 2);
    snapshot whole = finish(&r, some(STEPS));
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        begin(&r, context, 2);
        snapshot half = finish(&r, some(places[i]));
        begin(&r, context, 1);
        MUST(snapshot_load(r.trainer, &half, SNAPSHOT_MEMORY));
        expect_same(&whole, finish(&r, some(STEPS) - some(places[i])), "resumed at", places[i]);
        free(half.bytes);
    }
    free(whole.bytes);
    vae_context_free(context);
}
END_TEST

static void add(TCase *tests)
{
    int all = (fixture_kind_count("simd") - 1) * (fixture_kind_count("gemm") - 1);
    tcase_add_loop_test(tests, threads_change_no_bit, 0, all);
    tcase_add_loop_test(tests, resuming_changes_no_bit, 0, all);
}

int main(void)
{
    return check_run("same_bits", add);
}

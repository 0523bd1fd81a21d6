/* SPDX-License-Identifier: MIT */
/* Steps and epochs are counted in files up to 2^53: what is beyond is not saved, as it could not be
 * loaded. */
#include "support/check_main.h"
#include "support/toy.h"
#include "train/trainer.h"

#define MOST (UINT64_C(1) << 53)

static const toy_case plain = {.optimizer = "adam", .options = {NULL}};

static unsigned char file[1 << 20];

static vae_status save(const toy *t, size_t *bytes)
{
    return vae_trainer_save_memory(t->trainer, file, sizeof file, bytes);
}

START_TEST(every_count_that_is_saved_is_loaded)
{
    toy t;
    size_t bytes;
    toy_ready(&t, &plain);
    t.trainer->progress.step = MOST - 1;
    t.trainer->progress.epoch = MOST;
    MUST(vae_trainer_step(t.trainer));
    MUST(save(&t, &bytes));
    MUST(vae_trainer_load_memory(t.trainer, file, bytes));
    ck_assert(t.trainer->progress.step == MOST && t.trainer->progress.epoch == MOST);
    MUST(vae_trainer_step(t.trainer));
    MUST_FAIL(VAE_ESTATE, vae_trainer_save_memory(t.trainer, NULL, 0, &bytes));
    ck_assert_ptr_nonnull(
        strstr(vae_last_error(), "progress.step is 9007199254740993, above 9007199254740992"));
    t.trainer->progress.step = 1;
    t.trainer->progress.epoch = MOST + 1;
    ck_assert_int_eq(save(&t, &bytes), VAE_ESTATE);
    ck_assert_ptr_nonnull(strstr(vae_last_error(), "progress.epoch is 9007199254740993"));
    MUST(vae_model_save_memory(t.model, file, sizeof file, &bytes));
    toy_free(&t);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, every_count_that_is_saved_is_loaded);
}

int main(void)
{
    return check_run("last_step", add);
}

/* SPDX-License-Identifier: MIT */
/* The sets a trainer works on: whether they fit the model and a loaded checkpoint. */
#include "train/trainer.h"

#include "objective/step.h"
#include "support/status.h"

#include <math.h>
#include <string.h>

static vae_status take_print(const char *who, const struct vae__set *set, struct vae__print *print)
{
    print->rows = set->rows;
    VAE__TRY(vae__source_fingerprint(who, set->input, &print->input));
    print->target = print->input;
    print->condition = 0;
    if (set->target) VAE__TRY(vae__source_fingerprint(who, set->target, &print->target));
    if (set->condition) VAE__TRY(vae__source_fingerprint(who, set->condition, &print->condition));
    return VAE_OK;
}

vae_status vae__print_check(const char *who, const char *what, const struct vae__print *expected,
                            const struct vae__print *found)
{
    if (expected->rows == 0 || found->rows == 0) return VAE_OK;
    if (expected->rows != found->rows)
        return vae__fail_in(VAE_EDATA, who, "the %s has %llu rows; the checkpoint's had %llu", what,
                            (unsigned long long)found->rows, (unsigned long long)expected->rows);
    const char *part = "condition";
    if (expected->target != found->target) part = "target";
    if (expected->input != found->input) part = "input";
    if (memcmp(expected, found, sizeof *found) == 0) return VAE_OK;
    return vae__fail_in(VAE_EDATA, who, "the %s's %s is other data than the checkpoint's", what,
                        part);
}

static vae_status take_set(const char *who, const char *what, vae_trainer *t,
                           const vae_source *const sources[3], const struct vae__print *expected,
                           struct vae__set *set, struct vae__print *print)
{
    *set = (struct vae__set){sources[0], sources[1], sources[2], vae_source_rows(sources[0])};
    VAE__TRY(vae__check_sources(who, t->model, set->input, set->target, set->condition));
    vae__trainer_seize(t);
    vae_status status = take_print(who, set, print);
    vae__trainer_let_go(t);
    return status == VAE_OK ? vae__print_check(who, what, expected, print) : status;
}

vae_status vae_trainer_set_data(vae_trainer *trainer, const vae_source *input,
                                const vae_source *target, const vae_source *condition)
{
    VAE__NEED(trainer);
    VAE__NEED(input);
    VAE__TRY(vae__trainer_idle(__func__, trainer));
    const vae_source *const sources[3] = {input, target, condition};
    struct vae__set set;
    struct vae__print print;
    VAE__TRY(take_set(__func__, "data", trainer, sources, &trainer->expected_data, &set, &print));
    uint64_t known = trainer->expected_data.rows ? trainer->expected_data.rows : trainer->data.rows;
    if (set.rows != known) trainer->progress.running = 0;
    trainer->data = set;
    trainer->data_print = print;
    vae__plan_clear(trainer);
    return VAE_OK;
}

/* Losses of different sets do not compare. */
static void forget(vae_trainer *t)
{
    t->progress.best_epoch = 0;
    t->progress.best_loss = NAN;
    t->progress.validation_reconstruction = t->progress.validation_kl = NAN;
}

vae_status vae_trainer_set_validation(vae_trainer *trainer, const vae_source *input,
                                      const vae_source *target, const vae_source *condition)
{
    VAE__NEED(trainer);
    VAE__TRY(vae__trainer_idle(__func__, trainer));
    const vae_source *const sources[3] = {input, target, condition};
    struct vae__set set = {0};
    struct vae__print print = {0};
    if (!input && (target || condition)) return vae__fail_null(__func__, "input");
    if (input)
        VAE__TRY(take_set(__func__, "validation set", trainer, sources,
                          &trainer->expected_validation, &set, &print));
    const struct vae__print *old =
        trainer->validation_print.rows ? &trainer->validation_print : &trainer->expected_validation;
    if (old->rows && memcmp(old, &print, sizeof print) != 0) forget(trainer);
    trainer->validation = set;
    trainer->validation_print = print;
    return VAE_OK;
}

/* SPDX-License-Identifier: MIT */
/* From a batch's deltas to moved weights: batch scaling, hook, finite check, clipping, update. */
#include "train/step.h"

#include "math/block.h"
#include "objective/reduction.h"
#include "support/fpstate.h"

#include <float.h>
#include <math.h>
#include <string.h>

static double learning_rate(const vae_trainer *t)
{
    const struct vae__schedule *schedule = vae__trainer_schedule(t);
    return schedule->rate(&t->options, vae__option_double(&t->options, "learning_rate"),
                          t->progress.step, vae__trainer_epoch_steps(t));
}

/* Linear warm-up of the KL term (Bowman 2016, Sonderby 2016). */
static double beta(const vae_trainer *t)
{
    double full = vae__option_double(&t->options, "beta");
    double warmup = (double)vae__option_int(&t->options, "beta_warmup");
    double step = (double)t->progress.step;
    return step < warmup ? full * (step / warmup) : full;
}

void vae__weigh(vae_trainer *t, struct vae__pass *pass, struct vae__stride *stride)
{
    vae__fpstate saved = vae__fp_enter();
    const struct vae__reduction *reduction = (const void *)vae__family_find(
        &vae__reductions, vae__option_text(&t->options, "reduction"));
    pass->beta = beta(t);
    pass->scale = reduction->scale(pass->rows);
    stride->learning_rate = learning_rate(t);
    stride->norm = NAN;
    t->optimizer->prepare(&t->options, stride->learning_rate, t->progress.step + 1,
                          &stride->update);
    stride->update.gradient_scale = 1.0f;
    vae__fp_leave(saved);
}

#define RATE_MOST 1e6
#define GRADIENT_MOST 1e18
#define MOVE_MOST 1e36 /* far enough below the largest float */

/* Schedules multiply the rate, and what a tiny epsilon divides by may be no more than it. */
static vae_status check_rate(const char *who, const vae_trainer *t, double rate)
{
    double epsilon = vae__option_double(&t->options, "epsilon");
    vae__fpstate saved = vae__fp_enter();
    int fits = rate <= RATE_MOST;
    int moves = !t->optimizer->divides || rate * GRADIENT_MOST <= MOVE_MOST * epsilon;
    vae__fp_leave(saved);
    if (!fits)
        return vae__fail_in(VAE_EINVAL, who, "the schedule makes the learning rate %g; at most %g",
                            rate, RATE_MOST);
    if (moves) return VAE_OK;
    return vae__fail_in(VAE_EINVAL, who,
                        "a learning rate of %g with an epsilon of %g can move weights out of range",
                        rate, epsilon);
}

static vae_status call_hook(const char *who, vae_trainer *t)
{
    if (!t->on_gradient) return VAE_OK;
    int answer = t->on_gradient(t->plan.gradient, t->model->layout.floats, t->progress.step,
                                t->on_gradient_user);
    vae__layout_clear_padding(&t->model->layout,
                              t->plan.gradient); /* a hook may have written there */
    if (answer == 0) return VAE_OK;
    return vae__fail_in(VAE_ECALLBACK, who, "the gradient hook answered %d", answer);
}

static vae_status check_gradient(const char *who, const vae_trainer *t, float *largest)
{
    const float *gradient = t->plan.gradient;
    uint32_t bits = vae__block_magnitude(t->plan.workspace, gradient);
    memcpy(largest, &bits, sizeof *largest);
    if (bits < VAE__MAGNITUDE_INFINITE) return VAE_OK;
    return vae__fail_in(VAE_ENONFINITE, who, "the gradient of %s holds NaN or infinity",
                        vae__model_beyond(t->model, gradient, FLT_MAX));
}

/* Optimizers square the gradient, and an overflow would stay in their moments for ever. `scale` is
 * what clipping makes of it. */
static vae_status check_square(const char *who, const vae_trainer *t, float largest, float scale)
{
    if ((double)largest * (double)scale <= GRADIENT_MOST) return VAE_OK;
    return vae__fail_in(VAE_ENONFINITE, who, "the gradient of %s holds %g, whose square overflows",
                        vae__model_beyond(t->model, t->plan.gradient, nextafterf(largest, 0)),
                        (double)largest);
}

/* Pascanu, Mikolov and Bengio 2013: a gradient longer than clip_norm is shortened to it. */
static void clip(const vae_trainer *t, struct vae__stride *stride)
{
    double most = vae__option_double(&t->options, "clip_norm");
    if (!(most > 0.0)) return;
    vae__fpstate saved = vae__fp_enter();
    stride->norm = vae__block_norm(t->plan.workspace, t->plan.gradient);
    if (stride->norm > most) stride->update.gradient_scale = (float)(most / stride->norm);
    vae__fp_leave(saved);
}

static int can_fuse(const vae_trainer *t, const struct vae__pass *pass)
{
    return !t->on_gradient && !(vae__option_double(&t->options, "clip_norm") > 0.0) &&
           vae__pass_safe(t->plan.workspace, pass);
}

/* The slots' start may be an option, so it is written when training begins. */
static void start_slots(vae_trainer *t)
{
    for (size_t s = 0; s < t->optimizer->slots; s++) {
        double start = t->optimizer->slot_start ? t->optimizer->slot_start(&t->options, s) : 0.0;
        for (size_t i = 0; i < t->model->layout.floats; i++) t->slots[s][i] = (float)start;
    }
}

/* Fused where it can be, else by way of a gradient in memory. The same bits either way. */
vae_status vae__move_weights(const char *who, vae_trainer *t, const struct vae__pass *pass,
                             struct vae__stride *stride)
{
    struct vae__plan *plan = &t->plan;
    VAE__TRY(check_rate(who, t, stride->learning_rate));
    if (t->progress.step == 0) start_slots(t);
    if (can_fuse(t, pass)) {
        vae__step_fused(plan->workspace, pass, t->model, t->optimizer, &stride->update, t->slots);
        return VAE_OK;
    }
    float largest;
    VAE__TRY(vae__plan_gradient(who, t));
    vae__gradient_block(plan->workspace, pass, plan->gradient);
    VAE__TRY(call_hook(who, t));
    VAE__TRY(check_gradient(who, t, &largest));
    clip(t, stride);
    VAE__TRY(check_square(who, t, largest, stride->update.gradient_scale));
    vae__apply_block(plan->workspace, t->model, t->optimizer, &stride->update, plan->gradient,
                     t->slots);
    return VAE_OK;
}

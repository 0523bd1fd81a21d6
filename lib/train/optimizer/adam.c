/* SPDX-License-Identifier: MIT */
#ifndef VAE__LEVEL
#include "train/optimizer/adam.h"

#include <math.h>

#define VAE__SELF "train/optimizer/adam.c"
#include "math/each_level.h"

static const struct vae__option options[] = {
    VAE__OPTION_DOUBLE("beta1", 0.0, 0.999999, 0.9,
                       "adam, adamw: decay of the gradient's mean; 0 to 0.999999, default 0.9"),
    VAE__OPTION_DOUBLE("beta2", 0.0, 0.999999, 0.999,
                       "adam, adamw: decay of the squared gradient's mean; 0 to 0.999999, "
                       "default 0.999"),
    VAE__OPTION_INT("epsilon_hat", 0.0, 1.0, 0.0,
                    "adam, adamw: 1 adds epsilon to the uncorrected root (Kingma and Ba, end of "
                    "section 2); 0 or 1, default 0"),
    VAE__OPTION_DOUBLE(
        "second_moment_start", 0.0, 1e6, 0.0,
        "adam, adamw: where the squared gradient's mean starts; 0 to 1e6, default 0"),
    VAE__OPTION_END};

double vae__adam_start(const struct vae__options *o, size_t slot)
{
    return slot == 1 ? vae__option_double(o, "second_moment_start") : 0.0;
}

/* Kingma and Ba 2015, algorithm 1: w -= lr * m^ / (sqrt(v^) + epsilon). */
void vae__adam_moments(const struct vae__options *o, double lr, uint64_t t,
                       struct vae__update *update)
{
    double beta1 = vae__option_double(o, "beta1"), beta2 = vae__option_double(o, "beta2");
    double mean_weight = 1.0 - pow(beta1, (double)t);
    double root_weight = sqrt(1.0 - pow(beta2, (double)t));
    int hat = vae__option_int(o, "epsilon_hat") != 0;

    update->c[VAE__ADAM_BETA1] = (float)beta1;
    update->c[VAE__ADAM_NEW1] = (float)(1.0 - beta1);
    update->c[VAE__ADAM_BETA2] = (float)beta2;
    update->c[VAE__ADAM_NEW2] = (float)(1.0 - beta2);
    update->c[VAE__ADAM_ROOT] = hat ? 1.0f : (float)(1.0 / root_weight);
    update->c[VAE__ADAM_EPSILON] = (float)vae__option_double(o, "epsilon");
    update->c[VAE__ADAM_STEP] = (float)(lr * (hat ? root_weight : 1.0) / mean_weight);
}

static void prepare(const struct vae__options *o, double lr, uint64_t t, struct vae__update *update)
{
    vae__adam_moments(o, lr, t, update);
    update->c[VAE__ADAM_L2] = (float)vae__option_double(o, "weight_decay");
    update->c[VAE__ADAM_KEEP] = 1.0f;
}

const struct vae__optimizer vae__optimizer_adam = {
    .kind = {.name = "adam",
             .describe = "Adam (Kingma and Ba 2015); weight_decay is added to the gradient",
             .options = options},
    .slots = 2,
    .slot_names = {"exp_avg", "exp_avg_sq"},
    .slot_is_square = {0, 1},
    .divides = 1,
    .slot_start = vae__adam_start,
    .prepare = prepare,
    .update = VAE__LEVEL_TABLE(vae__adam_update),
};
#else
void VAE__L(vae__adam_update)(size_t n, float *w, const float *g,
                              float *const slots[VAE__MAX_SLOTS], const struct vae__update *update)
{
    const float *c = update->c;
    const VF scale = vf_set(update->gradient_scale);
    const VF l2 = vf_set(c[VAE__ADAM_L2]), keep = vf_set(c[VAE__ADAM_KEEP]);
    const VF beta1 = vf_set(c[VAE__ADAM_BETA1]), new1 = vf_set(c[VAE__ADAM_NEW1]);
    const VF beta2 = vf_set(c[VAE__ADAM_BETA2]), new2 = vf_set(c[VAE__ADAM_NEW2]);
    const VF root = vf_set(c[VAE__ADAM_ROOT]), epsilon = vf_set(c[VAE__ADAM_EPSILON]);
    const VF step = vf_set(c[VAE__ADAM_STEP]);
    float *m_at = slots[0], *v_at = slots[1];

    for (size_t i = 0; i < n; i += VF_N) {
        VF old = vf_load(w + i);
        VF gradient = vf_fma(l2, old, scale * vf_load(g + i));
        VF m = vf_fma(beta1, vf_load(m_at + i), new1 * gradient);
        VF v = vf_fma(beta2, vf_load(v_at + i), new2 * gradient * gradient);
        VF d = m / vf_fma(root, vf_sqrt(v), epsilon);
        vf_store(m_at + i, m);
        vf_store(v_at + i, v);
        vf_store(w + i, vf_fnma(step, d, keep * old));
    }
}
#endif

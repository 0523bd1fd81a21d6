/* SPDX-License-Identifier: MIT */
/* Calls about trainers, and evaluation. */
#ifndef PROGRAM_TRAINING_H
#define PROGRAM_TRAINING_H

#include "program_data.h"

static void evaluate(struct program *p)
{
    struct user *w = &p->workspaces[below(p, EACH)];
    const vae_model *model = p->models[below(p, EACH)];
    const vae_source *input = p->sources[below(p, SOURCES)];
    const vae_source *condition = below(p, 2) ? p->sources[below(p, SOURCES)] : NULL;
    double reconstruction, kl;
    if (!is_small(input)) return;
    CALL(vae_evaluate(w->handle, model, input, NULL, condition, below(p, 3), 1, &reconstruction,
                      &kl));
}

/* Inside a callback nothing but what the header names may change the trainer. */
static int amid_training(vae_trainer *trainer, void *user)
{
    struct program *p = user;
    double loss;
    size_t n;
    if (p->in_callback++ == 0) {
        EXPECT(CALL(vae_trainer_step(trainer)) == VAE_ESTATE);
        EXPECT(CALL(vae_trainer_use_best(trainer)) == VAE_ESTATE);
        EXPECT(CALL(vae_trainer_load_memory(trainer, p->file ? p->file : bytes, p->file_bytes)) ==
               VAE_ESTATE);
        vae_trainer_free(trainer);
        CALL(vae_trainer_set_double(trainer, "learning_rate", any_number(p)));
        CALL(vae_trainer_result(trainer, "train_loss", &loss));
        CALL(vae_trainer_save_memory(trainer, NULL, 0, &n));
        CALL(vae_trainer_write(trainer, program_write, p));
    }
    p->in_callback--;
    return below(p, 16) == 15;
}

static int amid_gradient(float *gradient, size_t n, uint64_t step, void *user)
{
    struct program *p = user;
    (void)step;
    size_t at = below(p, 256);
    if (below(p, 4) == 3) gradient[at % n] = (float)any_number(p);
    return below(p, 16) == 15;
}

static void trainer_new(struct program *p)
{
    size_t i = below(p, EACH);
    struct user *t = &p->trainers[i];
    vae_trainer *trainer = t->handle;
    vae_model *model = p->models[below(p, EACH)];
    vae_trainer_free(trainer);
    *t = (struct user){0};
    MAKE(trainer, vae_trainer_new(&trainer, model, vae_kind("optimizer", below(p, 5))));
    if (!trainer) return;
    *t = (struct user){.handle = trainer, .model = model};
    CALL(vae_trainer_set_int(trainer, "threads", 1 + (int)below(p, 2)));
    if (below(p, 2)) CALL(vae_trainer_on_step(trainer, amid_training, p));
    if (below(p, 2)) CALL(vae_trainer_on_epoch(trainer, amid_training, p));
    if (below(p, 4) == 3) CALL(vae_trainer_on_gradient(trainer, amid_gradient, p));
}

static void trainer_set_data(struct program *p)
{
    struct user *t = &p->trainers[below(p, EACH)];
    const vae_source *input = p->sources[below(p, SOURCES)];
    const vae_source *condition = below(p, 2) ? p->sources[below(p, SOURCES)] : NULL;
    size_t at = below(p, 4) == 3 ? 3 : 0;
    if (!is_small(input)) return;
    vae_status status = at ? CALL(vae_trainer_set_validation(t->handle, input, NULL, condition))
                           : CALL(vae_trainer_set_data(t->handle, input, NULL, condition));
    if (status != VAE_OK) return;
    t->uses[at] = input;
    t->uses[at + 1] = condition;
}

static void trainer_set(struct program *p)
{
    vae_trainer *trainer = p->trainers[below(p, EACH)].handle;
    const char *option = vae_trainer_option(below(p, 40)), *text = any_text(p);
    CALL(vae_trainer_parse(trainer, option, text));
    CALL(vae_trainer_set_double(trainer, option, any_number(p)));
    CALL(vae_trainer_set_text(trainer, option, text));
}

/* The largest magnitude among a model's weights; NaN counts as infinity. */
static float largest_of(const vae_model *model)
{
    const float *weights = vae_model_parameters(model);
    float largest = 0.0f;
    for (size_t i = 0; i < vae_model_parameter_count(model); i++) {
        if (isnan(weights[i])) return INFINITY;
        if (fabsf(weights[i]) > largest) largest = fabsf(weights[i]);
    }
    return largest;
}

#define TAME 1e12f /* the largest rate and weight decay leave such weights far below FLT_MAX */

/* No step carries tame weights out of range; none moves them where it is refused. */
static void step(struct program *p, const struct user *t)
{
    uint64_t before = weights_of(t->model);
    vae_status status = CALL(vae_trainer_step(t->handle));
    EXPECT(p->wild || isfinite(largest_of(t->model)));
    if (status != VAE_OK) EXPECT(weights_of(t->model) == before);
}

static void train(struct program *p)
{
    struct user *t = &p->trainers[below(p, EACH)];
    double epoch = 0.0;
    if (largest_of(t->model) > TAME) p->wild = 1;
    if (t->handle) CALL(vae_trainer_result(t->handle, "epoch", &epoch));
    switch (below(p, 4)) {
    case 0:
        CALL(vae_trainer_epoch(t->handle));
        break;
    case 1:
        CALL(vae_trainer_fit(t->handle, (uint64_t)epoch + below(p, 3)));
        break;
    case 2:
        vae_trainer_stop(t->handle);
        break;
    default:
        step(p, t);
    }
    if (largest_of(t->model) > TAME) p->wild = 1;
}

static void trainer_save(struct program *p)
{
    const vae_trainer *trainer = p->trainers[below(p, EACH)].handle;
    size_t n = 0, m = 0;
    if (CALL(vae_trainer_save_memory(trainer, NULL, 0, &n)) != VAE_OK) return;
    unsigned char *file = malloc(n);
    EXPECT(file);
    if (CALL(vae_trainer_save_memory(trainer, file, n, &m)) == VAE_OK) EXPECT(n == m);
    keep(p, file, m == n ? n : 0);
}

static void trainer_load(struct program *p)
{
    struct user *t = &p->trainers[below(p, EACH)];
    uint64_t before = weights_of(t->model);
    p->file_read = 0;
    vae_status status = below(p, 2)
                            ? CALL(vae_trainer_read(t->handle, program_read, p))
                            : CALL(vae_trainer_load_memory(t->handle, p->file, p->file_bytes));
    if (status != VAE_OK) EXPECT(weights_of(t->model) == before);
}

static void trainer_results(struct program *p)
{
    vae_trainer *trainer = p->trainers[below(p, EACH)].handle;
    double value;
    CALL(vae_trainer_result(trainer, vae_trainer_result_name(below(p, 32)), &value));
    CALL(vae_trainer_use_best(trainer));
}

#endif

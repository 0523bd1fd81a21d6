/* SPDX-License-Identifier: MIT */
/* Calls about sources and trainers. */
#ifndef PROGRAM_TRAINING_H
#define PROGRAM_TRAINING_H

#include "program.h"

/* Answers with an error now and then, or with rows that hold NaN. */
static int give_rows(void *user, const uint64_t *rows, size_t n, float *to)
{
    struct program *p = user;
    for (size_t i = 0; i < n * 3; i++) to[i] = (float)((rows[0] + i) % 4) / 4.0f;
    switch (below(p, 32)) {
    case 31:
        return 1;
    case 30:
        to[n * 3 - 1] = NAN;
        return 0;
    default:
        return 0;
    }
}

/* One that claims more than there is behind it is made, and no more than that. */
static void source_new(struct program *p)
{
    size_t i = below(p, SOURCES), rows = any_size(p), dim = any_size(p);
    size_t stride = below(p, 2) ? 0 : any_size(p), kind = below(p, 4);
    vae_source **s = &p->sources[i];
    vae_context *context = any_context(p);
    drop_source(p, i);
    if (rows > ROWS && rows < SIZE_MAX / 16) rows = ROWS;
    switch (kind) {
    case 0:
        MAKE(*s, vae_source_from_float(s, context, any_floats(p), rows, dim, stride));
        break;
    case 1:
        MAKE(*s, vae_source_from_uint8(s, context, bytes, rows, dim, stride));
        break;
    case 2:
        if (rows > ROWS) rows = 0; /* the labels are read at once */
        MAKE(*s, vae_source_from_labels(s, context, bytes, rows, dim));
        break;
    case 3:
        MAKE(*s, vae_source_from_callback(s, context, rows, 3, give_rows, p));
        break;
    }
    int vast = vae_source_dim(*s) > STRIDE || stride > STRIDE || (kind < 3 && rows > ROWS);
    if (vast) drop_source(p, i);
}

/* Those of a callback may have rows without end. */
static int is_small(const vae_source *source)
{
    return vae_source_rows(source) <= ROWS;
}

static void source_look(struct program *p)
{
    vae_source *source = p->sources[below(p, SOURCES)];
    size_t first = any_size(p);
    float least, largest;
    int binary;
    CALL(vae_source_set_scale(source, any_number(p)));
    CALL(vae_source_set_binarize(source, any_text(p)));
    CALL(vae_source_read(source, first, any_size(p), out));
    if (!is_small(source)) return;
    CALL(vae_source_mean(source, out));
    CALL(vae_source_range(source, any_size(p), &least, &largest, &binary));
}

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

/* Weights stay finite; no weight has moved where the first step of a call is refused. */
static void train(struct program *p)
{
    struct user *t = &p->trainers[below(p, EACH)];
    double epoch = 0.0;
    uint64_t before = weights_of(t->model);
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
        if (CALL(vae_trainer_step(t->handle)) != VAE_OK) EXPECT(weights_of(t->model) == before);
    }
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

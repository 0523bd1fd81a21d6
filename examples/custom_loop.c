/* SPDX-License-Identifier: MIT */
/* The trainer's epoch in public calls only: one's own shuffling, gradient and Adam. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vae/vae.h>

enum { SIDE = 8, PIXELS = SIDE * SIDE, ROWS = 4096, LATENT = 4, BATCH = 128, EPOCHS = 15 };

static float data[ROWS][PIXELS], rows[BATCH][PIXELS];

/* A round blob of random place and size on black. */
static void draw_blobs(void)
{
    for (int i = 0; i < ROWS; i++) {
        float cx = (float)(rand() % 60) / 10 + 1, cy = (float)(rand() % 60) / 10 + 1;
        float size = (float)(rand() % 20) / 10 + 1;
        for (int p = 0; p < PIXELS; p++) {
            float dx = (float)(p % SIDE) - cx, dy = (float)(p / SIDE) - cy;
            data[i][p] = expf(-(dx * dx + dy * dy) / (size * size));
        }
    }
}

/* Kingma and Ba 2014, algorithm 1, over the whole block: its order and padding do not matter. */
static void adam(float *w, const float *g, float *m, float *v, size_t n, uint64_t t)
{
    const double lr = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
    double correct1 = 1 - pow(beta1, (double)t), correct2 = 1 - pow(beta2, (double)t);
    for (size_t i = 0; i < n; i++) {
        double gi = (double)g[i];
        m[i] = (float)(beta1 * (double)m[i] + (1 - beta1) * gi);
        v[i] = (float)(beta2 * (double)v[i] + (1 - beta2) * gi * gi);
        w[i] -= (float)(lr * ((double)m[i] / correct1) / (sqrt((double)v[i] / correct2) + epsilon));
    }
}

static void shuffle(size_t order[ROWS])
{
    for (size_t i = ROWS - 1; i > 0; i--) {
        size_t j = (size_t)rand() % (i + 1), kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
}

typedef struct loop {
    vae_model *model;
    vae_workspace *workspace;
    vae_batch *batch;
    float *gradient, *m, *v;
    uint64_t step;
} loop;

/* Gather rows, loss and gradient, update: 0, or -1 with vae_last_error(). */
static int step(loop *l, const size_t *order, double *loss)
{
    float *w;
    for (size_t i = 0; i < BATCH; i++) memcpy(rows[i], data[order[i]], sizeof rows[i]);
    if (vae_batch_set_input(l->batch, rows[0], BATCH, 0) ||
        vae_batch_set_noise(l->batch, 7, l->step++) ||
        vae_loss_gradient(l->workspace, l->model, l->batch, loss, NULL, NULL, l->gradient, NULL,
                          0) ||
        vae_model_parameters_begin(l->model, &w))
        return -1;
    adam(w, l->gradient, l->m, l->v, vae_model_parameter_count(l->model), l->step);
    return vae_model_parameters_end(l->model);
}

static int epoch(loop *l, size_t order[ROWS])
{
    double loss;
    shuffle(order);
    for (size_t i = 0; i < ROWS; i += BATCH)
        if (step(l, order + i, &loss)) return -1;
    return 0;
}

/* Over all rows, with noise that training does not use. */
static int whole_loss(loop *l, double *loss)
{
    return vae_batch_set_input(l->batch, data[0], ROWS, 0) || vae_batch_set_noise(l->batch, 8, 0) ||
           vae_loss(l->workspace, l->model, l->batch, loss, NULL, NULL);
}

static int prepare(loop *l)
{
    vae_config *config = NULL;
    int failed = vae_config_new(&config, NULL, PIXELS, LATENT) ||
                 vae_model_new(&l->model, config, 1) ||
                 vae_workspace_new(&l->workspace, l->model, "gradient", BATCH, 1, 0) ||
                 vae_batch_new(&l->batch, NULL);
    vae_config_free(config);
    size_t n = vae_model_parameter_count(l->model);
    l->gradient = calloc(n ? n : 1, sizeof *l->gradient);
    l->m = calloc(n ? n : 1, sizeof *l->m);
    l->v = calloc(n ? n : 1, sizeof *l->v);
    return failed || !l->gradient || !l->m || !l->v;
}

int main(void)
{
    static size_t order[ROWS];
    loop l = {.model = NULL};
    double before = 0, after = 0;
    draw_blobs();
    for (size_t i = 0; i < ROWS; i++) order[i] = i;
    int failed = prepare(&l) || whole_loss(&l, &before);
    for (int e = 0; !failed && e < EPOCHS; e++) failed = epoch(&l, order);
    failed = failed || whole_loss(&l, &after);
    if (failed)
        fprintf(stderr, "custom_loop: %s\n", vae_last_error());
    else
        printf("loss before %.3f, after %d epochs %.3f nats per image\n", before, EPOCHS, after);
    free(l.gradient);
    free(l.m);
    free(l.v);
    vae_batch_free(l.batch);
    vae_workspace_free(l.workspace);
    vae_model_free(l.model);
    return failed ? 1 : 0;
}

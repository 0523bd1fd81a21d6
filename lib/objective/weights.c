/* SPDX-License-Identifier: MIT */
/* The second phase: tiles of weights. Each tile's gradient is formed over the whole batch by one
 * product, dW = X^T D, with the bias as one more row, sum of D; then updated or stored. */
#include "math/block.h"
#include "model/mlp.h"
#include "objective/step.h"
#include "objective/transposed.h"
#include "support/fpstate.h"

#include <math.h>
#include <string.h>

struct job {
    vae_workspace *ws;
    const struct vae__pass *pass;
    vae_model *model; /* updated; NULL: the gradient goes to memory */
    const struct vae__optimizer *optimizer;
    const struct vae__update *update;
    float *const *slots;
    float *gradient; /* the flat block: written (phase 2 to memory) or read (phase 3) */
};

/* The input of a layer: what the rows of its weights multiply. */
static struct vae__matrix input_of(const vae_workspace *ws, size_t layer)
{
    if (layer == 0) return ws->x;
    if (layer == ws->model->layout.encoder + 1) return ws->zc;
    return ws->flow[layer - 1].y;
}

/* g = rows [first, first + rows) of dW, row stride ld; the row past `in` is the bias's. */
static void tile_gradient(const struct job *job, const struct vae__tile *tile, float *g)
{
    const vae_workspace *ws = job->ws;
    const struct vae__layout *layout = &ws->model->layout;
    const struct vae__dense *dense = &layout->dense[tile->dense];
    struct vae__matrix x = input_of(ws, tile->dense), d = ws->flow[tile->dense].d;
    size_t n = (dense->out + 15) & ~(size_t)15;
    size_t k = job->pass->rows * (tile->dense > VAE__HEADS(layout) ? job->pass->samples : 1);
    size_t bias = tile->first + tile->rows > dense->in;
    struct vae__product product = {.m = tile->rows - bias,
                                   .n = n,
                                   .k = k,
                                   .a = x.data + tile->first,
                                   .a_row = 1,
                                   .a_col = x.ld,
                                   .b = d.data,
                                   .ldb = d.ld,
                                   .c = g,
                                   .ldc = dense->ld};
    ws->gemm(&product);
    if (bias) vae__column_sum[ws->level](k, n, d.data, d.ld, g + product.m * dense->ld);
    for (size_t r = 0; n < dense->ld && r < tile->rows; r++)
        memset(g + r * dense->ld + n, 0, (dense->ld - n) * sizeof *g);
}

static void update_tile(const struct job *job, const struct vae__tile *tile, const float *g)
{
    const struct vae__dense *dense = &job->model->layout.dense[tile->dense];
    size_t at = dense->offset + tile->first * dense->ld;
    float *slots[VAE__MAX_SLOTS] = {NULL};
    for (size_t i = 0; i < job->optimizer->slots; i++) slots[i] = job->slots[i] + at;
    job->optimizer->update[job->ws->level](tile->rows * dense->ld, job->model->parameters + at, g,
                                           slots, job->update);
    if (tile->dense > 0) vae__store_transposed(job->ws, tile);
}

static void fused_tile(void *user, size_t task, size_t thread)
{
    const struct job *job = user;
    const struct vae__tile *tile = &job->ws->tiles[task];
    float *g = job->ws->scratch + thread * job->ws->tile_floats;
    tile_gradient(job, tile, g);
    update_tile(job, tile, g);
}

static void stored_tile(void *user, size_t task, size_t thread)
{
    (void)thread;
    const struct job *job = user;
    const struct vae__tile *tile = &job->ws->tiles[task];
    const struct vae__dense *dense = &job->ws->model->layout.dense[tile->dense];
    tile_gradient(job, tile, job->gradient + dense->offset + tile->first * dense->ld);
}

static void apply_tile(void *user, size_t task, size_t thread)
{
    (void)thread;
    const struct job *job = user;
    const struct vae__tile *tile = &job->ws->tiles[task];
    const struct vae__dense *dense = &job->ws->model->layout.dense[tile->dense];
    update_tile(job, tile, job->gradient + dense->offset + tile->first * dense->ld);
}

/* The model has moved, and so have the transposed copies of all layers but the first. */
static void mark_moved(vae_workspace *ws, vae_model *model)
{
    model->version++;
    ws->transposed_version = model->version;
}

void vae__step_fused(vae_workspace *ws, const struct vae__pass *pass, vae_model *model,
                     const struct vae__optimizer *optimizer, const struct vae__update *update,
                     float *const slots[VAE__MAX_SLOTS])
{
    struct job job = {.ws = ws,
                      .pass = pass,
                      .model = model,
                      .optimizer = optimizer,
                      .update = update,
                      .slots = slots};
    vae__run(ws, fused_tile, &job, ws->n_tiles);
    mark_moved(ws, model);
}

void vae__gradient_block(vae_workspace *ws, const struct vae__pass *pass, float *gradient)
{
    struct job job = {.ws = ws, .pass = pass, .gradient = gradient};
    vae__run(ws, stored_tile, &job, ws->n_tiles);
}

void vae__apply_block(vae_workspace *ws, vae_model *model, const struct vae__optimizer *optimizer,
                      const struct vae__update *update, const float *gradient,
                      float *const slots[VAE__MAX_SLOTS])
{
    struct job job = {.ws = ws,
                      .model = model,
                      .optimizer = optimizer,
                      .update = update,
                      .slots = slots,
                      .gradient = (float *)(uintptr_t)gradient};
    vae__run(ws, apply_tile, &job, ws->n_tiles);
    mark_moved(ws, model);
}

static int is_safe(const vae_workspace *ws, const struct vae__pass *pass)
{
    const struct vae__layout *layout = &ws->model->layout;
    size_t shards = (pass->rows + ws->shard - 1) / ws->shard;
    for (size_t l = 0; l < layout->n_dense; l++) {
        uint32_t x = 0, d = 0;
        for (size_t i = 0; i < shards; i++) {
            const uint32_t *magnitudes = ws->magnitudes + i * VAE__MAGNITUDES(layout);
            vae__raise(&x, magnitudes[VAE__OF_INPUT(l)]);
            vae__raise(&d, magnitudes[VAE__OF_D(layout, l)]);
        }
        float largest_x, largest_d;
        memcpy(&largest_x, &x, sizeof x);
        memcpy(&largest_d, &d, sizeof d);
        double rows = (double)pass->rows * (l > layout->encoder ? (double)pass->samples : 1.0);
        if (!(rows * fmax(1.0, (double)largest_x) * (double)largest_d < 1e18) || isnan(largest_x))
            return 0;
    }
    return 1;
}

int vae__pass_safe(const vae_workspace *ws, const struct vae__pass *pass)
{
    vae__fpstate saved = vae__fp_enter();
    int safe = is_safe(ws, pass);
    vae__fp_leave(saved);
    return safe;
}

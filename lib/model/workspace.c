/* SPDX-License-Identifier: MIT */
#include "model/workspace.h"

#include "support/arena.h"

#include <string.h>

#define LARGEST_SHARD 64
#define LARGEST_TILE 64
#define TILE_FLOATS 16384 /* a tile and its optimizer state stay in the second-level cache */

static size_t clamp(size_t value, size_t least, size_t most)
{
    return value < least ? least : value > most ? most : value;
}

/* Whole register tiles of 8 rows, two shards a thread so that a late thread costs half as much. The
 * built-in product's bits do not depend on it; with BLAS they do, so there it may not depend on the
 * number of threads. */
static size_t shard_rows(const vae_workspace *ws)
{
    size_t threads = ws->blas ? 1 : vae__pool_size(ws->pool);
    size_t fair = (ws->max_rows + 2 * threads - 1) / (2 * threads);
    return clamp((fair + 7) / 8 * 8, 8, ws->blas ? 32 : LARGEST_SHARD);
}

/* 0 where they are too many to count. */
static size_t decoder_places(const vae_workspace *ws)
{
    size_t samples = ws->gradient ? ws->samples : 1;
    return samples > SIZE_MAX / ws->places ? 0 : ws->places * samples;
}

/* Enough for every thread, in whole shards: where a row stands in its shard may not depend on the
 * number of threads either. */
static size_t round_rows(const vae_workspace *ws)
{
    size_t rows = (ws->blas ? VAE__POOL_MOST : vae__pool_size(ws->pool)) * ws->shard;
    if (rows < 1024) rows = 1024;
    if (ws->gradient && rows < ws->max_rows) rows = ws->max_rows;
    return (rows + ws->shard - 1) / ws->shard * ws->shard;
}

static size_t tile_rows(const struct vae__dense *dense)
{
    return clamp(TILE_FLOATS / dense->ld / 16 * 16, 16, LARGEST_TILE);
}

static struct vae__matrix take_matrix(struct vae__arena *arena, size_t rows, size_t columns)
{
    struct vae__matrix m = {.ld = vae__leading(columns)};
    if (rows > SIZE_MAX / m.ld) arena->overflow = 1;
    m.data = vae__arena_take(arena, rows * m.ld, sizeof(float));
    return m;
}

static void take_flow(vae_workspace *ws, struct vae__arena *arena)
{
    const struct vae__layout *layout = &ws->model->layout;
    struct vae__flow *flow = vae__arena_take(arena, layout->n_dense, sizeof *flow);
    for (size_t l = 0; l < layout->n_dense; l++) {
        int encoder = l <= VAE__HEADS(layout);
        int hidden = l != VAE__HEADS(layout) && l != VAE__OUTPUT(layout);
        const struct vae__hidden *h = encoder ? &ws->model->encoder : &ws->model->decoder;
        size_t rows = encoder ? ws->places : ws->decoder_places, out = layout->dense[l].out;
        struct vae__flow f = {.y = take_matrix(arena, rows, out)};
        if (ws->gradient && hidden && h->activation->needs_z) f.z = take_matrix(arena, rows, out);
        f.d = f.y;
        if (ws->gradient && l != VAE__OUTPUT(layout)) f.d = take_matrix(arena, rows, out);
        if (flow) flow[l] = f;
    }
    ws->flow = flow;
}

static void take_gradient(vae_workspace *ws, struct vae__arena *arena)
{
    const struct vae__layout *layout = &ws->model->layout;
    size_t threads = vae__pool_size(ws->pool);
    ws->dzc = take_matrix(arena, ws->decoder_places, layout->dense[layout->encoder + 1].in);
    ws->dx = take_matrix(arena, ws->places, layout->dense[0].in);
    ws->transposed = vae__arena_take(arena, layout->n_dense, sizeof *ws->transposed);
    for (size_t l = 0; l < layout->n_dense; l++) {
        const struct vae__dense *dense = &layout->dense[l];
        float *block = take_matrix(arena, dense->out, dense->in).data;
        if (ws->transposed) ws->transposed[l] = block;
    }
    ws->tiles = vae__arena_take(arena, ws->n_tiles, sizeof *ws->tiles);
    ws->scratch = vae__arena_take(arena, threads * ws->tile_floats, sizeof(float));
    ws->chunks = vae__arena_take(arena, layout->floats / VAE__CHUNK + 1, sizeof(double));
}

/* Cuts the plan from the arena; run twice (support/arena.h). */
static void take_plan(vae_workspace *ws, struct vae__arena *arena)
{
    const struct vae__layout *layout = &ws->model->layout;
    ws->x = take_matrix(arena, ws->places, layout->dense[0].in);
    ws->target = take_matrix(arena, ws->places, ws->model->output_dim);
    ws->eps = take_matrix(arena, ws->decoder_places, ws->model->latent_dim);
    ws->zc = take_matrix(arena, ws->decoder_places, layout->dense[layout->encoder + 1].in);
    take_flow(ws, arena);
    ws->reconstruction = vae__arena_take(arena, ws->round, sizeof(double));
    ws->kl = vae__arena_take(arena, ws->round, sizeof(double));
    ws->magnitudes =
        vae__arena_take(arena, ws->n_shards * VAE__MAGNITUDES(layout), sizeof(uint32_t));
    if (ws->gradient) take_gradient(ws, arena);
}

/* Tiles go down each layer's block in steps of tile_rows; the last one takes the bias row along. */
static size_t cut_tiles(const struct vae__layout *layout, struct vae__tile *tiles, size_t *floats)
{
    size_t n = 0;
    *floats = 0;
    for (size_t l = 0; l < layout->n_dense; l++) {
        const struct vae__dense *dense = &layout->dense[l];
        size_t step = tile_rows(dense);
        for (size_t first = 0; first < dense->in; first += step, n++) {
            int last = first + step >= dense->in;
            size_t rows = last ? dense->in + 1 - first : step;
            if (tiles) tiles[n] = (struct vae__tile){.dense = l, .first = first, .rows = rows};
            if (rows * dense->ld > *floats) *floats = rows * dense->ld;
        }
    }
    return n;
}

static vae_status make_block(const char *who, vae_workspace *ws)
{
    struct vae__arena arena = {.base = NULL};
    ws->n_tiles = cut_tiles(&ws->model->layout, NULL, &ws->tile_floats);
    take_plan(ws, &arena);
    if (arena.overflow || ws->decoder_places == 0)
        return vae__fail(VAE_EINVAL, "%s: %zu rows of %zu samples do not fit in memory", who,
                         ws->max_rows, ws->samples);
    ws->block = vae__alloc(ws->context, arena.used);
    if (!ws->block) return vae__fail_memory(who, arena.used);
    ws->bytes = arena.used;
    arena = (struct vae__arena){.base = ws->block};
    take_plan(ws, &arena);
    if (ws->gradient) cut_tiles(&ws->model->layout, ws->tiles, &ws->tile_floats);
    return VAE_OK;
}

static vae_status make_workspace(const char *who, vae_workspace *ws, size_t threads)
{
    VAE__TRY(vae__pool_new(who, &ws->pool, ws->context, threads ? threads : vae__cpu_count()));
    ws->level = (size_t)vae__context_level(ws->context);
    ws->blas = vae__context_blas(ws->context);
    ws->gemm = ws->blas ? vae__gemm_blas : vae__gemm_builtin[ws->level];
    ws->kernels = vae__context_kernels(ws->context);
    ws->shard = shard_rows(ws);
    ws->places = vae__pool_size(ws->pool) * ws->shard;
    if (ws->gradient && ws->places < ws->max_rows) ws->places = ws->max_rows;
    ws->decoder_places = decoder_places(ws);
    ws->round = round_rows(ws);
    ws->n_shards = ws->round / ws->shard;
    return make_block(who, ws);
}

vae_status vae_workspace_new(vae_workspace **out, const vae_model *model, const char *purpose,
                             size_t max_rows, size_t samples, size_t threads)
{
    VAE__NEED(out);
    *out = NULL;
    VAE__NEED(model);
    VAE__NEED(purpose);
    int gradient = strcmp(purpose, "gradient") == 0;
    if (!gradient && strcmp(purpose, "inference") != 0)
        return VAE__FAIL(VAE_EUNKNOWN, "unknown purpose \"%.64s\"; known: inference gradient",
                         purpose);
    if (max_rows < 1 || max_rows > 1048576)
        return VAE__FAIL(VAE_EINVAL, "max_rows is %zu; its range is 1 to 1048576", max_rows);
    if (samples < 1 || samples > 65536)
        return VAE__FAIL(VAE_EINVAL, "samples is %zu; its range is 1 to 65536", samples);
    if (threads > 64) return VAE__FAIL(VAE_EINVAL, "threads is %zu; its range is 0 to 64", threads);

    vae_workspace *ws = vae__alloc(model->context, sizeof *ws);
    if (!ws) return vae__fail_memory(__func__, sizeof *ws);
    ws->context = vae__context_hold(model->context);
    ws->model = model;
    ws->gradient = gradient;
    ws->max_rows = max_rows;
    ws->samples = samples;
    vae_status status = make_workspace(__func__, ws, threads);
    if (status) {
        vae_workspace_free(ws);
        return status;
    }
    *out = ws;
    return VAE_OK;
}

void vae_workspace_free(vae_workspace *ws)
{
    if (!ws) return;
    vae_context *context = ws->context;
    vae__pool_free(ws->pool);
    vae__free(context, ws->block);
    vae__free(context, ws->staging);
    vae__free(context, ws->row_numbers);
    vae__free(context, ws);
    vae_context_free(context);
}

size_t vae_workspace_bytes(const vae_workspace *ws)
{
    return ws ? sizeof *ws + ws->bytes + ws->staged_floats * sizeof(float) +
                    ws->staged_rows * sizeof(uint64_t)
              : 0;
}

size_t vae_workspace_threads(const vae_workspace *ws)
{
    return ws ? vae__pool_size(ws->pool) : 0;
}

const char *vae_workspace_kernels(const vae_workspace *ws)
{
    return ws ? ws->kernels : NULL;
}

vae_status vae__workspace_fits(const char *who, const vae_workspace *ws, const vae_model *model)
{
    if (!ws) return vae__fail(VAE_EINVAL, "%s: workspace is NULL", who);
    if (!model) return vae__fail(VAE_EINVAL, "%s: model is NULL", who);
    if (ws->model != model)
        return vae__fail(VAE_EINVAL, "%s: the workspace was made for another model", who);
    if (model->open) return vae__fail(VAE_ESTATE, "%s: the model's parameters are open", who);
    return VAE_OK;
}

vae_status vae__workspace_stage(const char *who, vae_workspace *ws, size_t floats, size_t rows)
{
    if (floats > ws->staged_floats) {
        float *staging = vae__alloc_array(ws->context, floats, sizeof *staging);
        if (!staging) return vae__fail_memory(who, floats * sizeof *staging);
        vae__free(ws->context, ws->staging);
        ws->staging = staging;
        ws->staged_floats = floats;
    }
    if (rows > ws->staged_rows) {
        uint64_t *numbers = vae__alloc_array(ws->context, rows, sizeof *numbers);
        if (!numbers) return vae__fail_memory(who, rows * sizeof *numbers);
        vae__free(ws->context, ws->row_numbers);
        ws->row_numbers = numbers;
        ws->staged_rows = rows;
    }
    return VAE_OK;
}

struct blas_job {
    vae__task_fn task;
    void *job;
};

static void run_on_blas(void *job, size_t task, size_t thread)
{
    struct blas_job *inner = job;
    vae__blas_enter_thread();
    inner->task(inner->job, task, thread);
    vae__blas_leave_thread();
}

void vae__run(vae_workspace *ws, vae__task_fn task, void *job, size_t count)
{
    if (!ws->blas) {
        vae__pool_run(ws->pool, task, job, count);
        return;
    }
    struct blas_job inner = {task, job};
    vae__blas_hold();
    vae__pool_run(ws->pool, run_on_blas, &inner, count);
    vae__blas_release();
}

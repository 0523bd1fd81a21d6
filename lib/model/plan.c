/* SPDX-License-Identifier: MIT */
/* How large a workspace's pieces are, and cutting them from one block. */
#include "model/workspace.h"
#include "support/arena.h"

#define LARGEST_SHARD 64
#define LARGEST_TILE 64
#define TILE_FLOATS 16384 /* a tile and its optimizer state stay in the second-level cache */

static size_t clamp(size_t value, size_t least, size_t most)
{
    return value < least ? least : value > most ? most : value;
}

static size_t quotient_up(size_t a, size_t b)
{
    return a / b + (a % b != 0);
}

/* Two shards a thread of whole register tiles of 8 rows, so that a late thread costs half as much;
 * where those would be smaller than a tile, one a thread, of any size. The built-in product's bits
 * do not depend on it; with BLAS they do, so there it may not depend on the number of threads. */
static size_t shard_rows(const vae_workspace *ws)
{
    size_t threads = vae__pool_size(ws->pool);
    if (ws->blas) return clamp(quotient_up(ws->max_rows, 16) * 8, 8, 32);
    if (ws->max_rows <= 16 * threads) return clamp(quotient_up(ws->max_rows, threads), 8, 16);
    return clamp(quotient_up(ws->max_rows, 16 * threads) * 8, 8, LARGEST_SHARD);
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

vae_status vae__plan_make(const char *who, vae_workspace *ws, size_t threads)
{
    VAE__TRY(vae__pool_new(who, &ws->pool, ws->context, threads ? threads : vae__cpu_count()));
    ws->level = (size_t)vae__context_level(ws->context);
    ws->blas = vae__context_blas(ws->context);
    if (ws->blas && !vae__blas_ready())
        return vae__fail(VAE_ENOMEM, "%s: out of memory for what the BLAS does at a fork", who);
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

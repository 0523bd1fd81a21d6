/* SPDX-License-Identifier: MIT */
#include "objective/transposed.h"

void vae__store_transposed(vae_workspace *ws, const struct vae__tile *tile)
{
    const struct vae__dense *dense = &ws->model->layout.dense[tile->dense];
    size_t ld = vae__leading(dense->in), bias = tile->first + tile->rows > dense->in;
    vae__transpose(tile->rows - bias, dense->out,
                   ws->model->parameters + dense->offset + tile->first * dense->ld, dense->ld,
                   ws->transposed[tile->dense] + tile->first, ld);
}

struct job {
    vae_workspace *ws;
    int stale, first_layer;
};

static void refresh_tile(void *user, size_t task, size_t thread)
{
    (void)thread;
    const struct job *job = user;
    const struct vae__tile *tile = &job->ws->tiles[task];
    if (tile->dense == 0 ? job->first_layer : job->stale) vae__store_transposed(job->ws, tile);
}

void vae__refresh_transposed(vae_workspace *ws, int first_layer)
{
    uint64_t version = ws->model->version;
    struct job job = {.ws = ws,
                      .stale = ws->transposed_version != version,
                      .first_layer = first_layer && ws->transposed_first != version};
    if (!job.stale && !job.first_layer) return;
    vae__run(ws, refresh_tile, &job, ws->n_tiles);
    ws->transposed_version = version;
    if (job.first_layer) ws->transposed_first = version;
}

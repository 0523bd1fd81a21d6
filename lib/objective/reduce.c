/* SPDX-License-Identifier: MIT */
/* Numbers over a whole flat block: chunks in parallel, added up in the order of chunks, so that the
 * result does not depend on the threads. */
#include "math/block.h"
#include "objective/step.h"

#include <math.h>

struct job {
    vae_workspace *ws;
    const float *block;
};

static size_t chunk_size(const struct job *job, size_t task)
{
    size_t left = job->ws->model->layout.floats - task * VAE__CHUNK;
    return left < VAE__CHUNK ? left : VAE__CHUNK;
}

static void square_chunk(void *user, size_t task, size_t thread)
{
    (void)thread;
    const struct job *job = user;
    job->ws->chunks[task] =
        vae__square_sum[job->ws->level](chunk_size(job, task), job->block + task * VAE__CHUNK);
}

static void magnitude_chunk(void *user, size_t task, size_t thread)
{
    (void)thread;
    const struct job *job = user;
    job->ws->chunks[task] =
        vae__magnitude[job->ws->level](chunk_size(job, task), job->block + task * VAE__CHUNK);
}

static size_t chunk_count(const vae_workspace *ws)
{
    return (ws->model->layout.floats + VAE__CHUNK - 1) / VAE__CHUNK;
}

double vae__block_norm(vae_workspace *ws, const float *block)
{
    struct job job = {.ws = ws, .block = block};
    double sum = 0.0;
    vae__run(ws, square_chunk, &job, chunk_count(ws));
    for (size_t i = 0; i < chunk_count(ws); i++) sum += ws->chunks[i];
    return sqrt(sum);
}

uint32_t vae__block_magnitude(vae_workspace *ws, const float *block)
{
    struct job job = {.ws = ws, .block = block};
    double largest = 0.0;
    vae__run(ws, magnitude_chunk, &job, chunk_count(ws));
    for (size_t i = 0; i < chunk_count(ws); i++) largest = fmax(largest, ws->chunks[i]);
    return (uint32_t)largest;
}

/* SPDX-License-Identifier: MIT */
#include "viewer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "png_file.h"
#include "report.h"

enum { AT_ONCE = 256 };

int viewer_open(viewer *v, const vae_model *model, size_t width, size_t threads, uint64_t seed)
{
    *v = (viewer){.model = model, .width = width};
    if (image_sides(vae_model_output_dim(model), &v->width, &v->height)) return -1;
    if (vae_workspace_new(&v->workspace, model, "inference", AT_ONCE, 1, threads) ||
        vae_batch_new(&v->batch, NULL) || vae_batch_set_noise(v->batch, seed, 0))
        return failed_vae("cannot use the model");
    return 0;
}

void viewer_close(viewer *v)
{
    vae_batch_free(v->batch);
    vae_workspace_free(v->workspace);
    *v = (viewer){.model = NULL};
}

static float *new_rows(size_t rows, size_t size)
{
    float *x = size > SIZE_MAX / sizeof *x / rows ? NULL : calloc(rows * size, sizeof *x);
    if (!x) failed("out of memory for %zu rows of %zu numbers", rows, size);
    return x;
}

static int check_grid(const viewer *v, size_t n, size_t columns)
{
    return image_grid_check(n, v->width, v->height, columns);
}

static int write_grid(const viewer *v, const float *tiles, size_t n, size_t columns,
                      const char *path)
{
    image grid;
    if (image_grid(&grid, tiles, n, v->width, v->height, columns)) return -1;
    int status = png_file_write(&grid, path);
    image_free(&grid);
    return status;
}

static int write_decoded(viewer *v, const float *z, size_t n, size_t columns, const char *path)
{
    int status = -1;
    float *tiles = new_rows(n, v->width * v->height);
    if (!tiles) return -1;
    vae_batch_clear(v->batch);
    if (vae_batch_set_latent(v->batch, z, n, 0) ||
        vae_decode(v->workspace, v->model, v->batch, tiles, 0))
        failed_vae("cannot decode");
    else
        status = write_grid(v, tiles, n, columns, path);
    free(tiles);
    return status;
}

static float *draw_latents(viewer *v, size_t n, double temperature)
{
    float *z = new_rows(n, vae_model_latent_dim(v->model));
    if (!z) return NULL;
    vae_batch_clear(v->batch);
    if (vae_sample_prior(v->workspace, v->model, v->batch, n, temperature, z, 0) == VAE_OK)
        return z;
    failed_vae("cannot draw from the prior");
    free(z);
    return NULL;
}

int viewer_samples(viewer *v, size_t rows, size_t columns, double temperature, const char *path)
{
    if (check_grid(v, rows * columns, columns)) return -1;
    float *z = draw_latents(v, rows * columns, temperature);
    int status = z ? write_decoded(v, z, rows * columns, columns, path) : -1;
    free(z);
    return status;
}

int viewer_paths(viewer *v, size_t rows, size_t columns, double temperature, const char *path)
{
    size_t latent = vae_model_latent_dim(v->model);
    if (check_grid(v, rows * columns, columns)) return -1;
    float *ends = draw_latents(v, 2 * rows, temperature);
    float *z = ends ? new_rows(rows * columns, latent) : NULL;
    for (size_t i = 0; z && i < rows * columns * latent; i++) {
        size_t row = i / latent / columns, column = i / latent % columns, j = i % latent;
        float t = columns > 1 ? (float)column / (float)(columns - 1) : 0;
        z[i] = (1 - t) * ends[2 * row * latent + j] + t * ends[(2 * row + 1) * latent + j];
    }
    int status = z ? write_decoded(v, z, rows * columns, columns, path) : -1;
    free(z);
    free(ends);
    return status;
}

/* Newton's steps towards Phi(x) = p; from 0 they never overshoot. */
static double normal_quantile(double p)
{
    const double root_two_pi = 2.50662827463100050242;
    double x = 0;
    for (int i = 0; i < 100; i++) {
        double step = (0.5 * erfc(-x * sqrt(0.5)) - p) * root_two_pi * exp(0.5 * x * x);
        x -= step;
        if (fabs(step) < 1e-12) break;
    }
    return x;
}

static double middle(size_t cell, size_t cells)
{
    return normal_quantile(((double)cell + 0.5) / (double)cells);
}

int viewer_manifold(viewer *v, size_t rows, size_t columns, const char *path)
{
    if (vae_model_latent_dim(v->model) != 2)
        return failed("a manifold needs 2 latent dimensions, this model has %zu",
                      vae_model_latent_dim(v->model));
    if (check_grid(v, rows * columns, columns)) return -1;
    float *z = new_rows(rows * columns, 2);
    for (size_t i = 0; z && i < rows * columns; i++) {
        z[2 * i] = (float)middle(i % columns, columns);
        z[2 * i + 1] = (float)middle(rows - 1 - i / columns, rows);
    }
    int status = z ? write_decoded(v, z, rows * columns, columns, path) : -1;
    free(z);
    return status;
}

static int set_input(viewer *v, const image_set *set, size_t rows)
{
    if (set->size != vae_model_input_dim(v->model) || set->size != v->width * v->height)
        return failed("images of %zu pixels, the model takes %zu and gives %zu", set->size,
                      vae_model_input_dim(v->model), v->width * v->height);
    vae_batch_clear(v->batch);
    return vae_batch_set_input_uint8(v->batch, set->pixels, rows, 0) ? failed_vae("the images") : 0;
}

/* Lines of images in turn with lines of their reconstructions. */
static void lay_out(float *tiles, const uint8_t *pixels, const float *means, size_t count,
                    size_t columns, size_t size)
{
    for (size_t i = 0; i < count; i++) {
        float *above = tiles + (2 * (i / columns) * columns + i % columns) * size;
        for (size_t j = 0; j < size; j++) above[j] = (float)pixels[i * size + j] / 255.0f;
        memcpy(above + columns * size, means + i * size, size * sizeof *above);
    }
}

int viewer_reconstructions(viewer *v, const image_set *set, size_t count, size_t columns,
                           int sample, const char *path)
{
    size_t size = v->width * v->height;
    if (count > set->rows) count = set->rows;
    if (columns > count) columns = count;
    size_t n = 2 * ((count + columns - 1) / columns) * columns;
    if (check_grid(v, n, columns) || set_input(v, set, count)) return -1;
    int status = -1;
    float *means = new_rows(count, size);
    float *tiles = new_rows(n, size);
    vae_status (*reconstruct)(vae_workspace *, const vae_model *, const vae_batch *, float *,
                              size_t) = sample ? vae_reconstruct_sample : vae_reconstruct;
    if (means && tiles && reconstruct(v->workspace, v->model, v->batch, means, 0)) {
        failed_vae("cannot reconstruct");
    } else if (means && tiles) {
        lay_out(tiles, set->pixels, means, count, columns, size);
        status = write_grid(v, tiles, n, columns, path);
    }
    free(means);
    free(tiles);
    return status;
}

float *viewer_means(viewer *v, const image_set *set)
{
    float *mu = new_rows(set->rows, vae_model_latent_dim(v->model));
    if (!mu) return NULL;
    if (!set_input(v, set, set->rows)) {
        if (vae_encode(v->workspace, v->model, v->batch, mu, 0, NULL, 0) == VAE_OK) return mu;
        failed_vae("cannot encode");
    }
    free(mu);
    return NULL;
}

/* SPDX-License-Identifier: MIT */
/* Models, batches and numbers that tests work on, all drawn from one seed. */
#ifndef FIXTURES_H
#define FIXTURES_H

#include <vae/vae.h>

/* A model's description, its batch's size, and how terms are weighed. Zero and NULL mean: output as
 * wide as the input, no condition, no hidden layer, relu, bernoulli, one sample, beta 0, "mean". */
typedef struct fixture_case {
    const char *name;
    size_t input, latent, output, condition;
    const char *encoder, *decoder;
    const char *activation, *likelihood;
    size_t rows, samples;
    double beta;
    const char *reduction;
    int target; /* nonzero: a target that differs from the input */
    struct {
        const char *name, *text;
    } options[4]; /* further ones of the config, up to a NULL name */
} fixture_case;

/* A model with random weights and a batch with random rows and noise. target and condition are NULL
 * when the case has none. */
typedef struct fixture {
    vae_model *model;
    vae_batch *batch;
    float *x, *target, *condition, *eps;
    size_t input, latent, output, condition_dim, rows, samples;
} fixture;

/* context may be NULL. Fails the test when anything goes wrong. */
void fixture_new(fixture *f, const fixture_case *c, vae_context *context);
void fixture_free(fixture *f);

/* The case's description alone. */
vae_config *fixture_config(const fixture_case *c, vae_context *context);

/* Sets every tensor to uniform numbers in +-scale/sqrt(in). */
void fixture_weights(vae_model *model, double scale, uint64_t seed);

/* Sets every element of a named tensor to one value. */
void fixture_fill(vae_model *model, const char *tensor, float value);

/* Elements of a named tensor of the flat block, in [out][in] order, as double. */
void fixture_unpack(const vae_model *model, const float *flat, size_t tensor, double *values);

/* The number of elements of the index-th tensor. */
size_t fixture_tensor_size(const vae_model *model, size_t index);

/* Zeroed memory that fails the test when there is none. */
void *fixture_alloc(size_t n, size_t size);
float *fixture_floats(size_t n);
double *fixture_doubles(size_t n);
double *fixture_widen(const float *values, size_t n);

/* n uniform numbers in [low, high), and n standard normal ones. */
void fixture_uniform(float *values, size_t n, double low, double high, uint64_t seed);
void fixture_normal(float *values, size_t n, uint64_t seed);

/* ||a - b|| / ||b||; 0 when both are zero, infinity when a holds a NaN. */
double fixture_relative_error(const double *a, const double *b, size_t n);

/* How many kinds a family has. */
int fixture_kind_count(const char *family);

#endif

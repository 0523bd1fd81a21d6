/* SPDX-License-Identifier: MIT */
/* The numerical truth: the whole objective in double, one row and one sample at a time, as plain as
 * the equations of docs/math.md. It shares no code with the library. */
#ifndef ORACLE_H
#define ORACLE_H

#include <vae/vae.h>

/* One affine map, y = W x + b, with W in [out][in] order, and the gradient of the latest elbo. */
typedef struct oracle_dense {
    char name[32];
    size_t in, out;
    double *w, *b, *dw, *db;
} oracle_dense;

typedef struct oracle_activation {
    const char *name;
    double (*value)(double a, double parameter);
    double (*slope)(double a, double parameter);
    const char *option; /* the config option that is the parameter, or NULL */
} oracle_activation;

typedef struct oracle_likelihood {
    const char *name;
    size_t parameters;
    /* -log p(x | parameters) of one number; d[k] is its derivative in parameters[k]. */
    double (*nll)(double x, const double *parameters, double option, double *d);
    /* Mean and variance of p(x | parameters). */
    void (*moments)(const double *parameters, double option, double *mean, double *variance);
    const char *option;
    const char *logvar_min, *logvar_max; /* options that clamp parameters[1], or NULL */
} oracle_likelihood;

/* By name; NULL when the oracle does not know the kind. */
const oracle_activation *oracle_find_activation(const char *name);
const oracle_likelihood *oracle_find_likelihood(const char *name);

/* A clamped value, and which part of the gradient in it reaches the raw value: all of it inside,
 * outside only what a descent step -g would use to come back in. */
typedef struct oracle_range {
    double min, max;
} oracle_range;

double oracle_clamp(oracle_range range, double raw);
double oracle_clamp_gradient(oracle_range range, double raw, double g);

typedef struct oracle_mlp {
    oracle_dense *layers;
    size_t n;
    const oracle_activation *activation;
    double parameter;
} oracle_mlp;

typedef struct oracle {
    size_t input, output, latent, condition, parameters;
    oracle_dense *dense; /* encoder ..., mean, logvar, decoder ..., output */
    size_t dense_count;
    oracle_mlp encoder, decoder;
    oracle_dense *mean, *logvar, *out;
    const oracle_likelihood *likelihood;
    double likelihood_option;
    oracle_range posterior_range, likelihood_range;
} oracle;

/* Copies a model's weights and options. Fails the test when a kind is unknown to it. */
oracle *oracle_new(const vae_model *model);
void oracle_free(oracle *o);

/* A tensor's values and its gradient, by the model's name for it. */
double *oracle_values(oracle *o, const char *tensor);
double *oracle_gradient(oracle *o, const char *tensor);

/* As vae_batch: rows x dim without gaps; target NULL: x; eps is samples x rows x latent. */
typedef struct oracle_batch {
    size_t rows, samples;
    const double *x, *target, *condition, *eps;
    double beta;
    int sum;
} oracle_batch;

/* Means over rows and samples. */
typedef struct oracle_terms {
    double loss, reconstruction, kl;
} oracle_terms;

/* The objective and the gradient in every tensor (overwritten). Each row's terms and the input's
 * gradient (rows x input) may be NULL. */
oracle_terms oracle_elbo(oracle *o, const oracle_batch *batch, double *reconstruction, double *kl,
                         double *input_gradient);

/* One row: mu and clamped logvar of q(z|x); parameters (log-variances clamped) of p(x|z), and their
 * means. `c` may be NULL without a condition. */
void oracle_encode(const oracle *o, const double *x, const double *c, double *mu, double *logvar);
void oracle_decode(const oracle *o, const double *z, const double *c, double *parameters,
                   double *mean);

#endif

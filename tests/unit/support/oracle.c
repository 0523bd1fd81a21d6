/* SPDX-License-Identifier: MIT */
#include "oracle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"

static void dense_forward(const oracle_dense *d, const double *x, double *y)
{
    for (size_t o = 0; o < d->out; o++) {
        y[o] = d->b[o];
        for (size_t i = 0; i < d->in; i++) y[o] += d->w[o * d->in + i] * x[i];
    }
}

/* Adds to dw, db and dx. */
static void dense_backward(oracle_dense *d, const double *x, const double *dy, double *dx)
{
    for (size_t o = 0; o < d->out; o++) {
        d->db[o] += dy[o];
        for (size_t i = 0; i < d->in; i++) {
            d->dw[o * d->in + i] += dy[o] * x[i];
            dx[i] += dy[o] * d->w[o * d->in + i];
        }
    }
}

/* One row on its way through an MLP: h[0] is the input with the condition behind it, a[k] layer k
 * before and h[k+1] after its activation. */
typedef struct path {
    double **a, **h;
    size_t n;
} path;

static path path_new(const oracle_mlp *mlp, const double *x, size_t dim, const double *c,
                     size_t condition)
{
    path p = {fixture_alloc(mlp->n, sizeof(double *)), fixture_alloc(mlp->n + 1, sizeof(double *)),
              mlp->n};

    p.h[0] = fixture_doubles(dim + condition);
    memcpy(p.h[0], x, dim * sizeof(double));
    if (condition > 0) memcpy(p.h[0] + dim, c, condition * sizeof(double));
    for (size_t k = 0; k < mlp->n; k++) {
        p.a[k] = fixture_doubles(mlp->layers[k].out);
        p.h[k + 1] = fixture_doubles(mlp->layers[k].out);
        dense_forward(&mlp->layers[k], p.h[k], p.a[k]);
        for (size_t i = 0; i < mlp->layers[k].out; i++)
            p.h[k + 1][i] = mlp->activation->value(p.a[k][i], mlp->parameter);
    }
    return p;
}

static void path_free(path *p)
{
    for (size_t k = 0; k < p->n; k++) free(p->a[k]);
    for (size_t k = 0; k <= p->n; k++) free(p->h[k]);
    free(p->a);
    free(p->h);
}

/* Takes the gradient in the last hidden layer, frees it, and answers the one in h[0]. */
static double *path_backward(const path *p, const oracle_mlp *mlp, double *dh)
{
    for (size_t k = mlp->n; k-- > 0;) {
        oracle_dense *d = &mlp->layers[k];
        double *dx = fixture_doubles(d->in);
        for (size_t i = 0; i < d->out; i++)
            dh[i] *= mlp->activation->slope(p->a[k][i], mlp->parameter);
        dense_backward(d, p->h[k], dh, dx);
        free(dh);
        dh = dx;
    }
    return dh;
}

void oracle_encode(const oracle *o, const double *x, const double *c, double *mu, double *logvar)
{
    path p = path_new(&o->encoder, x, o->input, c, o->condition);
    dense_forward(o->mean, p.h[p.n], mu);
    dense_forward(o->logvar, p.h[p.n], logvar);
    for (size_t j = 0; j < o->latent; j++) logvar[j] = oracle_clamp(o->posterior_range, logvar[j]);
    path_free(&p);
}

/* The parameters of output i alone, its log-variance (if it has one) clamped. */
static void output_parameters(const oracle *o, const double *raw, size_t i, double own[2])
{
    own[0] = raw[i];
    own[1] = o->parameters > 1 ? oracle_clamp(o->likelihood_range, raw[o->output + i]) : 0;
}

void oracle_decode(const oracle *o, const double *z, const double *c, double *parameters,
                   double *mean)
{
    path p = path_new(&o->decoder, z, o->latent, c, o->condition);
    dense_forward(o->out, p.h[p.n], parameters);
    for (size_t i = 0; i < o->output; i++) {
        double own[2], variance;
        output_parameters(o, parameters, i, own);
        if (o->parameters > 1) parameters[o->output + i] = own[1];
        o->likelihood->moments(own, o->likelihood_option, &mean[i], &variance);
    }
    path_free(&p);
}

/* -log p(x|z) of one row and its gradient in the decoder's last layer, times `weight`. */
static double reconstruction_row(const oracle *o, const double *raw, const double *x, double weight,
                                 double *draw)
{
    double total = 0;
    for (size_t i = 0; i < o->output; i++) {
        double own[2], d[2] = {0, 0};
        output_parameters(o, raw, i, own);
        total += o->likelihood->nll(x[i], own, o->likelihood_option, d);
        draw[i] = weight * d[0];
        if (o->parameters > 1) {
            double *dlogvar = &draw[o->output + i];
            *dlogvar =
                oracle_clamp_gradient(o->likelihood_range, raw[o->output + i], weight * d[1]);
        }
    }
    return total;
}

/* -log p(x|z), and its gradient in z (latent numbers added to dz) and in the decoder. */
static double decode_row(oracle *o, const double *z, const double *c, const double *x,
                         double weight, double *dz)
{
    path p = path_new(&o->decoder, z, o->latent, c, o->condition);
    double *raw = fixture_doubles(o->out->out), *draw = fixture_doubles(o->out->out);
    double *dh = fixture_doubles(o->out->in), total;

    dense_forward(o->out, p.h[p.n], raw);
    total = reconstruction_row(o, raw, x, weight, draw);
    dense_backward(o->out, p.h[p.n], draw, dh);
    dh = path_backward(&p, &o->decoder, dh);
    for (size_t j = 0; j < o->latent; j++) dz[j] += dh[j];
    free(dh);
    free(draw);
    free(raw);
    path_free(&p);
    return total;
}

/* The latent half of a row: raw heads, and the gradient in mu and in the clamped logvar. */
typedef struct latent_row {
    double *mu, *raw, *logvar, *dmu, *dlogvar, *z, *dz;
} latent_row;

/* KL(q || p) of one row, its gradient started. */
static double kl_row(const oracle *o, latent_row *q, double weight)
{
    double kl = 0;
    for (size_t j = 0; j < o->latent; j++) {
        q->logvar[j] = oracle_clamp(o->posterior_range, q->raw[j]);
        kl += 0.5 * (q->mu[j] * q->mu[j] + expm1(q->logvar[j]) - q->logvar[j]);
        q->dmu[j] = weight * q->mu[j];
        q->dlogvar[j] = weight * 0.5 * expm1(q->logvar[j]);
    }
    return kl;
}

/* One sample: z = mu + exp(logvar / 2) eps, decoded, and back again. */
static double sample_row(oracle *o, latent_row *q, const double *eps, const double *c,
                         const double *x, double weight)
{
    double nll;
    for (size_t j = 0; j < o->latent; j++) {
        q->z[j] = q->mu[j] + exp(q->logvar[j] / 2) * eps[j];
        q->dz[j] = 0;
    }
    nll = decode_row(o, q->z, c, x, weight, q->dz);
    for (size_t j = 0; j < o->latent; j++) {
        q->dmu[j] += q->dz[j];
        q->dlogvar[j] += q->dz[j] * eps[j] * exp(q->logvar[j] / 2) / 2;
    }
    return nll;
}

/* From the gradient in mu and logvar to the encoder and the input. */
static void encoder_backward(oracle *o, const path *p, latent_row *q, double *dx)
{
    double *dh = fixture_doubles(o->mean->in);
    for (size_t j = 0; j < o->latent; j++)
        q->dlogvar[j] = oracle_clamp_gradient(o->posterior_range, q->raw[j], q->dlogvar[j]);
    dense_backward(o->mean, p->h[p->n], q->dmu, dh);
    dense_backward(o->logvar, p->h[p->n], q->dlogvar, dh);
    dh = path_backward(p, &o->encoder, dh);
    if (dx != NULL) memcpy(dx, dh, o->input * sizeof *dx);
    free(dh);
}

static void elbo_row(oracle *o, const oracle_batch *b, size_t row, double *reconstruction,
                     double *kl, double *dx)
{
    const double *c = b->condition ? b->condition + row * o->condition : NULL;
    const double *x = b->target ? b->target + row * o->output : b->x + row * o->output;
    double weight = b->sum ? 1 : 1 / (double)b->rows, samples = (double)b->samples;
    double *memory = fixture_doubles(7 * o->latent);
    latent_row q = {memory,
                    memory + o->latent,
                    memory + 2 * o->latent,
                    memory + 3 * o->latent,
                    memory + 4 * o->latent,
                    memory + 5 * o->latent,
                    memory + 6 * o->latent};
    path p = path_new(&o->encoder, b->x + row * o->input, o->input, c, o->condition);

    dense_forward(o->mean, p.h[p.n], q.mu);
    dense_forward(o->logvar, p.h[p.n], q.raw);
    *kl = kl_row(o, &q, b->beta * weight);
    *reconstruction = 0;
    for (size_t l = 0; l < b->samples; l++) {
        const double *eps = b->eps + (l * b->rows + row) * o->latent;
        *reconstruction += sample_row(o, &q, eps, c, x, weight / samples) / samples;
    }
    encoder_backward(o, &p, &q, dx);
    path_free(&p);
    free(memory);
}

oracle_terms oracle_elbo(oracle *o, const oracle_batch *b, double *reconstruction, double *kl,
                         double *input_gradient)
{
    oracle_terms mean = {0, 0, 0};

    for (size_t i = 0; i < o->dense_count; i++) {
        memset(o->dense[i].dw, 0, o->dense[i].in * o->dense[i].out * sizeof(double));
        memset(o->dense[i].db, 0, o->dense[i].out * sizeof(double));
    }
    for (size_t row = 0; row < b->rows; row++) {
        double row_reconstruction, row_kl;
        elbo_row(o, b, row, &row_reconstruction, &row_kl,
                 input_gradient ? input_gradient + row * o->input : NULL);
        mean.reconstruction += row_reconstruction / (double)b->rows;
        mean.kl += row_kl / (double)b->rows;
        if (reconstruction != NULL) reconstruction[row] = row_reconstruction;
        if (kl != NULL) kl[row] = row_kl;
    }
    mean.loss = mean.reconstruction + b->beta * mean.kl;
    return mean;
}

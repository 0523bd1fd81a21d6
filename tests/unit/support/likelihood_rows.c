/* SPDX-License-Identifier: MIT */
#include "likelihood_rows.h"

#include <math.h>

#include "fixtures.h"

const size_t likelihood_dims[] = {1, 7, 15, 16, 17, 33, 784, 0};

void likelihood_fill(guard *g, size_t columns, size_t ld, double low, double high, uint64_t seed)
{
    for (size_t r = 0; r < ROWS; r++)
        fixture_uniform(g->data + r * ld, columns, low, high, seed + r);
}

void likelihood_rows_new(likelihood_rows *t, size_t kind, size_t dim)
{
    *t = (likelihood_rows){.kind = vae__likelihoods.table[kind], .dim = dim, .ldx = dim + 3};
    t->oracle = oracle_find_likelihood(t->kind->kind.name);
    ck_assert_msg(t->oracle != NULL, "the oracle does not know %s", t->kind->kind.name);
    ck_assert_uint_eq(t->oracle->parameters, t->kind->parameters);
    for (size_t i = 0; t->kind->kind.options && t->kind->kind.options[i].name; i++)
        t->args[i] = t->kind->kind.options[i].initial;
    t->range = (oracle_range){-INFINITY, INFINITY};
    if (t->oracle->logvar_min) t->range = (oracle_range){t->args[0], t->args[1]};
    if (t->oracle->option) t->option = t->args[0] = 0.7;
    t->columns = t->kind->parameters * dim;
    t->ldp = (t->columns + 15) / 16 * 16 + 16;
    t->p = guard_new(ROWS * t->ldp);
    t->x = guard_new(ROWS * t->ldx);
    likelihood_fill(&t->p, t->columns, t->ldp, -4, 4, 1 + dim);
    likelihood_fill(&t->x, dim, t->ldx, 0, 1, 100 + dim);
    for (size_t j = 0; j < dim; j += 2) t->x.data[j] = j % 4 ? 1.0f : 0.0f; /* binary ones too */
}

void likelihood_rows_free(likelihood_rows *t)
{
    guard_check(&t->x, t->dim, t->ldx, "x");
    guard_free(&t->p);
    guard_free(&t->x);
}

double likelihood_truth(const likelihood_rows *t, size_t r, size_t j, double d[2])
{
    const float *p = t->p.data + r * t->ldp + j;
    double parameters[2] = {(double)p[0], 0}, raw = 0, cost;

    if (t->kind->parameters == 2) {
        raw = (double)p[t->dim];
        parameters[1] = oracle_clamp(t->range, raw);
    }
    cost = t->oracle->nll((double)t->x.data[r * t->ldx + j], parameters, t->option, d);
    if (t->kind->parameters == 2) d[1] = oracle_clamp_gradient(t->range, raw, d[1]);
    return cost;
}

/* SPDX-License-Identifier: MIT */
#include "truth.h"

#include <math.h>

#include "check_main.h"

void truth_new(truth *t, const fixture *f, const fixture_case *c)
{
    memset(t, 0, sizeof *t);
    t->o = oracle_new(f->model);
    t->x = fixture_widen(f->x, f->rows * f->input);
    t->eps = fixture_widen(f->eps, f->samples * f->rows * f->latent);
    if (f->target != NULL) t->target = fixture_widen(f->target, f->rows * f->output);
    if (f->condition != NULL)
        t->condition = fixture_widen(f->condition, f->rows * f->condition_dim);
    t->batch = (oracle_batch){.rows = f->rows,
                              .samples = f->samples,
                              .x = t->x,
                              .target = t->target,
                              .condition = t->condition,
                              .eps = t->eps,
                              .beta = c->beta,
                              .sum = c->reduction != NULL && strcmp(c->reduction, "sum") == 0};
    t->reconstruction = fixture_doubles(f->rows);
    t->kl = fixture_doubles(f->rows);
    t->input_gradient = fixture_doubles(f->rows * f->input);
    t->terms = oracle_elbo(t->o, &t->batch, t->reconstruction, t->kl, t->input_gradient);
}

void truth_free(truth *t)
{
    oracle_free(t->o);
    free(t->x);
    free(t->target);
    free(t->condition);
    free(t->eps);
    free(t->reconstruction);
    free(t->kl);
    free(t->input_gradient);
}

static void expect_near(const double *values, const double *expected, size_t n, double tolerance,
                        const char *label, const char *what)
{
    double error = fixture_relative_error(values, expected, n);
    ck_assert_msg(error < tolerance, "%s: %s: relative error %g", label, what, error);
}

/* The flat block's padding has gradient zero: all squares are in the named tensors. */
static double expect_tensors(const truth *t, const fixture *f, const float *gradient,
                             double tolerance, const char *label)
{
    double squares = 0;
    for (size_t i = 0; i < vae_model_tensor_count(f->model); i++) {
        const char *name;
        size_t n = fixture_tensor_size(f->model, i);
        double *values = fixture_doubles(n);
        MUST(vae_model_tensor(f->model, i, &name, NULL, NULL, NULL, NULL));
        fixture_unpack(f->model, gradient, i, values);
        expect_near(values, oracle_gradient(t->o, name), n, tolerance, label, name);
        for (size_t k = 0; k < n; k++) squares += values[k] * values[k];
        free(values);
    }
    return squares;
}

void truth_expect_gradient(const fixture *f, const fixture_case *c, size_t threads,
                           double tolerance, const char *label)
{
    vae_workspace *workspace;
    size_t n = vae_model_parameter_count(f->model);
    float *gradient = fixture_floats(n), *dx = fixture_floats(f->rows * f->input);
    double loss, reconstruction, kl, squares = 0, *wide;
    truth t;

    truth_new(&t, f, c);
    MUST(vae_workspace_new(&workspace, f->model, "gradient", f->rows, f->samples, threads));
    MUST(vae_loss_gradient(workspace, f->model, f->batch, &loss, &reconstruction, &kl, gradient, dx,
                           0));
    expect_near(&loss, &t.terms.loss, 1, tolerance, label, "loss");
    expect_near(&reconstruction, &t.terms.reconstruction, 1, tolerance, label, "reconstruction");
    expect_near(&kl, &t.terms.kl, 1, tolerance, label, "kl");
    wide = fixture_widen(dx, f->rows * f->input);
    expect_near(wide, t.input_gradient, f->rows * f->input, tolerance, label, "input");
    for (size_t i = 0; i < n; i++) squares += (double)gradient[i] * (double)gradient[i];
    ck_assert_double_eq_tol(expect_tensors(&t, f, gradient, tolerance, label), squares,
                            1e-9 * squares);
    free(wide);
    free(dx);
    free(gradient);
    vae_workspace_free(workspace);
    truth_free(&t);
}

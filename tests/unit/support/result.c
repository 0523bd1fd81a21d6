/* SPDX-License-Identifier: MIT */
#include "result.h"

#include "check_main.h"

result result_of(const fixture *f, size_t rows, size_t threads)
{
    result r = {.n = vae_model_parameter_count(f->model), .dx_n = rows * f->input};
    vae_workspace *workspace;

    r.gradient = fixture_floats(r.n);
    r.dx = fixture_floats(r.dx_n);
    r.rows = fixture_doubles(rows);
    r.rows_kl = fixture_doubles(rows);
    MUST(vae_workspace_new(&workspace, f->model, "gradient", rows, f->samples, threads));
    MUST(vae_loss_gradient(workspace, f->model, f->batch, &r.loss, &r.reconstruction, &r.kl,
                           r.gradient, r.dx, 0));
    MUST(vae_score(workspace, f->model, f->batch, r.rows, r.rows_kl));
    vae_workspace_free(workspace);
    return r;
}

void result_free(result *r)
{
    free(r->gradient);
    free(r->dx);
    free(r->rows);
    free(r->rows_kl);
}

void result_expect_same_bits(const result *a, const result *b)
{
    ck_assert_double_eq(a->loss, b->loss);
    ck_assert_double_eq(a->reconstruction, b->reconstruction);
    ck_assert_double_eq(a->kl, b->kl);
    ck_assert_mem_eq(a->gradient, b->gradient, a->n * sizeof *a->gradient);
    ck_assert_mem_eq(a->dx, b->dx, a->dx_n * sizeof *a->dx);
}

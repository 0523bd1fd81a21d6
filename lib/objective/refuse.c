/* SPDX-License-Identifier: MIT */
#include "objective/refuse.h"

#include "support/fpstate.h"

#include <float.h>
#include <math.h>

#define PIECE 256 /* numbers looked at together */

/* What is looked for, and where it was found. */
struct search {
    double least, most; /* outside is wanted; NaN always is */
    uint64_t row;
    size_t column;
    double value;
};

static int find(const struct vae__rows *view, size_t level, size_t first, size_t rows,
                struct search *search)
{
    float x[PIECE];
    for (size_t r = first; view->load && r < first + rows; r++)
        for (size_t column = 0; column < view->dim; column += PIECE) {
            size_t n = view->dim - column < PIECE ? view->dim - column : PIECE;
            view->load(view, level, r, column, n, x);
            for (size_t i = 0; i < n; i++) {
                double v = (double)x[i];
                if (v >= search->least && v <= search->most) continue;
                search->row = vae__rows_number(view, r);
                search->column = column + i;
                search->value = v;
                return 1;
            }
        }
    return 0;
}

static vae_status nonfinite(const char *who, const char *what, const struct search *found)
{
    return vae__fail(VAE_ENONFINITE, "%s: number %zu of row %llu of the %s is %s", who,
                     found->column, (unsigned long long)found->row, what,
                     isnan(found->value) ? "NaN" : "infinite");
}

static vae_status outside(const char *who, const struct vae__likelihood *likelihood,
                          const struct search *found)
{
    return vae__fail(VAE_EINVAL,
                     "%s: number %zu of row %llu of the target is %g; the likelihood %s takes "
                     "numbers from %g to %g",
                     who, found->column, (unsigned long long)found->row, found->value,
                     likelihood->kind.name, likelihood->least, likelihood->most);
}

static vae_status refuse(const char *who, const vae_workspace *ws, const struct vae__pass *pass,
                         size_t first, size_t rows)
{
    const struct {
        const char *what;
        const struct vae__rows *view;
    } parts[] = {{"input", &pass->input},
                 {"target", &pass->target},
                 {"condition", &pass->condition},
                 {"latent codes", &pass->latent}};
    const struct vae__likelihood *likelihood = pass->model->likelihood;
    const struct vae__rows *target = pass->target.load ? &pass->target : &pass->input;
    struct search finite = {.least = -FLT_MAX, .most = FLT_MAX};
    struct search inside = {.least = likelihood->least, .most = likelihood->most};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (find(parts[i].view, ws->level, first, rows, &finite))
            return nonfinite(who, parts[i].what, &finite);
    if (inside.least < inside.most && find(target, ws->level, first, rows, &inside))
        return outside(who, likelihood, &inside);
    return vae__fail(VAE_ENONFINITE, "%s: eps holds NaN or infinity among rows %zu to %zu", who,
                     first, first + rows - 1);
}

/* Comparisons with NaN trap where the caller has unmasked that. */
vae_status vae__refuse_rows(const char *who, const vae_workspace *ws, const struct vae__pass *pass,
                            size_t first, size_t rows)
{
    vae__fpstate saved = vae__fp_enter();
    vae_status status = refuse(who, ws, pass, first, rows);
    vae__fp_leave(saved);
    return status;
}

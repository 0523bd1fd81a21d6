/* SPDX-License-Identifier: MIT */
/* Which number of a pass's rows is the reason to refuse it: looked for only once one is noticed. */
#ifndef VAE_OBJECTIVE_REFUSE_H
#define VAE_OBJECTIVE_REFUSE_H

#include "objective/step.h"

/* The sentence and code for rows first .. first + rows - 1 of the pass: VAE_ENONFINITE for the
 * first NaN or infinity of input, target, condition, latent codes or eps; VAE_EINVAL for the first
 * target where the likelihood has no probability. Rows are named by the caller's numbers. */
vae_status vae__refuse_rows(const char *who, const vae_workspace *workspace,
                            const struct vae__pass *pass, size_t first, size_t rows);

#endif

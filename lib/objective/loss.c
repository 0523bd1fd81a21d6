/* SPDX-License-Identifier: MIT */
/* The loss of a batch and its gradient, for programs that train by their own means. */
#include "infer/batch.h"
#include "math/block.h"
#include "support/fpstate.h"

#include <vae/infer.h>
#include <vae/objective.h>

#include <float.h>

void vae__pass_means(const struct vae__pass *pass, size_t rows, double *loss,
                     double *reconstruction, double *kl)
{
    vae__fpstate saved = vae__fp_enter();
    double n = (double)rows;
    if (loss) *loss = (pass->reconstruction + pass->beta * pass->kl) / n;
    if (reconstruction) *reconstruction = pass->reconstruction / n;
    if (kl) *kl = pass->kl / n;
    vae__fp_leave(saved);
}

vae_status vae_loss(vae_workspace *ws, const vae_model *model, const vae_batch *batch, double *loss,
                    double *reconstruction, double *kl)
{
    struct vae__pass pass;
    VAE__TRY(vae__pass_from_batch(__func__, ws, model, batch, VAE__TAKES_INPUT | VAE__TAKES_TARGET,
                                  &pass));
    VAE__TRY(vae__pass_score(__func__, ws, &pass));
    vae__pass_means(&pass, pass.rows, loss, reconstruction, kl);
    return VAE_OK;
}

vae_status vae_score(vae_workspace *ws, const vae_model *model, const vae_batch *batch,
                     double *reconstruction, double *kl)
{
    struct vae__pass pass;
    VAE__TRY(vae__pass_from_batch(__func__, ws, model, batch, VAE__TAKES_INPUT | VAE__TAKES_TARGET,
                                  &pass));
    pass.row_reconstruction = reconstruction;
    pass.row_kl = kl;
    return vae__pass_score(__func__, ws, &pass);
}

static vae_status check_room(const char *who, const vae_workspace *ws, const struct vae__pass *pass)
{
    if (!ws->gradient)
        return vae__fail(VAE_ESTATE, "%s: the workspace was made for inference, not for gradients",
                         who);
    if (pass->rows > ws->max_rows)
        return vae__fail(VAE_ESHAPE, "%s: %zu rows; the workspace was made for %zu", who,
                         pass->rows, ws->max_rows);
    if (pass->samples > ws->samples)
        return vae__fail(VAE_ESHAPE, "%s: %zu samples; the workspace was made for %zu", who,
                         pass->samples, ws->samples);
    return VAE_OK;
}

vae_status vae_loss_gradient(vae_workspace *ws, const vae_model *model, const vae_batch *batch,
                             double *loss, double *reconstruction, double *kl, float *gradient,
                             float *input_gradient, size_t input_stride)
{
    struct vae__pass pass;
    VAE__TRY(vae__pass_from_batch(__func__, ws, model, batch, VAE__TAKES_INPUT | VAE__TAKES_TARGET,
                                  &pass));
    if (!gradient && !input_gradient) return VAE__FAIL(VAE_EINVAL, "gradient is NULL");
    VAE__TRY(check_room(__func__, ws, &pass));
    if (input_gradient)
        VAE__TRY(vae__check_stride(__func__, "input_gradient", pass.rows, model->input_dim,
                                   &input_stride));
    pass.input_gradient = input_gradient;
    pass.input_gradient_stride = input_stride;
    VAE__TRY(vae__pass_gradient(__func__, ws, &pass));
    if (gradient) vae__gradient_block(ws, &pass, gradient);
    if (gradient && !vae__pass_safe(ws, &pass) &&
        vae__block_magnitude(ws, gradient) >= VAE__MAGNITUDE_INFINITE)
        return VAE__FAIL(VAE_ENONFINITE, "the gradient of %s is not finite",
                         vae__model_beyond(model, gradient, FLT_MAX));
    vae__pass_means(&pass, pass.rows, loss, reconstruction, kl);
    return VAE_OK;
}

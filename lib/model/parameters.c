/* SPDX-License-Identifier: MIT */
/* The flat block and the named tensors: reading and writing weights from outside. */
#include "model/model.h"

#include "support/fpstate.h"

#include <float.h>
#include <math.h>
#include <string.h>

size_t vae_model_parameter_count(const vae_model *model)
{
    return model ? model->layout.floats : 0;
}

const float *vae_model_parameters(const vae_model *model)
{
    return model ? model->parameters : NULL;
}

size_t vae_model_weight_count(const vae_model *model)
{
    return model ? model->layout.weights : 0;
}

size_t vae_model_tensor_count(const vae_model *model)
{
    return model ? model->layout.n_tensors : 0;
}

vae_status vae__model_writable(const char *who, const vae_model *model)
{
    if (model->busy)
        return vae__fail(VAE_ESTATE, "%s: a trainer is using the model; weights cannot change now",
                         who);
    if (model->open)
        return vae__fail(VAE_ESTATE, "%s: the parameters are open; call vae_model_parameters_end",
                         who);
    return VAE_OK;
}

static const char *beyond(const vae_model *model, const float *block, float most)
{
    for (size_t t = 0; t < model->layout.n_tensors; t++) {
        const struct vae__tensor *tensor = &model->layout.tensors[t];
        for (size_t i = 0; i < tensor->shape[1]; i++)
            for (size_t o = 0; o < tensor->shape[0]; o++)
                if (!(fabsf(block[tensor->offset + o * tensor->strides[0] +
                                  i * tensor->strides[1]]) <= most))
                    return tensor->name;
    }
    return NULL;
}

/* A signaling NaN traps where the caller has unmasked that: here, and in check_finite below. */
const char *vae__model_beyond(const vae_model *model, const float *block, float most)
{
    vae__fpstate saved = vae__fp_enter();
    const char *name = beyond(model, block, most);
    vae__fp_leave(saved);
    return name;
}

vae_status vae_model_parameters_begin(vae_model *model, float **parameters)
{
    VAE__NEED(model);
    VAE__NEED(parameters);
    VAE__TRY(vae__model_writable(__func__, model));
    model->open = 1;
    *parameters = model->parameters;
    return VAE_OK;
}

vae_status vae_model_parameters_end(vae_model *model)
{
    VAE__NEED(model);
    if (!model->open)
        return VAE__FAIL(VAE_ESTATE,
                         "the parameters are not open; call vae_model_parameters_begin");
    const char *tensor = vae__model_beyond(model, model->parameters, FLT_MAX);
    if (tensor)
        return VAE__FAIL(VAE_ENONFINITE, "%s holds NaN or infinity; the parameters are still open",
                         tensor);
    vae__layout_clear_padding(&model->layout, model->parameters);
    model->open = 0;
    model->version++;
    return VAE_OK;
}

vae_status vae_model_tensor(const vae_model *model, size_t index, const char **name, size_t *rank,
                            size_t shape[2], size_t *offset, size_t strides[2])
{
    VAE__NEED(model);
    if (index >= model->layout.n_tensors)
        return VAE__FAIL(VAE_EINVAL, "index is %zu; the model has %zu tensors", index,
                         model->layout.n_tensors);
    const struct vae__tensor *tensor = &model->layout.tensors[index];
    if (name) *name = tensor->name;
    if (rank) *rank = tensor->rank;
    if (shape) memcpy(shape, tensor->shape, sizeof tensor->shape);
    if (offset) *offset = tensor->offset;
    if (strides) memcpy(strides, tensor->strides, sizeof tensor->strides);
    return VAE_OK;
}

static vae_status find_tensor(const char *who, const vae_model *model, const char *name, size_t n,
                              const struct vae__tensor **tensor)
{
    *tensor = vae__layout_find(&model->layout, name);
    if (!*tensor)
        return vae__fail(VAE_EUNKNOWN, "%s: the model has no tensor \"%.64s\"", who, name);
    size_t size = (*tensor)->shape[0] * (*tensor)->shape[1];
    if (n != size)
        return vae__fail(VAE_ESHAPE, "%s: %s holds %zu numbers, n is %zu", who, name, size, n);
    return VAE_OK;
}

vae_status vae_model_get_tensor(const vae_model *model, const char *name, float *values, size_t n)
{
    VAE__NEED(model);
    VAE__NEED(name);
    VAE__NEED(values);
    const struct vae__tensor *tensor;
    VAE__TRY(find_tensor(__func__, model, name, n, &tensor));
    vae__tensor_get(tensor, model->parameters, values);
    return VAE_OK;
}

static vae_status check_finite(const char *who, const char *what, const float *values, size_t n)
{
    vae_status status = VAE_OK;
    vae__fpstate saved = vae__fp_enter();
    for (size_t i = 0; i < n && !status; i++)
        if (!isfinite(values[i]))
            status = vae__fail(VAE_ENONFINITE, "%s: number %zu of %s is %g", who, i, what,
                               (double)values[i]);
    vae__fp_leave(saved);
    return status;
}

vae_status vae_model_set_tensor(vae_model *model, const char *name, const float *values, size_t n)
{
    VAE__NEED(model);
    VAE__NEED(name);
    VAE__NEED(values);
    const struct vae__tensor *tensor;
    VAE__TRY(find_tensor(__func__, model, name, n, &tensor));
    VAE__TRY(vae__model_writable(__func__, model));
    VAE__TRY(check_finite(__func__, name, values, n));
    vae__tensor_set(tensor, model->parameters, values);
    model->version++;
    return VAE_OK;
}

vae_status vae_model_set_output_mean(vae_model *model, const float *mean, size_t n)
{
    VAE__NEED(model);
    VAE__NEED(mean);
    if (n != model->output_dim)
        return VAE__FAIL(VAE_ESHAPE, "n is %zu; output_dim is %zu", n, model->output_dim);
    VAE__TRY(vae__model_writable(__func__, model));
    VAE__TRY(check_finite(__func__, "mean", mean, n));
    const struct vae__dense *output = &model->layout.dense[VAE__OUTPUT(&model->layout)];
    float *bias = model->parameters + output->offset + output->in * output->ld;
    vae__fpstate saved = vae__fp_enter();
    for (size_t j = 0; j < n; j++)
        bias[j] = (float)model->likelihood->bias_from_mean((double)mean[j]);
    vae__fp_leave(saved);
    model->version++;
    return VAE_OK;
}

/* SPDX-License-Identifier: MIT */
/* A variational autoencoder: its weights and the description they belong to. */
#ifndef VAE_MODEL_H
#define VAE_MODEL_H

#include <vae/config.h>

VAE_BEGIN_DECLS

/* Encoder  x [, c] -> hidden layers -> mean (mu) and logvar (log sigma^2) of q(z|x)
 * Decoder  z [, c] -> hidden layers -> output, the parameters of p(x|z)
 * (Kingma and Welling 2013, arXiv:1312.6114, with MLPs of any depth.)
 *
 * Thread-safety: a model is const while it is only read: any number of threads may compute with one
 * model, each with a workspace of its own. While a trainer steps it, or between
 * vae_model_parameters_begin and _end, no other thread may use it. */
typedef struct vae_model vae_model;

/* Builds a model and draws its weights from the seed as the option "init" says: the same seed gives
 * the same weights on every machine. The config is copied.
 * Errors: VAE_EINVAL (NULL, or what vae_config_check says), VAE_ENOMEM; `*out` is then NULL. */
VAE_API vae_status vae_model_new(vae_model **out, const vae_config *config,
                                 uint64_t seed) VAE_NODISCARD;

/* An independent copy with the same weights. */
VAE_API vae_status vae_model_copy(vae_model **out, const vae_model *model) VAE_NODISCARD;

/* NULL is fine. Workspaces and trainers of the model must be freed first. */
VAE_API void vae_model_free(vae_model *model);

/* The model's description, valid as long as the model. NULL for NULL. */
VAE_API const vae_config *vae_model_config(const vae_model *model);

/* Sizes; 0 for NULL. output_parameters is how many parameters p(x|z) has per output number (1 for
 * bernoulli and gaussian, 2 for gaussian_diag): the decoder's last layer is that times
 * output_dim. */
VAE_API size_t vae_model_input_dim(const vae_model *model);
VAE_API size_t vae_model_output_dim(const vae_model *model);
VAE_API size_t vae_model_latent_dim(const vae_model *model);
VAE_API size_t vae_model_condition_dim(const vae_model *model);
VAE_API size_t vae_model_output_parameters(const vae_model *model);

/* All parameters as one flat block of floats, with the gradient's and the optimizer's blocks in the
 * same order. The order, padding and layout belong to this build of the library: only element-wise
 * use is promised (a sum over processes, an average, an update of one's own). Padding is zero and
 * has gradient zero. `count` counts padding too; 0 and NULL for NULL. */
VAE_API size_t vae_model_parameter_count(const vae_model *model);
VAE_API const float *vae_model_parameters(const vae_model *model);

/* Numbers that are learned, padding left out: what papers call the parameter count. */
VAE_API size_t vae_model_weight_count(const vae_model *model);

/* Opens the flat block for writing, and closes it: between the two no other call may use the model,
 * and the trainer's and workspaces' copies are refreshed afterwards.
 * Errors: VAE_EINVAL (NULL), VAE_ESTATE (begin twice, end without begin, or inside a trainer's
 * callback), VAE_ENONFINITE (end: a weight is NaN or infinite; the block stays open to be
 * mended). */
VAE_API vae_status vae_model_parameters_begin(vae_model *model, float **parameters) VAE_NODISCARD;
VAE_API vae_status vae_model_parameters_end(vae_model *model) VAE_NODISCARD;

/* Named tensors, in the order of PyTorch's state_dict: encoder.N.weight [out, in], encoder.N.bias
 * [out], mean.weight, mean.bias, logvar.weight, logvar.bias, decoder.N.weight, decoder.N.bias,
 * output.weight, output.bias. An output of several parameters is parameter-major: all means, then
 * all log-variances, as torch.chunk splits them. A condition takes the last columns of encoder.0
 * and decoder.0 (of mean, logvar and output when there is no hidden layer). */
VAE_API size_t vae_model_tensor_count(const vae_model *model);

/* Describes the index-th tensor; any pointer but model may be NULL.
 *   name     "encoder.0.weight", valid as long as the model
 *   rank     1 or 2
 *   shape    [2]: out, in; for rank 1: out, 1
 *   offset   of its first element in the flat block
 *   strides  [2]: element (o, i) is at offset + o * strides[0] + i * strides[1]
 * Errors: VAE_EINVAL (NULL, index past the last). */
VAE_API vae_status vae_model_tensor(const vae_model *model, size_t index, const char **name,
                                    size_t *rank, size_t shape[2], size_t *offset,
                                    size_t strides[2]) VAE_NODISCARD;

/* Copies a named tensor out of or into the model in the standard order, out-major ([out][in]), n
 * floats in all. Errors: VAE_EINVAL (NULL), VAE_EUNKNOWN (name), VAE_ESHAPE (n is not the tensor's
 * size), VAE_ENONFINITE (set: the model is unchanged), VAE_ESTATE (as parameters_begin). */
VAE_API vae_status vae_model_get_tensor(const vae_model *model, const char *name, float *values,
                                        size_t n) VAE_NODISCARD;
VAE_API vae_status vae_model_set_tensor(vae_model *model, const char *name, const float *values,
                                        size_t n) VAE_NODISCARD;

/* Sets the output's bias so that p(x|z) starts at the data's mean (n = output_dim numbers, as
 * vae_source_mean computes them): the logit of the mean clipped to [0.001, 0.999] for bernoulli
 * (Burda 2015), the mean itself for the Gaussians.
 * Errors: VAE_EINVAL (NULL), VAE_ESHAPE (n), VAE_ENONFINITE, VAE_ESTATE. */
VAE_API vae_status vae_model_set_output_mean(vae_model *model, const float *mean,
                                             size_t n) VAE_NODISCARD;

VAE_END_DECLS

#endif

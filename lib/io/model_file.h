/* SPDX-License-Identifier: MIT */
/* A model's part of a safetensors file; a checkpoint has it too, with train.* beside it. */
#ifndef VAE_IO_MODEL_FILE_H
#define VAE_IO_MODEL_FILE_H

#include "io/safetensors.h"
#include "model/model.h"

#define VAE__FORMAT 1              /* the value of libvae.format */
#define VAE__TRAIN_PREFIX "train." /* tensors of a checkpoint that a model passes over */

/* Adds libvae.format, libvae.version, libvae.config.* and the model's tensors. */
vae_status vae__model_file_write(struct vae__writer *writer, const vae_model *model);

/* The configuration in the file's header, which must list every tensor of the model in its shape
 * and no other; then, when the data are there too, the model. NULL on failure. */
vae_status vae__model_file_config(const struct vae__reader *reader, vae_context *context,
                                  vae_config **out);
vae_status vae__model_file_read(const struct vae__reader *reader, const vae_config *config,
                                vae_model **out);

/* Adds the libvae.* text of a set of options, those that vae__option_in_files says, each as
 * prefix + name, and sets options from all keys of the prefix. Reading answers VAE_EUNKNOWN for an
 * option or kind this version does not have, with the version that wrote it, and VAE_EFORMAT for a
 * value out of its range. */
vae_status vae__options_write(struct vae__writer *writer, const char *prefix,
                              const struct vae__options *options);
vae_status vae__options_read(const struct vae__reader *reader, const char *prefix,
                             struct vae__options *options);

/* The named tensors of a flat block laid out as the parameters: each as prefix + name. Layout and
 * block must stay until the file is written. For the optimizer's slots and the best weights. */
vae_status vae__block_write(struct vae__writer *writer, const char *prefix,
                            const struct vae__layout *layout, const float *block);

/* Fills a zeroed block; NULL: only looks what the header tells. VAE_EFORMAT when a tensor is
 * missing or of another shape or type, VAE_ENONFINITE. */
vae_status vae__block_read(const struct vae__reader *reader, const char *prefix,
                           const struct vae__layout *layout, float *block);

/* One tensor found, whose shape is the tensor's, into the block. VAE_EFORMAT (dtype),
 * VAE_ENONFINITE. */
vae_status vae__tensor_load(const struct vae__reader *reader, const struct vae__found *found,
                            const struct vae__tensor *tensor, float *block);

#endif

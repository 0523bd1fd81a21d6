/* SPDX-License-Identifier: MIT */
/* What a checkpoint has beside the model: __metadata__ under libvae.train. and tensors under
 * train. */
#ifndef VAE_TRAIN_CHECKPOINT_H
#define VAE_TRAIN_CHECKPOINT_H

#include "io/model_file.h"
#include "train/trainer.h"

#define VAE__KEY_TEXT 96
#define VAE__KEY_OPTIMIZER "libvae.train.optimizer"
#define VAE__KEY_KERNELS "libvae.train.kernels"
#define VAE__KEY_OPTION "libvae.train.option."
#define VAE__KEY_PROGRESS "libvae.train.progress."
#define VAE__KEY_DATA "libvae.train.data."
#define VAE__KEY_VALIDATION "libvae.train.validation."

/* Every field of a progress or a print, under the prefix and its name. A number that is missing,
 * out of range or contradicts another answers VAE_EFORMAT. */
vae_status vae__progress_write(struct vae__writer *writer, const struct vae__progress *progress);
vae_status vae__progress_read(const struct vae__reader *reader, struct vae__progress *progress);
vae_status vae__print_write(struct vae__writer *writer, const char *prefix,
                            const struct vae__print *print);
vae_status vae__print_read(const struct vae__reader *reader, const char *prefix,
                           struct vae__print *print);

#endif

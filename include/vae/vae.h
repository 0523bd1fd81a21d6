/* SPDX-License-Identifier: MIT */
/* libvae: variational autoencoders in C.
 *
 * A complete program: train on rows of numbers in [0, 1], then draw new ones.
 *
 *     #include <stdio.h>
 *     #include <vae/vae.h>
 *
 *     int train_and_sample(const float *x, size_t rows, float *images)   // rows x 784 -> 16 x 784
 *     {
 *         vae_config *config = NULL;
 *         vae_model *model = NULL;
 *         vae_source *data = NULL;
 *         vae_trainer *trainer = NULL;
 *         vae_workspace *workspace = NULL;
 *         vae_batch *batch = NULL;
 *         float z[16 * 20];
 *
 *         int ok = !vae_config_new(&config, NULL, 784, 20) &&
 *                  !vae_model_new(&model, config, 1) &&
 *                  !vae_source_from_float(&data, NULL, x, rows, 784, 0) &&
 *                  !vae_trainer_new(&trainer, model, "adam") &&
 *                  !vae_trainer_set_data(trainer, data, NULL, NULL) &&
 *                  !vae_trainer_fit(trainer, 10) &&
 *                  !vae_model_save(model, "model.safetensors") &&
 *                  !vae_workspace_new(&workspace, model, "inference", 16, 1, 0) &&
 *                  !vae_batch_new(&batch, NULL) &&
 *                  !vae_sample_prior(workspace, model, batch, 16, 1.0, z, 0) &&
 *                  !vae_batch_set_latent(batch, z, 16, 0) &&
 *                  !vae_decode(workspace, model, batch, images, 0);
 *         if (!ok) fprintf(stderr, "%s\n", vae_last_error());
 *         vae_batch_free(batch);
 *         vae_workspace_free(workspace);
 *         vae_trainer_free(trainer);
 *         vae_source_free(data);
 *         vae_model_free(model);
 *         vae_config_free(config);
 *         return ok;
 *     }
 *
 * Callbacks must return: they may not leave by longjmp or a C++ exception.
 *
 * Every call answers a vae_status: VAE_OK (0) or a negative code, with a sentence in
 * vae_last_error(). All terms are in nats per row, summed over dimensions, constants included. */
#ifndef VAE_VAE_H
#define VAE_VAE_H

#include <vae/batch.h>
#include <vae/config.h>
#include <vae/context.h>
#include <vae/infer.h>
#include <vae/io.h>
#include <vae/kinds.h>
#include <vae/model.h>
#include <vae/objective.h>
#include <vae/source.h>
#include <vae/status.h>
#include <vae/trainer.h>
#include <vae/version.h>
#include <vae/workspace.h>

#endif

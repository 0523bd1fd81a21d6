/* SPDX-License-Identifier: MIT */
/* Trains a small VAE on bars it draws itself, then prints new ones. */
#include <stdio.h>
#include <stdlib.h>

#include <vae/vae.h>

enum { SIDE = 8, PIXELS = SIDE * SIDE, ROWS = 4096, LATENT = 2, IMAGES = 6 };

static float x[ROWS * PIXELS], z[IMAGES * LATENT], images[IMAGES * PIXELS];

int main(void)
{
    vae_config *config = NULL;
    vae_model *model = NULL;
    vae_source *data = NULL;
    vae_trainer *trainer = NULL;
    vae_workspace *workspace = NULL;
    vae_batch *batch = NULL;
    double loss = 0;

    for (int i = 0; i < ROWS; i++) /* one bar, two pixels wide, upright or lying */
        for (int p = 0, at = rand() % (SIDE - 1), lying = rand() % 2; p < PIXELS; p++)
            x[i * PIXELS + p] = (unsigned)((lying ? p / SIDE : p % SIDE) - at) < 2 ? 1.0f : 0.0f;

    int ok = !vae_config_new(&config, NULL, PIXELS, LATENT) && !vae_model_new(&model, config, 1) &&
             !vae_source_from_float(&data, NULL, x, ROWS, PIXELS, 0) &&
             !vae_trainer_new(&trainer, model, "adam") &&
             !vae_trainer_set_data(trainer, data, NULL, NULL) && !vae_trainer_fit(trainer, 20) &&
             !vae_trainer_result(trainer, "train_loss", &loss) &&
             !vae_workspace_new(&workspace, model, "inference", IMAGES, 1, 0) &&
             !vae_batch_new(&batch, NULL) &&
             !vae_sample_prior(workspace, model, batch, IMAGES, 1.0, z, 0) &&
             !vae_batch_set_latent(batch, z, IMAGES, 0) &&
             !vae_decode(workspace, model, batch, images, 0);
    if (ok) printf("loss %.2f nats per image; new images:\n", loss);
    for (int y = 0; ok && y < SIDE; y++, putchar('\n'))
        for (int i = 0; i < IMAGES * SIDE; i++)
            printf("%s%c", i % SIDE ? "" : "  ",
                   " .:+#"[(int)(4.99f * images[i / SIDE * PIXELS + y * SIDE + i % SIDE])]);
    if (!ok) fprintf(stderr, "quickstart: %s\n", vae_last_error());

    vae_batch_free(batch);
    vae_workspace_free(workspace);
    vae_trainer_free(trainer);
    vae_source_free(data);
    vae_model_free(model);
    vae_config_free(config);
    return ok ? 0 : 1;
}

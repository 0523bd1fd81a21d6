/* SPDX-License-Identifier: MIT */
/* One model trained by several processes: each has rows of its own, and the gradient hook averages
 * their gradients before every step, so that all take the same steps.
 *     mpirun -n 4 data_parallel */
#include <math.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vae/vae.h>

#include "synthetic.h"

enum { ROWS = 4096, LATENT = 10, BATCH = 64, EPOCHS = 3, SEED = 7 };

/* The hook sees the gradient of this process's batch and leaves the mean of all. */
static int average(float *gradient, size_t n, uint64_t step, void *user)
{
    const int *processes = user;
    (void)step;
    for (size_t i = 0; i < n;) { /* MPI counts in int */
        size_t piece = n - i < 1u << 20 ? n - i : 1u << 20;
        if (MPI_Allreduce(MPI_IN_PLACE, gradient + i, (int)piece, MPI_FLOAT, MPI_SUM,
                          MPI_COMM_WORLD) != MPI_SUCCESS)
            return -1;
        i += piece;
    }
    for (size_t i = 0; i < n; i++) gradient[i] /= (float)*processes;
    return 0;
}

/* The largest difference between a weight here and the same of process 0, anywhere. */
static float spread(const vae_model *model)
{
    const float *weights = vae_model_parameters(model);
    size_t n = vae_model_parameter_count(model);
    float *first = malloc(n * sizeof *first), apart = INFINITY, largest;
    if (first) {
        memcpy(first, weights, n * sizeof *first);
        MPI_Bcast(first, (int)n, MPI_FLOAT, 0, MPI_COMM_WORLD);
        apart = 0;
        for (size_t i = 0; i < n; i++) apart = fmaxf(apart, fabsf(weights[i] - first[i]));
    }
    MPI_Allreduce(&apart, &largest, 1, MPI_FLOAT, MPI_MAX, MPI_COMM_WORLD);
    free(first);
    return largest;
}

static int report(vae_trainer *trainer, void *user)
{
    const int *rank = user;
    double loss = 0, epoch = 0;
    if (vae_trainer_result(trainer, "train_loss", &loss) ||
        vae_trainer_result(trainer, "epoch", &epoch))
        return -1;
    if (*rank == 0) printf("epoch %.0f: loss %.2f nats on the rows of process 0\n", epoch, loss);
    return 0;
}

/* The same first weights everywhere (one seed for the model); other noise and order (the
 * trainer's). Every process has as many rows and so as many steps. */
static int train(vae_model *model, vae_source *rows, int rank, int processes)
{
    vae_trainer *trainer = NULL;
    int failed = vae_trainer_new(&trainer, model, "adam") ||
                 vae_trainer_set_int(trainer, "batch_size", BATCH) ||
                 vae_trainer_set_int(trainer, "seed", SEED + rank) ||
                 vae_trainer_set_int(trainer, "threads", 1) ||
                 vae_trainer_set_data(trainer, rows, NULL, NULL) ||
                 vae_trainer_on_gradient(trainer, average, &processes) ||
                 vae_trainer_on_epoch(trainer, report, &rank) || vae_trainer_fit(trainer, EPOCHS);
    vae_trainer_free(trainer);
    return failed;
}

int main(int argc, char **argv)
{
    static uint8_t pixels[ROWS * SYNTHETIC_PIXELS], labels[ROWS];
    vae_config *config = NULL;
    vae_model *model = NULL;
    vae_source *rows = NULL;
    int rank, processes;

    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &processes);
    synthetic_digits(pixels, labels, ROWS, SEED, (uint64_t)rank * ROWS);
    if (vae_config_new(&config, NULL, SYNTHETIC_PIXELS, LATENT) ||
        vae_model_new(&model, config, SEED) ||
        vae_source_from_uint8(&rows, NULL, pixels, ROWS, SYNTHETIC_PIXELS, 0) ||
        train(model, rows, rank, processes)) {
        fprintf(stderr, "data_parallel: process %d: %s\n", rank, vae_last_error());
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
    float apart = spread(model);
    if (rank == 0)
        printf("%d processes, %d rows each; their weights differ by at most %g\n", processes, ROWS,
               (double)apart);
    vae_source_free(rows);
    vae_model_free(model);
    vae_config_free(config);
    MPI_Finalize();
    return apart > 0.0f;
}

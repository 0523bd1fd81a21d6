/* SPDX-License-Identifier: MIT */
/* Times training steps of the usual VAEs through the public API.
 *     bench_step [--json] [--threads N] [--seconds S]
 * One line for each shape and number of threads (1 and 2 unless N is given). */
#define _POSIX_C_SOURCE 200809L
#include <vae/vae.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct shape {
    const char *name, *encoder, *decoder;
    size_t latent, batch;
} shapes[] = {
    {"400-20/1", "400", "400", 20, 1},
    {"400-20/20", "400", "400", 20, 20},
    {"400-20/128", "400", "400", 20, 128},
    {"400-20/1024", "400", "400", 20, 1024},
    {"200-200-50/20", "200,200", "200,200", 50, 20},
    {"200-200-50/128", "200,200", "200,200", 50, 128},
    {"article/256", "128,64,32", "256,128,64", 2, 256},
    {"1024-1024-64/512", "1024,1024", "1024,1024", 64, 512},
};

enum { DIM = 784, ROWS = 8192, MOST = 20000 };

static int json;
static double seconds_each = 1.0;

static void check(vae_status status)
{
    if (status == VAE_OK) return;
    fprintf(stderr, "bench_step: %s\n", vae_last_error());
    exit(1);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Multiplications and additions of the step's matrix products: forward and weights for every layer,
 * backward for all but the first. */
static double flops(const vae_model *model, size_t batch)
{
    double total = 0.0;
    for (size_t i = 0; i < vae_model_tensor_count(model); i++) {
        const char *name;
        size_t shape[2], rank;
        check(vae_model_tensor(model, i, &name, &rank, shape, NULL, NULL));
        if (rank != 2) continue;
        double product = 2.0 * (double)batch * (double)shape[0] * (double)shape[1];
        total += product * (strcmp(name, "encoder.0.weight") == 0 ? 2.0 : 3.0);
    }
    return total;
}

static vae_trainer *make_trainer(const struct shape *shape, const vae_source *data, size_t threads,
                                 vae_model **model)
{
    vae_config *config;
    vae_trainer *trainer;
    check(vae_config_new(&config, NULL, DIM, shape->latent));
    check(vae_config_set_text(config, "encoder", shape->encoder));
    check(vae_config_set_text(config, "decoder", shape->decoder));
    check(vae_model_new(model, config, 1));
    vae_config_free(config);
    check(vae_trainer_new(&trainer, *model, "adam"));
    check(vae_trainer_set_int(trainer, "batch_size", (int64_t)shape->batch));
    check(vae_trainer_set_int(trainer, "threads", (int64_t)threads));
    check(vae_trainer_set_data(trainer, data, NULL, NULL));
    return trainer;
}

static void time_shape(const struct shape *shape, const vae_source *data, size_t threads)
{
    static double times[MOST];
    size_t n = 0;
    vae_model *model;
    vae_trainer *trainer = make_trainer(shape, data, threads, &model);
    for (int i = 0; i < 5; i++) check(vae_trainer_step(trainer));
    for (double end = now() + seconds_each, start = now(); n < MOST && (n < 5 || start < end); n++) {
        check(vae_trainer_step(trainer));
        double stop = now();
        times[n] = stop - start;
        start = stop;
    }
    qsort(times, n, sizeof *times, ascending);
    double median = times[n / 2], rows = (double)shape->batch / median;
    double gflops = flops(model, shape->batch) / median * 1e-9;
    printf(json ? "{\"shape\": \"%s\", \"threads\": %zu, \"ms\": %.4f, \"ms_p10\": %.4f, "
                  "\"ms_p90\": %.4f, \"rows_per_second\": %.0f, \"gflops\": %.1f}\n"
                : "%-18s %2zu threads %9.4f ms (%.4f to %.4f) %9.0f rows/s %7.1f GFLOP/s\n",
           shape->name, threads, 1e3 * median, 1e3 * times[n / 10], 1e3 * times[n * 9 / 10], rows,
           gflops);
    fflush(stdout);
    vae_trainer_free(trainer);
    vae_model_free(model);
}

static void print_machine(void)
{
    char text[512];
    vae_build_info(text, sizeof text);
    const char *names[] = {"OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "OPENBLAS_NUM_THREADS"};
    fprintf(stderr, "%s\n", text);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (getenv(names[i])) fprintf(stderr, "%s=%s\n", names[i], getenv(names[i]));
}

int main(int argc, char **argv)
{
    size_t threads = 0;
    const char *only = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) json = 1;
        if (strcmp(argv[i], "--threads") == 0 && i + 1 < argc) threads = strtoul(argv[++i], NULL, 10);
        if (strcmp(argv[i], "--seconds") == 0 && i + 1 < argc) seconds_each = strtod(argv[++i], NULL);
        if (strcmp(argv[i], "--shape") == 0 && i + 1 < argc) only = argv[++i];
    }
    print_machine();
    uint8_t *pixels = malloc((size_t)ROWS * DIM);
    if (!pixels) return 1;
    for (size_t i = 0; i < (size_t)ROWS * DIM; i++) pixels[i] = (uint8_t)(i * 2654435761u >> 24);
    vae_source *data;
    check(vae_source_from_uint8(&data, NULL, pixels, ROWS, DIM, 0));
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        if (only && strcmp(only, shapes[i].name) != 0) continue;
        for (size_t t = threads ? threads : 1; t <= (threads ? threads : 2); t++)
            time_shape(&shapes[i], data, t);
    }
    vae_source_free(data);
    free(pixels);
    return 0;
}

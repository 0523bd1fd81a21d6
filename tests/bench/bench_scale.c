/* SPDX-License-Identifier: MIT */
/* How a training step's cost grows with the width and depth of the layers, the batch, the noise
 * samples per row and the threads, one at a time; with the exponent p of cost = c size^p that fits
 * best, beside that of the arithmetic.
 *     bench_scale [--shape width|depth|batch|samples|threads] [OPTION]...   (setting.h) */
#include "setting.h"
#include "shape.h"
#include "timing.h"

#include <stdio.h>
#include <string.h>

enum { MOST = 12 };

/* Everything at its usual value but the size that is swept. */
static struct shape usual(void)
{
    return (struct shape){"usual", "400", "400", 20, 128, 1};
}

static char widths[128];

static void set_width(struct shape *shape, size_t size)
{
    snprintf(widths, sizeof widths, "%zu,%zu", size, size);
    shape->encoder = shape->decoder = widths;
}

static void set_depth(struct shape *shape, size_t size)
{
    widths[0] = '\0';
    for (size_t i = 0; i < size; i++) strcat(widths, i ? ",400" : "400");
    shape->encoder = shape->decoder = widths;
}

static void set_batch(struct shape *shape, size_t size)
{
    shape->batch = size;
}

static void set_samples(struct shape *shape, size_t size)
{
    shape->samples = size;
}

static void set_nothing(struct shape *shape, size_t size)
{
    (void)shape;
    (void)size;
}

static const struct sweep {
    const char *name;
    void (*set)(struct shape *shape, size_t size);
    size_t sizes[MOST]; /* 0 ends them */
} sweeps[] = {
    {"width", set_width, {64, 128, 256, 512, 1024, 2048}},
    {"depth", set_depth, {1, 2, 4, 8, 16}},
    {"batch", set_batch, {1, 4, 16, 64, 256, 1024, 4096}},
    {"samples", set_samples, {1, 2, 4, 8, 16, 32}},
    {"threads", set_nothing, {1, 2, 4, 8, 16, 32, 64}},
};

static void step(void *user)
{
    must(vae_trainer_step(user));
}

/* Seconds of a step and its arithmetic. */
static double time_step(const struct setting *setting, const struct shape *shape,
                        const vae_source *data, size_t threads, double *flops)
{
    static struct times times;
    struct layer layers[SHAPE_LAYERS];
    vae_model *model = make_model(shape, setting->context);
    vae_trainer *trainer = make_trainer(shape, model, data, threads);
    times.n = 0;
    time_calls(&times, setting->seconds, step, trainer);
    *flops = step_flops(layers, model_layers(model, shape, layers));
    vae_trainer_free(trainer);
    vae_model_free(model);
    return quantile(&times, 0.5);
}

static void report_exponent(const struct setting *setting, const char *name, size_t n,
                            const double *sizes, const double *cost, const double *flops)
{
    double fitted = fitted_exponent(n, sizes, cost), arithmetic = fitted_exponent(n, sizes, flops);
    printf(setting->json ? "{\"sweep\": \"%s\", \"exponent\": %.3f, \"arithmetic\": %.3f}\n"
                         : "%-8s exponent %.2f, of the arithmetic %.2f\n\n",
           name, fitted, arithmetic);
}

static void run_sweep(const struct setting *setting, const struct sweep *sweep,
                      const vae_source *data)
{
    double sizes[MOST], cost[MOST], flops[MOST];
    int of_threads = strcmp(sweep->name, "threads") == 0;
    size_t n = 0, threads = setting->threads ? setting->threads : 1;
    for (; n < MOST && sweep->sizes[n]; n++) {
        struct shape shape = usual();
        size_t size = sweep->sizes[n];
        if (of_threads && size > cpu_count()) break;
        sweep->set(&shape, size);
        sizes[n] = (double)size;
        cost[n] = time_step(setting, &shape, data, of_threads ? size : threads, &flops[n]);
        printf(setting->json
                   ? "{\"sweep\": \"%s\", \"size\": %zu, \"ms\": %.4f, \"gflops\": %.1f}\n"
                   : "%-8s %6zu %10.4f ms %8.1f GFLOP/s\n",
               sweep->name, size, 1e3 * cost[n], flops[n] / cost[n] * 1e-9);
        fflush(stdout);
    }
    if (n > 1) report_exponent(setting, sweep->name, n, sizes, cost, flops);
}

int main(int argc, char **argv)
{
    struct setting setting = {.seconds = 0.5};
    read_setting(&setting, argc, argv);
    vae_source *data = make_data();
    for (size_t i = 0; i < sizeof sweeps / sizeof *sweeps; i++)
        if (wanted(&setting, sweeps[i].name)) run_sweep(&setting, &sweeps[i], data);
    vae_source_free(data);
    vae_context_free(setting.context);
    return 0;
}

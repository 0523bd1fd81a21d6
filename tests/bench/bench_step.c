/* SPDX-License-Identifier: MIT */
/* Times training steps of the usual VAEs through the public API, and in the same breath the same
 * matrix products by CBLAS on one thread and the machine's peak: a step, its products and the peak
 * are measured in turn, so that a machine that slows down slows all three.
 *     bench_step [OPTION]...   (setting.h)
 *   products  ms of the bare products, divided by the number of threads
 *   ratio     of that to the step: above 1, the step is quicker than its products by CBLAS
 *   of peak   of the FMA peak of as many cores */
#include "math/gemm.h"
#include "peak.h"
#include "products.h"
#include "setting.h"
#include "shape.h"
#include "timing.h"

enum { TURNS = 5 };

static void step(void *user)
{
    must(vae_trainer_step(user));
}

static struct times steps, bare, peaks;

static void time_in_turn(vae_trainer *trainer, struct products *products, double seconds)
{
    steps.n = bare.n = peaks.n = 0;
    for (int turn = 0; turn < TURNS; turn++) {
        time_calls(&steps, 0.6 * seconds / TURNS, step, trainer);
        vae__blas_hold();
        vae__blas_enter_thread();
        if (products) time_calls(&bare, 0.4 * seconds / TURNS, products_run, products);
        vae__blas_leave_thread();
        vae__blas_release();
        for (int i = 0; i < 3; i++) peaks.seconds[peaks.n++] = peak(vae__level_best());
    }
}

static void report(const struct setting *setting, const struct shape *shape, size_t threads,
                   double flops)
{
    double median = quantile(&steps, 0.5), early = quantile(&steps, 0.1);
    double late = quantile(&steps, 0.9), top = quantile(&peaks, 0.5) * (double)threads;
    double products = quantile(&bare, 0.5), share = products / (double)threads;
    double rows = (double)shape->batch / median, gflops = flops / median * 1e-9;
    if (!setting->json) {
        printf("%-18s %7zu %8.4f %8.4f %8.4f %9.0f %8.1f %8.4f %6.2f %8.2f\n", shape->name, threads,
               1e3 * median, 1e3 * early, 1e3 * late, rows, gflops, 1e3 * share, share / median,
               gflops / top);
        return;
    }
    printf("{\"peer\": \"libvae\", \"shape\": \"%s\", \"threads\": %zu, \"ms\": %.4f, "
           "\"ms_p10\": %.4f, \"ms_p90\": %.4f, \"rows_per_second\": %.0f, \"gflops\": %.1f, "
           "\"peak_gflops\": %.1f",
           shape->name, threads, 1e3 * median, 1e3 * early, 1e3 * late, rows, gflops, top);
    if (bare.n > 0)
        printf(", \"products_one_thread_ms\": %.4f, \"products_ratio\": %.3f", 1e3 * products,
               share / median);
    printf("}\n");
}

static void time_shape(const struct setting *setting, const struct shape *shape,
                       const vae_source *data)
{
    struct layer layers[SHAPE_LAYERS];
    size_t counts[3], n = thread_counts(setting, counts);
    vae_model *model = make_model(shape, setting->context);
    size_t depth = model_layers(model, shape, layers);
    struct products *products = products_new(layers, depth);
    for (size_t i = 0; i < n; i++) {
        vae_trainer *trainer = make_trainer(shape, model, data, counts[i]);
        time_in_turn(trainer, products, setting->seconds);
        report(setting, shape, counts[i], step_flops(layers, depth));
        fflush(stdout);
        vae_trainer_free(trainer);
    }
    products_free(products);
    vae_model_free(model);
}

int main(int argc, char **argv)
{
    struct setting setting = {.seconds = 1.0};
    read_setting(&setting, argc, argv);
    vae_source *data = make_data();
    if (!setting.json)
        printf("%-18s %7s %8s %8s %8s %9s %8s %8s %6s %8s\n", "step", "threads", "ms", "p10", "p90",
               "rows/s", "GFLOP/s", "products", "ratio", "of peak");
    for (const struct shape *shape = shapes; shape->name; shape++)
        if (wanted(&setting, shape->name)) time_shape(&setting, shape, data);
    vae_source_free(data);
    vae_context_free(setting.context);
    return 0;
}

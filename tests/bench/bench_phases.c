/* SPDX-License-Identifier: MIT */
/* Where a training step's time goes: a trainer's own steps, with a clock around each kernel they
 * call. What is left over is noise, bias sums, transposed copies, barriers and bookkeeping.
 *     bench_phases [OPTION]...   (setting.h) */
#include "setting.h"
#include "shape.h"
#include "timing.h"
#include "train/trainer.h"

#include <stdatomic.h>
#include <stdint.h>
#include <time.h>

enum phase {
    LOADING,
    FORWARD,
    ACTIVATION,
    LATENT,
    LIKELIHOOD,
    BACKWARD,
    DERIVATIVE,
    WEIGHTS,
    OPTIMIZER,
    PHASES
};

static const char *const names[PHASES] = {"loading rows",
                                          "products, forward",
                                          "activation",
                                          "latent code and KL",
                                          "likelihood",
                                          "products, backward",
                                          "activation's derivative",
                                          "products, weights",
                                          "optimizer"};

static _Atomic uint64_t spent[PHASES]; /* nanoseconds, all threads together */

static uint64_t clock_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void spend(enum phase phase, uint64_t start)
{
    atomic_fetch_add_explicit(&spent[phase], clock_now() - start, memory_order_relaxed);
}

/* The kernels as the library has them, and stand-ins that time them. */
static size_t level;
static vae__gemm_fn gemm;
static vae__load_fn load_rows;
static struct vae__activation activation, timed_activation;
static struct vae__likelihood likelihood, timed_likelihood;
static struct vae__posterior posterior, timed_posterior;
static struct vae__prior prior, timed_prior;
static struct vae__optimizer optimizer, timed_optimizer;

/* Only forward products add a bias, only the weights' read a transpose. */
static void timed_gemm(const struct vae__product *product)
{
    uint64_t start = clock_now();
    gemm(product);
    spend(product->a_col != 1 ? WEIGHTS : product->bias ? FORWARD : BACKWARD, start);
}

static uint32_t timed_load(const struct vae__rows *view, size_t at, size_t row, size_t column,
                           size_t n, float *out)
{
    uint64_t start = clock_now();
    uint32_t magnitude = load_rows(view, at, row, column, n, out);
    spend(LOADING, start);
    return magnitude;
}

static uint32_t timed_forward(size_t n, const float *z, float *y, const double *args)
{
    uint64_t start = clock_now();
    uint32_t magnitude = activation.forward[level](n, z, y, args);
    spend(ACTIVATION, start);
    return magnitude;
}

static uint32_t timed_backward(size_t n, const float *z, const float *y, float *d,
                               const double *args)
{
    uint64_t start = clock_now();
    uint32_t magnitude = activation.backward[level](n, z, y, d, args);
    spend(DERIVATIVE, start);
    return magnitude;
}

static uint32_t timed_nll(size_t rows, size_t dim, float *p, size_t ldp, const float *x, size_t ldx,
                          const double *args, float scale, double *nll)
{
    uint64_t start = clock_now();
    uint32_t magnitude = likelihood.gradient[level](rows, dim, p, ldp, x, ldx, args, scale, nll);
    spend(LIKELIHOOD, start);
    return magnitude;
}

static uint32_t timed_reparameterize(size_t rows, size_t dim, const float *h, size_t ldh,
                                     const double *args, const float *eps, size_t ldeps, float *z,
                                     size_t ldz)
{
    uint64_t start = clock_now();
    uint32_t magnitude =
        posterior.reparameterize[level](rows, dim, h, ldh, args, eps, ldeps, z, ldz);
    spend(LATENT, start);
    return magnitude;
}

static void timed_posterior_gradient(size_t rows, size_t dim, const float *h, size_t ldh,
                                     const double *args, const float *eps, size_t ldeps,
                                     const float *dz, size_t lddz, float *dh, size_t lddh)
{
    uint64_t start = clock_now();
    posterior.gradient[level](rows, dim, h, ldh, args, eps, ldeps, dz, lddz, dh, lddh);
    spend(LATENT, start);
}

static void timed_kl(size_t rows, size_t dim, const float *h, size_t ldh, const double *args,
                     float scale, float *dh, size_t lddh, double *kl)
{
    uint64_t start = clock_now();
    prior.kl_gradient[level](rows, dim, h, ldh, args, scale, dh, lddh, kl);
    spend(LATENT, start);
}

static void timed_update(size_t n, float *w, const float *g, float *const slots[VAE__MAX_SLOTS],
                         const struct vae__update *update)
{
    uint64_t start = clock_now();
    optimizer.update[level](n, w, g, slots, update);
    spend(OPTIMIZER, start);
}

static void put_clocks_in_model(vae_model *model)
{
    activation = timed_activation = *model->encoder.activation;
    timed_activation.forward[level] = timed_forward;
    timed_activation.backward[level] = timed_backward;
    model->encoder.activation = model->decoder.activation = &timed_activation;
    likelihood = timed_likelihood = *model->likelihood;
    timed_likelihood.gradient[level] = timed_nll;
    model->likelihood = &timed_likelihood;
    posterior = timed_posterior = *model->posterior;
    timed_posterior.reparameterize[level] = timed_reparameterize;
    timed_posterior.gradient[level] = timed_posterior_gradient;
    model->posterior = &timed_posterior;
    prior = timed_prior = *model->prior;
    timed_prior.kl_gradient[level] = timed_kl;
    model->prior = &timed_prior;
}

static void put_clocks(vae_trainer *trainer, vae_source *data)
{
    vae_workspace *ws = trainer->plan.workspace;
    level = ws->level;
    gemm = ws->gemm;
    ws->gemm = timed_gemm;
    load_rows = data->view.load;
    data->view.load = timed_load;
    optimizer = timed_optimizer = *trainer->optimizer;
    timed_optimizer.update[level] = timed_update;
    trainer->optimizer = &timed_optimizer;
    put_clocks_in_model(trainer->model);
}

static void step(void *user)
{
    must(vae_trainer_step(user));
}

static void report_line(const struct setting *setting, const char *shape, size_t threads,
                        const char *phase, double seconds, double whole)
{
    printf(setting->json ? "{\"shape\": \"%s\", \"threads\": %zu, \"phase\": \"%s\", \"us\": %.2f, "
                           "\"share\": %.4f}\n"
                         : "%-18s %2zu  %-24s %10.2f us %7.1f %%\n",
           shape, threads, phase, 1e6 * seconds, (setting->json ? 1 : 100) * seconds / whole);
}

static struct times plain, whole, times[PHASES];

static void time_step(vae_trainer *trainer, size_t threads)
{
    for (int i = 0; i < PHASES; i++) spent[i] = 0;
    double start = now();
    must(vae_trainer_step(trainer));
    double seconds = now() - start;
    whole.seconds[whole.n++] = seconds;
    for (int i = 0; i < PHASES; i++)
        times[i].seconds[times[i].n++] = 1e-9 * (double)spent[i] / (double)threads;
}

/* Medians over the steps of each phase's time on one thread, the mean of the threads. */
static void report(const struct setting *setting, const char *shape, size_t threads)
{
    double median = quantile(&whole, 0.5), rest = median;
    for (int i = 0; i < PHASES; i++) {
        double phase = quantile(&times[i], 0.5);
        report_line(setting, shape, threads, names[i], phase, median);
        rest -= phase;
    }
    report_line(setting, shape, threads, "all else", rest, median);
    report_line(setting, shape, threads, "step", median, median);
    report_line(setting, shape, threads, "step without clocks", quantile(&plain, 0.5), median);
}

static void time_phases(const struct setting *setting, const struct shape *shape, size_t threads)
{
    vae_source *data = make_data();
    vae_model *model = make_model(shape, setting->context);
    vae_trainer *trainer = make_trainer(shape, model, data, threads);
    plain.n = whole.n = 0;
    for (int i = 0; i < PHASES; i++) times[i].n = 0;
    time_calls(&plain, 0.5 * setting->seconds, step, trainer);
    put_clocks(trainer, data);
    step(trainer);
    for (double end = now() + setting->seconds; whole.n < 5 || now() < end;)
        if (whole.n < TIMES_MOST) time_step(trainer, threads);
    report(setting, shape->name, threads);
    vae_trainer_free(trainer);
    vae_model_free(model);
    vae_source_free(data);
}

int main(int argc, char **argv)
{
    struct setting setting = {.seconds = 1.0};
    size_t counts[3];
    read_setting(&setting, argc, argv);
    size_t n = thread_counts(&setting, counts);
    for (const struct shape *shape = shapes; shape->name; shape++)
        for (size_t i = 0; wanted(&setting, shape->name) && i < n; i++)
            time_phases(&setting, shape, counts[i]);
    vae_context_free(setting.context);
    return 0;
}

/* SPDX-License-Identifier: MIT */
/* Times the use of a trained 784-400-20-400-784 model: encode, decode, score, and sample (draw
 * latent codes and decode them), for few and many rows.
 *     bench_infer [--shape encode|decode|score|sample] [OPTION]...   (setting.h) */
#include "setting.h"
#include "shape.h"
#include "timing.h"

static const struct shape usual = {"400-20", "400", "400", 20, 256, 1};

enum { MOST = 256 };

/* What a call works on. */
struct use {
    vae_workspace *workspace;
    const vae_model *model;
    vae_batch *batch;
    size_t rows;
    float x[MOST * SHAPE_DIM], z[MOST * 20], logvar[MOST * 20], mean[MOST * SHAPE_DIM];
    double reconstruction[MOST], kl[MOST];
};

static void encode(void *user)
{
    struct use *u = user;
    must(vae_encode(u->workspace, u->model, u->batch, u->z, 0, u->logvar, 0));
}

static void decode(void *user)
{
    struct use *u = user;
    must(vae_decode(u->workspace, u->model, u->batch, u->mean, 0));
}

static void score(void *user)
{
    struct use *u = user;
    must(vae_score(u->workspace, u->model, u->batch, u->reconstruction, u->kl));
}

static void sample(void *user)
{
    struct use *u = user;
    must(vae_sample_prior(u->workspace, u->model, u->batch, u->rows, 1.0, u->z, 0));
    must(vae_decode(u->workspace, u->model, u->batch, u->mean, 0));
}

static const struct call {
    const char *name;
    timed_fn run;
    int of_latent;
} calls[] = {
    {"encode", encode, 0}, {"decode", decode, 1}, {"score", score, 0}, {"sample", sample, 1}};

static void report(const struct setting *setting, const char *name, size_t rows, size_t threads,
                   struct times *times)
{
    double median = quantile(times, 0.5), early = quantile(times, 0.1), late = quantile(times, 0.9);
    printf(setting->json ? "{\"peer\": \"libvae\", \"what\": \"%s\", \"rows\": %zu, \"threads\": "
                           "%zu, \"us\": %.2f, \"us_p10\": %.2f, \"us_p90\": %.2f, "
                           "\"rows_per_second\": %.0f}\n"
                         : "%-8s %5zu %8zu %10.2f %10.2f %10.2f %10.0f\n",
           name, rows, threads, 1e6 * median, 1e6 * early, 1e6 * late, (double)rows / median);
}

static void time_call(const struct setting *setting, const struct call *call, struct use *use,
                      size_t threads)
{
    static struct times times;
    times.n = 0;
    must(vae_workspace_new(&use->workspace, use->model, "inference", use->rows, 1, threads));
    vae_batch_clear(use->batch);
    must(call->of_latent ? vae_batch_set_latent(use->batch, use->z, use->rows, 0)
                         : vae_batch_set_input(use->batch, use->x, use->rows, 0));
    time_calls(&times, setting->seconds, call->run, use);
    report(setting, call->name, use->rows, threads, &times);
    vae_workspace_free(use->workspace);
}

int main(int argc, char **argv)
{
    static const size_t rows[] = {1, 16, MOST};
    static struct use use;
    struct setting setting = {.seconds = 0.5};
    read_setting(&setting, argc, argv);
    vae_model *model = make_model(&usual, setting.context);
    vae_source *data = make_data();
    use.model = model;
    must(vae_batch_new(&use.batch, NULL));
    must(vae_source_read(data, 0, MOST, use.x));
    size_t counts[] = {setting.threads ? setting.threads : 1, cpu_count()};
    size_t n = setting.threads || cpu_count() == 1 ? 1 : 2;
    if (!setting.json)
        printf("%-8s %5s %8s %10s %10s %10s %10s\n", "call", "rows", "threads", "us", "p10", "p90",
               "rows/s");
    for (size_t c = 0; c < sizeof calls / sizeof *calls; c++)
        for (size_t r = 0; wanted(&setting, calls[c].name) && r < 3; r++)
            for (size_t t = 0; t < n; t++) {
                use.rows = rows[r];
                time_call(&setting, &calls[c], &use, counts[t]);
            }
    vae_batch_free(use.batch);
    vae_source_free(data);
    vae_model_free(model);
    vae_context_free(setting.context);
    return 0;
}

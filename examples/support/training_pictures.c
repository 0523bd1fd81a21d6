/* SPDX-License-Identifier: MIT */
#include "training_pictures.h"

#include <math.h>
#include <stdlib.h>

#include "log_file.h"
#include "plot.h"
#include "report.h"

enum { SIDE = 10, MANIFOLD_SIDE = 20, CLASSES = 256 };

/* One column of a log, NaN included; the caller's to free. */
static double *column(const log_table *log, size_t which)
{
    double *values = malloc((log->rows ? log->rows : 1) * sizeof *values);
    if (!values) failed("out of memory");
    for (size_t i = 0; values && i < log->rows; i++) values[i] = log->row[i][which];
    return values;
}

static int draw_loss(const char *log_path, const char *path)
{
    const plot_labels labels = {"Loss: reconstruction + beta KL", "epoch", "nats per image", NULL};
    log_table log;
    if (log_read(&log, log_path)) return -1;
    double *epoch = column(&log, LOG_EPOCH);
    double *train = column(&log, LOG_TRAIN_LOSS);
    double *test = column(&log, LOG_TEST_LOSS);
    int status = -1;
    if (epoch && train && test) {
        const plot_series lines[] = {{"training", epoch, train, log.rows},
                                     {"test", epoch, test, log.rows}};
        size_t n = log.rows && isnan(test[log.rows - 1]) ? 1 : 2;
        status = log.rows ? plot_lines(path, &labels, lines, n) : 0;
    }
    free(epoch);
    free(train);
    free(test);
    log_free(&log);
    return status;
}

/* Sorts points by class: class c's are the `n[c]` from `first[c]` on. All of class 0 without
 * labels. */
static void sort_points(const image_set *set, const float *mu, double *x, double *y,
                        size_t first[CLASSES], size_t n[CLASSES])
{
    for (size_t c = 0; c < CLASSES; c++) n[c] = 0;
    for (size_t i = 0; i < set->rows; i++) n[set->labels ? set->labels[i] : 0]++;
    for (size_t c = 0, at = 0; c < CLASSES; at += n[c++]) first[c] = at;
    for (size_t c = 0; c < CLASSES; c++) n[c] = 0;
    for (size_t i = 0; i < set->rows; i++) {
        size_t c = set->labels ? set->labels[i] : 0;
        x[first[c] + n[c]] = (double)mu[2 * i];
        y[first[c] + n[c]++] = (double)mu[2 * i + 1];
    }
}

static int draw_points(const image_set *set, const char *title, const float *mu, double *x,
                       double *y, const char *path)
{
    size_t first[CLASSES], n[CLASSES], used = 0;
    char names[CLASSES][4];
    plot_series series[CLASSES];
    plot_labels labels = {title, "z1", "z2", "class"};
    sort_points(set, mu, x, y, first, n);
    for (size_t c = 0; c < CLASSES; c++)
        if (n[c]) {
            snprintf(names[used], sizeof names[used], "%hhu", (unsigned char)c);
            series[used] = (plot_series){names[used], x + first[c], y + first[c], n[c]};
            used++;
        }
    if (!set->labels) {
        labels.legend = NULL;
        series[0].name = "images";
    }
    return plot_points(path, &labels, series, used);
}

static int draw_latents(viewer *v, const dataset *data, const char *path)
{
    const image_set *set = dataset_evaluated(data);
    const char *title =
        data->test.rows ? "Latent means of the test images" : "Latent means of the training images";
    float *mu = viewer_means(v, set);
    double *x = malloc(set->rows * sizeof *x);
    double *y = malloc(set->rows * sizeof *y);
    int status = -1;
    if (mu && x && y)
        status = draw_points(set, title, mu, x, y, path);
    else if (mu)
        failed("out of memory");
    free(mu);
    free(x);
    free(y);
    return status;
}

int training_pictures(const training *t, viewer *v, const dataset *data)
{
    enum { SAMPLES, RECONSTRUCTIONS, LOSS, LOG, MANIFOLD, LATENT, FILES };
    static const char *const names[FILES] = {"samples.png", "reconstructions.png", "loss.svg",
                                             "log.csv",     "manifold.png",        "latent.svg"};
    char path[FILES][4096];
    const image_set *set = dataset_evaluated(data);
    for (size_t i = 0; i < FILES; i++)
        if (training_path(t, names[i], path[i], sizeof path[i])) return -1;
    if (viewer_samples(v, SIDE, SIDE, 1.0, path[SAMPLES]) ||
        viewer_reconstructions(v, set, 2 * SIDE, SIDE, 0, path[RECONSTRUCTIONS]) ||
        draw_loss(path[LOG], path[LOSS]))
        return -1;
    if (vae_model_latent_dim(v->model) != 2) return 0;
    return viewer_manifold(v, MANIFOLD_SIDE, MANIFOLD_SIDE, path[MANIFOLD]) ||
                   draw_latents(v, data, path[LATENT])
               ? -1
               : 0;
}

/* SPDX-License-Identifier: MIT */
/* Times matrix products of the shapes training has, on one core: the built-in kernel and BLAS, held
 * at one thread, in turn. Each figure is the median of many rounds in GFLOP/s; B is another matrix
 * every time, as from layer to layer.
 *     bench_gemm [baseline | avx2 | avx512] */
#include "math/gemm.h"
#include "peak.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct shape {
    const char *what;
    size_t m, n, k;
    int transposed;
} shapes[] = {
    {"forward", 32, 400, 784, 0},     {"forward", 32, 784, 400, 0},
    {"forward", 16, 400, 784, 0},     {"forward", 16, 784, 400, 0},
    {"forward", 32, 16, 400, 0},      {"forward", 32, 400, 32, 0},
    {"batch 20", 20, 208, 784, 0},    {"batch 20", 16, 208, 784, 0},
    {"1024 wide", 64, 1024, 1024, 0}, {"1024 wide", 32, 1024, 1024, 0},
    {"weights", 16, 400, 128, 1},     {"weights", 32, 400, 128, 1},
    {"weights", 64, 400, 128, 1},     {"weights", 16, 784, 128, 1},
    {"weights", 32, 784, 128, 1},     {"weights", 64, 784, 128, 1},
    {"weights", 32, 208, 20, 1},      {"weights", 32, 1024, 512, 1},
    {"one row", 1, 400, 784, 0},      {"one row", 1, 784, 400, 0},
    {"few rows", 2, 400, 784, 0},     {"few rows", 4, 400, 784, 0},
};

enum { SHAPES = sizeof shapes / sizeof *shapes, ROUNDS = 21, MATRICES = 4 };

static size_t level;

static float *random_floats(size_t n)
{
    float *block = aligned_alloc(64, (n + 15) / 16 * 64);
    if (!block) exit(1);
    for (size_t i = 0; i < n; i++) block[i] = (float)(rand() % 2001 - 1000) / 1000.0f;
    return block;
}

/* Rows 1024 bytes apart would share a few sets of the cache. */
static size_t stride(size_t n)
{
    return n % 256 == 0 ? n + 16 : n;
}

static double rate(struct vae__product product, vae__gemm_fn gemm)
{
    const float *first = product.b;
    double flops = 2.0 * (double)(product.m * product.n * product.k);
    int times = MATRICES * (1 + (int)(2e7 / flops));
    double start = own_seconds();
    for (int i = 0; i < times; i++) {
        product.b = first + (size_t)(i % MATRICES) * product.k * product.ldb;
        gemm(&product);
    }
    return flops * times / (own_seconds() - start) * 1e-9;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double rates[ROUNDS])
{
    qsort(rates, ROUNDS, sizeof *rates, ascending);
    return rates[ROUNDS / 2];
}

static void time_shape(const struct shape *shape)
{
    size_t lda = stride(shape->transposed ? 784 : shape->k), ldb = stride(shape->n);
    float *a = random_floats((shape->transposed ? shape->k : shape->m) * lda);
    float *b = random_floats(MATRICES * shape->k * ldb), *c = random_floats(shape->m * ldb);
    struct vae__product product = {.m = shape->m,
                                   .n = shape->n,
                                   .k = shape->k,
                                   .a = a,
                                   .a_row = shape->transposed ? 1 : lda,
                                   .a_col = shape->transposed ? lda : 1,
                                   .b = b,
                                   .ldb = ldb,
                                   .c = c,
                                   .ldc = ldb};
    double peaks[ROUNDS], builtin[ROUNDS], blas[ROUNDS] = {0};
    for (int round = 0; round < ROUNDS; round++) {
        peaks[round] = peak(level);
        builtin[round] = rate(product, vae__gemm_builtin[level]);
        if (vae__gemm_has_blas()) blas[round] = rate(product, vae__gemm_blas);
    }
    double top = median(peaks), ours = median(builtin), theirs = median(blas);
    printf("%-10s %4zu %5zu %5zu %8.1f %8.1f %8.1f %9.2f %9.2f\n", shape->what, shape->m, shape->n,
           shape->k, top, ours, theirs, ours / top, theirs > 0 ? ours / theirs : 0.0);
    free(a);
    free(b);
    free(c);
}

extern char **environ;

static void print_surroundings(void)
{
    char text[128];
    printf("BLAS: %s\n", vae__blas_describe(text, sizeof text));
    for (char **variable = environ; *variable; variable++)
        if (strncmp(*variable, "OPENBLAS_", 9) == 0) printf("%s\n", *variable);
    printf("built-in level: %s\n", vae__level_name(level));
}

int main(int argc, char **argv)
{
    level = vae__level_best();
    for (size_t i = 0; argc > 1 && vae__level_name(i); i++)
        if (strcmp(argv[1], vae__level_name(i)) == 0 && vae__level_supported(i)) level = i;
    print_surroundings();
    printf("%-10s %4s %5s %5s %8s %8s %8s %9s %9s\n", "GFLOP/s", "m", "n", "k", "peak", "built-in",
           "BLAS", "of peak", "of BLAS");
    vae__blas_hold();
    vae__blas_enter_thread();
    for (size_t i = 0; i < SHAPES; i++) time_shape(&shapes[i]);
    vae__blas_leave_thread();
    vae__blas_release();
    return 0;
}

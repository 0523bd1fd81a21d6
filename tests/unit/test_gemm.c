/* SPDX-License-Identifier: MIT */
/* Matrix products: the built-in kernel is a plain loop to the bit, at every level and in every
 * shape; both backends keep the error bound of a sum of k products. */
#include "math/gemm.h"
#include "support/check_main.h"

#include <math.h>
#include <stdint.h>

#define GUARD 12345.0f

enum start { ZERO, BIAS, ACCUMULATE, STARTS };

/* A product and the blocks it works on. A and C have gaps, and a row more than they need. */
struct work {
    struct vae__product product;
    float *a, *b, *c, *bias, *old;
    size_t c_floats;
};

static uint32_t state = 1;

static float uniform(void)
{
    state = state * 1664525u + 1013904223u;
    return (float)(state >> 8) / 8388608.0f - 1.0f;
}

static float *floats(size_t n)
{
    float *block = aligned_alloc(64, (n + 16) / 16 * 64);
    ck_assert_ptr_nonnull(block);
    for (size_t i = 0; i < n; i++) block[i] = uniform();
    return block;
}

static void work_new(struct work *work, size_t m, size_t n, size_t k, int transposed,
                     enum start start)
{
    size_t lda = (transposed ? m : k) + 3, ldb = n + 16, ldc = n + 32;
    work->c_floats = (m + 1) * ldc;
    work->a = floats((transposed ? k : m) * lda);
    work->b = floats(k * ldb);
    work->c = floats(work->c_floats);
    work->old = floats(work->c_floats);
    work->bias = floats(n);
    for (size_t i = 0; i < work->c_floats; i++)
        if (i % ldc >= n || i / ldc >= m) work->c[i] = GUARD;
    memcpy(work->old, work->c, work->c_floats * sizeof(float));
    work->product = (struct vae__product){.m = m,
                                          .n = n,
                                          .k = k,
                                          .a = work->a,
                                          .a_row = transposed ? 1 : lda,
                                          .a_col = transposed ? lda : 1,
                                          .b = work->b,
                                          .ldb = ldb,
                                          .c = work->c,
                                          .ldc = ldc,
                                          .bias = start == BIAS ? work->bias : NULL,
                                          .accumulate = start == ACCUMULATE};
}

static void work_free(struct work *work)
{
    free(work->a);
    free(work->b);
    free(work->c);
    free(work->bias);
    free(work->old);
}

static float begin(const struct work *work, size_t i, size_t j)
{
    const struct vae__product *p = &work->product;
    return p->accumulate ? work->old[i * p->ldc + j] : p->bias ? p->bias[j] : 0.0f;
}

/* What the contract says an element is. The baseline has no fused multiply-add. */
static float in_order(const struct work *work, size_t i, size_t j, size_t level)
{
    const struct vae__product *p = &work->product;
    float sum = begin(work, i, j);
    for (size_t q = 0; q < p->k; q++) {
        float a = p->a[i * p->a_row + q * p->a_col], b = p->b[q * p->ldb + j];
        volatile float product = a * b;
        sum = level == 0 ? sum + product : fmaf(a, b, sum);
    }
    return sum;
}

static void expect_in_order(const struct work *work, size_t level)
{
    const struct vae__product *p = &work->product;
    for (size_t i = 0; i < work->c_floats; i++) {
        size_t row = i / p->ldc, column = i % p->ldc;
        int inside = row < p->m && column < p->n;
        float expected = inside ? in_order(work, row, column, level) : GUARD;
        if (memcmp(&expected, &p->c[i], sizeof expected) != 0)
            ck_abort_msg("level %zu, %zu x %zu x %zu: row %zu, column %zu is %.9g, not %.9g", level,
                         p->m, p->n, p->k, row, column, (double)p->c[i], (double)expected);
    }
}

/* |error| <= (k + 1) 2^-24 (|start| + sum |a b|), to first order. */
static void expect_bound(const struct work *work, const char *what)
{
    const struct vae__product *p = &work->product;
    for (size_t i = 0; i < p->m; i++)
        for (size_t j = 0; j < p->n; j++) {
            double sum = (double)begin(work, i, j), size = fabs(sum);
            for (size_t q = 0; q < p->k; q++) {
                double term =
                    (double)p->a[i * p->a_row + q * p->a_col] * (double)p->b[q * p->ldb + j];
                sum += term;
                size += fabs(term);
            }
            double error = fabs((double)p->c[i * p->ldc + j] - sum);
            double bound = (double)(p->k + 1) * ldexp(1.0, -24) * size * 1.001;
            if (!(error <= bound))
                ck_abort_msg("%s, %zu x %zu x %zu: error %g, bound %g", what, p->m, p->n, p->k,
                             error, bound);
        }
}

START_TEST(every_shape_of_tile_is_the_plain_loop_to_the_bit)
{
    static const size_t ks[] = {1, 2, 7};
    size_t level = (size_t)_i;
    if (!vae__level_supported(level)) return;
    for (size_t m = 1; m <= 18; m++)
        for (size_t n = 16; n <= 13 * 16; n += 16)
            for (int variant = 0; variant < 2 * STARTS; variant++) {
                struct work work;
                work_new(&work, m, n, ks[(m + n / 16) % 3], variant % 2, (enum start)(variant / 2));
                vae__gemm_builtin[level](&work.product);
                expect_in_order(&work, level);
                work_free(&work);
            }
}
END_TEST

static const size_t shapes[][3] = {
    {32, 400, 784}, {16, 784, 400}, {1, 400, 784},  {2, 208, 1024}, {64, 16, 300},
    {33, 48, 129},  {17, 64, 1025}, {9, 112, 2500}, {1, 32, 4096}, /* sums made in parts */
};

START_TEST(large_products_are_the_plain_loop_to_the_bit_and_within_the_bound)
{
    size_t level = (size_t)_i;
    if (!vae__level_supported(level)) return;
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
        for (int variant = 0; variant < 2 * STARTS; variant++) {
            struct work work;
            work_new(&work, shapes[s][0], shapes[s][1], shapes[s][2], variant % 2,
                     (enum start)(variant / 2));
            vae__gemm_builtin[level](&work.product);
            expect_in_order(&work, level);
            if (variant == 0) expect_bound(&work, "built-in");
            work_free(&work);
        }
}
END_TEST

START_TEST(a_batch_equals_its_parts_to_the_bit)
{
    size_t level = (size_t)_i;
    if (!vae__level_supported(level)) return;
    struct work work;
    work_new(&work, 29, 400, 100, 0, BIAS);
    vae__gemm_builtin[level](&work.product);
    memcpy(work.old, work.c, work.c_floats * sizeof(float));
    for (size_t part = 1; part < 29; part++) {
        for (size_t i = 0; i < 29; i += part) {
            struct vae__product some = work.product;
            some.m = part < 29 - i ? part : 29 - i;
            some.a += i * some.a_row;
            some.c += i * some.ldc;
            for (size_t r = 0; r < some.m; r++)
                memset(some.c + r * some.ldc, 0, some.n * sizeof(float));
            vae__gemm_builtin[level](&some);
        }
        ck_assert_mem_eq(work.c, work.old, work.c_floats * sizeof(float));
    }
    work_free(&work);
}
END_TEST

START_TEST(blas_computes_the_same_products_within_the_bound)
{
    if (!vae__gemm_has_blas()) return;
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
        for (int variant = 0; variant < 2 * STARTS; variant++) {
            struct work work;
            work_new(&work, shapes[s][0], shapes[s][1], shapes[s][2], variant % 2,
                     (enum start)(variant / 2));
            vae__gemm_blas(&work.product);
            expect_bound(&work, "BLAS");
            for (size_t i = 0; i < work.c_floats; i++)
                if (i % work.product.ldc >= work.product.n ||
                    i / work.product.ldc >= work.product.m)
                    ck_assert(work.c[i] == GUARD);
            work_free(&work);
        }
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, every_shape_of_tile_is_the_plain_loop_to_the_bit, 0,
                        VAE__LEVEL_COUNT);
    tcase_add_loop_test(tests, large_products_are_the_plain_loop_to_the_bit_and_within_the_bound, 0,
                        VAE__LEVEL_COUNT);
    tcase_add_loop_test(tests, a_batch_equals_its_parts_to_the_bit, 0, VAE__LEVEL_COUNT);
    tcase_add_test(tests, blas_computes_the_same_products_within_the_bound);
}

int main(void)
{
    return check_run("gemm", add);
}

/* SPDX-License-Identifier: MIT */
#include "math/gemm.h"
#include "support/check_main.h"

#define GUARD 12345.0f

START_TEST(column_sums_add_the_rows_in_order)
{
    size_t level = (size_t)_i;
    if (!vae__level_supported(level)) return;
    for (size_t k = 0; k < 11; k++)
        for (size_t n = 16; n <= 80; n += 16) {
            size_t ldb = n + 16;
            float *b = aligned_alloc(64, (k + 1) * ldb * sizeof *b);
            float *sums = aligned_alloc(64, ldb * sizeof *sums);
            for (size_t i = 0; i < k * ldb; i++) b[i] = (float)(i * 7919 % 1009) / 1009.0f;
            sums[n] = GUARD;
            vae__column_sum[level](k, n, b, ldb, sums);
            for (size_t j = 0; j < n; j++) {
                float sum = 0;
                for (size_t p = 0; p < k; p++) sum += b[p * ldb + j];
                ck_assert_mem_eq(&sum, &sums[j], sizeof sum);
            }
            ck_assert(sums[n] == GUARD);
            free(b);
            free(sums);
        }
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, column_sums_add_the_rows_in_order, 0, VAE__LEVEL_COUNT);
}

int main(void)
{
    return check_run("column_sum", add);
}

/* SPDX-License-Identifier: MIT */
#ifndef VAE__LEVEL
#include "math/gemm.h"

#define VAE__SELF "math/column_sum.c"
#include "math/each_level.h"

const vae__column_sum_fn vae__column_sum[VAE__LEVEL_COUNT] = VAE__LEVEL_TABLE(column_sum);

#else

/* Four rows a pass, to read and write the sums less often. */
static void VAE__L(column_sum)(size_t k, size_t n, const float *b, size_t ldb, float *out)
{
    size_t p = 0;
    for (size_t j = 0; j < n; j += VF_N) vf_store(out + j, vf_set(0.0f));
    for (; p + 4 <= k; p += 4) {
        const float *row = b + p * ldb;
        for (size_t j = 0; j < n; j += VF_N) {
            VF sum = vf_load(out + j) + vf_load(row + j);
            sum = sum + vf_load(row + ldb + j);
            sum = sum + vf_load(row + 2 * ldb + j);
            vf_store(out + j, sum + vf_load(row + 3 * ldb + j));
        }
    }
    for (; p < k; p++)
        for (size_t j = 0; j < n; j += VF_N)
            vf_store(out + j, vf_load(out + j) + vf_load(b + p * ldb + j));
}

#endif

/* SPDX-License-Identifier: MIT */
/* Matrix products behind one seam: the built-in kernel or CBLAS. */
#ifndef VAE_MATH_GEMM_H
#define VAE_MATH_GEMM_H

#include "math/level.h"

/* C[m,n] = A[m,k] B[k,n] + (bias[n] in every row | old C | 0)
 *   A's element (i, p) is a[i * a_row + p * a_col]; one of the two strides is 1
 *   B is row-major with row stride ldb, C with ldc; n is a multiple of 16, and b, c, bias, ldb and
 *   ldc are aligned to 16 floats, so kernels never handle a tail of columns; k is at least 1
 * Built-in: each element is bias (or old C, or 0) plus the products added one by one in the order
 * of p, whatever m, n and the position in C: a product of many rows equals its rows to the bit. */
struct vae__product {
    size_t m, n, k;
    const float *a;
    size_t a_row, a_col;
    const float *b;
    size_t ldb;
    float *c;
    size_t ldc;
    const float *bias; /* NULL: none */
    int accumulate;    /* add to C as it is; bias must be NULL */
};

typedef void (*vae__gemm_fn)(const struct vae__product *product);

extern const vae__gemm_fn vae__gemm_builtin[VAE__LEVEL_COUNT];
void vae__gemm_blas(const struct vae__product *product); /* only when vae__gemm_has_blas() */
int vae__gemm_has_blas(void);

/* While held, the BLAS computes on the calling thread alone. Counted and locked: the caller's own
 * setting comes back with the last release. A fork waits until no other thread holds, so that its
 * child has that setting and no lock of the BLAS's; for this the BLAS is made ready before the
 * first hold (0: memory ran out). Each thread of a job that multiplies by BLAS enters for itself
 * (OpenMP builds keep the count per thread). */
int vae__blas_ready(void);
void vae__blas_hold(void);
void vae__blas_release(void);
void vae__blas_enter_thread(void);
void vae__blas_leave_thread(void);

/* "OpenBLAS 0.3.21 Zen, pthread" or "reference BLAS" or "none", for vae_build_info. */
const char *vae__blas_describe(char *text, size_t size);

/* out[j] = sum over the k rows of b[p * ldb + j], j < n, added in the order of p. n as above. */
typedef void (*vae__column_sum_fn)(size_t k, size_t n, const float *b, size_t ldb, float *out);
extern const vae__column_sum_fn vae__column_sum[VAE__LEVEL_COUNT];

/* to[j * ldto + i] = from[i * ldfrom + j] for i < rows, j < columns. */
void vae__transpose(size_t rows, size_t columns, const float *from, size_t ldfrom, float *to,
                    size_t ldto);

#endif

/* SPDX-License-Identifier: MIT */
/* The matrix product by CBLAS; no other file knows it. */
#include "math/gemm.h"

#ifdef VAE_HAVE_CBLAS

#ifdef VAE_HAVE_ACCELERATE
#include <Accelerate/Accelerate.h>
#else
#include <cblas.h>
#endif
#include <string.h>

int vae__gemm_has_blas(void)
{
    return 1;
}

static int at_least(size_t stride, size_t width)
{
    return (int)(stride > width ? stride : width);
}

void vae__gemm_blas(const struct vae__product *product)
{
    const struct vae__product *p = product;
    int transposed = p->a_col != 1;
    if (p->bias)
        for (size_t i = 0; i < p->m; i++) memcpy(p->c + i * p->ldc, p->bias, p->n * sizeof *p->c);
    cblas_sgemm(CblasRowMajor, transposed ? CblasTrans : CblasNoTrans, CblasNoTrans, (int)p->m,
                (int)p->n, (int)p->k, 1.0f, p->a,
                transposed ? at_least(p->a_col, p->m) : at_least(p->a_row, p->k), p->b, (int)p->ldb,
                p->bias || p->accumulate ? 1.0f : 0.0f, p->c, (int)p->ldc);
}

#else

int vae__gemm_has_blas(void)
{
    return 0;
}

void vae__gemm_blas(const struct vae__product *product)
{
    vae__gemm_builtin[0](product);
}

#endif

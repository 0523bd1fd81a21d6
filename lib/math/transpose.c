/* SPDX-License-Identifier: MIT */
#include "math/gemm.h"

#ifdef __SSE__

#include <xmmintrin.h>

static inline void block(const float *from, size_t ldfrom, float *to, size_t ldto)
{
    __m128 a = _mm_loadu_ps(from), b = _mm_loadu_ps(from + ldfrom);
    __m128 c = _mm_loadu_ps(from + 2 * ldfrom), d = _mm_loadu_ps(from + 3 * ldfrom);
    _MM_TRANSPOSE4_PS(a, b, c, d);
    _mm_storeu_ps(to, a);
    _mm_storeu_ps(to + ldto, b);
    _mm_storeu_ps(to + 2 * ldto, c);
    _mm_storeu_ps(to + 3 * ldto, d);
}

#else

static inline void block(const float *from, size_t ldfrom, float *to, size_t ldto)
{
    for (size_t j = 0; j < 4; j++)
        for (size_t i = 0; i < 4; i++) to[j * ldto + i] = from[i * ldfrom + j];
}

#endif

/* Squares of 16 by 16 read and write whole cache lines; what is left over goes one by one. */
#define SQUARE 16

static void square(const float *from, size_t ldfrom, float *to, size_t ldto)
{
    for (size_t j = 0; j < SQUARE; j += 4, from += 4, to += 4 * ldto) {
        block(from, ldfrom, to, ldto);
        block(from + 4 * ldfrom, ldfrom, to + 4, ldto);
        block(from + 8 * ldfrom, ldfrom, to + 8, ldto);
        block(from + 12 * ldfrom, ldfrom, to + 12, ldto);
    }
}

static void one_by_one(size_t rows, size_t columns, const float *from, size_t ldfrom, float *to,
                       size_t ldto)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) to[j * ldto + i] = from[i * ldfrom + j];
}

void vae__transpose(size_t rows, size_t columns, const float *from, size_t ldfrom, float *to,
                    size_t ldto)
{
    size_t whole_rows = rows / SQUARE * SQUARE, whole_columns = columns / SQUARE * SQUARE;
    for (size_t i = 0; i < whole_rows; i += SQUARE)
        for (size_t j = 0; j < whole_columns; j += SQUARE)
            square(from + i * ldfrom + j, ldfrom, to + j * ldto + i, ldto);
    one_by_one(whole_rows, columns - whole_columns, from + whole_columns, ldfrom,
               to + whole_columns * ldto, ldto);
    one_by_one(rows - whole_rows, columns, from + whole_rows * ldfrom, ldfrom, to + whole_rows,
               ldto);
}

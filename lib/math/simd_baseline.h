/* SPDX-License-Identifier: MIT */
/* Four lanes on any CPU, and what every word of the vocabulary means.
 *
 * + - * / work on VF; + - & | ^ ~ on VI; all of them and wrapping * and << >> on VU (uint32_t). A
 * cast between VF, VI and VU reinterprets the bits. Loads and stores need no alignment. */

typedef float VF __attribute__((vector_size(16)));
typedef int32_t VI __attribute__((vector_size(16)));
typedef uint32_t VU __attribute__((vector_size(16)));
typedef double VD2 __attribute__((vector_size(16)));
/* A double for each lane. */
typedef struct {
    VD2 low, high;
} VDS;

VAE__INLINE VF vf_set(float x)
{
    return (VF){x, x, x, x};
}

VAE__INLINE VI vi_set(int32_t k)
{
    return (VI){k, k, k, k};
}

VAE__INLINE VU vu_set(uint32_t k)
{
    return (VU){k, k, k, k};
}

/* 0, 1, 2 ... */
VAE__INLINE VI vi_iota(void)
{
    return (VI){0, 1, 2, 3};
}

/* The first n lanes from memory, n <= VF_N, the others 0; and only these into memory. */
VAE__APART VF vf_load_n(const float *p, size_t n)
{
    VF v = {0};
    memcpy(&v, p, n * sizeof *p);
    return v;
}

VAE__APART void vf_store_n(float *p, VF v, size_t n)
{
    memcpy(p, &v, n * sizeof *p);
}

/* The first n lanes, the others 0. */
VAE__INLINE VF vf_first(VF v, size_t n)
{
    return (VF)((VI)v & (vi_iota() < vi_set((int32_t)n)));
}

/* 4 * VF_N floats, lanes interleaved: (a[i], b[i], c[i], d[i]) go to
 * p + 4 * (i / 4) + VF_N * (i % 4). */
VAE__INLINE void vf_store_4(float *p, VF a, VF b, VF c, VF d)
{
    for (int i = 0; i < 4; i++) {
        VF v = {a[i], b[i], c[i], d[i]};
        memcpy(p + 4 * i, &v, sizeof v);
    }
}

/* VF_N bytes as integers. */
VAE__INLINE VI vi_load_u8(const uint8_t *p)
{
    return (VI){p[0], p[1], p[2], p[3]};
}

/* a b + c and c - a b: one rounding where the level has FMA, else two. */
VAE__INLINE VF vf_fma(VF a, VF b, VF c)
{
    return a * b + c;
}

VAE__INLINE VF vf_fnma(VF a, VF b, VF c)
{
    return c - a * b;
}

/* a < b ? x : y, a <= b ? x : y, a == b ? x : y; a NaN in a or b gives y. */
VAE__INLINE VF vf_lt(VF a, VF b, VF x, VF y)
{
    VI m = a < b;
    return (VF)(((VI)x & m) | ((VI)y & ~m));
}

VAE__INLINE VF vf_le(VF a, VF b, VF x, VF y)
{
    VI m = a <= b;
    return (VF)(((VI)x & m) | ((VI)y & ~m));
}

VAE__INLINE VF vf_eq(VF a, VF b, VF x, VF y)
{
    VI m = a == b;
    return (VF)(((VI)x & m) | ((VI)y & ~m));
}

/* a > b ? a : b and a < b ? a : b: b when either is NaN, so that a constant goes first. */
VAE__INLINE VF vf_max(VF a, VF b)
{
#ifdef __SSE2__
    return _mm_max_ps(a, b);
#else
    return vf_lt(b, a, a, b);
#endif
}

VAE__INLINE VF vf_min(VF a, VF b)
{
#ifdef __SSE2__
    return _mm_min_ps(a, b);
#else
    return vf_lt(a, b, a, b);
#endif
}

VAE__INLINE VF vf_sqrt(VF a)
{
#ifdef __SSE2__
    return _mm_sqrt_ps(a);
#else
    return (VF){sqrtf(a[0]), sqrtf(a[1]), sqrtf(a[2]), sqrtf(a[3])};
#endif
}

/* To the nearest integer, halves to even, |a| < 2^22. */
VAE__INLINE VI vf_to_vi(VF a)
{
    VF magic = vf_set(12582912.0f);
    return (VI)((VU)(a + magic) - (VU)magic);
}

VAE__INLINE VF vi_to_vf(VI k)
{
    return __builtin_convertvector(k, VF);
}

VAE__INLINE VI vi_max(VI a, VI b)
{
    VI m = a > b;
    return (a & m) | (b & ~m);
}

/* The 64-bit products of the lanes with k: their high words; the low ones in *low. */
VAE__INLINE VU vu_mul(VU a, uint32_t k, VU *low)
{
#ifdef __SSE2__
    __m128i factor = _mm_set1_epi32((int32_t)k);
    VU even = (VU)_mm_mul_epu32((__m128i)a, factor);
    VU odd = (VU)_mm_mul_epu32(_mm_srli_epi64((__m128i)a, 32), factor);
    *low = (VU)_mm_unpacklo_epi32(_mm_shuffle_epi32((__m128i)even, 0x08),
                                  _mm_shuffle_epi32((__m128i)odd, 0x08));
    return (VU)_mm_unpacklo_epi32(_mm_shuffle_epi32((__m128i)even, 0x0d),
                                  _mm_shuffle_epi32((__m128i)odd, 0x0d));
#else
    uint64_t p0 = (uint64_t)a[0] * k, p1 = (uint64_t)a[1] * k;
    uint64_t p2 = (uint64_t)a[2] * k, p3 = (uint64_t)a[3] * k;
    *low = (VU){(uint32_t)p0, (uint32_t)p1, (uint32_t)p2, (uint32_t)p3};
    return (VU){(uint32_t)(p0 >> 32), (uint32_t)(p1 >> 32), (uint32_t)(p2 >> 32),
                (uint32_t)(p3 >> 32)};
#endif
}

/* Sums of floats in double, a sum for each lane; total adds the lanes in a fixed order. vds_add_n
 * takes the first n lanes, vf_magnitude the larger of m and the bits of |v|. */
VAE__INLINE VDS vds_zero(void)
{
    return (VDS){{0}, {0}};
}

VAE__INLINE VDS vds_add(VDS s, VF v)
{
    s.low = s.low + (VD2){(double)v[0], (double)v[1]};
    s.high = s.high + (VD2){(double)v[2], (double)v[3]};
    return s;
}

/* Adds v^2, exact in double before it is added. */
VAE__INLINE VDS vds_add_square(VDS s, VF v)
{
    VD2 low = {(double)v[0], (double)v[1]}, high = {(double)v[2], (double)v[3]};
    s.low = s.low + low * low;
    s.high = s.high + high * high;
    return s;
}

VAE__INLINE double vds_total(VDS s)
{
    VD2 two = s.low + s.high;
    return two[0] + two[1];
}

#include "math/simd_common.h"

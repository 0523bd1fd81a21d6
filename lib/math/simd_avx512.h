/* SPDX-License-Identifier: MIT */
/* Sixteen lanes with AVX-512 F, DQ, BW and VL. What the words mean: simd_baseline.h. */

typedef __m512 VF;
typedef int32_t VI __attribute__((vector_size(64)));
typedef uint32_t VU __attribute__((vector_size(64)));
typedef struct {
    __m512d low, high;
} VDS;

VAE__INLINE VF vf_set(float x)
{
    return _mm512_set1_ps(x);
}

VAE__INLINE VI vi_set(int32_t k)
{
    return (VI)_mm512_set1_epi32(k);
}

VAE__INLINE VU vu_set(uint32_t k)
{
    return (VU)_mm512_set1_epi32((int32_t)k);
}

VAE__INLINE VI vi_iota(void)
{
    return (VI){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
}

VAE__INLINE VF vf_load_n(const float *p, size_t n)
{
    return _mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1u), p);
}

VAE__INLINE void vf_store_n(float *p, VF v, size_t n)
{
    _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1u), v);
}

VAE__INLINE VF vf_first(VF v, size_t n)
{
    return _mm512_maskz_mov_ps((__mmask16)((1u << n) - 1u), v);
}

VAE__INLINE void vf_store_4(float *p, VF a, VF b, VF c, VF d)
{
    VF ab = _mm512_unpacklo_ps(a, b), cd = _mm512_unpacklo_ps(c, d);
    VF AB = _mm512_unpackhi_ps(a, b), CD = _mm512_unpackhi_ps(c, d);
    _mm512_storeu_ps(p, _mm512_shuffle_ps(ab, cd, 0x44));
    _mm512_storeu_ps(p + 16, _mm512_shuffle_ps(ab, cd, 0xee));
    _mm512_storeu_ps(p + 32, _mm512_shuffle_ps(AB, CD, 0x44));
    _mm512_storeu_ps(p + 48, _mm512_shuffle_ps(AB, CD, 0xee));
}

VAE__INLINE VI vi_load_u8(const uint8_t *p)
{
    return (VI)_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(const void *)p));
}

VAE__INLINE VF vf_fma(VF a, VF b, VF c)
{
    return _mm512_fmadd_ps(a, b, c);
}

VAE__INLINE VF vf_fnma(VF a, VF b, VF c)
{
    return _mm512_fnmadd_ps(a, b, c);
}

VAE__INLINE VF vf_lt(VF a, VF b, VF x, VF y)
{
    return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(a, b, _CMP_LT_OQ), y, x);
}

VAE__INLINE VF vf_le(VF a, VF b, VF x, VF y)
{
    return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(a, b, _CMP_LE_OQ), y, x);
}

VAE__INLINE VF vf_eq(VF a, VF b, VF x, VF y)
{
    return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ), y, x);
}

VAE__INLINE VF vf_max(VF a, VF b)
{
    return _mm512_max_ps(a, b);
}

VAE__INLINE VF vf_min(VF a, VF b)
{
    return _mm512_min_ps(a, b);
}

VAE__INLINE VF vf_sqrt(VF a)
{
    return _mm512_sqrt_ps(a);
}

VAE__INLINE VI vf_to_vi(VF a)
{
    return (VI)_mm512_cvtps_epi32(a);
}

VAE__INLINE VF vi_to_vf(VI k)
{
    return _mm512_cvtepi32_ps((__m512i)k);
}

VAE__INLINE VI vi_max(VI a, VI b)
{
    return (VI)_mm512_max_epi32((__m512i)a, (__m512i)b);
}

VAE__INLINE VU vu_mul(VU a, uint32_t k, VU *low)
{
    __m512i factor = _mm512_set1_epi32((int32_t)k);
    __m512i even = _mm512_mul_epu32((__m512i)a, factor);
    __m512i odd = _mm512_mul_epu32(_mm512_srli_epi64((__m512i)a, 32), factor);
    *low = (VU)_mm512_mask_blend_epi32(0xaaaa, even, _mm512_slli_epi64(odd, 32));
    return (VU)_mm512_mask_blend_epi32(0xaaaa, _mm512_srli_epi64(even, 32), odd);
}

VAE__INLINE VDS vds_zero(void)
{
    return (VDS){_mm512_setzero_pd(), _mm512_setzero_pd()};
}

VAE__INLINE VDS vds_add(VDS s, VF v)
{
    s.low = s.low + _mm512_cvtps_pd(_mm512_castps512_ps256(v));
    s.high = s.high + _mm512_cvtps_pd(_mm512_extractf32x8_ps(v, 1));
    return s;
}

VAE__INLINE VDS vds_add_square(VDS s, VF v)
{
    __m512d low = _mm512_cvtps_pd(_mm512_castps512_ps256(v)),
            high = _mm512_cvtps_pd(_mm512_extractf32x8_ps(v, 1));
    s.low = _mm512_fmadd_pd(low, low, s.low);
    s.high = _mm512_fmadd_pd(high, high, s.high);
    return s;
}

VAE__INLINE double vds_total(VDS s)
{
    __m512d eight = s.low + s.high;
    __m256d four = _mm512_castpd512_pd256(eight) + _mm512_extractf64x4_pd(eight, 1);
    __m128d two = _mm256_castpd256_pd128(four) + _mm256_extractf128_pd(four, 1);
    return two[0] + two[1];
}

#include "math/simd_common.h"

/* SPDX-License-Identifier: MIT */
/* Eight lanes with AVX2 and FMA. What the words mean: simd_baseline.h. */

typedef __m256 VF;
typedef int32_t VI __attribute__((vector_size(32)));
typedef uint32_t VU __attribute__((vector_size(32)));
typedef struct {
    __m256d low, high;
} VDS;

VAE__INLINE VF vf_set(float x)
{
    return _mm256_set1_ps(x);
}

VAE__INLINE VI vi_set(int32_t k)
{
    return (VI)_mm256_set1_epi32(k);
}

VAE__INLINE VU vu_set(uint32_t k)
{
    return (VU)_mm256_set1_epi32((int32_t)k);
}

VAE__INLINE VI vi_iota(void)
{
    return (VI){0, 1, 2, 3, 4, 5, 6, 7};
}

VAE__INLINE VF vf_load_n(const float *p, size_t n)
{
    return _mm256_maskload_ps(p, (__m256i)(vi_iota() < vi_set((int32_t)n)));
}

VAE__INLINE void vf_store_n(float *p, VF v, size_t n)
{
    _mm256_maskstore_ps(p, (__m256i)(vi_iota() < vi_set((int32_t)n)), v);
}

VAE__INLINE VF vf_first(VF v, size_t n)
{
    return (VF)((VI)v & (vi_iota() < vi_set((int32_t)n)));
}

VAE__INLINE void vf_store_4(float *p, VF a, VF b, VF c, VF d)
{
    VF ab = _mm256_unpacklo_ps(a, b), cd = _mm256_unpacklo_ps(c, d);
    VF AB = _mm256_unpackhi_ps(a, b), CD = _mm256_unpackhi_ps(c, d);
    _mm256_storeu_ps(p, _mm256_shuffle_ps(ab, cd, 0x44));
    _mm256_storeu_ps(p + 8, _mm256_shuffle_ps(ab, cd, 0xee));
    _mm256_storeu_ps(p + 16, _mm256_shuffle_ps(AB, CD, 0x44));
    _mm256_storeu_ps(p + 24, _mm256_shuffle_ps(AB, CD, 0xee));
}

VAE__INLINE VI vi_load_u8(const uint8_t *p)
{
    return (VI)_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)p));
}

VAE__INLINE VF vf_fma(VF a, VF b, VF c)
{
    return _mm256_fmadd_ps(a, b, c);
}

VAE__INLINE VF vf_fnma(VF a, VF b, VF c)
{
    return _mm256_fnmadd_ps(a, b, c);
}

VAE__INLINE VF vf_lt(VF a, VF b, VF x, VF y)
{
    return _mm256_blendv_ps(y, x, _mm256_cmp_ps(a, b, _CMP_LT_OQ));
}

VAE__INLINE VF vf_le(VF a, VF b, VF x, VF y)
{
    return _mm256_blendv_ps(y, x, _mm256_cmp_ps(a, b, _CMP_LE_OQ));
}

VAE__INLINE VF vf_eq(VF a, VF b, VF x, VF y)
{
    return _mm256_blendv_ps(y, x, _mm256_cmp_ps(a, b, _CMP_EQ_OQ));
}

VAE__INLINE VF vf_max(VF a, VF b)
{
    return _mm256_max_ps(a, b);
}

VAE__INLINE VF vf_min(VF a, VF b)
{
    return _mm256_min_ps(a, b);
}

VAE__INLINE VF vf_sqrt(VF a)
{
    return _mm256_sqrt_ps(a);
}

VAE__INLINE VI vf_to_vi(VF a)
{
    return (VI)_mm256_cvtps_epi32(a);
}

VAE__INLINE VF vi_to_vf(VI k)
{
    return _mm256_cvtepi32_ps((__m256i)k);
}

VAE__INLINE VI vi_max(VI a, VI b)
{
    return (VI)_mm256_max_epi32((__m256i)a, (__m256i)b);
}

VAE__INLINE VU vu_mul(VU a, uint32_t k, VU *low)
{
    __m256i factor = _mm256_set1_epi32((int32_t)k);
    __m256i even = _mm256_mul_epu32((__m256i)a, factor);
    __m256i odd = _mm256_mul_epu32(_mm256_srli_epi64((__m256i)a, 32), factor);
    *low = (VU)_mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xaa);
    return (VU)_mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xaa);
}

VAE__INLINE VDS vds_zero(void)
{
    return (VDS){_mm256_setzero_pd(), _mm256_setzero_pd()};
}

VAE__INLINE VDS vds_add(VDS s, VF v)
{
    s.low = s.low + _mm256_cvtps_pd(_mm256_castps256_ps128(v));
    s.high = s.high + _mm256_cvtps_pd(_mm256_extractf128_ps(v, 1));
    return s;
}

VAE__INLINE VDS vds_add_square(VDS s, VF v)
{
    __m256d low = _mm256_cvtps_pd(_mm256_castps256_ps128(v)),
            high = _mm256_cvtps_pd(_mm256_extractf128_ps(v, 1));
    s.low = _mm256_fmadd_pd(low, low, s.low);
    s.high = _mm256_fmadd_pd(high, high, s.high);
    return s;
}

VAE__INLINE double vds_total(VDS s)
{
    __m256d four = s.low + s.high;
    __m128d two = _mm256_castpd256_pd128(four) + _mm256_extractf128_pd(four, 1);
    return two[0] + two[1];
}

#include "math/simd_common.h"

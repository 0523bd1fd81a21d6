/* SPDX-License-Identifier: MIT */
/* What ends every kernel that answers a magnitude: a function, to be there once a level. */
#ifndef VAE__LEVEL
#define VAE__SELF "math/reduce.c"
#include "math/each_level.h"
#else

uint32_t vi_reduce_max(VI k)
{
#if VF_N == 16
    return (uint32_t)_mm512_reduce_max_epi32((__m512i)k);
#elif VF_N == 8
    __m128i low = _mm256_castsi256_si128((__m256i)k);
    __m128i high = _mm256_extracti128_si256((__m256i)k, 1);
    __m128i m = _mm_max_epi32(low, high);
    m = _mm_max_epi32(m, _mm_shuffle_epi32(m, 0x4e));
    m = _mm_max_epi32(m, _mm_shuffle_epi32(m, 0xb1));
    return (uint32_t)_mm_cvtsi128_si32(m);
#else
    VI m = vi_max(k, (VI){k[2], k[3], k[0], k[1]});
    return (uint32_t)(m[0] > m[1] ? m[0] : m[1]);
#endif
}

#endif

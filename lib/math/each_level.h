/* SPDX-License-Identifier: MIT */
/* Compiles the kernels of a source file once per level, without a compiler flag for any of them.
 * The file defines VAE__SELF as its own name and includes this; then it is included again for every
 * level, with VAE__LEVEL defined and every function in it compiled for that level's instructions.
 *
 * Inside, VAE__L(name) is the name's level-bound form (what VAE__LEVEL_TABLE collects), VF a vector
 * of VF_N floats, VI of as many int32_t, and simd_baseline.h, simd_avx2.h and simd_avx512.h define
 * the same functions over them; simd_baseline.h says what each does. math/vmath.h adds exp and its
 * kin; a kernel includes it itself. Header files of the C library belong before this one. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#endif

#include "math/simd_names.h"

#define VAE__INLINE static inline __attribute__((always_inline))
/* For what would be long in many places and seldom runs. */
#define VAE__APART static __attribute__((noinline, unused))

#define VAE__LEVEL 0
#define VAE__L(name) name##_baseline
#define VF_N 4
#include "math/simd_baseline.h"
#include VAE__SELF
#undef VAE__LEVEL
#undef VAE__L
#undef VF_N
#undef VAE__VMATH

#if defined(__x86_64__) || defined(__i386__)

#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif
#define VAE__LEVEL 1
#define VAE__L(name) name##_avx2
#define VF_N 8
#include "math/simd_avx2.h"
#include VAE__SELF
#undef VAE__LEVEL
#undef VAE__L
#undef VF_N
#undef VAE__VMATH
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#ifdef __clang__
#pragma clang attribute push(                                                                      \
    __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")
#endif
#define VAE__LEVEL 2
#define VAE__L(name) name##_avx512
#define VF_N 16
#include "math/simd_avx512.h"
#include VAE__SELF
#undef VAE__LEVEL
#undef VAE__L
#undef VF_N
#undef VAE__VMATH
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif

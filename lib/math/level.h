/* SPDX-License-Identifier: MIT */
/* The instruction sets kernels are compiled for, worst first. A kernel family is an array of
 * function pointers indexed by level. */
#ifndef VAE_MATH_LEVEL_H
#define VAE_MATH_LEVEL_H

#include <stddef.h>

#if defined(__x86_64__) || defined(__i386__)
#define VAE__LEVEL_COUNT 3
#define VAE__LEVEL_TABLE(name) {name##_baseline, name##_avx2, name##_avx512}
#define VAE__LEVEL_SAME(function) {function, function, function}
#else
#define VAE__LEVEL_COUNT 1
#define VAE__LEVEL_TABLE(name) {name##_baseline}
#define VAE__LEVEL_SAME(function) {function}
#endif

/* "baseline", "avx2", "avx512"; NULL past the last compiled. */
const char *vae__level_name(size_t level);

/* Whether this machine (CPU and operating system) has the level; and the best it has. */
int vae__level_supported(size_t level);
size_t vae__level_best(void);

#endif

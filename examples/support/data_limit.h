/* SPDX-License-Identifier: MIT */
/* The most bytes of images a program takes into memory: 4 GiB, a quarter of what a 32-bit one can
 * address. */
#ifndef EXAMPLES_DATA_LIMIT_H
#define EXAMPLES_DATA_LIMIT_H

#include <stdint.h>

#define DATA_LIMIT (SIZE_MAX / 4 < UINT32_MAX ? SIZE_MAX / 4 : (size_t)UINT32_MAX)

#endif

/* SPDX-License-Identifier: MIT */
/* Valgrind's processor keeps denormals whatever it is told, and valgrind itself does not survive a
 * limit on memory: tests of these ask first. */
#ifndef VALGRIND_H
#define VALGRIND_H

#include <stdlib.h>
#include <string.h>

static inline int under_valgrind(void)
{
    const char *preload = getenv("LD_PRELOAD");
    return preload && strstr(preload, "vgpreload") != NULL;
}

#endif

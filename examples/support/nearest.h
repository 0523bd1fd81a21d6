/* SPDX-License-Identifier: MIT */
/* "Did you mean ...?": the known name nearest to a mistyped one. */
#ifndef EXAMPLES_NEAREST_H
#define EXAMPLES_NEAREST_H

#include <stddef.h>

typedef struct nearest {
    const char *wanted;
    const char *found; /* NULL: nothing near enough */
    size_t distance;
    char hint[128];
} nearest;

nearest nearest_to(const char *wanted);

/* Offers one known name, which must outlive `near`. */
void nearest_try(nearest *near, const char *name);

/* ": did you mean \"relu\"?", or "" when nothing is near. Belongs to `near`. */
const char *nearest_hint(nearest *near);

#endif

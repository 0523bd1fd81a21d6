/* SPDX-License-Identifier: MIT */
/* The strokes of the digits 0 to 9, in a unit square with y downwards. */
#ifndef EXAMPLES_GLYPH_H
#define EXAMPLES_GLYPH_H

#include <stddef.h>

enum { GLYPH_STROKES = 2, GLYPH_POINTS = 12 };

typedef struct glyph_stroke {
    size_t n;  /* points; 0: no stroke */
    int curve; /* a smooth curve through the points, not straight lines between them */
    float point[GLYPH_POINTS][2];
} glyph_stroke;

extern const glyph_stroke glyphs[10][GLYPH_STROKES];

#endif

/* SPDX-License-Identifier: MIT */
/* A grey picture of 8 bits, and how a model's rows become one. */
#ifndef EXAMPLES_IMAGE_H
#define EXAMPLES_IMAGE_H

#include <stddef.h>
#include <stdint.h>

typedef struct image {
    uint8_t *pixels; /* height x width, without gaps */
    size_t width, height;
} image;

/* A black picture. -1 when it is empty, has more than 2^28 pixels or more than 10^6 along a side,
 * or memory runs out. */
int image_new(image *out, size_t width, size_t height);

void image_free(image *picture);

/* Whether image_grid can lay out n rows so: to be asked before they are computed. -1 when not, with
 * a sentence. */
int image_grid_check(size_t n, size_t width, size_t height, size_t columns);

/* Lays out n rows of width x height numbers (0 black to 1 white; what lies outside, and NaN, is
 * clipped) as tiles, left to right and top to bottom, `columns` in a line, with a grey gap between.
 * -1 as image_new. */
int image_grid(image *out, const float *rows, size_t n, size_t width, size_t height,
               size_t columns);

/* An image's sides from its number of pixels: `*width` as given, or the square root when it is 0.
 * -1 when that gives no whole number. */
int image_sides(size_t pixels, size_t *width, size_t *height);

#endif

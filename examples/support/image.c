/* SPDX-License-Identifier: MIT */
#include "image.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

enum { GAP = 2, GAP_GREY = 64 };

/* The second is libpng's own limit. */
static const size_t most_pixels = (size_t)1 << 28, most_side = 1000000;

static int check_sides(size_t width, size_t height)
{
    if (width && height && width <= most_side && height <= most_side &&
        width <= most_pixels / height)
        return 0;
    return failed("a picture of %zu x %zu pixels is not possible", width, height);
}

int image_new(image *out, size_t width, size_t height)
{
    *out = (image){NULL, 0, 0};
    if (check_sides(width, height)) return -1;
    uint8_t *pixels = calloc(height, width);
    if (!pixels) return failed("out of memory for a picture of %zu x %zu pixels", width, height);
    *out = (image){pixels, width, height};
    return 0;
}

void image_free(image *picture)
{
    free(picture->pixels);
    *picture = (image){NULL, 0, 0};
}

static uint8_t grey(float x)
{
    if (!(x > 0.0f)) return 0;
    return x >= 1.0f ? 255 : (uint8_t)(255.0f * x + 0.5f);
}

static void draw_tile(image *out, const float *row, size_t width, size_t height, size_t left,
                      size_t top)
{
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++)
            out->pixels[(top + y) * out->width + left + x] = grey(row[y * width + x]);
}

/* Tiles and gaps along one side; 0 when there are no tiles or more than any picture holds. */
static size_t side(size_t tiles, size_t size)
{
    if (tiles == 0 || size > most_pixels || tiles > most_pixels / (size + GAP)) return 0;
    return tiles * (size + GAP) + GAP;
}

static size_t lines_of(size_t n, size_t columns)
{
    return columns ? (n + columns - 1) / columns : 0;
}

int image_grid_check(size_t n, size_t width, size_t height, size_t columns)
{
    return check_sides(side(columns, width), side(lines_of(n, columns), height));
}

int image_grid(image *out, const float *rows, size_t n, size_t width, size_t height, size_t columns)
{
    size_t lines = lines_of(n, columns);
    if (image_new(out, side(columns, width), side(lines, height))) return -1;
    memset(out->pixels, GAP_GREY, out->width * out->height);
    for (size_t i = 0; i < n; i++)
        draw_tile(out, rows + i * width * height, width, height, GAP + i % columns * (width + GAP),
                  GAP + i / columns * (height + GAP));
    return 0;
}

int image_sides(size_t pixels, size_t *width, size_t *height)
{
    int given = *width != 0;
    if (!given) *width = (size_t)lround(sqrt((double)pixels));
    *height = *width ? pixels / *width : 0;
    if (*height * *width == pixels && pixels && (given || *width == *height)) return 0;
    if (given) return failed("rows of %zu numbers are no images of width %zu", pixels, *width);
    return failed("rows of %zu numbers are no square images: give --width", pixels);
}

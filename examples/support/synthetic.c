/* SPDX-License-Identifier: MIT */
#include "synthetic.h"

#include <math.h>
#include <string.h>

#include "glyph.h"

enum { SIDE = SYNTHETIC_SIDE, PIECES = 6 };

/* How one digit is written: unit square to pixels, and the pen. */
typedef struct hand {
    float x[3], y[3]; /* pixel = [0] + [1] * x + [2] * y */
    float radius;
    float wobble;
} hand;

/* SplitMix64: a Weyl sequence and a mixing function. */
static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static float uniform(uint64_t *state, float least, float most)
{
    return least + (most - least) * ((float)(next(state) >> 40) / 16777216.0f);
}

static hand random_hand(uint64_t *state)
{
    float height = uniform(state, 16.0f, 20.5f);
    float width = height * uniform(state, 0.58f, 0.82f);
    float slant = uniform(state, -0.12f, 0.38f);
    float turn = uniform(state, -0.12f, 0.12f);
    hand h = {.x = {0, width, -slant * height},
              .y = {0, turn * width, height},
              .radius = uniform(state, 0.75f, 1.6f),
              .wobble = 0.035f};
    h.x[0] = 13.5f + uniform(state, -1.5f, 1.5f) - 0.5f * (h.x[1] + h.x[2]);
    h.y[0] = 13.5f + uniform(state, -1.5f, 1.5f) - 0.5f * (h.y[1] + h.y[2]);
    return h;
}

static float distance(float px, float py, const float a[2], const float b[2])
{
    float dx = b[0] - a[0], dy = b[1] - a[1];
    float along = (px - a[0]) * dx + (py - a[1]) * dy;
    float length = dx * dx + dy * dy;
    float t = length > 0 ? along / length : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    float ex = px - a[0] - t * dx, ey = py - a[1] - t * dy;
    return sqrtf(ex * ex + ey * ey);
}

static int clamp_pixel(float at)
{
    return at < 0 ? 0 : at > SIDE - 1 ? SIDE - 1 : (int)at;
}

/* A round pen drawn from a to b; a pixel is as white as the pen's edge covers it. */
static void draw_line(uint8_t *pixels, const float a[2], const float b[2], float radius)
{
    float reach = radius + 1.0f;
    int left = clamp_pixel(fminf(a[0], b[0]) - reach);
    int right = clamp_pixel(fmaxf(a[0], b[0]) + reach + 1);
    int top = clamp_pixel(fminf(a[1], b[1]) - reach);
    int bottom = clamp_pixel(fmaxf(a[1], b[1]) + reach + 1);
    for (int y = top; y <= bottom; y++)
        for (int x = left; x <= right; x++) {
            float ink = radius + 0.5f - distance((float)x, (float)y, a, b);
            ink = ink < 0 ? 0 : ink > 1 ? 1 : ink;
            uint8_t *pixel = &pixels[y * SIDE + x];
            if (255.0f * ink > (float)*pixel) *pixel = (uint8_t)(255.0f * ink);
        }
}

/* Catmull and Rom's spline between p[1] and p[2]. */
static float spline(const float p[4], float t)
{
    float c1 = p[2] - p[0];
    float c2 = 2 * p[0] - 5 * p[1] + 4 * p[2] - p[3];
    float c3 = 3 * (p[1] - p[2]) + p[3] - p[0];
    return 0.5f * (2 * p[1] + t * (c1 + t * (c2 + t * c3)));
}

static void draw_curve(uint8_t *pixels, float at[][2], size_t n, float radius)
{
    for (size_t i = 0; i + 1 < n; i++) {
        size_t before = i ? i - 1 : 0, after = i + 2 < n ? i + 2 : n - 1;
        float from[2] = {at[i][0], at[i][1]};
        for (int k = 1; k <= PIECES; k++) {
            float to[2];
            for (int d = 0; d < 2; d++) {
                float p[4] = {at[before][d], at[i][d], at[i + 1][d], at[after][d]};
                to[d] = spline(p, (float)k / PIECES);
            }
            draw_line(pixels, from, to, radius);
            memcpy(from, to, sizeof from);
        }
    }
}

static void draw_stroke(uint8_t *pixels, const glyph_stroke *stroke, const hand *h,
                        float wobbles[][2])
{
    float at[GLYPH_POINTS][2];
    for (size_t i = 0; i < stroke->n; i++) {
        float x = stroke->point[i][0] + wobbles[i][0];
        float y = stroke->point[i][1] + wobbles[i][1];
        at[i][0] = h->x[0] + h->x[1] * x + h->x[2] * y;
        at[i][1] = h->y[0] + h->y[1] * x + h->y[2] * y;
    }
    if (stroke->curve) draw_curve(pixels, at, stroke->n, h->radius);
    for (size_t i = 0; !stroke->curve && i + 1 < stroke->n; i++)
        draw_line(pixels, at[i], at[i + 1], h->radius);
}

static void draw_digit(uint8_t *pixels, unsigned digit, uint64_t *state)
{
    float wobbles[GLYPH_POINTS][2];
    hand h = random_hand(state);
    for (size_t i = 0; i < GLYPH_POINTS; i++)
        for (size_t d = 0; d < 2; d++) wobbles[i][d] = uniform(state, -h.wobble, h.wobble);
    memset(pixels, 0, SYNTHETIC_PIXELS);
    for (size_t i = 0; i < GLYPH_STROKES; i++) draw_stroke(pixels, &glyphs[digit][i], &h, wobbles);
}

void synthetic_digits(uint8_t *pixels, uint8_t *labels, size_t n, uint64_t seed, uint64_t first)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t state = seed;
        state = next(&state) + first + i;
        state = next(&state);
        labels[i] = (uint8_t)(next(&state) % 10);
        draw_digit(pixels + i * SYNTHETIC_PIXELS, labels[i], &state);
    }
}

/* SPDX-License-Identifier: MIT */
/* Lanes go over the blocks of all rows: lane after lane is the next block of a row, then the next
 * row's first, so that narrow rows fill vectors too. No FMA in this file, so that every level gives
 * the same bits. */
#ifndef VAE__LEVEL
#include "math/noise.h"

#include <string.h>

/* The numbers of n blocks of any rows, from vf_store_4's order; a row's last block may be cut. */
static void scatter(const float *four, const uint32_t *blocks, const uint32_t *rows, size_t n,
                    size_t lanes, size_t dims, float *out, size_t ld)
{
    for (size_t i = 0; i < n; i++) {
        size_t d = 4 * (size_t)blocks[i], left = dims - d;
        const float *from = four + 4 * (i / 4) + lanes * (i % 4);
        float *to = out + rows[i] * ld + d;
        if (left >= 4)
            memcpy(to, from, 4 * sizeof *to);
        else
            for (size_t j = 0; j < left; j++) to[j] = from[j];
    }
}

#define VAE__SELF "math/noise.c"
#include "math/each_level.h"

const vae__noise_fn vae__noise_uniform[VAE__LEVEL_COUNT] = VAE__LEVEL_TABLE(uniform);
const vae__noise_fn vae__noise_normal[VAE__LEVEL_COUNT] = VAE__LEVEL_TABLE(normal);

#else

typedef struct {
    VU a, b, c, d;
} VAE__L(words);

typedef struct {
    VF a, b, c, d;
} VAE__L(numbers);

/* One round of support/random.c's vae__philox for each lane. */
VAE__INLINE VAE__L(words) VAE__L(philox_round)(VAE__L(words) w, VU k0, VU k1)
{
    VU low0, low2;
    VU high0 = vu_mul(w.a, 0xd2511f53u, &low0), high2 = vu_mul(w.c, 0xcd9e8d57u, &low2);
    return (VAE__L(words)){high2 ^ w.b ^ k0, low2, high0 ^ w.d ^ k1, low0};
}

VAE__INLINE VAE__L(words) VAE__L(philox)(const struct vae__noise *noise, VU block, VU row)
{
    VAE__L(words) w = {block, row, vu_set(noise->step), vu_set(noise->tag)};
    uint32_t k0 = (uint32_t)noise->seed, k1 = (uint32_t)(noise->seed >> 32);

    for (uint32_t i = 0; i < 10; i++)
        w = VAE__L(philox_round)(w, vu_set(k0 + i * 0x9e3779b9u), vu_set(k1 + i * 0xbb67ae85u));
    return w;
}

VAE__INLINE VF VAE__L(unit)(VU word)
{
    return vi_to_vf((VI)(word >> 8)) * vf_set(0x1p-24f);
}

VAE__INLINE VAE__L(numbers) VAE__L(uniforms)(VAE__L(words) w)
{
    return (VAE__L(numbers)){VAE__L(unit)(w.a), VAE__L(unit)(w.b), VAE__L(unit)(w.c),
                             VAE__L(unit)(w.d)};
}

/* log u, 0 < u <= 1, by the polynomial of math/vmath.h with every product rounded. */
VAE__INLINE VF VAE__L(log_unit)(VF u)
{
    VI e = ((VI)u - vi_set(0x3f3504f3)) & vi_set((int32_t)0xff800000u);
    VF f = (VF)((VI)u - e) - vf_set(1.0f), f2 = f * f;
    VF exponent = vi_to_vf(e) * vf_set(0x1p-23f), q = vf_set(0.0674664229f);
    q = q * f + vf_set(-0.116760537f);
    q = q * f + vf_set(0.118883766f);
    q = q * f + vf_set(-0.12405543f);
    q = q * f + vf_set(0.142195195f);
    q = q * f + vf_set(-0.166679963f);
    q = q * f + vf_set(0.200021207f);
    q = q * f + vf_set(-0.250000089f);
    q = q * f + vf_set(0.333333135f);
    VF low = exponent * vf_set(-2.12194442e-4f) + f2 * (f * q + vf_set(-0.5f));
    return exponent * vf_set(0.693359375f) + (f + low);
}

/* Box and Muller 1958: r cos and r sin of two words. (word + 1/2) 2^-32 is a sum of two parts that
 * are exact, so it is rounded once. */
VAE__INLINE VF VAE__L(radius)(VU word)
{
    VF high = vi_to_vf((VI)(word >> 16)) * vf_set(65536.0f);
    VF low = vi_to_vf((VI)(word & vu_set(0xffff))) + vf_set(0.5f);
    return vf_sqrt(vf_set(-2.0f) * VAE__L(log_unit)((high + low) * vf_set(0x1p-32f)));
}

/* The angle is a quarter turn times the nearest integer, plus y pi / 4, |y| <= 1: sin = y S(y^2),
 * cos = 1 + y^2 C(y^2), minimax, errors 2^-24.8 and 2^-26.5. An odd quarter swaps the two; the
 * second and third negate the cosine, the third and fourth (2, 3) the sine. */
static void VAE__L(pair)(VU word0, VU word, VF *r_cos, VF *r_sin)
{
    VF r = VAE__L(radius)(word0);
    VU quarter = (word + vu_set(0x20000000u)) >> 30;
    VF y = vi_to_vf((VI)(word - (quarter << 30))) * vf_set(0x1p-29f), t = y * y;
    VF s = vf_set(-3.5950452e-05f), c = vf_set(3.53033806e-06f);
    s = s * t + vf_set(0.00249000103f);
    c = c * t + vf_set(-0.000325940084f);
    s = s * t + vf_set(-0.0807454363f);
    c = c * t + vf_set(0.015854327f);
    s = s * t + vf_set(0.785398185f);
    c = c * t + vf_set(-0.308425128f);
    s = r * (y * s);
    c = r * (t * c + vf_set(1.0f));
    VI odd = (VI)((quarter & vu_set(1)) == vu_set(1));
    VU flip_cos = ((quarter + vu_set(1)) & vu_set(2)) << 30, flip_sin = (quarter & vu_set(2)) << 30;
    *r_cos = (VF)((VU)(((VI)s & odd) | ((VI)c & ~odd)) ^ flip_cos);
    *r_sin = (VF)((VU)(((VI)c & odd) | ((VI)s & ~odd)) ^ flip_sin);
}

VAE__INLINE VAE__L(numbers) VAE__L(normals)(VAE__L(words) w)
{
    VAE__L(numbers) x;
    VAE__L(pair)(w.a, w.b, &x.a, &x.b);
    VAE__L(pair)(w.c, w.d, &x.c, &x.d);
    return x;
}

/* Puts the first n lanes' four numbers where they belong. Mostly all lie one after the other in a
 * row. */
VAE__INLINE void VAE__L(put)(VAE__L(numbers) x, VU block, VU row, size_t n, size_t dims, float *out,
                             size_t ld)
{
    float four[4 * VF_N];
    uint32_t blocks[VF_N], rows[VF_N];

    vf_store_4(four, x.a, x.b, x.c, x.d);
    memcpy(blocks, &block, sizeof blocks);
    memcpy(rows, &row, sizeof rows);
    if (n == VF_N && rows[0] == rows[VF_N - 1] && 4 * (size_t)blocks[VF_N - 1] + 4 <= dims) {
        float *to = out + rows[0] * ld + 4 * (size_t)blocks[0];
        for (size_t i = 0; i < VF_N; i++)
            memcpy(to + 4 * i, four + 4 * (i / 4) + VF_N * (i % 4), 4 * sizeof *to);
        return;
    }
    scatter(four, blocks, rows, n, VF_N, dims, out, ld);
}

static void VAE__L(fill)(const struct vae__noise *noise, size_t first_row, size_t rows, size_t dims,
                         float *out, size_t ld, int normal)
{
    uint32_t in_row = (uint32_t)((dims + 3) / 4), first = (uint32_t)first_row;
    VU block = {0}, row = {0}, whole = vu_set(in_row);
    if (in_row == 0) return;
    VU skip_rows = vu_set(VF_N / in_row), skip_blocks = vu_set(VF_N % in_row);

    for (uint32_t i = 0; i < VF_N; i++) block[i] = i % in_row, row[i] = i / in_row;
    for (size_t left = rows * in_row, n; left > 0; left -= n) {
        VAE__L(words) w = VAE__L(philox)(noise, block, row + vu_set(first));
        n = left < VF_N ? left : VF_N;
        VAE__L(put)
        (normal ? VAE__L(normals)(w) : VAE__L(uniforms)(w), block, row, n, dims, out, ld);
        block += skip_blocks;
        VU over = (VU)(block >= whole);
        block -= over & whole;
        row += skip_rows - over;
    }
}

static void VAE__L(uniform)(const struct vae__noise *noise, size_t first_row, size_t rows,
                            size_t dims, float *out, size_t ld)
{
    VAE__L(fill)(noise, first_row, rows, dims, out, ld, 0);
}

static void VAE__L(normal)(const struct vae__noise *noise, size_t first_row, size_t rows,
                           size_t dims, float *out, size_t ld)
{
    VAE__L(fill)(noise, first_row, rows, dims, out, ld, 1);
}

#endif

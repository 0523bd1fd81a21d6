/* SPDX-License-Identifier: MIT */
#ifndef VAE__LEVEL
#include "math/block.h"

#include <string.h>

void vae__clear_columns(size_t rows, size_t from, size_t ld, float *m)
{
    for (; from < ld && rows > 0; rows--, m += ld) memset(m + from, 0, (ld - from) * sizeof *m);
}

#define VAE__SELF "math/block.c"
#include "math/each_level.h"

const vae__magnitude_fn vae__magnitude[VAE__LEVEL_COUNT] = VAE__LEVEL_TABLE(magnitude);
const vae__square_sum_fn vae__square_sum[VAE__LEVEL_COUNT] = VAE__LEVEL_TABLE(square_sum);
const vae__from_uint8_fn vae__from_uint8[VAE__LEVEL_COUNT] = VAE__LEVEL_TABLE(from_uint8);
const vae__from_float_fn vae__from_float[VAE__LEVEL_COUNT] = VAE__LEVEL_TABLE(from_float);
const vae__outside_fn vae__outside[VAE__LEVEL_COUNT] = VAE__LEVEL_TABLE(outside);
const vae__binarize_fn vae__binarize[VAE__LEVEL_COUNT] = VAE__LEVEL_TABLE(binarize);

#else

/* Two accumulators of each kind: a loop waits for loads, not for the sum before. */
static uint32_t VAE__L(magnitude)(size_t n, const float *v)
{
    VI a = vi_set(0), b = vi_set(0);
    size_t i = 0;
    for (; i + 2 * VF_N <= n; i += 2 * VF_N) {
        a = vf_magnitude(a, vf_load(v + i));
        b = vf_magnitude(b, vf_load(v + i + VF_N));
    }
    for (; i + VF_N <= n; i += VF_N) a = vf_magnitude(a, vf_load(v + i));
    if (i < n) a = vf_magnitude(a, vf_load_n(v + i, n - i));
    return vi_reduce_max(vi_max(a, b));
}

static double VAE__L(square_sum)(size_t n, const float *v)
{
    VDS a = vds_zero(), b = vds_zero();
    size_t i = 0;
    for (; i + 2 * VF_N <= n; i += 2 * VF_N) {
        a = vds_add_square(a, vf_load(v + i));
        b = vds_add_square(b, vf_load(v + i + VF_N));
    }
    for (; i + VF_N <= n; i += VF_N) a = vds_add_square(a, vf_load(v + i));
    if (i < n) b = vds_add_square(b, vf_load_n(v + i, n - i));
    return vds_total(a) + vds_total(b);
}

static int VAE__L(outside)(size_t n, const float *v, float least, float most)
{
    const VF zero = vf_set(0.0f), one = vf_set(1.0f), low = vf_set(least), high = vf_set(most);
    VI found = vi_set(0);
    for (size_t i = 0; i < n; i += VF_N) {
        VF x = n - i < VF_N ? vf_load_n(v + i, n - i) : vf_load(v + i);
        VF out = vf_lt(x, low, one, vf_lt(high, x, one, zero));
        found = vi_max(found, vf_bits(n - i < VF_N ? vf_first(out, n - i) : out));
    }
    return vi_reduce_max(found) != 0;
}

static uint32_t VAE__L(from_uint8)(size_t n, const uint8_t *k, float scale, float *out)
{
    VI m = vi_set(0);
    VF divisor = vf_set(scale);
    size_t i = 0;
    for (; i + VF_N <= n; i += VF_N) {
        VF x = vi_to_vf(vi_load_u8(k + i)) / divisor;
        m = vf_magnitude(m, x);
        vf_store(out + i, x);
    }
    if (i < n) {
        uint8_t rest[VF_N] = {0};
        memcpy(rest, k + i, n - i);
        VF x = vi_to_vf(vi_load_u8(rest)) / divisor;
        m = vf_magnitude(m, vf_first(x, n - i));
        vf_store_n(out + i, x, n - i);
    }
    return vi_reduce_max(m);
}

static uint32_t VAE__L(from_float)(size_t n, const float *x, float *out)
{
    VI m = vi_set(0);
    size_t i = 0;
    for (; i + VF_N <= n; i += VF_N) {
        VF v = vf_load(x + i);
        m = vf_magnitude(m, v);
        vf_store(out + i, v);
    }
    if (i < n) {
        VF v = vf_load_n(x + i, n - i);
        m = vf_magnitude(m, v);
        vf_store_n(out + i, v, n - i);
    }
    return vi_reduce_max(m);
}

static void VAE__L(binarize)(size_t n, const float *u, float *x)
{
    VF one = vf_set(1.0f), zero = vf_set(0.0f);
    size_t i = 0;
    for (; i + VF_N <= n; i += VF_N)
        vf_store(x + i, vf_lt(vf_load(u + i), vf_load(x + i), one, zero));
    if (i < n)
        vf_store_n(x + i, vf_lt(vf_load_n(u + i, n - i), vf_load_n(x + i, n - i), one, zero),
                   n - i);
}

#endif

/* SPDX-License-Identifier: MIT */
/* Vectors along a row of any length, for kernels (math/each_level.h): `left` numbers are left of it
 * from here on, and only the first VF_N of them, or all if they are fewer, are touched. Beyond the
 * end lanes read 0 and count for nothing. */
#ifndef VAE_DISTRIBUTION_ROW_H
#define VAE_DISTRIBUTION_ROW_H

#define row_load VAE__L(row_load)
#define row_store VAE__L(row_store)
#define row_sum VAE__L(row_sum)
#define row_magnitude VAE__L(row_magnitude)
#define row_clamp VAE__L(row_clamp)
#define row_clamp_slope VAE__L(row_clamp_slope)

#endif

VAE__INLINE VF row_load(const float *p, size_t left)
{
    return left < VF_N ? vf_load_n(p, left) : vf_load(p);
}

VAE__INLINE void row_store(float *p, VF v, size_t left)
{
    if (left < VF_N)
        vf_store_n(p, v, left);
    else
        vf_store(p, v);
}

VAE__INLINE VDS row_sum(VDS sum, VF v, size_t left)
{
    return left < VF_N ? vds_add_n(sum, v, left) : vds_add(sum, v);
}

VAE__INLINE VI row_magnitude(VI magnitude, VF v, size_t left)
{
    return vf_magnitude(magnitude, left < VF_N ? vf_first(v, left) : v);
}

/* A log-variance held to [low, high]; NaN stays NaN. */
VAE__INLINE VF row_clamp(VF raw, VF low, VF high)
{
    return vf_min(high, vf_max(low, raw));
}

/* The slope in the raw log-variance: at or outside a limit it passes only where a descent step,
 * against it, leads back in. */
VAE__INLINE VF row_clamp_slope(VF raw, VF low, VF high, VF slope)
{
    const VF zero = vf_set(0.0f);

    slope = vf_le(high, raw, vf_le(slope, zero, zero, slope), slope);
    return vf_le(raw, low, vf_le(zero, slope, zero, slope), slope);
}

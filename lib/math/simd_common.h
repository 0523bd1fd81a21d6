/* SPDX-License-Identifier: MIT */
/* The words that are the same at every level, from the operators of GCC's vector extension. Part of
 * simd_*.h. */

VAE__INLINE VF vf_load(const float *p)
{
    VF v;
    memcpy(&v, p, sizeof v);
    return v;
}

VAE__INLINE void vf_store(float *p, VF v)
{
    memcpy(p, &v, sizeof v);
}

VAE__INLINE void vi_store(int32_t *p, VI k)
{
    memcpy(p, &k, sizeof k);
}

VAE__INLINE VI vf_bits(VF a)
{
    return (VI)a;
}

VAE__INLINE VF vi_float(VI k)
{
    return (VF)k;
}

VAE__INLINE VF vf_abs(VF a)
{
    return (VF)((VI)a & vi_set(INT32_MAX));
}

VAE__INLINE VF vf_copysign(VF magnitude, VF sign)
{
    return (VF)(((VI)magnitude & vi_set(INT32_MAX)) | ((VI)sign & vi_set(INT32_MIN)));
}

/* To the nearest integer, halves to even, |a| < 2^22: floats past 2^23 are integers. */
VAE__INLINE VF vf_round(VF a)
{
    VF magic = vf_set(12582912.0f);
    return (a + magic) - magic;
}

VAE__INLINE VI vf_magnitude(VI m, VF v)
{
    return vi_max(m, (VI)v & vi_set(INT32_MAX));
}

/* The largest lane, none being negative; math/reduce.c. */
uint32_t vi_reduce_max(VI k);

VAE__INLINE VDS vds_add_n(VDS s, VF v, size_t n)
{
    return vds_add(s, vf_first(v, n));
}

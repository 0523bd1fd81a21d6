/* SPDX-License-Identifier: MIT */
/* What every activation's two kernels are, given its formulas of one vector:
 *     VAE__L(value)(z, args)   f(z)
 *     VAE__L(slope)(v, args)   f'(z) from v: z where the kind needs_z, else y = f(z)
 * args holds the values of the kind's own options, in the order of its list. */

static uint32_t VAE__L(forward)(size_t n, const float *z, float *y, const double *args)
{
    VI magnitude = vi_set(0);
    for (size_t i = 0; i < n; i += VF_N) {
        VF v = VAE__L(value)(vf_load(z + i), args);
        magnitude = vf_magnitude(magnitude, v);
        vf_store(y + i, v);
    }
    return vi_reduce_max(magnitude);
}

static uint32_t VAE__L(backward)(size_t n, const float *z, const float *y, float *d,
                                 const double *args)
{
    const float *from = z != NULL ? z : y;
    VI magnitude = vi_set(0);
    for (size_t i = 0; i < n; i += VF_N) {
        VF v = vf_load(d + i) * VAE__L(slope)(vf_load(from + i), args);
        magnitude = vf_magnitude(magnitude, v);
        vf_store(d + i, v);
    }
    return vi_reduce_max(magnitude);
}

/* SPDX-License-Identifier: MIT */
/* exp and its kin over vectors: at most 4 units in the last place over the whole range (most at
 * most 2, see tests/unit/test_vmath.c). A NaN stays NaN; results below the normal range may be 0
 * and arguments below it may be taken for 0. Included by kernels, once a level (math/each_level.h).
 *
 * Polynomials are minimax fits (Remez) of the remainder named beside them, in the relative error of
 * the whole function. */
#ifndef VAE__VMATH
#define VAE__VMATH

/* x = n ln 2 + r, |r| <= ln 2 / 2. 1.5 2^23 added to x / ln 2 leaves n in the low bits; ln 2 has
 * two parts, the first short, so that n times it is exact. Answers r and n << 23. */
VAE__INLINE VF VAE__L(vm_reduce)(VF x, VI *n)
{
    VF magic = vf_set(12582912.0f);
    VF shifted = vf_fma(x, vf_set(1.44269502f), magic);
    VF whole = shifted - magic;
    *n = (VI)((VU)shifted << 23);
    return vf_fnma(whole, vf_set(-2.12194442e-4f), vf_fnma(whole, vf_set(0.693359375f), x));
}

/* exp(r) = 1 + r + r^2 P(r), error 2^-27.8; 2^n goes into the exponent. |x| < 87. */
VAE__INLINE VF VAE__L(vm_exp_within)(VF x)
{
    VI n;
    VF r = VAE__L(vm_reduce)(x, &n);
    VF p = vf_set(0.00138143206f);
    p = vf_fma(p, r, vf_set(0.00836885069f));
    p = vf_fma(p, r, vf_set(0.0416684002f));
    p = vf_fma(p, r, vf_set(0.166665196f));
    p = vf_fma(p, r, vf_set(0.49999994f));
    p = vf_fma(r * r, p, r) + vf_set(1.0f);
    return (VF)((VU)p + (VU)n);
}

VAE__INLINE VF vm_exp(VF x)
{
    VF y = VAE__L(vm_exp_within)(x);
    y = vf_lt(x, vf_set(88.7228394f), y, x * vf_set(INFINITY));
    return vf_lt(x, vf_set(-87.3365479f), vf_set(0.0f), y);
}

/* 2^n expm1(r) + (2^n - 1), expm1(r) = r + r^2 P(r), error 2^-28.7. Half of 2^n is used, so that
 * n = 128 does not overflow; small x is its own result, since half of it may be flushed to 0. */
VAE__INLINE VF vm_expm1(VF x)
{
    VI n;
    VF above = vf_max(vf_set(-18.0f), x); /* -1 below */
    VF r = VAE__L(vm_reduce)(above, &n);
    VF p = vf_set(0.000198458947f);
    p = vf_fma(p, r, vf_set(0.00139408233f));
    p = vf_fma(p, r, vf_set(0.00833338965f));
    p = vf_fma(p, r, vf_set(0.0416663587f));
    p = vf_fma(p, r, vf_set(0.166666657f));
    p = vf_fma(p, r, vf_set(0.5f));
    p = vf_fma(r * r, p, r);
    VF half = (VF)((VU)n + (VU)vf_set(0.5f));
    VF y = vf_fma(half, p, half - vf_set(0.5f));
    y = vf_lt(x, vf_set(88.7228394f), y + y, x * vf_set(INFINITY));
    return vf_lt(vf_abs(x), vf_set(0x1p-26f), x, y);
}

/* log(1 + f) = f - f^2/2 + f^3 Q(f) on [sqrt(1/2) - 1, sqrt(2) - 1], error 2^-28.1, plus e ln 2. */
VAE__INLINE VF VAE__L(vm_log_sum)(VF f, VF e)
{
    VF q = vf_set(0.0674664229f), f2 = f * f;
    q = vf_fma(q, f, vf_set(-0.116760537f));
    q = vf_fma(q, f, vf_set(0.118883766f));
    q = vf_fma(q, f, vf_set(-0.12405543f));
    q = vf_fma(q, f, vf_set(0.142195195f));
    q = vf_fma(q, f, vf_set(-0.166679963f));
    q = vf_fma(q, f, vf_set(0.200021207f));
    q = vf_fma(q, f, vf_set(-0.250000089f));
    q = vf_fma(q, f, vf_set(0.333333135f));
    VF low = vf_fma(e, vf_set(-2.12194442e-4f), f2 * vf_fma(f, q, vf_set(-0.5f)));
    return vf_fma(e, vf_set(0.693359375f), f + low);
}

/* x = 2^e m with m in [sqrt(1/2), sqrt(2)): e << 23, for normal x. */
VAE__INLINE VI VAE__L(vm_exponent)(VF x)
{
    return (VI)(((VU)x - vu_set(0x3f3504f3u)) & vu_set(0xff800000u));
}

VAE__INLINE VF vm_log(VF x)
{
    VI e = VAE__L(vm_exponent)(x);
    VF m = (VF)((VU)x - (VU)e);
    VF y = VAE__L(vm_log_sum)(m - vf_set(1.0f), vi_to_vf(e) * vf_set(0x1p-23f));
    y = vf_lt(x, vf_set(INFINITY), y, x); /* infinity and NaN are their own logarithms */
    return vf_le(vf_set(0x1p-126f), x, y,
                 vf_lt(x, vf_set(0.0f), vf_set(NAN), x * vf_set(0.0f) + vf_set(-INFINITY)));
}

/* As log of u = 1 + x rounded, with the rounding error added back to m - 1 in m's scale. */
VAE__INLINE VF vm_log1p(VF x)
{
    VF one = vf_set(1.0f), u = one + x, v = u - one;
    VF lost = (x - v) + (one - (u - v));
    VI e = VAE__L(vm_exponent)(u);
    VF scale = (VF)vi_max((VI)(vu_set(0x3f800000u) - (VU)e), vi_set(0));
    VF f = vf_fma(lost, scale, (VF)((VU)u - (VU)e) - one);
    VF y = VAE__L(vm_log_sum)(f, vi_to_vf(e) * vf_set(0x1p-23f));
    y = vf_lt(x, vf_set(INFINITY), y, x);
    return vf_lt(vf_set(-1.0f), x, y, vf_eq(x, vf_set(-1.0f), vf_set(-INFINITY), vf_set(NAN)));
}

/* -e / (2 + e), e = expm1(-2 |x|); 1 from |x| = 9.02. */
VAE__INLINE VF vm_tanh(VF x)
{
    VF e = vm_expm1(vf_set(-2.0f) * vf_abs(x));
    return vf_copysign(e / (vf_set(2.0f) + e), x);
}

VAE__INLINE VF vm_sigmoid(VF x)
{
    return vf_set(1.0f) / (vf_set(1.0f) + vm_exp(vf_set(0.0f) - x));
}

/* max(x, 0) + log(1 + t), t = exp(-|x|) <= 1: log(1 + t) = t + t^2 Q(t), error 2^-27.1. */
VAE__INLINE VF vm_softplus(VF x)
{
    VF t = vm_exp(vf_set(0.0f) - vf_abs(x));
    VF q = vf_set(0.00227546971f);
    q = vf_fma(q, t, vf_set(-0.0146772722f));
    q = vf_fma(q, t, vf_set(0.0442869589f));
    q = vf_fma(q, t, vf_set(-0.0859038681f));
    q = vf_fma(q, t, vf_set(0.126784444f));
    q = vf_fma(q, t, vf_set(-0.162278309f));
    q = vf_fma(q, t, vf_set(0.19926165f));
    q = vf_fma(q, t, vf_set(-0.249932796f));
    q = vf_fma(q, t, vf_set(0.333330899f));
    q = vf_fma(q, t, vf_set(-0.5f));
    return vf_max(vf_set(0.0f), x) + vf_fma(t * t, q, t);
}

/* Below 1: x (1 + P(x^2)), error 2^-27.7. From 1: 1 - exp(Q(|x|)), Q for log erfc, error 2^-27 of
 * erf; 1 from 3.925. */
VAE__INLINE VF vm_erf(VF x)
{
    VF a = vf_min(vf_set(3.925f), vf_abs(x)), t = a * a;
    VF p = vf_set(7.85386073e-05f), q = vf_set(0.000186378951f);
    p = vf_fma(p, t, vf_set(-0.000801019371f));
    q = vf_fma(q, a, vf_set(-0.00294765597f));
    p = vf_fma(p, t, vf_set(0.00518832775f));
    q = vf_fma(q, a, vf_set(0.0218380559f));
    p = vf_fma(p, t, vf_set(-0.026853811f));
    q = vf_fma(q, a, vf_set(-0.103106737f));
    p = vf_fma(p, t, vf_set(0.112835854f));
    q = vf_fma(q, a, vf_set(-0.638144851f));
    p = vf_fma(p, t, vf_set(-0.37612626f));
    q = vf_fma(q, a, vf_set(-1.12708914f));
    p = vf_fma(p, t, vf_set(0.128379166f));
    q = vf_fma(q, a, vf_set(-0.000341525942f));
    VF near = a * (vf_set(1.0f) + p);
    VF far = vf_set(1.0f) - VAE__L(vm_exp_within)(q);
    return vf_copysign(vf_le(vf_set(1.0f), a, far, near), x);
}

#endif

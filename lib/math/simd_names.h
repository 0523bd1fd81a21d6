/* SPDX-License-Identifier: MIT */
/* The vocabulary of vector kernels: each word is its level's own type or function. */
#ifndef VAE_MATH_SIMD_NAMES_H
#define VAE_MATH_SIMD_NAMES_H

#define VF VAE__L(vae__vf)
#define VI VAE__L(vae__vi)
#define VU VAE__L(vae__vu)
#define VD2 VAE__L(vae__vd2)
#define VDS VAE__L(vae__vds)

#define vf_set VAE__L(vf_set)
#define vf_load VAE__L(vf_load)
#define vf_load_n VAE__L(vf_load_n)
#define vf_store VAE__L(vf_store)
#define vf_store_n VAE__L(vf_store_n)
#define vf_store_4 VAE__L(vf_store_4)
#define vf_fma VAE__L(vf_fma)
#define vf_fnma VAE__L(vf_fnma)
#define vf_max VAE__L(vf_max)
#define vf_min VAE__L(vf_min)
#define vf_abs VAE__L(vf_abs)
#define vf_sqrt VAE__L(vf_sqrt)
#define vf_round VAE__L(vf_round)
#define vf_lt VAE__L(vf_lt)
#define vf_le VAE__L(vf_le)
#define vf_eq VAE__L(vf_eq)
#define vf_to_vi VAE__L(vf_to_vi)
#define vf_bits VAE__L(vf_bits)
#define vf_magnitude VAE__L(vf_magnitude)
#define vf_copysign VAE__L(vf_copysign)
#define vf_first VAE__L(vf_first)

#define vi_set VAE__L(vi_set)
#define vi_iota VAE__L(vi_iota)
#define vi_load_u8 VAE__L(vi_load_u8)
#define vi_store VAE__L(vi_store)
#define vi_to_vf VAE__L(vi_to_vf)
#define vi_float VAE__L(vi_float)
#define vi_max VAE__L(vi_max)
#define vi_reduce_max VAE__L(vae__reduce_max)

#define vu_set VAE__L(vu_set)
#define vu_mul VAE__L(vu_mul)

#define vds_zero VAE__L(vds_zero)
#define vds_add VAE__L(vds_add)
#define vds_add_square VAE__L(vds_add_square)
#define vds_add_n VAE__L(vds_add_n)
#define vds_total VAE__L(vds_total)

#define vm_exp VAE__L(vm_exp)
#define vm_expm1 VAE__L(vm_expm1)
#define vm_log VAE__L(vm_log)
#define vm_log1p VAE__L(vm_log1p)
#define vm_tanh VAE__L(vm_tanh)
#define vm_sigmoid VAE__L(vm_sigmoid)
#define vm_erf VAE__L(vm_erf)
#define vm_softplus VAE__L(vm_softplus)

#endif

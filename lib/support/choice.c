/* SPDX-License-Identifier: MIT */
/* Which kernels compute under a context: families of kinds, so that they are listed like all
 * others. */
#include "math/gemm.h"
#include "math/level.h"
#include "support/context.h"
#include "support/status.h"

#include <stdio.h>
#include <string.h>

static const struct vae__kind gemm_auto = {
    .name = "auto", .describe = "builtin on AVX2 and AVX-512 machines, blas elsewhere"};
static const struct vae__kind gemm_builtin = {
    .name = "builtin", .describe = "libvae's own kernel: a batch equals its rows to the bit"};
static const struct vae__kind gemm_blas = {
    .name = "blas", .describe = "the CBLAS libvae is linked to, held at one thread a caller"};
static const void *const gemms[] = {&gemm_auto, &gemm_builtin, &gemm_blas, NULL};
const struct vae__family vae__gemms = {.name = "gemm", .table = gemms};

static const struct vae__kind simd_auto = {.name = "auto", .describe = "the best this machine has"};
static const struct vae__kind simd_baseline = {
    .name = "baseline", .describe = "what every machine of the architecture has"};
static const struct vae__kind simd_avx2 = {.name = "avx2", .describe = "AVX2 and FMA"};
static const struct vae__kind simd_avx512 = {.name = "avx512", .describe = "AVX-512 F, DQ, BW, VL"};
static const void *const simds[] = {&simd_auto, &simd_baseline, &simd_avx2, &simd_avx512, NULL};
const struct vae__family vae__simds = {.name = "simd", .table = simds};

int vae__context_level(const vae_context *context)
{
    if (!context || context->simd == &simd_auto) return (int)vae__level_best();
    int level = VAE__LEVEL_COUNT - 1;
    while (level > 0 && simds[level + 1] != context->simd) level--;
    return level;
}

int vae__context_blas(const vae_context *context)
{
    if (!context || context->gemm == &gemm_auto)
        return vae__context_level(context) == 0 && vae__gemm_has_blas();
    return context->gemm == &gemm_blas;
}

const char *vae__context_kernels(const vae_context *context)
{
    static const char *const names[][2] = {{"baseline builtin", "baseline blas"},
                                           {"avx2 builtin", "avx2 blas"},
                                           {"avx512 builtin", "avx512 blas"}};
    return names[vae__context_level(context)][vae__context_blas(context) != 0];
}

static const char *refuse_gemm(const struct vae__kind *kind)
{
    return kind == &gemm_blas && !vae__gemm_has_blas() ? "this libvae was built without BLAS"
                                                       : NULL;
}

static const char *refuse_simd(const struct vae__kind *kind)
{
    for (size_t level = 0; simds[level + 1]; level++)
        if (simds[level + 1] == kind && (level >= VAE__LEVEL_COUNT || !vae__level_supported(level)))
            return "this machine does not have it";
    return NULL;
}

static const struct choice {
    const char *option;
    const struct vae__family *family;
    size_t member; /* of vae_context: a const struct vae__kind * */
    const char *(*refuse)(const struct vae__kind *kind);
} choices[] = {
    {"gemm", &vae__gemms, offsetof(vae_context, gemm), refuse_gemm},
    {"simd", &vae__simds, offsetof(vae_context, simd), refuse_simd},
};

static vae_status find_choice(const char *who, const char *option, const struct choice **choice)
{
    char known[64] = "";
    for (size_t i = 0, used = 0; i < sizeof choices / sizeof choices[0]; i++) {
        *choice = &choices[i];
        if (strcmp(choices[i].option, option) == 0) return VAE_OK;
        used += (size_t)snprintf(known + used, sizeof known - used, " %s", choices[i].option);
    }
    return vae__fail(VAE_EUNKNOWN, "%s: unknown option \"%.64s\"; known:%s", who, option, known);
}

vae_status vae_context_set_text(vae_context *context, const char *option, const char *value)
{
    VAE__NEED(context);
    VAE__NEED(option);
    VAE__NEED(value);
    const struct choice *choice;
    VAE__TRY(find_choice(__func__, option, &choice));
    const struct vae__kind *kind = vae__family_find(choice->family, value);
    if (!kind) return vae__fail_kind(__func__, choice->family, value);
    const char *refusal = choice->refuse(kind);
    if (refusal) return VAE__FAIL(VAE_EINVAL, "%s %s: %s", option, value, refusal);
    memcpy((char *)context + choice->member, &kind, sizeof kind);
    return VAE_OK;
}

vae_status vae_context_get_text(const vae_context *context, const char *option, const char **value)
{
    VAE__NEED(context);
    VAE__NEED(option);
    VAE__NEED(value);
    const struct choice *choice;
    const struct vae__kind *kind;
    VAE__TRY(find_choice(__func__, option, &choice));
    memcpy(&kind, (const char *)context + choice->member, sizeof kind);
    *value = kind->name;
    return VAE_OK;
}

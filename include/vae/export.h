/* SPDX-License-Identifier: MIT */
/* How the library's symbols are declared: C linkage, default visibility. */
#ifndef VAE_EXPORT_H
#define VAE_EXPORT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define VAE_BEGIN_DECLS extern "C" {
#define VAE_END_DECLS }
#else
#define VAE_BEGIN_DECLS
#define VAE_END_DECLS
#endif

#if defined(__GNUC__) || defined(__clang__)
#define VAE_API __attribute__((visibility("default")))
#define VAE_NODISCARD __attribute__((warn_unused_result))
#else
#define VAE_API
#define VAE_NODISCARD
#endif

#endif

/* SPDX-License-Identifier: MIT */
/* For readers of code that see one file at a time: what fails answers less than 0. */
static inline int assume_failed(int status)
{
    if (status >= 0) __builtin_unreachable();
    return status;
}

#if __has_include("support/status.h")
#include "support/kind.h"
#include "support/status.h"

#define vae__fail(...) assume_failed(vae__fail(__VA_ARGS__))
#define vae__fail_in(...) assume_failed(vae__fail_in(__VA_ARGS__))
#define vae__fail_kind(...) assume_failed(vae__fail_kind(__VA_ARGS__))
#define vae__fail_memory(...) assume_failed(vae__fail_memory(__VA_ARGS__))
#else
#include "../../examples/support/report.h"

#define failed(...) assume_failed(failed(__VA_ARGS__))
#define failed_vae(...) assume_failed(failed_vae(__VA_ARGS__))
#define failed_system(...) assume_failed(failed_system(__VA_ARGS__))
#endif

/* SPDX-License-Identifier: MIT */
/* How errors travel: a code up the stack, a sentence beside it. */
#ifndef VAE_SUPPORT_STATUS_H
#define VAE_SUPPORT_STATUS_H

#include <vae/status.h>

#define VAE__SENTENCE 1024 /* bytes; a name in one is cut to 64, a path to about 300 */

/* Writes this thread's sentence and answers `code`. Failing is rare: compilers keep it apart. The
 * arguments may be parts of the sentence before. Text may come from anywhere: what is not UTF-8,
 * controls, and what hides or turns the text around it are shown as '?'. */
vae_status vae__fail(vae_status code, const char *format, ...)
    __attribute__((format(printf, 2, 3), cold));

/* For public functions: the sentence begins with the function's name. */
#define VAE__FAIL(code, ...) vae__fail_in(code, __func__, __VA_ARGS__)
vae_status vae__fail_in(vae_status code, const char *who, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));

/* The sentences that many functions have: memory ran out, an argument is NULL. */
vae_status vae__fail_memory(const char *who, size_t bytes) __attribute__((cold));
vae_status vae__fail_null(const char *who, const char *what) __attribute__((cold));

/* Returns from the enclosing function with the first failure. */
#define VAE__TRY(call)                                                                             \
    do {                                                                                           \
        vae_status vae__tried = (call);                                                            \
        if (vae__tried != VAE_OK) return vae__tried;                                               \
    } while (0)

/* Refuses a NULL argument in a public function. */
#define VAE__NEED(argument)                                                                        \
    do {                                                                                           \
        if ((argument) == NULL) return vae__fail_null(__func__, #argument);                        \
    } while (0)

#endif

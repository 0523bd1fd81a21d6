/* SPDX-License-Identifier: MIT */
/* What a call answers when it fails: a code to branch on and a sentence to show. */
#ifndef VAE_STATUS_H
#define VAE_STATUS_H

#include <vae/export.h>

VAE_BEGIN_DECLS

/* A code of the list below; 0 is success and every error is negative. The values never change and
 * later releases may add to them, so treat an unlisted negative value as an error too. */
typedef int vae_status;

#define VAE_OK 0            /* done */
#define VAE_EINVAL (-1)     /* an argument is NULL, out of range or contradicts another */
#define VAE_ENOMEM (-2)     /* memory ran out; nothing was changed */
#define VAE_EIO (-3)        /* a file or a read or write callback failed */
#define VAE_EFORMAT (-4)    /* the bytes read are not a file of the kind asked for */
#define VAE_EUNKNOWN (-5)   /* no kind, option, result or tensor has this name */
#define VAE_ESHAPE (-6)     /* shapes do not fit: rows, widths, tensors */
#define VAE_ENONFINITE (-7) /* data, loss or gradient holds NaN or infinity; no weight moved */
#define VAE_ESTATE (-8)     /* the object is not in a state that allows this call */
#define VAE_ECALLBACK (-9)  /* a callback of the caller answered other than 0 */
#define VAE_EDATA (-10)     /* a checkpoint is being resumed on other data than it was trained on */
#define VAE_ETHREAD (-11)   /* a thread could not be started */

/* A code's name, for example "VAE_EINVAL"; "unknown status" for a code this library never answers.
 * Static; never NULL. Thread-safety: any thread. */
VAE_API const char *vae_status_name(vae_status status);

/* The sentence that belongs to this thread's latest failed call: it names the function, the value
 * and the limit. "" before the first failure; successful calls leave it as it is. Valid until the
 * thread's next failing call. Never NULL. Thread-safety: each thread has its own. */
VAE_API const char *vae_last_error(void);

VAE_END_DECLS

#endif

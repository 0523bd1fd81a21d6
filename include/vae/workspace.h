/* SPDX-License-Identifier: MIT */
/* The memory and the threads a computing call uses, made once so that no call allocates (but
 * vae_evaluate on a callback's rows, once). */
#ifndef VAE_WORKSPACE_H
#define VAE_WORKSPACE_H

#include <vae/model.h>

VAE_BEGIN_DECLS

/* Thread-safety: one call at a time may use a workspace; give each thread its own. It may outlive
 * any change of its model's weights (a training step, a load of weights) but not the model; calls
 * that take both answer VAE_EINVAL when the model is another than the workspace was made for.
 * After a fork the child may go on with it, unless another thread was in a call with it: it
 * computes on the calling thread alone, with the same bits. With BLAS a fork waits until no other
 * thread multiplies, so that the child finds the BLAS free: a host whose own fork handlers take a
 * lock under which it computes registers them after its first workspace on the BLAS. */
typedef struct vae_workspace vae_workspace;

/* Makes one block of memory and starts the threads.
 *   purpose   "inference" (encode, decode, sample, score, loss) or "gradient" (all of these and
 *             vae_loss_gradient; several times the memory)
 *   max_rows  the largest batch of a gradient, and how many rows are worked on at once otherwise;
 *             1 to 1048576
 *   samples   the most noise samples per row, L >= 1, of a gradient; 1 to 65536
 *   threads   1 to 64; 0: one for each CPU this process may use. The bits do not depend on it.
 * Errors: VAE_EINVAL, VAE_EUNKNOWN (purpose), VAE_ENOMEM, VAE_ETHREAD; `*out` is then NULL. */
VAE_API vae_status vae_workspace_new(vae_workspace **out, const vae_model *model,
                                     const char *purpose, size_t max_rows, size_t samples,
                                     size_t threads) VAE_NODISCARD;

/* Ends the threads. NULL is fine. */
VAE_API void vae_workspace_free(vae_workspace *workspace);

/* Bytes of its buffers, and threads it uses (the caller's included); 0 for NULL. */
VAE_API size_t vae_workspace_bytes(const vae_workspace *workspace);
VAE_API size_t vae_workspace_threads(const vae_workspace *workspace);

/* The kernels it computes with, for example "avx512 builtin"; NULL for NULL. Static. */
VAE_API const char *vae_workspace_kernels(const vae_workspace *workspace);

VAE_END_DECLS

#endif

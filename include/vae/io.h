/* SPDX-License-Identifier: MIT */
/* Models as safetensors files: to and from a path, memory, or the caller's own callbacks.
 *
 * Tensors have PyTorch's names and shapes, so the files open in Python's safetensors as they are,
 * and the whole configuration is in the file's __metadata__. docs/formats.md has the layout. */
#ifndef VAE_IO_H
#define VAE_IO_H

#include <vae/model.h>

VAE_BEGIN_DECLS

/* Takes `bytes` bytes; 0 when all were taken, anything else is an error (VAE_EIO). Called in order,
 * on the caller's thread. It may read the model that is written, but not change or free it. */
typedef int (*vae_write_fn)(void *user, const void *data, size_t bytes);

/* Fills at most `bytes` bytes and sets `*got` to how many; `*got` = 0 is the end. 0 on success,
 * anything else is an error (VAE_EIO). On the caller's thread. */
typedef int (*vae_read_fn)(void *user, void *data, size_t bytes, size_t *got);

/* The name a tensor has in a foreign file, given the name it has here; NULL leaves it as it is. The
 * text must stay valid until the next call. */
typedef const char *(*vae_rename_fn)(void *user, const char *tensor);

/* Saves weights and configuration. A path is replaced at once and as a whole: whatever fails, the
 * old file is intact (temporary file in the same directory, fsync, rename; should only the last
 * fsync of the directory fail, the new file is in place and the sentence says so). Memory: with
 * `memory` NULL only `*bytes` is set to the size needed; otherwise at most `capacity` bytes are
 * written.
 * Errors: VAE_EINVAL (NULL, an empty path, capacity too small), VAE_EIO, VAE_ENOMEM,
 * VAE_ENONFINITE (a weight is NaN or infinite: what could not be loaded again replaces nothing).
 * Thread-safety: the model is only read. */
VAE_API vae_status vae_model_save(const vae_model *model, const char *path) VAE_NODISCARD;
VAE_API vae_status vae_model_save_memory(const vae_model *model, void *memory, size_t capacity,
                                         size_t *bytes) VAE_NODISCARD;
VAE_API vae_status vae_model_write(const vae_model *model, vae_write_fn write,
                                   void *user) VAE_NODISCARD;

/* Builds a model from a file that libvae wrote (a checkpoint serves too: its train.* tensors are
 * passed over). F64, F16 and BF16 tensors are converted. Any file is safe to open: a hostile one
 * answers VAE_EFORMAT.
 * Errors: VAE_EINVAL (NULL, an empty path), VAE_EIO (cannot be read), VAE_EFORMAT (no safetensors
 * file, no libvae configuration, tensors that contradict it), VAE_EUNKNOWN (a kind of a later
 * version: the sentence names the version that wrote the file), VAE_ENONFINITE (a weight is NaN or
 * infinite), VAE_ENOMEM; `*out` is then NULL. What the header alone can tell is told before the
 * data are read. */
VAE_API vae_status vae_model_load(vae_model **out, vae_context *context,
                                  const char *path) VAE_NODISCARD;
VAE_API vae_status vae_model_load_memory(vae_model **out, vae_context *context, const void *memory,
                                         size_t bytes) VAE_NODISCARD;
VAE_API vae_status vae_model_read(vae_model **out, vae_context *context, vae_read_fn read,
                                  void *user) VAE_NODISCARD;

/* Fills an existing model from any safetensors file that holds tensors of its shapes, as PyTorch
 * writes a state_dict; no __metadata__ is needed. `rename` may be NULL. Tensors the model does not
 * have are passed over. On failure the model is as it was.
 * Errors: as vae_model_load, and VAE_EUNKNOWN (a tensor is missing), VAE_ESHAPE (a tensor has
 * another shape), VAE_ESTATE (as vae_model_parameters_begin). */
VAE_API vae_status vae_model_load_weights(vae_model *model, const char *path, vae_rename_fn rename,
                                          void *user) VAE_NODISCARD;
VAE_API vae_status vae_model_load_weights_memory(vae_model *model, const void *memory, size_t bytes,
                                                 vae_rename_fn rename, void *user) VAE_NODISCARD;

VAE_END_DECLS

#endif

/* SPDX-License-Identifier: MIT */
/* The JSON header of a safetensors file, checked. */
#ifndef VAE_IO_SAFETENSORS_HEADER_H
#define VAE_IO_SAFETENSORS_HEADER_H

#include "io/safetensors.h"

/* Parses `bytes` bytes of header into the reader's `header` and `tensors`, all but their data, and
 * says how many bytes of data must follow. */
vae_status vae__header_parse(struct vae__reader *reader, const char *text, size_t bytes,
                             size_t *data_bytes);

#endif

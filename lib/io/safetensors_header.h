/* SPDX-License-Identifier: MIT */
/* The JSON header of a safetensors file, checked. */
#ifndef VAE_IO_SAFETENSORS_HEADER_H
#define VAE_IO_SAFETENSORS_HEADER_H

#include "io/safetensors.h"

/* Parses `bytes` bytes of header into the reader's `header`, `tensors`, all but their data, and
 * `data_bytes`. */
vae_status vae__header_parse(struct vae__reader *reader, const char *text, size_t bytes);

#endif

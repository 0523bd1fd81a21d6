/* SPDX-License-Identifier: MIT */
/* A header's text as JSON: what Jansson may be given, and how it loses nothing of it. */
#ifndef VAE_IO_SAFETENSORS_JSON_H
#define VAE_IO_SAFETENSORS_JSON_H

#include "io/safetensors.h"

/* Parses `bytes` bytes of header into the reader's `header`, an object. */
vae_status vae__json_parse(struct vae__reader *reader, const char *text, size_t bytes);

#endif

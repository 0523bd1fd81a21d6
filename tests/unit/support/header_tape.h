/* SPDX-License-Identifier: MIT */
/* A tape that is a safetensors file of any header. */
#ifndef HEADER_TAPE_H
#define HEADER_TAPE_H

#include "io/dtype.h"
#include "support/tape.h"

#include <check.h>

/* A file of a header and that many zero bytes of data. */
static inline tape file_of(const char *header, size_t header_bytes, size_t data_bytes)
{
    tape t = {.n = 8 + header_bytes + data_bytes};
    t.bytes = calloc(t.n + 1, 1);
    ck_assert_ptr_nonnull(t.bytes);
    vae__store_u64(header_bytes, t.bytes);
    memcpy(t.bytes + 8, header, header_bytes);
    return t;
}

#endif

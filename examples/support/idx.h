/* SPDX-License-Identifier: MIT */
/* IDX files, the format of MNIST: a header of big-endian counts, then bytes; gzip'd or not. */
#ifndef EXAMPLES_IDX_H
#define EXAMPLES_IDX_H

#include <stddef.h>
#include <stdint.h>

enum { IDX_RANK = 4 };

typedef struct idx_array {
    uint8_t *bytes;
    size_t rank;
    size_t shape[IDX_RANK]; /* 1 past `rank` */
    size_t size;            /* the product of the shape, at least 1 */
} idx_array;

/* Reads an IDX file of unsigned bytes and `rank` dimensions. Memory grows with what the file really
 * holds, never with what its header claims; more than DATA_LIMIT is refused. -1 with a sentence
 * that says what is wrong when the file cannot be read, is of another kind, or is shorter or longer
 * than its header says; `*out` is then empty. Free with idx_free. */
int idx_read(idx_array *out, const char *path, size_t rank);

void idx_free(idx_array *array);

#endif

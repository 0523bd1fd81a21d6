/* SPDX-License-Identifier: MIT */
/* The files that released versions wrote, and what is in them by the account of another program,
 * tests/golden/make_released.py. */
#ifndef RELEASED_FILES_H
#define RELEASED_FILES_H

#include <jansson.h>
#include <vae/vae.h>

/* One file, and what it holds. */
typedef struct released_file {
    char name[128], path[1024];
    json_t *tensors; /* name: digest of the numbers as float32 */
    json_t *config;  /* option: text */
    const char *end; /* of a checkpoint: the file with what its training ends in */
    int same_bits;   /* the built-in product on the baseline goes on to that release's bits */
} released_file;

/* How many there are. To be called before the tests run, where nothing can be asserted: a test is
 * to ask released_expect_account about each of the releases. */
int released_files(void);
const released_file *released_file_at(int index);

int released_count(void);
void released_expect_account(int release);

/* Fails unless these little-endian bytes are the tensor's. */
void released_expect_digest(const released_file *f, const char *tensor, const unsigned char *bytes,
                            size_t n);

/* A copy of a tensor's n numbers. */
float *released_tensor(const vae_model *model, const char *name, size_t n);

#endif

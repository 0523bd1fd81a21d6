/* SPDX-License-Identifier: MIT */
/* Reads the golden files of tests/golden/data: safetensors with F64 tensors and text metadata; and
 * the bytes of any other. A reader of its own, so that a mistake of the library's cannot hide in
 * both. Every failure fails the test. */
#ifndef GOLDEN_H
#define GOLDEN_H

#include <stddef.h>

typedef struct golden golden;

/* `name` without folder and suffix. */
golden *golden_open(const char *name);
/* A file of any folder; and a file that is in memory, called `name` in sentences. */
golden *golden_open_path(const char *path);
golden *golden_parse(const char *name, const unsigned char *file, size_t bytes);
void golden_close(golden *g);

/* The sorted index-th golden whose name starts with `prefix`, into `name`; 0 past the last. */
int golden_at(const char *prefix, size_t index, char name[64]);
int golden_count(const char *prefix);

/* The metadata's text for a key; golden_key is the index-th key, NULL after the last. */
const char *golden_text(const golden *g, const char *key);
double golden_number(const golden *g, const char *key);
const char *golden_key(const golden *g, size_t index);

/* The tensor's numbers in a copy that the caller frees; `*n` may be NULL. golden_floats answers
 * the same as float. */
int golden_has(const golden *g, const char *tensor);
double *golden_doubles(const golden *g, const char *tensor, size_t *n);
float *golden_floats(const golden *g, const char *tensor, size_t *n);

/* The index-th tensor's name, NULL after the last; and its bytes as they are in the file. */
const char *golden_tensor(const golden *g, size_t index);
const unsigned char *golden_bytes(const golden *g, const char *tensor, size_t *n);

#endif

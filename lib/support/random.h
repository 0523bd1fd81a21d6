/* SPDX-License-Identifier: MIT */
/* Philox4x32-10 (Salmon et al. 2011), the counter-based generator behind all noise.
 *
 * key     = the 64-bit seed
 * counter = (dimension / 4, row within the whole step, step, purpose << 24 | sample)
 * so a number depends on what it is for and where it stands, never on threads or batch splits.
 * Pinned for ever: files and published results depend on it. */
#ifndef VAE_SUPPORT_RANDOM_H
#define VAE_SUPPORT_RANDOM_H

#include <stddef.h>
#include <stdint.h>

enum vae__purpose {
    VAE__PURPOSE_INIT = 1,      /* row: the tensor's number */
    VAE__PURPOSE_EPS = 2,       /* noise of q(z|x) */
    VAE__PURPOSE_PRIOR = 3,     /* noise of p(z) */
    VAE__PURPOSE_OUTPUT = 4,    /* noise of p(x|z) */
    VAE__PURPOSE_BINARIZE = 5,  /* binarisation of rows */
    VAE__PURPOSE_SHUFFLE = 6,   /* step: the epoch */
    VAE__PURPOSE_VALID_EPS = 7, /* as EPS and BINARIZE, in validation */
    VAE__PURPOSE_VALID_BINARIZE = 8
};

/* A place in the noise: everything of the counter but dimension and row. */
struct vae__noise {
    uint64_t seed;
    uint32_t step;
    uint32_t tag; /* purpose << 24 | sample */
};

static inline struct vae__noise vae__noise_at(uint64_t seed, uint64_t step,
                                              enum vae__purpose purpose, uint32_t sample)
{
    struct vae__noise noise = {seed, (uint32_t)step, (uint32_t)purpose << 24 | sample};
    return noise;
}

/* One block of four words, for code that is not in a hurry (init, shuffle, tests). */
void vae__philox(uint64_t seed, const uint32_t counter[4], uint32_t out[4]);

/* A shuffle's words; `used` is 4 before the first. */
struct vae__stream {
    uint64_t seed, block;
    uint32_t epoch, words[4];
    int used;
};

/* 0 to range - 1, each as likely: Lemire 2019, "Fast random integer generation in an interval". */
uint64_t vae__stream_below(struct vae__stream *s, uint64_t range);

/* A random order of 0..n-1 (Fisher-Yates with those numbers), a function of the seed and the epoch
 * alone. */
void vae__shuffle(uint64_t seed, uint64_t epoch, uint64_t *order, size_t n);

#endif

/* SPDX-License-Identifier: MIT */
#include "support/random.h"

/* Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", Philox4x32 with 10 rounds. */
void vae__philox(uint64_t seed, const uint32_t counter[4], uint32_t out[4])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);

    for (int round = 0; round < 10; round++) {
        uint64_t p0 = UINT64_C(0xd2511f53) * c0, p2 = UINT64_C(0xcd9e8d57) * c2;
        c0 = (uint32_t)(p2 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)p2;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)p0;
        k0 += 0x9e3779b9u;
        k1 += 0xbb67ae85u;
    }
    out[0] = c0, out[1] = c1, out[2] = c2, out[3] = c3;
}

/* Two 64-bit words a block, the first of each pair of 32 bits the low half. */
static uint64_t next_word(struct vae__stream *s)
{
    if (s->used == 4) {
        uint32_t counter[4] = {(uint32_t)s->block, (uint32_t)(s->block >> 32), s->epoch,
                               (uint32_t)VAE__PURPOSE_SHUFFLE << 24};
        vae__philox(s->seed, counter, s->words);
        s->block++;
        s->used = 0;
    }
    s->used += 2;
    return s->words[s->used - 2] | (uint64_t)s->words[s->used - 1] << 32;
}

/* The 128-bit product's high half; the low one in *low. */
static uint64_t multiply(uint64_t a, uint64_t b, uint64_t *low)
{
    uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    uint64_t low_low = a0 * b0, middle = a1 * b0 + (low_low >> 32);
    uint64_t other = a0 * b1 + (uint32_t)middle;
    *low = a * b;
    return a1 * b1 + (middle >> 32) + (other >> 32);
}

uint64_t vae__stream_below(struct vae__stream *s, uint64_t range)
{
    uint64_t low, high = multiply(next_word(s), range, &low);
    if (low < range) {
        uint64_t least = (0 - range) % range;
        while (low < least) high = multiply(next_word(s), range, &low);
    }
    return high;
}

void vae__shuffle(uint64_t seed, uint64_t epoch, uint64_t *order, size_t n)
{
    struct vae__stream s = {.seed = seed, .epoch = (uint32_t)epoch, .used = 4};

    for (size_t i = 0; i < n; i++) order[i] = i;
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)vae__stream_below(&s, i);
        uint64_t kept = order[i - 1];
        order[i - 1] = order[j];
        order[j] = kept;
    }
}

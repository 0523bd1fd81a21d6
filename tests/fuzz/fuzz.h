/* SPDX-License-Identifier: MIT */
/* What fuzz targets share. Each is a libFuzzer target; linked with replay.c instead it is a test
 * that runs a corpus. To fuzz:
 *   clang -fsanitize=fuzzer,address,undefined -Iinclude -Ilib tests/fuzz/fuzz_model.c libvae.a ...
 * with a libvae.a built with -Dc_args=-fsanitize=fuzzer-no-link. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define EXPECT(truth)                                                                              \
    do {                                                                                           \
        if (!(truth)) abort();                                                                     \
    } while (0)

/* Whether a text is a sentence that a terminal does not obey. */
static inline int fuzz_is_sentence(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    while (*at >= ' ' && *at != 0x7f && !(at[0] == 0xc2 && at[1] < 0xa0)) at++;
    return *text != '\0' && *at == '\0';
}

/* A vae_read_fn that gives at most 7 bytes at a time. */
struct fuzz_source {
    const uint8_t *data;
    size_t left;
};

static inline int fuzz_read(void *user, void *to, size_t bytes, size_t *got)
{
    struct fuzz_source *source = user;
    if (bytes > 7) bytes = 7;
    if (bytes > source->left) bytes = source->left;
    if (bytes > 0) memcpy(to, source->data, bytes);
    source->data += bytes;
    source->left -= bytes;
    *got = bytes;
    return 0;
}

#endif

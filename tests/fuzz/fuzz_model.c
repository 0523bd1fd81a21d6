/* SPDX-License-Identifier: MIT */
/* Any bytes as a model: built or refused, and what was built is saved and built again, equal. */
#include "fuzz.h"

#include <string.h>
#include <vae/vae.h>

static unsigned char *save(const vae_model *model, size_t *bytes)
{
    EXPECT(vae_model_save_memory(model, NULL, 0, bytes) == VAE_OK);
    unsigned char *memory = malloc(*bytes);
    EXPECT(memory && vae_model_save_memory(model, memory, *bytes, bytes) == VAE_OK);
    return memory;
}

static void save_and_load(const vae_model *model)
{
    vae_model *again;
    size_t bytes, more;
    unsigned char *file = save(model, &bytes);
    EXPECT(vae_model_load_memory(&again, NULL, file, bytes) == VAE_OK);
    unsigned char *same = save(again, &more);
    EXPECT(bytes == more && memcmp(file, same, bytes) == 0);
    vae_model_free(again);
    free(same);
    free(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vae_model *model;
    vae_status status = vae_model_load_memory(&model, NULL, data, size);
    struct fuzz_source source = {data, size};
    vae_model *streamed;
    EXPECT((status == VAE_OK) == (model != NULL));
    if (status == VAE_OK) {
        save_and_load(model);
        EXPECT(vae_model_load_weights_memory(model, data, size, NULL, NULL) == VAE_OK);
    } else {
        EXPECT(strncmp(vae_last_error(), "vae_model_load_memory: ", 23) == 0);
        EXPECT(fuzz_is_sentence(vae_last_error()));
    }
    EXPECT(vae_model_read(&streamed, NULL, fuzz_read, &source) == status);
    vae_model_free(streamed);
    vae_model_free(model);
    return 0;
}

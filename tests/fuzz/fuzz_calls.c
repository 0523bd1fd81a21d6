/* SPDX-License-Identifier: MIT */
/* Any bytes as a program of calls, good and bad ones in any order, with memory that may run out:
 * each answers a code and its sentence, what is refused changes nothing, nothing is left over. */
#include "program_models.h"
#include "program_training.h"

static void (*const calls[])(struct program *) = {
    config_new,  config_set,    model_new,   model_copy,   model_change, model_save,
    model_load,  workspace_new, batch_set,   batch_set,    batch_weigh,  compute,
    compute,     source_new,    source_look, evaluate,     trainer_new,  trainer_set_data,
    trainer_set, train,         train,       trainer_save, trainer_load, trainer_results,
};

/* Memory that is missing once, after so many allocations. */
static long left_until_missing, taken;

static void *take(void *user, size_t size)
{
    (void)user;
    if (left_until_missing > 0 && --left_until_missing == 0) return NULL;
    void *memory = malloc(size);
    EXPECT(memory);
    taken++;
    return memory;
}

static void give(void *user, void *memory)
{
    (void)user;
    EXPECT(memory && taken-- > 0);
    free(memory);
}

/* What most programs would begin with, so that the bytes get further. */
static void begin(struct program *p)
{
    static const size_t hidden[] = {8};
    EXPECT(vae_context_new(&p->contexts[0], take, give, NULL) == VAE_OK);
    EXPECT(vae_context_new(&p->contexts[1], NULL, NULL, NULL) == VAE_OK);
    EXPECT(vae_context_set_text(p->contexts[1], "gemm", "builtin") == VAE_OK);
    EXPECT(vae_context_set_text(p->contexts[1], "simd", "baseline") == VAE_OK);
    for (size_t i = 0; i < EACH; i++) {
        EXPECT(vae_config_new(&p->configs[i], p->contexts[i], 3, 2) == VAE_OK);
        EXPECT(vae_config_set_encoder(p->configs[i], hidden, 1) == VAE_OK);
        EXPECT(vae_config_set_decoder(p->configs[i], hidden, 1) == VAE_OK);
        EXPECT(vae_batch_new(&p->batches[i], p->contexts[i]) == VAE_OK);
    }
    for (size_t i = 0; i < DATA; i++) {
        bytes[i] = (uint8_t)(i % 3);
        floats[i] = (float)(i % 5) / 4.0f;
        odd_floats[i] = (float)numbers[i % N(numbers)];
    }
}

static void end(struct program *p)
{
    for (size_t i = 0; i < EACH; i++) {
        vae_workspace_free(p->workspaces[i].handle);
        vae_trainer_free(p->trainers[i].handle);
        vae_batch_free(p->batches[i]);
        vae_config_free(p->configs[i]);
        p->trainers[i] = (struct user){0};
    }
    for (size_t i = 0; i < EACH; i++) drop_model(p, i);
    for (size_t i = 0; i < SOURCES; i++) drop_source(p, i);
    for (size_t i = 0; i < EACH; i++) vae_context_free(p->contexts[i]);
    free(p->file);
    EXPECT(taken == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct program p = {.data = data, .left = size < 600 ? size : 600};
    left_until_missing = 0;
    begin(&p);
    left_until_missing = (long)below(&p, 256);
    while (p.left > 0) calls[below(&p, N(calls))](&p);
    left_until_missing = 0;
    end(&p);
    return 0;
}

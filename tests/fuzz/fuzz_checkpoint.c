/* SPDX-License-Identifier: MIT */
/* Any bytes as a checkpoint of one small trainer: refused with nothing changed, or loaded, saved
 * again equal to its own second save, and trained on from there. */
#include "fuzz.h"

#include <vae/vae.h>

static const float rows[12] = {0.0f, 1.0f, 0.5f,  0.25f, 1.0f, 1.0f,
                               0.0f, 0.0f, 0.75f, 0.1f,  0.2f, 0.9f};

struct setting {
    vae_config *config;
    vae_model *model;
    vae_source *source;
    vae_trainer *trainer;
};

/* What the seeds of the corpus are checkpoints of. */
static void begin(struct setting *s)
{
    const size_t two = 2;
    EXPECT(vae_config_new(&s->config, NULL, 2, 1) == VAE_OK);
    EXPECT(vae_config_set_encoder(s->config, &two, 1) == VAE_OK);
    EXPECT(vae_config_set_decoder(s->config, &two, 1) == VAE_OK);
    EXPECT(vae_model_new(&s->model, s->config, 1) == VAE_OK);
    EXPECT(vae_source_from_float(&s->source, NULL, rows, 6, 2, 2) == VAE_OK);
    EXPECT(vae_trainer_new(&s->trainer, s->model, "adam") == VAE_OK);
    EXPECT(vae_trainer_set_int(s->trainer, "threads", 1) == VAE_OK);
    EXPECT(vae_trainer_set_int(s->trainer, "batch_size", 4) == VAE_OK);
}

static void end(struct setting *s)
{
    vae_trainer_free(s->trainer);
    vae_source_free(s->source);
    vae_model_free(s->model);
    vae_config_free(s->config);
}

static unsigned char *save(const vae_trainer *trainer, size_t *bytes)
{
    EXPECT(vae_trainer_save_memory(trainer, NULL, 0, bytes) == VAE_OK);
    unsigned char *memory = malloc(*bytes);
    EXPECT(memory && vae_trainer_save_memory(trainer, memory, *bytes, bytes) == VAE_OK);
    return memory;
}

static void expect_saves_equal(const vae_trainer *trainer, const unsigned char *file, size_t bytes)
{
    size_t more;
    unsigned char *again = save(trainer, &more);
    EXPECT(bytes == more && memcmp(file, again, bytes) == 0);
    free(again);
}

/* What is saved can be loaded; counts at their end are not saved. */
static void save_and_load(const struct setting *s)
{
    size_t bytes;
    vae_status status = vae_trainer_save_memory(s->trainer, NULL, 0, &bytes);
    if (status == VAE_OK) {
        unsigned char *file = save(s->trainer, &bytes);
        EXPECT(vae_trainer_load_memory(s->trainer, file, bytes) == VAE_OK);
        free(file);
    } else {
        EXPECT(status == VAE_ESTATE && fuzz_is_sentence(vae_last_error()));
    }
}

/* What was loaded may hold any sizes and rates: training on may fail, but not crash. */
static void train_on(struct setting *s)
{
    int64_t samples;
    EXPECT(vae_trainer_get_int(s->trainer, "samples", &samples) == VAE_OK);
    if (samples > 64) return; /* only slow */
    vae_status status = vae_trainer_set_data(s->trainer, s->source, NULL, NULL);
    if (status == VAE_OK) status = vae_trainer_step(s->trainer);
    EXPECT(status == VAE_OK || fuzz_is_sentence(vae_last_error()));
    if (status == VAE_OK) save_and_load(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct setting s;
    size_t bytes, more;
    begin(&s);
    unsigned char *before = save(s.trainer, &bytes);
    if (vae_trainer_load_memory(s.trainer, data, size) != VAE_OK) {
        EXPECT(fuzz_is_sentence(vae_last_error()));
        expect_saves_equal(s.trainer, before, bytes);
    } else {
        unsigned char *loaded = save(s.trainer, &more);
        EXPECT(vae_trainer_load_memory(s.trainer, loaded, more) == VAE_OK);
        expect_saves_equal(s.trainer, loaded, more);
        free(loaded);
        train_on(&s);
    }
    free(before);
    end(&s);
    return 0;
}

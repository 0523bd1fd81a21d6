/* SPDX-License-Identifier: MIT */
/* What a header tells against a file is found before any of its data are read. */
#include "io/dtype.h"
#include "support/check_main.h"
#include "support/folder.h"
#include "support/tape.h"

#define N(list) (sizeof(list) / sizeof(list)[0])
#define ROWS 8

static const float rows[ROWS * 5] = {0.5f, 0.25f};

/* 5 numbers, 3 hidden ones, 2 latent. */
static vae_model *new_model(void)
{
    vae_config *config;
    vae_model *model;
    MUST(vae_config_new(&config, NULL, 5, 2));
    MUST(vae_config_set_text(config, "encoder", "3"));
    MUST(vae_config_set_text(config, "decoder", ""));
    MUST(vae_model_new(&model, config, 1));
    vae_config_free(config);
    return model;
}

typedef struct training {
    vae_model *model;
    vae_source *data;
    vae_trainer *trainer;
} training;

static training new_training(size_t n)
{
    training t = {.model = new_model()};
    MUST(vae_source_from_float(&t.data, NULL, rows, n, 5, 0));
    MUST(vae_trainer_new(&t.trainer, t.model, "adam"));
    MUST(vae_trainer_set_data(t.trainer, t.data, NULL, NULL));
    return t;
}

static void free_training(training *t)
{
    vae_trainer_free(t->trainer);
    vae_source_free(t->data);
    vae_model_free(t->model);
}

/* A checkpoint, which is a model too, in whose header a text is another of its length. */
static tape edited(const char *from, const char *to)
{
    training t = new_training(ROWS);
    tape file = {0};
    MUST(vae_trainer_step(t.trainer));
    MUST(vae_trainer_write(t.trainer, tape_write, &file));
    free_training(&t);
    size_t length = strlen(from), edits = 0;
    ck_assert_uint_eq(strlen(to), length);
    for (size_t i = 8; i + length <= 8 + vae__load_u64(file.bytes); i++) {
        if (memcmp(file.bytes + i, from, length) != 0) continue;
        memcpy(file.bytes + i, to, length);
        edits++;
    }
    ck_assert_uint_eq(edits, 1);
    return file;
}

/* The call answers what it must after the header's last byte. */
static void expect_header_read(vae_status status, vae_status code, const char *sentence,
                               const tape *file)
{
    ck_assert_msg(status == code && strstr(vae_last_error(), sentence),
                  "%s instead of %s: \"%s\" lacks \"%s\"", vae_status_name(status),
                  vae_status_name(code), vae_last_error(), sentence);
    if (file) ck_assert_uint_eq(file->at, 8 + vae__load_u64(file->bytes));
}

typedef struct edit {
    const char *from, *to;
    vae_status code;
    const char *sentence;
} edit;

static const edit models[] = {
    {"libvae.format", "libvae.farmat", VAE_EFORMAT, "not a model of libvae"},
    {"\"libvae.format\":\"1\"", "\"libvae.format\":\"2\"", VAE_EUNKNOWN, "format 2"},
    {"\"bernoulli\"", "\"bernoulla\"", VAE_EUNKNOWN, "unknown likelihood"},
    {"\"libvae.config.latent_dim\":\"2\"", "\"libvae.config.latent_dim\":\"x\"", VAE_EFORMAT,
     "latent_dim takes a whole number"},
    {"\"mean.bias\"", "\"mean.bios\"", VAE_EFORMAT, "tensor \"mean.bias\" is missing"},
    {"\"train.exp_avg.mean.bias\"", "\"trian.exp_avg.mean.bias\"", VAE_EFORMAT,
     "tensor \"trian.exp_avg.mean.bias\": the model has none"},
    {"\"mean.weight\":{\"dtype\":\"F32\",\"shape\":[2,3]",
     "\"mean.weight\":{\"dtype\":\"F32\",\"shape\":[3,2]", VAE_EFORMAT,
     "has shape [3, 2], not [2, 3]"},
    {"\"mean.weight\":{\"dtype\":\"F32\"", "\"mean.weight\":{\"dtype\":\"I32\"", VAE_EFORMAT,
     "has dtype I32"},
};

START_TEST(model_is_judged_by_its_header)
{
    const edit *e = &models[_i];
    vae_model *model;
    folder home = folder_new();
    const char *path = folder_at(&home, "model");
    tape file = edited(e->from, e->to);
    size_t header = 8 + (size_t)vae__load_u64(file.bytes);
    expect_header_read(vae_model_read(&model, NULL, tape_read, &file), e->code, e->sentence, &file);
    expect_header_read(vae_model_load_memory(&model, NULL, file.bytes, header), e->code,
                       e->sentence, NULL);
    FILE *cut = fopen(path, "wb");
    ck_assert_ptr_nonnull(cut);
    ck_assert_uint_eq(fwrite(file.bytes, 1, header, cut), header);
    ck_assert_int_eq(fclose(cut), 0);
    expect_header_read(vae_model_load(&model, NULL, path), e->code, e->sentence, NULL);
    ck_assert_ptr_null(model);
    folder_remove(&home);
    tape_free(&file);
}
END_TEST

static const edit weights[] = {
    {"\"mean.bias\"", "\"mean.bios\"", VAE_EUNKNOWN, "no tensor \"mean.bias\""},
    {"\"mean.weight\":{\"dtype\":\"F32\",\"shape\":[2,3]",
     "\"mean.weight\":{\"dtype\":\"F32\",\"shape\":[3,2]", VAE_ESHAPE, "has shape [3, 2]"},
    {"\"mean.weight\":{\"dtype\":\"F32\"", "\"mean.weight\":{\"dtype\":\"I32\"", VAE_EFORMAT,
     "has dtype I32"},
};

START_TEST(weights_are_judged_by_their_header)
{
    const edit *e = &weights[_i];
    vae_model *model = new_model();
    tape file = edited(e->from, e->to);
    expect_header_read(vae_model_load_weights_memory(
                           model, file.bytes, 8 + (size_t)vae__load_u64(file.bytes), NULL, NULL),
                       e->code, e->sentence, NULL);
    vae_model_free(model);
    tape_free(&file);
}
END_TEST

static const edit checkpoints[] = {
    {"libvae.format", "libvae.farmat", VAE_EFORMAT, "not a model of libvae"},
    {"libvae.train.optimizer", "libvae.train.optimiser", VAE_EFORMAT, "no checkpoint"},
    {"\"adam\"", "\"adax\"", VAE_ESHAPE, "is of the optimizer adax"},
    {"encoder_activation\":\"relu\"", "encoder_activation\":\"tanh\"", VAE_ESHAPE,
     "encoder_activation tanh"},
    {"\"libvae.train.option.batch_size\":\"128\"", "\"libvae.train.option.batch_size\":\"12x\"",
     VAE_EFORMAT, "batch_size takes a whole number"},
    {"\"libvae.train.progress.running\":\"0\"", "\"libvae.train.progress.running\":\"7\"",
     VAE_EFORMAT, "running is 7"},
    {"\"train.exp_avg.mean.bias\"", "\"train.exp_avg.mean.bios\"", VAE_EFORMAT,
     "tensor \"train.exp_avg.mean.bias\" is missing"},
    {"\"libvae.train.data.rows\":\"8\"", "\"libvae.train.data.rows\":\"9\"", VAE_EDATA,
     "the data has 8 rows"},
};

START_TEST(checkpoint_is_judged_by_its_header)
{
    const edit *e = &checkpoints[_i];
    training t = new_training(ROWS);
    tape file = edited(e->from, e->to);
    expect_header_read(vae_trainer_read(t.trainer, tape_read, &file), e->code, e->sentence, &file);
    expect_header_read(
        vae_trainer_load_memory(t.trainer, file.bytes, 8 + (size_t)vae__load_u64(file.bytes)),
        e->code, e->sentence, NULL);
    free_training(&t);
    tape_free(&file);
}
END_TEST

START_TEST(sound_header_without_its_data_is_cut_off)
{
    training t = new_training(ROWS);
    vae_model *model;
    tape file = edited("libvae.version", "libvae.version");
    file.n -= 1;
    expect_header_read(vae_model_read(&model, NULL, tape_read, &file), VAE_EFORMAT, "cut off",
                       NULL);
    tape_rewind(&file);
    expect_header_read(vae_trainer_read(t.trainer, tape_read, &file), VAE_EFORMAT, "cut off", NULL);
    free_training(&t);
    tape_free(&file);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, model_is_judged_by_its_header, 0, (int)N(models));
    tcase_add_loop_test(tests, weights_are_judged_by_their_header, 0, (int)N(weights));
    tcase_add_loop_test(tests, checkpoint_is_judged_by_its_header, 0, (int)N(checkpoints));
    tcase_add_test(tests, sound_header_without_its_data_is_cut_off);
}

int main(void)
{
    return check_run("header_first", add);
}

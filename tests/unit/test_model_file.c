/* SPDX-License-Identifier: MIT */
/* What a model's file must say, and what happens when it says something else. */
#include "io/model_file.h"
#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/tape.h"
#include "support/tensors.h"
#include "support/whole.h"

#include <stdio.h>

/* 3-2-1 and 1-2-3: what the files below are made for. */
static vae_config *small_config(void)
{
    vae_config *config;
    const size_t two = 2;
    MUST(vae_config_new(&config, NULL, 3, 1));
    MUST(vae_config_set_encoder(config, &two, 1));
    MUST(vae_config_set_decoder(config, &two, 1));
    return config;
}

static vae_model *small_model(void)
{
    vae_config *config = small_config();
    vae_model *model;
    MUST(vae_model_new(&model, config, 7));
    vae_config_free(config);
    return model;
}

/* Metadata and tensors of a file: a NULL key or name ends a list. */
struct text {
    const char *key, *value;
};
struct numbers {
    const char *name;
    size_t rank, shape[2];
};

static const struct text whole_text[] = {{"libvae.format", "1"},
                                         {"libvae.version", "9.8.7"},
                                         {"libvae.config.input_dim", "3"},
                                         {"libvae.config.latent_dim", "1"},
                                         {"libvae.config.encoder", "2"},
                                         {"libvae.config.decoder", "2"},
                                         {NULL, NULL}};
static const struct numbers whole_numbers[] = {{"encoder.0.weight", 2, {2, 3}},
                                               {"encoder.0.bias", 1, {2}},
                                               {"mean.weight", 2, {1, 2}},
                                               {"mean.bias", 1, {1}},
                                               {"logvar.weight", 2, {1, 2}},
                                               {"logvar.bias", 1, {1}},
                                               {"decoder.0.weight", 2, {2, 1}},
                                               {"decoder.0.bias", 1, {2}},
                                               {"output.weight", 2, {3, 2}},
                                               {"output.bias", 1, {3}},
                                               {NULL, 0, {0}}};
static const float values[64] = {0.5f, -1.5f, 2.5f};

/* The whole file with one text and one tensor changed (value NULL, rank 9: left out) or added. */
static tape file_with(const char *key, const char *value, const char *name, size_t rank,
                      size_t rows, size_t columns)
{
    struct vae__writer writer;
    tape t = {0};
    const size_t shape[2] = {rows, columns};
    int known = 0;
    MUST(vae__writer_init(&writer, "test", NULL));
    for (const struct text *e = whole_text; e->key; e++)
        if (strcmp(e->key, key) != 0) MUST(vae__writer_text(&writer, e->key, e->value));
    if (value) MUST(vae__writer_text(&writer, key, value));
    for (const struct numbers *e = whole_numbers; e->name; e++) {
        int changed = strcmp(e->name, name) == 0;
        known |= changed;
        if (!changed) MUST(tensor_write(&writer, e->name, "F32", e->rank, e->shape, values));
        if (changed && rank <= 2) MUST(tensor_write(&writer, name, "F32", rank, shape, values));
    }
    if (!known && name[0]) MUST(tensor_write(&writer, name, "F32", rank, shape, values));
    MUST(vae__writer_send(&writer, tape_write, &t));
    vae__writer_clear(&writer);
    return t;
}

START_TEST(options_left_out_take_their_defaults)
{
    vae_model *model;
    vae_config *config = small_config();
    char one[1024], two[1024];
    const char *option;
    tape t = file_with("", NULL, "", 0, 0, 0);
    MUST(vae_model_load_memory(&model, NULL, t.bytes, t.n));
    for (size_t i = 0; (option = vae_config_option(i)) != NULL; i++) {
        MUST(vae_config_format(vae_model_config(model), option, one, sizeof one));
        MUST(vae_config_format(config, option, two, sizeof two));
        ck_assert_str_eq(one, two);
    }
    float bias[3];
    MUST(vae_model_get_tensor(model, "output.bias", bias, 3));
    ck_assert_mem_eq(bias, values, sizeof bias);
    vae_config_free(config);
    vae_model_free(model);
    tape_free(&t);
}
END_TEST

static const struct {
    const char *key, *value;
    vae_status status;
    const char *sentence;
} texts[] = {
    {"libvae.format", NULL, VAE_EFORMAT,
     "not a model of libvae: its __metadata__ has no libvae.format"},
    {"libvae.format", "x", VAE_EFORMAT, "libvae.format is not a number"},
    {"libvae.format", "2", VAE_EUNKNOWN, "written by libvae 9.8.7 in format 2"},
    {"libvae.config.input_dim", NULL, VAE_EFORMAT, "has no libvae.config.input_dim"},
    {"libvae.config.latent_dim", NULL, VAE_EFORMAT, "has no libvae.config.latent_dim"},
    {"libvae.config.input_dim", "0", VAE_EFORMAT, "input_dim is 0; its range"},
    {"libvae.config.input_dim", "1e3", VAE_EFORMAT, "takes a whole number"},
    {"libvae.config.input_dim", "4", VAE_EFORMAT,
     "\"encoder.0.weight\" has shape [2, 3], not [2, 4]"},
    {"libvae.config.encoder", "2,2", VAE_EFORMAT, "tensor \"encoder.1.weight\" is missing"},
    {"libvae.config.encoder", "2,,2", VAE_EFORMAT, "encoder \"2,,2\""},
    {"libvae.config.encoder", "-2", VAE_EFORMAT, "encoder"},
    {"libvae.config.leaky_relu_slope", "nan", VAE_EFORMAT, "leaky_relu_slope is nan"},
    {"libvae.config.leaky_relu_slope", "0,1", VAE_EFORMAT, "takes a number"},
    {"libvae.config.prior", "vamp", VAE_EUNKNOWN,
     "written by libvae 9.8.7: unknown prior \"vamp\""},
    {"libvae.config.no_such", "1", VAE_EUNKNOWN,
     "written by libvae 9.8.7: the config has no option"},
};

START_TEST(wrong_metadata_are_refused)
{
    vae_model *model;
    tape t = file_with(texts[_i].key, texts[_i].value, "", 0, 0, 0);
    MUST_FAIL(texts[_i].status, vae_model_load_memory(&model, NULL, t.bytes, t.n));
    ck_assert_ptr_null(model);
    ck_assert_msg(strstr(vae_last_error(), texts[_i].sentence) != NULL, "\"%s\" lacks \"%s\"",
                  vae_last_error(), texts[_i].sentence);
    tape_free(&t);
}
END_TEST

static const struct {
    const char *name;
    size_t rank, rows, columns;
    vae_status load, weights;
    const char *sentence;
} tensors[] = {
    {"mean.bias", 9, 0, 0, VAE_EFORMAT, VAE_EUNKNOWN, "mean.bias\""},
    {"mean.weight", 2, 2, 1, VAE_EFORMAT, VAE_ESHAPE, "\"mean.weight\" has shape [2, 1]"},
    {"mean.weight", 1, 2, 1, VAE_EFORMAT, VAE_ESHAPE, "\"mean.weight\" has shape [2]"},
    {"mean.bias", 2, 1, 1, VAE_EFORMAT, VAE_ESHAPE, "\"mean.bias\" has shape [1, 1]"},
    {"mean.bias", 0, 0, 0, VAE_EFORMAT, VAE_ESHAPE, "\"mean.bias\" has shape []"},
    {"mean.bias", 1, 0, 0, VAE_EFORMAT, VAE_ESHAPE, "\"mean.bias\" has shape [0]"},
    {"encoder.1.weight", 2, 1, 1, VAE_EFORMAT, VAE_OK, "\"encoder.1.weight\": the model has none"},
    {"trainer", 1, 1, 0, VAE_EFORMAT, VAE_OK, "\"trainer\": the model has none"},
    {"train.first.mean.bias", 1, 5, 0, VAE_OK, VAE_OK, ""},
};

START_TEST(wrong_tensors_are_refused)
{
    vae_model *model = small_model(), *back;
    tape t = file_with("", NULL, tensors[_i].name, tensors[_i].rank, tensors[_i].rows,
                       tensors[_i].columns);
    vae_status weights = vae_model_load_weights_memory(model, t.bytes, t.n, NULL, NULL);
    ck_assert_int_eq(weights, tensors[_i].weights);
    if (weights != VAE_OK) ck_assert_ptr_nonnull(strstr(vae_last_error(), tensors[_i].sentence));
    vae_status load = vae_model_load_memory(&back, NULL, t.bytes, t.n);
    ck_assert_int_eq(load, tensors[_i].load);
    ck_assert(!back == (load != VAE_OK));
    if (load != VAE_OK)
        ck_assert_msg(strstr(vae_last_error(), tensors[_i].sentence) != NULL, "\"%s\" lacks \"%s\"",
                      vae_last_error(), tensors[_i].sentence);
    vae_model_free(back);
    vae_model_free(model);
    tape_free(&t);
}
END_TEST

/* The small model's file with one number of one tensor set to these bits, little-endian. */
static tape file_with_bits(const char *name, size_t index, uint32_t bits)
{
    vae_model *model = small_model();
    struct vae__reader reader;
    tape t = {0};
    MUST(vae_model_write(model, tape_write, &t));
    MUST(whole_memory(&reader, "test", NULL, t.bytes, t.n));
    const struct vae__found *found = vae__reader_find(&reader, name);
    unsigned char *place = t.bytes + (found->data - t.bytes) + 4 * index;
    for (int b = 0; b < 4; b++) place[b] = (unsigned char)(bits >> (8 * b) & 0xff);
    vae__reader_clear(&reader);
    vae_model_free(model);
    return t;
}

START_TEST(weights_that_are_not_finite_are_refused)
{
    static const uint32_t bits[] = {0x7fc00000, 0x7f800000, 0xff800000, 0x7f800001};
    for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++) {
        vae_model *model = small_model(), *same, *back;
        tape t = file_with_bits("output.weight", 5, bits[i]);
        MUST(vae_model_copy(&same, model));
        MUST_FAIL(VAE_ENONFINITE, vae_model_load_memory(&back, NULL, t.bytes, t.n));
        ck_assert_ptr_null(back);
        ck_assert_ptr_nonnull(strstr(vae_last_error(), "\"output.weight\": number 5"));
        MUST_FAIL(VAE_ENONFINITE, vae_model_load_weights_memory(model, t.bytes, t.n, NULL, NULL));
        ck_assert_mem_eq(vae_model_parameters(model), vae_model_parameters(same),
                         vae_model_parameter_count(model) * sizeof(float));
        vae_model_free(same);
        vae_model_free(model);
        tape_free(&t);
    }
}
END_TEST

START_TEST(subnormal_weights_keep_their_bits)
{
    vae_model *model;
    float bias[3];
    uint32_t bits;
    tape t = file_with_bits("output.bias", 1, 0x80000001);
    MUST(vae_model_load_memory(&model, NULL, t.bytes, t.n));
    MUST(vae_model_get_tensor(model, "output.bias", bias, 3));
    memcpy(&bits, &bias[1], sizeof bits);
    ck_assert_uint_eq(bits, 0x80000001);
    vae_model_free(model);
    tape_free(&t);
}
END_TEST

static size_t largest;

static void *note_largest(void *user, size_t bytes)
{
    (void)user;
    if (bytes > largest) largest = bytes;
    return malloc(bytes);
}

static void give_back(void *user, void *memory)
{
    (void)user;
    free(memory);
}

START_TEST(vast_model_in_a_small_file_takes_no_memory)
{
    vae_model *model;
    vae_context *context;
    tape t = file_with("libvae.config.input_dim", "1048576", "", 0, 0, 0);
    largest = 0;
    MUST(vae_context_new(&context, note_largest, give_back, NULL));
    MUST_FAIL(VAE_EFORMAT, vae_model_load_memory(&model, context, t.bytes, t.n));
    ck_assert_uint_lt(largest, 65536);
    vae_context_free(context);
    tape_free(&t);
}
END_TEST

START_TEST(file_lists_version_every_option_and_every_tensor_in_order)
{
    vae_model *model = small_model();
    struct vae__reader reader;
    tape t = {0};
    const char *option, *name;
    char key[128], text[1024];
    MUST(vae_model_write(model, tape_write, &t));
    MUST(whole_memory(&reader, "test", NULL, t.bytes, t.n));
    ck_assert_str_eq(vae__reader_text(&reader, "libvae.format"), "1");
    ck_assert_str_eq(vae__reader_text(&reader, "libvae.version"), vae_version_string());
    for (size_t i = 0; (option = vae_config_option(i)) != NULL; i++) {
        snprintf(key, sizeof key, "libvae.config.%s", option);
        MUST(vae_config_format(vae_model_config(model), option, text, sizeof text));
        ck_assert_ptr_nonnull(vae__reader_text(&reader, key));
        ck_assert_str_eq(vae__reader_text(&reader, key), text);
    }
    ck_assert_uint_eq(reader.n, vae_model_tensor_count(model));
    for (size_t i = 0; i < reader.n; i++) {
        size_t rank, shape[2];
        float file[64], own[64];
        MUST(vae_model_tensor(model, i, &name, &rank, shape, NULL, NULL));
        ck_assert_str_eq(reader.tensors[i].name, name);
        ck_assert_str_eq(reader.tensors[i].dtype->name, "F32");
        MUST(tensor_read(&reader, name, rank, shape, file));
        MUST(vae_model_get_tensor(model, name, own, fixture_tensor_size(model, i)));
        ck_assert_mem_eq(file, own, fixture_tensor_size(model, i) * sizeof(float));
    }
    vae__reader_clear(&reader);
    vae_model_free(model);
    tape_free(&t);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, options_left_out_take_their_defaults);
    tcase_add_loop_test(tests, wrong_metadata_are_refused, 0,
                        (int)(sizeof texts / sizeof texts[0]));
    tcase_add_loop_test(tests, wrong_tensors_are_refused, 0,
                        (int)(sizeof tensors / sizeof tensors[0]));
    tcase_add_test(tests, weights_that_are_not_finite_are_refused);
    tcase_add_test(tests, subnormal_weights_keep_their_bits);
    tcase_add_test(tests, vast_model_in_a_small_file_takes_no_memory);
    tcase_add_test(tests, file_lists_version_every_option_and_every_tensor_in_order);
}

int main(void)
{
    return check_run("model_file", add);
}

/* SPDX-License-Identifier: MIT */
/* Corners of reading and writing files that neither sound files nor the malformed ones of
 * test_safetensors_malformed.c come to. */
#include "io/safetensors.h"
#include "io/stream.h"
#include "support/check_main.h"
#include "support/folder.h"
#include "support/header_tape.h"
#include "support/snapshot.h"
#include "support/tensors.h"
#include "support/toy.h"
#include "support/whole.h"

#include <errno.h>
#include <stdio.h>

#define TENSOR "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}"

static void expect(vae_status status, vae_status code, const char *part)
{
    ck_assert_msg(status == code && strstr(vae_last_error(), part), "%s: %s",
                  vae_status_name(status), vae_last_error());
}

START_TEST(a_header_of_two_values_is_refused)
{
    static const char *const headers[] = {"{\"a\":" TENSOR "},1", "{\"a\":" TENSOR "},{}",
                                          "{\"a\":" TENSOR "}],[1", "{\"a\":" TENSOR "}]"};
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        struct vae__reader reader;
        tape file = file_of(headers[i], strlen(headers[i]), 4);
        expect(whole_memory(&reader, "test", NULL, file.bytes, file.n), VAE_EFORMAT,
               "the header is not JSON");
        vae__reader_clear(&reader);
        tape_free(&file);
    }
}
END_TEST

/* Strings of every length around the sizes at which buffers grow come back as they were. */
START_TEST(strings_of_every_length_are_read_exactly)
{
    for (size_t length = 1; length < 300; length++) {
        struct vae__reader reader;
        char text[300], header[700];
        for (size_t i = 0; i < length; i++) text[i] = (char)('a' + (i * 7 + length) % 26);
        text[length] = '\0';
        snprintf(header, sizeof header, "{\"__metadata__\":{\"%s\":\"%s\"}}", text, text);
        tape file = file_of(header, strlen(header), 0);
        MUST(whole_memory(&reader, "test", NULL, file.bytes, file.n));
        ck_assert_ptr_nonnull(vae__reader_text(&reader, text));
        ck_assert_str_eq(vae__reader_text(&reader, text), text);
        vae__reader_clear(&reader);
        tape_free(&file);
    }
}
END_TEST

START_TEST(shapes_and_reasons_of_any_size_are_text)
{
    char shape[VAE__SHAPE_TEXT], error[VAE__ERROR_TEXT];
    size_t sizes[VAE__RANK_MAX + 1];
    for (size_t i = 0; i <= VAE__RANK_MAX; i++) sizes[i] = SIZE_MAX;
    vae__shape_text(VAE__RANK_MAX + 1, sizes, shape);
    ck_assert_uint_lt(strlen(shape), VAE__SHAPE_TEXT);
    ck_assert_int_eq(shape[strlen(shape) - 1], ']');
    ck_assert_str_eq(vae__shape_text(0, sizes, shape), "[]");
    ck_assert_uint_gt(strlen(vae__error_text(EIO, error)), 0);
    ck_assert_uint_gt(strlen(vae__error_text(1 << 28, error)), 0);
}
END_TEST

START_TEST(a_function_name_of_any_length_is_cut)
{
    char who[2000];
    memset(who, 'w', sizeof who - 1);
    who[sizeof who - 1] = '\0';
    ck_assert_int_eq(vae__fail_in(VAE_EIO, who, "%s", "what"), VAE_EIO);
    ck_assert_uint_lt(strlen(vae_last_error()), VAE__SENTENCE);
    ck_assert_int_eq(strncmp(vae_last_error(), who, strlen(vae_last_error())), 0);
}
END_TEST

START_TEST(readers_refuse_null)
{
    struct vae__reader reader;
    struct vae__writer writer;
    size_t n;
    expect(whole_memory(&reader, "test", NULL, NULL, 9), VAE_EINVAL, "memory is NULL");
    vae__reader_clear(&reader);
    expect(whole_stream(&reader, "test", NULL, NULL, NULL), VAE_EINVAL, "read is NULL");
    vae__reader_clear(&reader);
    expect(vae__reader_path(&reader, "test", NULL, NULL), VAE_EINVAL, "path is NULL");
    vae__reader_clear(&reader);
    MUST(vae__writer_init(&writer, "test", NULL));
    expect(vae__writer_save(&writer, NULL), VAE_EINVAL, "path is NULL");
    expect(vae__writer_save_memory(&writer, NULL, 0, NULL), VAE_EINVAL, "bytes is NULL");
    MUST(vae__writer_save_memory(&writer, NULL, 0, &n));
    vae__writer_clear(&writer);
}
END_TEST

START_TEST(tensors_that_are_too_large_together_are_refused)
{
    struct vae__writer writer;
    const size_t half = SIZE_MAX / 2;
    MUST(vae__writer_init(&writer, "test", NULL));
    MUST(tensor_write(&writer, "a", "U8", 1, &half, NULL));
    expect(tensor_write(&writer, "b", "U8", 1, &half, NULL), VAE_EINVAL, "too large");
    vae__writer_clear(&writer);
}
END_TEST

START_TEST(a_sink_that_is_full_takes_nothing)
{
    unsigned char room[4] = {0};
    struct vae__memory_sink sink = {room, 3};
    ck_assert_int_eq(vae__memory_write(&sink, "abcd", 4), 1);
    ck_assert_int_eq(room[0], 0);
    ck_assert_int_eq(vae__memory_write(&sink, "abc", 3), 0);
    ck_assert_mem_eq(room, "abc", 4);
}
END_TEST

START_TEST(lookups_say_what_is_wrong)
{
    static const char header[] =
        "{\"__metadata__\":{\"text\":\"one\",\"number\":\"1.5\"},\"a\":" TENSOR "}";
    const size_t two = 2, one = 1;
    struct vae__reader reader;
    float values[2];
    double number;
    tape file = file_of(header, strlen(header), 4);
    MUST(whole_memory(&reader, "test", NULL, file.bytes, file.n));
    MUST(vae__reader_double(&reader, "number", &number));
    ck_assert_double_eq(number, 1.5);
    expect(vae__reader_double(&reader, "text", &number), VAE_EFORMAT, "not a number: \"one\"");
    expect(vae__reader_double(&reader, "none", &number), VAE_EFORMAT, "none is missing");
    expect(tensor_read(&reader, "a", 1, &two, values), VAE_EFORMAT, "has shape [1], not [2]");
    expect(tensor_read(&reader, "b", 1, &one, values), VAE_EFORMAT, "is missing");
    MUST(tensor_read(&reader, "a", 1, &one, values));
    vae__reader_clear(&reader);
    tape_free(&file);
}
END_TEST

START_TEST(a_file_that_names_no_version_is_reported_so)
{
    static const char header[] =
        "{\"__metadata__\":{\"libvae.format\":\"1\",\"libvae.config.input_dim\":\"1\","
        "\"libvae.config.latent_dim\":\"1\",\"libvae.config.new\":\"1\"}}";
    vae_model *model;
    tape file = file_of(header, strlen(header), 0);
    vae_status status = vae_model_load_memory(&model, NULL, file.bytes, file.n);
    expect(status, VAE_EUNKNOWN, "of unknown version");
    tape_free(&file);
}
END_TEST

/* Edited, but of the same length: each contradicts itself. */
START_TEST(a_checkpoint_that_contradicts_itself_is_refused)
{
    static const toy_case plain = {.optimizer = "sgd", .options = {NULL}};
    static const struct {
        const char *from, *to;
    } edits[] = {{".due\":\"0\"", ".due\":\"1\""}, {".best_epoch\":\"0\"", ".best_epoch\":\"7\""}};
    toy t;
    toy_ready(&t, &plain);
    MUST(vae_trainer_step(t.trainer));
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        snapshot file = snapshot_save(t.trainer, SNAPSHOT_MEMORY);
        snapshot_replace(&file, edits[i].from, edits[i].to);
        ck_assert_int_eq(snapshot_load(t.trainer, &file, SNAPSHOT_MEMORY), VAE_EFORMAT);
        free(file.bytes);
    }
    MUST(vae_trainer_step(t.trainer));
    toy_free(&t);
}
END_TEST

START_TEST(paths_that_cannot_be_looked_up_are_errors)
{
    folder home = folder_new();
    char file[200], below[300], name[400];
    vae_config *config;
    vae_model *model;
    MUST(vae_config_new(&config, NULL, 1, 1));
    MUST(vae_model_new(&model, config, 1));
    snprintf(file, sizeof file, "%s", folder_at(&home, "file"));
    snprintf(below, sizeof below, "%s/below", file);
    put_file(file, "old");
    MUST_FAIL(VAE_EIO, vae_model_save(model, below));
    memset(name, 'n', sizeof name - 1);
    memcpy(name, "/tmp/", 5);
    name[sizeof name - 1] = '\0';
    MUST_FAIL(VAE_EIO, vae_model_save(model, name));
    expect_file(file, "old");
    vae_model_free(model);
    vae_config_free(config);
    folder_remove(&home);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, a_header_of_two_values_is_refused);
    tcase_add_test(tests, strings_of_every_length_are_read_exactly);
    tcase_add_test(tests, shapes_and_reasons_of_any_size_are_text);
    tcase_add_test(tests, a_function_name_of_any_length_is_cut);
    tcase_add_test(tests, readers_refuse_null);
    tcase_add_test(tests, tensors_that_are_too_large_together_are_refused);
    tcase_add_test(tests, a_sink_that_is_full_takes_nothing);
    tcase_add_test(tests, lookups_say_what_is_wrong);
    tcase_add_test(tests, a_file_that_names_no_version_is_reported_so);
    tcase_add_test(tests, a_checkpoint_that_contradicts_itself_is_refused);
    tcase_add_test(tests, paths_that_cannot_be_looked_up_are_errors);
}

int main(void)
{
    return check_run("io_corners", add);
}

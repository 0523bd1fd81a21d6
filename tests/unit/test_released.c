/* SPDX-License-Identifier: MIT */
/* The files that released versions wrote load for ever: tests/golden/released has a folder for
 * each. What is in them another program says, tests/golden/make_released.py. With a folder as its
 * argument this program writes the files of the version it is. */
#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/released.h"
#include "support/released_files.h"

static void expect_tensor(const released_file *f, const vae_model *model, size_t index)
{
    size_t n = fixture_tensor_size(model, index);
    unsigned char *bytes = fixture_alloc(n, 4);
    const char *name;
    MUST(vae_model_tensor(model, index, &name, NULL, NULL, NULL, NULL));
    float *values = released_tensor(model, name, n);
    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        for (size_t k = 0; k < 4; k++) bytes[4 * i + k] = (unsigned char)(bits >> 8 * k);
    }
    released_expect_digest(f, name, bytes, 4 * n);
    free(values);
    free(bytes);
}

START_TEST(every_tensor_of_an_old_file_is_what_it_was)
{
    const released_file *f = released_file_at(_i);
    vae_model *model;
    const char *name;
    json_t *digest;
    size_t count = 0;
    MUST(vae_model_load(&model, NULL, f->path));
    json_object_foreach(f->tensors, name, digest) count += strncmp(name, "train.", 6) != 0;
    ck_assert_uint_eq(vae_model_tensor_count(model), count);
    for (size_t i = 0; i < count; i++) expect_tensor(f, model, i);
    vae_model_free(model);
}
END_TEST

/* Options that a file leaves out have the defaults they had. */
START_TEST(every_option_of_an_old_file_is_what_it_was)
{
    const released_file *f = released_file_at(_i);
    vae_model *model;
    const char *option;
    char text[1024];
    json_t *value;
    MUST(vae_model_load(&model, NULL, f->path));
    ck_assert_uint_gt(json_object_size(f->config), 0);
    json_object_foreach(f->config, option, value)
    {
        MUST(vae_config_format(vae_model_config(model), option, text, sizeof text));
        ck_assert_msg(strcmp(text, json_string_value(value)) == 0, "%s: %s is %s, not %s", f->name,
                      option, text, json_string_value(value));
    }
    vae_model_free(model);
}
END_TEST

/* Index = release. */
START_TEST(the_account_of_a_release_can_be_read)
{
    released_expect_account(_i);
}
END_TEST

static const char *folder;

START_TEST(files_are_written)
{
    released_write(folder);
}
END_TEST

static void add_writing(TCase *tests)
{
    tcase_add_test(tests, files_are_written);
}

static void add(TCase *tests)
{
    int n = released_files();
    tcase_add_loop_test(tests, the_account_of_a_release_can_be_read, 0, released_count());
    tcase_add_loop_test(tests, every_tensor_of_an_old_file_is_what_it_was, 0, n);
    tcase_add_loop_test(tests, every_option_of_an_old_file_is_what_it_was, 0, n);
}

int main(int argc, char **argv)
{
    if (argc < 2) return check_run("released", add);
    folder = argv[1];
    return check_run("write", add_writing);
}

/* SPDX-License-Identifier: MIT */
/* Files between versions of which one has options that the other lacks. */
#include <stdio.h>

#include "io/model_file.h"
#include "support/check_main.h"
#include "support/golden.h"
#include "support/options.h"
#include "support/released.h"
#include "support/snapshot.h"
#include "support/tape.h"
#include "support/whole.h"

#define OLD VAE__OPTION_DOUBLE("old", 0, 9, 1, "")

static const struct vae__option first[] = {OLD, VAE__OPTION_END};
static const struct vae__option second[] = {
    OLD,
    {.name = "count", .type = VAE__INT, .later = 1, .least = 0, .most = 9, .initial = 3},
    {.name = "number", .type = VAE__DOUBLE, .later = 1, .least = -9, .most = 9, .initial = 0.5},
    {.name = "kind", .type = VAE__TEXT, .later = 1, .initial_text = "relu", .family = "activation"},
    VAE__OPTION_END};
static const struct vae__schema older = {.what = "test", .own = first};
static const struct vae__schema newer = {.what = "test", .own = second};

static tape file_of(const struct vae__options *options)
{
    struct vae__writer writer;
    tape t = {0};
    MUST(vae__writer_init(&writer, "test", NULL));
    MUST(vae__writer_text(&writer, "libvae.version", "9.8.7"));
    MUST(vae__options_write(&writer, "libvae.config.", options));
    MUST(vae__writer_send(&writer, tape_write, &t));
    vae__writer_clear(&writer);
    return t;
}

static vae_status read_into(struct vae__options *options, const tape *t)
{
    struct vae__reader reader;
    MUST(whole_memory(&reader, "test", NULL, t->bytes, t->n));
    vae_status status = vae__options_read(&reader, "libvae.config.", options);
    vae__reader_clear(&reader);
    return status;
}

static const struct {
    const char *option, *text;
    int in_file;
} changes[] = {{"old", "2.5", 0},    {"count", "3", 0},     {"count", "4", 1},
               {"number", "0.5", 0}, {"number", "-0.5", 1}, {"number", "0.75", 1},
               {"kind", "relu", 0},  {"kind", "tanh", 1}};

/* Index = change: the older version reads the file unless a new option is at work in it. */
START_TEST(an_older_version_reads_what_has_new_options_at_their_defaults)
{
    struct vae__options wrote, read;
    char text[64];
    MUST(vae__options_init("test", &wrote, NULL, &newer));
    MUST(vae__options_init("test", &read, NULL, &older));
    MUST(vae__options_set_double("test", &wrote, "old", 2.5));
    MUST(vae__options_parse("test", &wrote, changes[_i].option, changes[_i].text));
    tape t = file_of(&wrote);
    vae_status status = read_into(&read, &t);
    if (changes[_i].in_file) {
        snprintf(text, sizeof text, "written by libvae 9.8.7: the test has no option \"%s\"",
                 changes[_i].option);
        ck_assert_int_eq(status, VAE_EUNKNOWN);
        ck_assert_ptr_nonnull(strstr(vae_last_error(), text));
    } else {
        ck_assert_int_eq(status, VAE_OK);
        ck_assert(vae__options_same(&wrote, &read, 0));
    }
    tape_free(&t);
    vae__options_clear(&wrote);
    vae__options_clear(&read);
}
END_TEST

START_TEST(the_version_that_wrote_it_reads_every_option_back)
{
    struct vae__options wrote, read;
    MUST(vae__options_init("test", &wrote, NULL, &newer));
    MUST(vae__options_init("test", &read, NULL, &newer));
    MUST(vae__options_parse("test", &wrote, changes[_i].option, changes[_i].text));
    tape t = file_of(&wrote);
    MUST(read_into(&read, &t));
    for (size_t i = 0; i < wrote.n; i++) ck_assert(vae__options_same(&wrote, &read, i));
    tape_free(&t);
    vae__options_clear(&wrote);
    vae__options_clear(&read);
}
END_TEST

/* Also when it has its default: others look for it there. */
START_TEST(an_option_of_the_first_release_is_always_in_the_file)
{
    struct vae__options options;
    struct vae__reader reader;
    MUST(vae__options_init("test", &options, NULL, &newer));
    tape t = file_of(&options);
    MUST(whole_memory(&reader, "test", NULL, t.bytes, t.n));
    ck_assert_str_eq(vae__reader_text(&reader, "libvae.config.old"), "1");
    vae__reader_clear(&reader);
    tape_free(&t);
    vae__options_clear(&options);
}
END_TEST

static void expect_options_known(const golden *g, const golden *old)
{
    const char *key, *known;
    for (size_t i = 0; (key = golden_key(g, i)) != NULL; i++) {
        if (!strstr(key, ".config.") && !strstr(key, ".option.")) continue;
        for (size_t k = 0; (known = golden_key(old, k)) != NULL; k++)
            if (strcmp(key, known) == 0) break;
        ck_assert_msg(known != NULL, "0.1.0 has no %s: mark the option as later", key);
    }
}

/* What has all its defaults can be read by the first release: it is asked for nothing new. */
START_TEST(a_plain_checkpoint_has_no_option_that_the_first_release_lacks)
{
    golden *old = golden_open_path(RELEASED "/0.1.0/checkpoint-adam.safetensors"), *g;
    vae_config *config;
    vae_model *model;
    vae_trainer *trainer;
    MUST(vae_config_new(&config, NULL, 5, 2));
    MUST(vae_model_new(&model, config, 0));
    MUST(vae_trainer_new(&trainer, model, "adam"));
    snapshot s = snapshot_save(trainer, SNAPSHOT_MEMORY);
    g = golden_parse("a plain checkpoint", s.bytes, s.n);
    expect_options_known(g, old);
    golden_close(g);
    golden_close(old);
    free(s.bytes);
    vae_trainer_free(trainer);
    vae_model_free(model);
    vae_config_free(config);
}
END_TEST

static void add(TCase *tests)
{
    int n = (int)(sizeof changes / sizeof *changes);
    tcase_add_loop_test(tests, an_older_version_reads_what_has_new_options_at_their_defaults, 0, n);
    tcase_add_loop_test(tests, the_version_that_wrote_it_reads_every_option_back, 0, n);
    tcase_add_test(tests, an_option_of_the_first_release_is_always_in_the_file);
    tcase_add_test(tests, a_plain_checkpoint_has_no_option_that_the_first_release_lacks);
}

int main(void)
{
    return check_run("later_options", add);
}

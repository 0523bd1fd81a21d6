/* SPDX-License-Identifier: MIT */
/* Every exported function, called with everything that is not meant for it, one argument at a time
 * and two at a time: it answers a code and a sentence that begins with its name, changes nothing,
 * and works afterwards. */
#include "support/calls.h"
#include "support/check_main.h"

#include <stdio.h>

static struct world *world;
static const struct parameter *parameters[CALL_ARGUMENTS];
static size_t arguments;

static void expect_refusal(const struct call_row *row, int answer, const char *what)
{
    if (row->kind == ANSWERS)
        call_expect_sentence(row, answer, what);
    else
        ck_assert_msg(answer == 0, "%s (%s): showed something", row->name, what);
}

static void set_sound(int *numbers)
{
    for (size_t i = 0; i < arguments; i++) numbers[i] = parameters[i]->sound;
}

static void refuse_each(const struct call_row *row)
{
    int numbers[CALL_ARGUMENTS];
    char what[96];
    for (size_t i = 0; i < arguments; i++)
        for (const int *bad = parameters[i]->refused; *bad; bad++) {
            set_sound(numbers);
            numbers[i] = *bad;
            snprintf(what, sizeof what, "%s, value %d", parameters[i]->name, *bad);
            int answer = call_with(row, world, numbers);
            expect_refusal(row, answer, what);
            if (row->kind == ANSWERS && bad_is_null(*bad))
                ck_assert_msg(answer == VAE_EINVAL, "%s (%s): %s", row->name, what,
                              vae_status_name(answer));
        }
}

static void refuse_pairs(const struct call_row *row)
{
    int numbers[CALL_ARGUMENTS];
    char what[96];
    for (size_t i = 0; i < arguments; i++)
        for (size_t j = i + 1; j < arguments; j++)
            for (const int *bad = parameters[i]->refused; *bad; bad++)
                for (const int *worse = parameters[j]->refused; *worse; worse++) {
                    set_sound(numbers);
                    numbers[i] = *bad, numbers[j] = *worse;
                    snprintf(what, sizeof what, "%s %d, %s %d", parameters[i]->name, *bad,
                             parameters[j]->name, *worse);
                    expect_refusal(row, call_with(row, world, numbers), what);
                }
}

/* Refused with a sentence, or done. */
static void survive_each(const struct call_row *row)
{
    int numbers[CALL_ARGUMENTS];
    for (size_t i = 0; i < arguments; i++)
        for (const int *odd = parameters[i]->unusual; *odd; odd++) {
            set_sound(numbers);
            numbers[i] = *odd;
            int answer = call_with(row, world, numbers);
            if (row->kind == ANSWERS && answer != VAE_OK)
                call_expect_sentence(row, answer, parameters[i]->name);
        }
}

static void work(const struct call_row *row)
{
    int numbers[CALL_ARGUMENTS];
    set_sound(numbers);
    int answer = call_with(row, world, numbers);
    if (row->kind == ANSWERS)
        ck_assert_msg(answer == VAE_OK, "%s: %s", row->name, vae_last_error());
    if (row->kind == SHOWS) ck_assert_msg(answer != 0, "%s showed nothing", row->name);
    if (row->kind == TAKES && strcmp(row->name + strlen(row->name) - 5, "_free") == 0)
        world_forget(world, numbers[0]);
}

START_TEST(bad_arguments_are_refused_by_name_and_change_nothing)
{
    const struct call_row *row = &call_rows[_i];
    vae_context *context;
    MUST(vae_context_new(&context, NULL, NULL, NULL));
    world = world_new(context);
    arguments = call_parameters(row, parameters);
    refuse_each(row);
    refuse_pairs(row);
    ck_assert_msg(world_is_unchanged(world), "%s failed and moved weights", row->name);
    survive_each(row);
    work(row);
    world_free(world);
    vae_context_free(context);
}
END_TEST

/* The map lists a symbol a line, between "global:" and "local:". */
START_TEST(every_exported_symbol_has_a_row)
{
    FILE *map = fopen(VAE_SOURCE_ROOT "/lib/libvae.map", "r");
    char line[256];
    int listed = 0, global = 0;
    ck_assert_ptr_nonnull(map);
    while (fgets(line, sizeof line, map)) {
        char *name = line + strspn(line, " \t");
        if (strstr(name, "local:")) global = 0;
        if (global && strncmp(name, "vae_", 4) == 0) {
            int known = 0;
            name[strcspn(name, ";")] = '\0';
            for (int i = 0; i < call_row_count; i++) known |= strcmp(call_rows[i].name, name) == 0;
            ck_assert_msg(known, "%s is exported and has no row in every_call.h", name);
            listed++;
        }
        if (strstr(name, "global:")) global = 1;
    }
    fclose(map);
    ck_assert_int_eq(listed, call_row_count);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, every_exported_symbol_has_a_row);
    tcase_add_loop_test(tests, bad_arguments_are_refused_by_name_and_change_nothing, 0,
                        call_row_count);
}

int main(void)
{
    return check_run("bad_calls", add);
}

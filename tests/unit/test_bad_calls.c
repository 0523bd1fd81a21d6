/* SPDX-License-Identifier: MIT */
/* Every exported function, called with everything that is not meant for it, one argument at a time
 * and two at a time: it answers a code and a sentence that begins with its name, changes nothing,
 * and works afterwards. */
#include "support/bad_values.h"
#include "support/check_main.h"
#include "support/every_call.h"

#include <ctype.h>
#include <stdio.h>

#define ARGUMENTS 12

enum kind { ANSWERS, SHOWS, TAKES };

/* Each call as a function of its arguments' values. What it shows is 0 or 1. */
#define STATUS_OF(f, parameters, arguments)                                                        \
    static int call_##f(const union value *a)                                                      \
    {                                                                                              \
        (void)a;                                                                                   \
        return f arguments;                                                                        \
    }
#define TRUTH_OF(f, parameters, arguments)                                                         \
    static int call_##f(const union value *a)                                                      \
    {                                                                                              \
        (void)a;                                                                                   \
        return f arguments != 0;                                                                   \
    }
#define NOTHING_OF(f, parameters, arguments)                                                       \
    static int call_##f(const union value *a)                                                      \
    {                                                                                              \
        f arguments;                                                                               \
        return 0;                                                                                  \
    }
EVERY_CALL(STATUS_OF, TRUTH_OF, NOTHING_OF)

#define ROW_ANSWERS(f, parameters, arguments) {#f, ANSWERS, parameters, call_##f},
#define ROW_SHOWS(f, parameters, arguments) {#f, SHOWS, parameters, call_##f},
#define ROW_TAKES(f, parameters, arguments) {#f, TAKES, parameters, call_##f},
static const struct row {
    const char *name;
    enum kind kind;
    const char *parameters;
    int (*call)(const union value *a);
} rows[] = {EVERY_CALL(ROW_ANSWERS, ROW_SHOWS, ROW_TAKES)};

#define ROWS ((int)(sizeof rows / sizeof *rows))

static struct world *world;
static const struct parameter *parameters[ARGUMENTS];
static size_t arguments;

static void understand(const struct row *row)
{
    const char *at = row->parameters;
    for (arguments = 0; *at != '\0'; arguments++) {
        size_t length = strcspn(at, " ");
        ck_assert_uint_lt(arguments, ARGUMENTS);
        parameters[arguments] = bad_parameter(at, length);
        ck_assert_msg(parameters[arguments] != NULL, "%s: no values for \"%.*s\"", row->name,
                      (int)length, at);
        at += length + (at[length] == ' ');
    }
}

static void free_made(const char *function, void *made)
{
    const struct {
        const char *prefix;
        void (*give_back)(void *);
    } ends[] = {{"vae_context", (void (*)(void *))vae_context_free},
                {"vae_config", (void (*)(void *))vae_config_free},
                {"vae_model", (void (*)(void *))vae_model_free},
                {"vae_workspace", (void (*)(void *))vae_workspace_free},
                {"vae_batch", (void (*)(void *))vae_batch_free},
                {"vae_source", (void (*)(void *))vae_source_free},
                {"vae_trainer", (void (*)(void *))vae_trainer_free}};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (strncmp(function, ends[i].prefix, strlen(ends[i].prefix)) == 0) ends[i].give_back(made);
}

/* Calls with the values of these numbers; frees what was made. */
static int call(const struct row *row, const int *numbers)
{
    union value a[ARGUMENTS];
    for (size_t i = 0; i < arguments; i++) a[i] = bad_value(world, numbers[i], i);
    world_rewind(world);
    int answer = row->call(a);
    if (arguments == 0 || strcmp(parameters[0]->name, "out") != 0 || !a[0].p) return answer;
    if (answer != VAE_OK)
        ck_assert_msg(*(void **)a[0].p == NULL, "%s failed and did not set its result to NULL",
                      row->name);
    else
        free_made(row->name, *(void **)a[0].p);
    return answer;
}

static void expect_sentence(const struct row *row, int answer, const char *what)
{
    const char *sentence = vae_last_error();
    size_t length = strlen(row->name);
    ck_assert_msg(answer < 0 && strcmp(vae_status_name(answer), "unknown status") != 0,
                  "%s (%s): answered %d", row->name, what, answer);
    ck_assert_msg(strncmp(sentence, row->name, length) == 0 && sentence[length] == ':' &&
                      strlen(sentence) > length + 4,
                  "%s (%s): \"%s\"", row->name, what, sentence);
}

static void expect_refusal(const struct row *row, int answer, const char *what)
{
    if (row->kind == ANSWERS)
        expect_sentence(row, answer, what);
    else
        ck_assert_msg(answer == 0, "%s (%s): showed something", row->name, what);
}

static void set_sound(int *numbers)
{
    for (size_t i = 0; i < arguments; i++) numbers[i] = parameters[i]->sound;
}

static void refuse_each(const struct row *row)
{
    int numbers[ARGUMENTS];
    char what[96];
    for (size_t i = 0; i < arguments; i++)
        for (const int *bad = parameters[i]->refused; *bad; bad++) {
            set_sound(numbers);
            numbers[i] = *bad;
            snprintf(what, sizeof what, "%s, value %d", parameters[i]->name, *bad);
            int answer = call(row, numbers);
            expect_refusal(row, answer, what);
            if (row->kind == ANSWERS && bad_is_null(*bad))
                ck_assert_msg(answer == VAE_EINVAL, "%s (%s): %s", row->name, what,
                              vae_status_name(answer));
        }
}

static void refuse_pairs(const struct row *row)
{
    int numbers[ARGUMENTS];
    char what[96];
    for (size_t i = 0; i < arguments; i++)
        for (size_t j = i + 1; j < arguments; j++)
            for (const int *bad = parameters[i]->refused; *bad; bad++)
                for (const int *worse = parameters[j]->refused; *worse; worse++) {
                    set_sound(numbers);
                    numbers[i] = *bad, numbers[j] = *worse;
                    snprintf(what, sizeof what, "%s %d, %s %d", parameters[i]->name, *bad,
                             parameters[j]->name, *worse);
                    expect_refusal(row, call(row, numbers), what);
                }
}

/* Refused with a sentence, or done. */
static void survive_each(const struct row *row)
{
    int numbers[ARGUMENTS];
    for (size_t i = 0; i < arguments; i++)
        for (const int *odd = parameters[i]->unusual; *odd; odd++) {
            set_sound(numbers);
            numbers[i] = *odd;
            int answer = call(row, numbers);
            if (row->kind == ANSWERS && answer != VAE_OK)
                expect_sentence(row, answer, parameters[i]->name);
        }
}

static void work(const struct row *row)
{
    int numbers[ARGUMENTS];
    set_sound(numbers);
    int answer = call(row, numbers);
    if (row->kind == ANSWERS)
        ck_assert_msg(answer == VAE_OK, "%s: %s", row->name, vae_last_error());
    if (row->kind == SHOWS) ck_assert_msg(answer != 0, "%s showed nothing", row->name);
    if (row->kind == TAKES && strcmp(row->name + strlen(row->name) - 5, "_free") == 0)
        world_forget(world, numbers[0]);
}

START_TEST(bad_arguments_are_refused_by_name_and_change_nothing)
{
    const struct row *row = &rows[_i];
    world = world_new();
    understand(row);
    refuse_each(row);
    refuse_pairs(row);
    ck_assert_msg(world_is_unchanged(world), "%s failed and moved weights", row->name);
    survive_each(row);
    work(row);
    world_free(world);
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
            for (int i = 0; i < ROWS; i++) known |= strcmp(rows[i].name, name) == 0;
            ck_assert_msg(known, "%s is exported and has no row in every_call.h", name);
            listed++;
        }
        if (strstr(name, "global:")) global = 1;
    }
    fclose(map);
    ck_assert_int_eq(listed, ROWS);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, every_exported_symbol_has_a_row);
    tcase_add_loop_test(tests, bad_arguments_are_refused_by_name_and_change_nothing, 0, ROWS);
}

int main(void)
{
    return check_run("bad_calls", add);
}

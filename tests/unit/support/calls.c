/* SPDX-License-Identifier: MIT */
#include "calls.h"

#include "check_main.h"
#include "every_call.h"

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
const struct call_row call_rows[] = {EVERY_CALL(ROW_ANSWERS, ROW_SHOWS, ROW_TAKES)};

const int call_row_count = (int)(sizeof call_rows / sizeof *call_rows);

size_t call_parameters(const struct call_row *row,
                       const struct parameter *parameters[CALL_ARGUMENTS])
{
    const char *at = row->parameters;
    size_t n = 0;
    for (; *at != '\0'; n++) {
        size_t length = strcspn(at, " ");
        ck_assert_uint_lt(n, CALL_ARGUMENTS);
        parameters[n] = bad_parameter(at, length);
        ck_assert_msg(parameters[n] != NULL, "%s: no values for \"%.*s\"", row->name, (int)length,
                      at);
        at += length + (at[length] == ' ');
    }
    return n;
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

int call_with(const struct call_row *row, struct world *world, const int *numbers)
{
    const struct parameter *parameters[CALL_ARGUMENTS];
    union value a[CALL_ARGUMENTS];
    size_t n = call_parameters(row, parameters);
    for (size_t i = 0; i < n; i++) a[i] = bad_value(world, numbers[i], i);
    world_rewind(world);
    int answer = row->call(a);
    if (n == 0 || strcmp(parameters[0]->name, "out") != 0 || !a[0].p) return answer;
    if (answer != VAE_OK)
        ck_assert_msg(*(void **)a[0].p == NULL, "%s failed and did not set its result to NULL",
                      row->name);
    else
        free_made(row->name, *(void **)a[0].p);
    return answer;
}

void call_expect_sentence(const struct call_row *row, int answer, const char *what)
{
    const char *sentence = vae_last_error();
    size_t length = strlen(row->name);
    ck_assert_msg(answer < 0 && strcmp(vae_status_name(answer), "unknown status") != 0,
                  "%s (%s): answered %d", row->name, what, answer);
    ck_assert_msg(strncmp(sentence, row->name, length) == 0 && sentence[length] == ':' &&
                      strlen(sentence) > length + 4,
                  "%s (%s): \"%s\"", row->name, what, sentence);
}

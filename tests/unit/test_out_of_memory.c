/* SPDX-License-Identifier: MIT */
/* Memory that runs out inside any exported function, at each of its allocations, once and from
 * there on, Jansson's allocations included: VAE_ENOMEM, nothing lost, nothing changed, and the same
 * call works as soon as there is memory. */
#include "support/calls.h"
#include "support/check_main.h"

#include <jansson.h>

/* Allocations are counted while `counting`; those from `first` to `last` fail. */
static struct memory {
    int counting;
    size_t calls, first, last;
    ptrdiff_t held;
} memory;

static void *take(size_t bytes)
{
    if (memory.counting && ++memory.calls >= memory.first && memory.calls <= memory.last)
        return NULL;
    void *block = malloc(bytes);
    if (block) memory.held++;
    return block;
}

static void give(void *block)
{
    if (block) memory.held--;
    free(block);
}

static void *context_take(void *user, size_t bytes)
{
    (void)user;
    return take(bytes);
}

static void context_give(void *user, void *block)
{
    (void)user;
    give(block);
}

/* The sound call, with allocations first to last failing. */
static int try_call(const struct call_row *row, struct world *world, size_t first, size_t last)
{
    const struct parameter *parameters[CALL_ARGUMENTS];
    int numbers[CALL_ARGUMENTS];
    size_t n = call_parameters(row, parameters);
    for (size_t i = 0; i < n; i++) numbers[i] = parameters[i]->sound;
    world_forget_plans(world);
    memory = (struct memory){1, 0, first, last, memory.held};
    int answer = call_with(row, world, numbers);
    memory.counting = 0;
    return answer;
}

static void expect_no_memory(const struct call_row *row, int answer, size_t k)
{
    ck_assert_msg(answer == VAE_ENOMEM, "%s, allocation %zu: %s (%s)", row->name, k,
                  vae_status_name(answer), vae_last_error());
    call_expect_sentence(row, answer, "out of memory");
}

/* Done all the same, rightly, is fine where a single failure did no harm. Answers how many
 * allocations the call makes when none fails. */
static size_t fail_each(const struct call_row *row, struct world *world, int once)
{
    for (size_t k = 1;; k++) {
        world_forget_plans(world);
        ptrdiff_t held = memory.held;
        int answer = try_call(row, world, k, once ? k : SIZE_MAX);
        if (memory.calls < k) {
            ck_assert_msg(answer == VAE_OK, "%s: %s", row->name, vae_last_error());
            return k - 1;
        }
        if (answer != VAE_OK || !once) expect_no_memory(row, answer, k);
        world_forget_plans(world);
        ck_assert_msg(memory.held == held, "%s, allocation %zu: %td blocks are lost", row->name, k,
                      memory.held - held);
        ck_assert_msg(world_is_unchanged(world), "%s, allocation %zu: weights moved", row->name, k);
    }
}

/* What makes an object, reads or writes a file cannot do so without memory. */
static int needs_memory(const struct call_row *row)
{
    static const char *const words[] = {"out ", "path", "tape", "_bytes", "write", "capacity"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(row->parameters, words[i])) return strcmp(row->name, "vae_context_new") != 0;
    return 0;
}

static int lasts(const struct call_row *row)
{
    return row->kind == ANSWERS && strcmp(row->name, "vae_model_parameters_begin") != 0 &&
           strcmp(row->name, "vae_model_parameters_end") != 0;
}

START_TEST(whichever_allocation_fails_the_call_says_so_and_loses_nothing)
{
    const struct call_row *row = &call_rows[_i];
    vae_context *context;
    if (!lasts(row)) return;
    json_set_alloc_funcs(take, give);
    MUST(vae_context_new(&context, context_take, context_give, NULL));
    struct world *world = world_new(context);
    size_t on = fail_each(row, world, 0), once = fail_each(row, world, 1);
    if (needs_memory(row)) ck_assert_uint_gt(on, 0);
    ck_assert_uint_ge(once, on);
    world_free(world);
    vae_context_free(context);
    ck_assert_int_eq(memory.held, 0);
    json_set_alloc_funcs(malloc, free);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, whichever_allocation_fails_the_call_says_so_and_loses_nothing, 0,
                        call_row_count);
}

int main(void)
{
    return check_run("out_of_memory", add);
}

/* SPDX-License-Identifier: MIT */
/* What a host has set for its own arithmetic is as it was after every exported function, done or
 * refused; and no function traps when the host has unmasked floating-point exceptions. */
#include "support/calls.h"
#include "support/check_main.h"
#include "support/valgrind.h"

#include <fenv.h>

#ifdef __SSE2__
#include <xmmintrin.h>

#define STICKY 0x3fu /* exceptions that happened */

static unsigned control(void)
{
    return _mm_getcsr() & ~STICKY;
}

static void set_control(unsigned value)
{
    _mm_setcsr(value);
}
#else
static unsigned control(void)
{
    return (unsigned)fegetround();
}

static void set_control(unsigned value)
{
    fesetround((int)value);
}
#endif

static const struct parameter *parameters[CALL_ARGUMENTS];
static size_t arguments;

static void set_sound(int *numbers)
{
    for (size_t i = 0; i < arguments; i++) numbers[i] = parameters[i]->sound;
}

/* Calls under the host's state and compares it. */
static int call_under(const struct call_row *row, struct world *world, const int *numbers,
                      unsigned state)
{
    unsigned own = control();
    set_control(state);
    int answer = call_with(row, world, numbers);
    unsigned after = control();
    set_control(own);
    ck_assert_msg(after == state, "%s left the state %#x, which was %#x", row->name, after, state);
    return answer;
}

static struct world *make(const struct call_row *row, vae_context **context)
{
    arguments = call_parameters(row, parameters);
    MUST(vae_context_new(context, NULL, NULL, NULL));
    return world_new(*context);
}

static void drop(const struct call_row *row, struct world *world, vae_context *context)
{
    if (row->kind == TAKES && strcmp(row->name + strlen(row->name) - 5, "_free") == 0)
        world_forget(world, parameters[0]->sound);
    world_free(world);
    vae_context_free(context);
}

/* Downward, without flushing: nothing the library would choose. */
static unsigned odd_state(void)
{
    int own = fegetround();
    fesetround(FE_DOWNWARD);
    unsigned state = control();
    fesetround(own);
    return state;
}

/* What must be refused, one argument at a time, then the sound call. */
static void try_all(const struct call_row *row, struct world *world, unsigned state)
{
    int numbers[CALL_ARGUMENTS];
    for (size_t i = 0; i < arguments; i++)
        for (const int *bad = parameters[i]->refused; *bad; bad++) {
            set_sound(numbers);
            numbers[i] = *bad;
            call_under(row, world, numbers, state);
        }
    set_sound(numbers);
    int answer = call_under(row, world, numbers, state);
    if (row->kind == ANSWERS) ck_assert_int_eq(answer, VAE_OK);
}

START_TEST(every_call_leaves_the_hosts_rounding_and_denormals)
{
    const struct call_row *row = &call_rows[_i];
    vae_context *context;
    struct world *world = make(row, &context);
    try_all(row, world, odd_state());
    drop(row, world, context);
}
END_TEST

#ifdef __SSE2__
/* Every exception traps: invalid operations and signaling NaN, but also what every sum raises and
 * denormal numbers, which are no errors. */
START_TEST(no_call_traps)
{
    const struct call_row *row = &call_rows[_i];
    vae_context *context;
    if (under_valgrind()) return;
    struct world *world = make(row, &context);
    try_all(row, world, 0);
    drop(row, world, context);
}
END_TEST
#endif

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, every_call_leaves_the_hosts_rounding_and_denormals, 0,
                        call_row_count);
#ifdef __SSE2__
    tcase_add_loop_test(tests, no_call_traps, 0, call_row_count);
#endif
}

int main(void)
{
    return check_run("host_state", add);
}

/* SPDX-License-Identifier: MIT */
/* What a host has set for its own arithmetic is as it was after every exported function, done or
 * refused; and no function traps when the host has unmasked floating-point exceptions. */
#include "support/calls.h"
#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/snapshot.h"
#include "support/toy.h"
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

#ifdef __SSE2__
static const uint32_t odd_bits[] = {0x7fa00000u, 0xffa00000u, 1u, 0x80000001u};
enum { FINITE_FROM = 2, NEGATIVE = 3 }; /* before it signaling NaN, from it on denormal numbers */

/* A file with an odd number as the last of its data. */
static void spoil(snapshot *file, uint32_t bits)
{
    memcpy(file->bytes + file->n - sizeof bits, &bits, sizeof bits);
}

/* Whatever numbers a file holds, no reader or writer of it traps. */
START_TEST(no_file_traps)
{
    const int finite = _i >= FINITE_FROM;
    toy t;
    vae_model *loaded;
    vae_status model, weights, trainer, saved = VAE_OK, rates;
    size_t n, m = 0;
    if (under_valgrind()) return;
    toy_ready(&t, &(toy_case){.optimizer = "adam", .options = {NULL}});
    snapshot whole = snapshot_save(t.trainer, SNAPSHOT_MEMORY);
    MUST(vae_model_save_memory(t.model, NULL, 0, &n));
    snapshot file = {.bytes = fixture_alloc(n, 1), .n = n};
    MUST(vae_model_save_memory(t.model, file.bytes, n, &m));
    spoil(&file, odd_bits[_i]);
    spoil(&whole, odd_bits[_i]);
    unsigned own = control();
    set_control(0);
    model = vae_model_load_memory(&loaded, NULL, file.bytes, n);
    weights = vae_model_load_weights_memory(t.model, file.bytes, n, NULL, NULL);
    trainer = vae_trainer_load_memory(t.trainer, whole.bytes, whole.n);
    if (finite) saved = vae_model_save_memory(loaded, file.bytes, n, &m);
    rates = vae_trainer_set_text(t.trainer, "schedule_rates", "1e-320");
    set_control(own);
    ck_assert_int_eq(model, finite ? VAE_OK : VAE_ENONFINITE);
    ck_assert_int_eq(weights, finite ? VAE_OK : VAE_ENONFINITE);
    ck_assert_int_eq(trainer, _i == NEGATIVE ? VAE_EFORMAT : model); /* a mean of squares */
    ck_assert_int_eq(saved, VAE_OK);
    ck_assert_int_eq(rates, VAE_OK);
    vae_model_free(loaded);
    free(file.bytes);
    free(whole.bytes);
    toy_free(&t);
}
END_TEST
#endif

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, every_call_leaves_the_hosts_rounding_and_denormals, 0,
                        call_row_count);
#ifdef __SSE2__
    tcase_add_loop_test(tests, no_call_traps, 0, call_row_count);
    tcase_add_loop_test(tests, no_file_traps, 0, (int)(sizeof odd_bits / sizeof *odd_bits));
#endif
}

int main(void)
{
    return check_run("host_state", add);
}

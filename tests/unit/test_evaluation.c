/* SPDX-License-Identifier: MIT */
/* Means over a whole set: those of its rows' scores, wherever the rows come from and however they
 * are worked on. */
#include <math.h>

#include "support/check_main.h"
#include "support/fixtures.h"

#define ROWS 150
#define SEED 21

static const fixture_case shape = {.input = 11,
                                   .latent = 3,
                                   .output = 7,
                                   .condition = 2,
                                   .encoder = "9",
                                   .decoder = "10",
                                   .activation = "elu",
                                   .rows = ROWS,
                                   .samples = 3,
                                   .beta = 0.3};

typedef struct setup {
    fixture f;
    vae_source *input, *target, *condition;
} setup;

static void set_up(setup *s)
{
    fixture_new(&s->f, &shape, NULL);
    MUST(vae_batch_set_eps(s->f.batch, NULL));
    MUST(vae_batch_set_noise(s->f.batch, SEED, 0));
    MUST(vae_source_from_float(&s->input, NULL, s->f.x, ROWS, 11, 0));
    MUST(vae_source_from_float(&s->target, NULL, s->f.target, ROWS, 7, 0));
    MUST(vae_source_from_float(&s->condition, NULL, s->f.condition, ROWS, 2, 0));
}

static void tear_down(setup *s)
{
    vae_source_free(s->input);
    vae_source_free(s->target);
    vae_source_free(s->condition);
    fixture_free(&s->f);
}

typedef struct means {
    double reconstruction, kl;
} means;

static means evaluate(const setup *s, const vae_source *input, size_t rows, size_t threads)
{
    vae_workspace *workspace;
    means m;
    MUST(vae_workspace_new(&workspace, s->f.model, "inference", rows, 3, threads));
    MUST(vae_evaluate(workspace, s->f.model, input, s->target, s->condition, 3, SEED,
                      &m.reconstruction, &m.kl));
    vae_workspace_free(workspace);
    return m;
}

static void expect_same_bits(means a, means b)
{
    ck_assert_double_eq(a.reconstruction, b.reconstruction);
    ck_assert_double_eq(a.kl, b.kl);
}

START_TEST(means_are_those_of_the_scores)
{
    setup s;
    vae_workspace *workspace;
    double reconstruction[ROWS], kl[ROWS];
    means all = {0, 0}, m;

    set_up(&s);
    MUST(vae_workspace_new(&workspace, s.f.model, "inference", 64, 3, 2));
    MUST(vae_score(workspace, s.f.model, s.f.batch, reconstruction, kl));
    vae_workspace_free(workspace);
    for (size_t r = 0; r < ROWS; r++) {
        all.reconstruction += reconstruction[r] / ROWS;
        all.kl += kl[r] / ROWS;
    }
    m = evaluate(&s, s.input, 64, 2);
    ck_assert_double_eq_tol(m.reconstruction, all.reconstruction, 1e-12 * all.reconstruction);
    ck_assert_double_eq_tol(m.kl, all.kl, 1e-12 * all.kl);
    tear_down(&s);
}
END_TEST

START_TEST(workspace_size_and_threads_change_no_bit)
{
    static const size_t sizes[][2] = {{1, 1}, {7, 1}, {16, 2}, {64, 3}, {149, 1}, {1000, 4}};
    setup s;
    means one;

    set_up(&s);
    one = evaluate(&s, s.input, ROWS, 1);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        expect_same_bits(one, evaluate(&s, s.input, sizes[i][0], sizes[i][1]));
    tear_down(&s);
}
END_TEST

static means evaluate_many(const fixture *f, const char *purpose, size_t rows, size_t threads)
{
    vae_workspace *workspace;
    vae_source *source;
    means m;
    MUST(vae_source_from_float(&source, NULL, f->x, f->rows, f->input, 0));
    MUST(vae_workspace_new(&workspace, f->model, purpose, rows, 1, threads));
    MUST(vae_evaluate(workspace, f->model, source, NULL, NULL, 1, SEED, &m.reconstruction, &m.kl));
    vae_workspace_free(workspace);
    vae_source_free(source);
    return m;
}

/* More rows than are worked on at once, and terms whose sum needs all of a double's bits. BLAS
 * promises nothing across sizes. */
START_TEST(where_a_large_set_is_cut_changes_no_bit)
{
    static const size_t sizes[] = {40, 256, 4096};
    static const char *const gemms[] = {"builtin", "blas"};
    static const fixture_case plain = {.input = 5,
                                       .latent = 2,
                                       .encoder = "40",
                                       .decoder = "4",
                                       .activation = "tanh",
                                       .likelihood = "gaussian",
                                       .rows = 5000,
                                       .samples = 1};
    vae_context *context;
    fixture f;

    MUST(vae_context_new(&context, NULL, NULL, NULL));
    if (vae_context_set_text(context, "gemm", gemms[_i]) != VAE_OK) ck_assert_int_eq(_i, 1);
    fixture_new(&f, &plain, context);
    means first = evaluate_many(&f, "inference", sizes[0], 1);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        means one = _i == 0 ? first : evaluate_many(&f, "inference", sizes[i], 1);
        expect_same_bits(one, evaluate_many(&f, "inference", sizes[i], 1));
        expect_same_bits(one, evaluate_many(&f, "inference", sizes[i], 64));
        expect_same_bits(one, evaluate_many(&f, "gradient", sizes[i], 3));
    }
    fixture_free(&f);
    vae_context_free(context);
}
END_TEST

static int read_rows(void *user, const uint64_t *rows, size_t n, float *out)
{
    const float *x = user;
    for (size_t i = 0; i < n; i++) memcpy(out + i * 11, x + rows[i] * 11, 11 * sizeof *out);
    return 0;
}

START_TEST(a_callback_gives_the_bits_of_memory)
{
    setup s;
    vae_source *callback;

    set_up(&s);
    MUST(vae_source_from_callback(&callback, NULL, ROWS, 11, read_rows, s.f.x));
    expect_same_bits(evaluate(&s, s.input, 20, 2), evaluate(&s, callback, 20, 2));
    expect_same_bits(evaluate(&s, s.input, 20, 1), evaluate(&s, callback, 64, 2));
    vae_source_free(callback);
    tear_down(&s);
}
END_TEST

typedef struct reading {
    const float *x;
    size_t most, all; /* rows asked for at once, and in all */
} reading;

static int count_rows(void *user, const uint64_t *rows, size_t n, float *out)
{
    reading *r = user;
    if (n > r->most) r->most = n;
    r->all += n;
    return read_rows((void *)(uintptr_t)r->x, rows, n, out);
}

/* Or a workspace for few rows would ask for the memory of many. */
START_TEST(a_callback_is_asked_for_max_rows_at_a_time)
{
    setup s;
    vae_source *callback;

    set_up(&s);
    reading r = {.x = s.f.x};
    MUST(vae_source_from_callback(&callback, NULL, ROWS, 11, count_rows, &r));
    evaluate(&s, callback, 40, 1);
    ck_assert_uint_eq(r.all, ROWS);
    ck_assert_uint_ge(r.most, 40);
    ck_assert_uint_lt(r.most, 40 + 64); /* whole shards */
    vae_source_free(callback);
    tear_down(&s);
}
END_TEST

START_TEST(bytes_give_the_bits_of_their_floats)
{
    setup s;
    vae_source *bytes;
    uint8_t k[ROWS * 11];

    set_up(&s);
    for (size_t i = 0; i < ROWS * 11; i++) {
        k[i] = (uint8_t)(i * 7);
        s.f.x[i] = (float)k[i] / 255.0f;
    }
    MUST(vae_source_from_uint8(&bytes, NULL, k, ROWS, 11, 0));
    expect_same_bits(evaluate(&s, s.input, 20, 2), evaluate(&s, bytes, 20, 2));
    vae_source_free(bytes);
    tear_down(&s);
}
END_TEST

/* Drawn from the call's seed: the same again, whatever the workspace, and not the grey rows. */
START_TEST(binarisation_is_drawn_from_the_seed)
{
    setup s;
    means grey, binary;

    set_up(&s);
    grey = evaluate(&s, s.input, 64, 1);
    MUST(vae_source_set_binarize(s.target, "bernoulli"));
    binary = evaluate(&s, s.input, 64, 1);
    ck_assert_double_ne(grey.reconstruction, binary.reconstruction);
    ck_assert_double_eq(grey.kl, binary.kl);
    expect_same_bits(binary, evaluate(&s, s.input, 7, 3));
    tear_down(&s);
}
END_TEST

/* Slices with their first rows give the noise, and so the terms, of the whole set to the bit. */
START_TEST(slices_of_a_set_score_as_the_set)
{
    setup s;
    vae_workspace *ws;
    vae_batch *slice;
    double whole[2][ROWS], part[2][ROWS];
    enum { CUT = 67 };

    set_up(&s);
    MUST(vae_workspace_new(&ws, s.f.model, "inference", 64, 3, 2));
    MUST(vae_score(ws, s.f.model, s.f.batch, whole[0], whole[1]));
    MUST(vae_batch_new(&slice, NULL));
    MUST(vae_batch_set_noise(slice, SEED, 0));
    MUST(vae_batch_set_samples(slice, shape.samples));
    for (size_t first = 0; first < ROWS; first += CUT) {
        size_t n = ROWS - first < CUT ? ROWS - first : CUT;
        MUST(vae_batch_set_input(slice, s.f.x + first * 11, n, 0));
        MUST(vae_batch_set_target(slice, s.f.target + first * 7, n, 0));
        MUST(vae_batch_set_condition(slice, s.f.condition + first * 2, n, 0));
        MUST(vae_batch_set_first_row(slice, first));
        MUST(vae_score(ws, s.f.model, slice, part[0] + first, part[1] + first));
    }
    ck_assert_mem_eq(whole, part, sizeof whole);
    MUST_FAIL(VAE_EINVAL, vae_batch_set_first_row(NULL, 0));
    MUST_FAIL(VAE_EINVAL, vae_batch_set_first_row(slice, (uint64_t)UINT32_MAX + 1));
    vae_batch_free(slice);
    vae_workspace_free(ws);
    tear_down(&s);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, slices_of_a_set_score_as_the_set);
    tcase_add_test(tests, means_are_those_of_the_scores);
    tcase_add_test(tests, workspace_size_and_threads_change_no_bit);
    tcase_add_loop_test(tests, where_a_large_set_is_cut_changes_no_bit, 0, 2);
    tcase_add_test(tests, a_callback_gives_the_bits_of_memory);
    tcase_add_test(tests, a_callback_is_asked_for_max_rows_at_a_time);
    tcase_add_test(tests, bytes_give_the_bits_of_their_floats);
    tcase_add_test(tests, binarisation_is_drawn_from_the_seed);
}

int main(void)
{
    return check_run("evaluation", add);
}

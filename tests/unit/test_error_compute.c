/* SPDX-License-Identifier: MIT */
/* Every error of the calls that compute: NULL, other models, shapes, numbers not finite. */
#include <math.h>

#include "support/check_main.h"
#include "support/fixtures.h"

static const fixture_case shape = {.input = 4,
                                   .latent = 2,
                                   .output = 5,
                                   .condition = 3,
                                   .encoder = "3",
                                   .decoder = "3",
                                   .rows = 6};
static const fixture_case plain = {.input = 4, .latent = 2, .rows = 6};

typedef struct setup {
    fixture f;
    vae_workspace *w;
    float latent[12], out[6 * 8];
} setup;

static void set_up(setup *s, const fixture_case *c, const char *purpose)
{
    memset(s, 0, sizeof *s);
    fixture_new(&s->f, c, NULL);
    MUST(vae_workspace_new(&s->w, s->f.model, purpose, 6, 2, 1));
    MUST(vae_batch_set_latent(s->f.batch, s->latent, 6, 0));
}

static void tear_down(setup *s)
{
    vae_workspace_free(s->w);
    fixture_free(&s->f);
}

/* The calls that write rows, in one shape. */
typedef vae_status (*call)(vae_workspace *, const vae_model *, const vae_batch *, float *, size_t);

static vae_status encode_mu(vae_workspace *w, const vae_model *m, const vae_batch *b, float *out,
                            size_t stride)
{
    return vae_encode(w, m, b, out, stride, NULL, 0);
}

static vae_status encode_logvar(vae_workspace *w, const vae_model *m, const vae_batch *b,
                                float *out, size_t stride)
{
    return vae_encode(w, m, b, NULL, 0, out, stride);
}

static vae_status sample_prior(vae_workspace *w, const vae_model *m, const vae_batch *b, float *out,
                               size_t stride)
{
    return vae_sample_prior(w, m, b, 6, 1, out, stride);
}

static vae_status loss(vae_workspace *w, const vae_model *m, const vae_batch *b, float *out,
                       size_t stride)
{
    double terms[3];
    (void)out, (void)stride;
    return vae_loss(w, m, b, &terms[0], &terms[1], &terms[2]);
}

static vae_status score(vae_workspace *w, const vae_model *m, const vae_batch *b, float *out,
                        size_t stride)
{
    double terms[2][6];
    (void)out, (void)stride;
    return vae_score(w, m, b, terms[0], terms[1]);
}

static vae_status gradient(vae_workspace *w, const vae_model *m, const vae_batch *b, float *out,
                           size_t stride)
{
    float *block = fixture_floats(vae_model_parameter_count(m));
    vae_status status = vae_loss_gradient(w, m, b, NULL, NULL, NULL, block, out, stride);
    free(block);
    return status;
}

static const struct {
    const char *name;
    call call;
    size_t dim; /* of what it writes; 0: nothing with a stride */
    int input, target, latent, condition;
} calls[] = {{"vae_encode", encode_mu, 2, 1, 0, 0, 1},
             {"vae_encode", encode_logvar, 2, 1, 0, 0, 1},
             {"vae_encode_sample", vae_encode_sample, 2, 1, 0, 0, 1},
             {"vae_decode", vae_decode, 5, 0, 0, 1, 1},
             {"vae_decode_parameters", vae_decode_parameters, 5, 0, 0, 1, 1},
             {"vae_decode_sample", vae_decode_sample, 5, 0, 0, 1, 1},
             {"vae_reconstruct", vae_reconstruct, 5, 1, 0, 0, 1},
             {"vae_reconstruct_sample", vae_reconstruct_sample, 5, 1, 0, 0, 1},
             {"vae_sample_prior", sample_prior, 2, 0, 0, 0, 0},
             {"vae_score", score, 0, 1, 1, 0, 1},
             {"vae_loss", loss, 0, 1, 1, 0, 1},
             {"vae_loss_gradient", gradient, 4, 1, 1, 0, 1}};

#define CALLS ((int)(sizeof calls / sizeof *calls))

static void expect(int index, vae_status status, vae_status code, const char *what)
{
    size_t length = strlen(calls[index].name);
    ck_assert_msg(status == code, "%s, %s: %s instead of %s (%s)", calls[index].name, what,
                  vae_status_name(status), vae_status_name(code), vae_last_error());
    if (code != VAE_OK)
        ck_assert_msg(strncmp(vae_last_error(), calls[index].name, length) == 0 &&
                          vae_last_error()[length] == ':',
                      "%s, %s: \"%s\"", calls[index].name, what, vae_last_error());
}

START_TEST(null_and_other_models_are_refused)
{
    call go = calls[_i].call;
    setup s;
    vae_model *other;

    set_up(&s, &shape, "gradient");
    MUST(vae_model_copy(&other, s.f.model));
    expect(_i, go(s.w, s.f.model, s.f.batch, s.out, 0), VAE_OK, "sound");
    expect(_i, go(NULL, s.f.model, s.f.batch, s.out, 0), VAE_EINVAL, "no workspace");
    if (go != gradient) expect(_i, go(s.w, NULL, s.f.batch, s.out, 0), VAE_EINVAL, "no model");
    expect(_i, go(s.w, s.f.model, NULL, s.out, 0), VAE_EINVAL, "no batch");
    expect(_i, go(s.w, other, s.f.batch, s.out, 0), VAE_EINVAL, "another model's workspace");
    if (calls[_i].dim > 0 && go != gradient)
        expect(_i, go(s.w, s.f.model, s.f.batch, NULL, 0), VAE_EINVAL, "no result");
    vae_model_free(other);
    tear_down(&s);
}
END_TEST

START_TEST(strides_below_the_row_are_refused)
{
    call go = calls[_i].call;
    setup s;

    set_up(&s, &shape, "gradient");
    if (calls[_i].dim > 1)
        expect(_i, go(s.w, s.f.model, s.f.batch, s.out, calls[_i].dim - 1), VAE_ESHAPE, "result");
    MUST(vae_batch_set_input(s.f.batch, s.f.x, 6, 3));
    expect(_i, go(s.w, s.f.model, s.f.batch, s.out, 0), calls[_i].input ? VAE_ESHAPE : VAE_OK,
           "input");
    MUST(vae_batch_set_input(s.f.batch, s.f.x, 6, 0));
    MUST(vae_batch_set_target(s.f.batch, s.f.target, 6, 4));
    expect(_i, go(s.w, s.f.model, s.f.batch, s.out, 0), calls[_i].target ? VAE_ESHAPE : VAE_OK,
           "target");
    MUST(vae_batch_set_target(s.f.batch, s.f.target, 6, 0));
    MUST(vae_batch_set_latent(s.f.batch, s.latent, 6, 1));
    expect(_i, go(s.w, s.f.model, s.f.batch, s.out, 0), calls[_i].latent ? VAE_ESHAPE : VAE_OK,
           "latent");
    MUST(vae_batch_set_latent(s.f.batch, s.latent, 6, 0));
    MUST(vae_batch_set_condition(s.f.batch, s.f.condition, 6, 2));
    expect(_i, go(s.w, s.f.model, s.f.batch, s.out, 0), calls[_i].condition ? VAE_ESHAPE : VAE_OK,
           "condition");
    tear_down(&s);
}
END_TEST

START_TEST(numbers_of_rows_that_differ_are_refused)
{
    call go = calls[_i].call;
    setup s;

    set_up(&s, &shape, "gradient");
    MUST(vae_batch_set_condition(s.f.batch, s.f.condition, 5, 0));
    expect(_i, go(s.w, s.f.model, s.f.batch, s.out, 0), calls[_i].condition ? VAE_ESHAPE : VAE_OK,
           "condition");
    MUST(vae_batch_set_condition(s.f.batch, s.f.condition, 6, 0));
    MUST(vae_batch_set_target(s.f.batch, s.f.target, 5, 0));
    expect(_i, go(s.w, s.f.model, s.f.batch, s.out, 0), calls[_i].target ? VAE_ESHAPE : VAE_OK,
           "target");
    tear_down(&s);
}
END_TEST

START_TEST(missing_rows_are_refused)
{
    call go = calls[_i].call;
    setup s;

    set_up(&s, &shape, "gradient");
    vae_batch_clear(s.f.batch);
    MUST(vae_batch_set_condition(s.f.batch, s.f.condition, 6, 0));
    expect(_i, go(s.w, s.f.model, s.f.batch, s.out, 0),
           calls[_i].input || calls[_i].latent ? VAE_ESHAPE : VAE_OK, "no input, no latent");
    MUST(vae_batch_set_input(s.f.batch, s.f.x, 6, 0));
    MUST(vae_batch_set_latent(s.f.batch, s.latent, 6, 0));
    expect(_i, go(s.w, s.f.model, s.f.batch, s.out, 0), calls[_i].target ? VAE_ESHAPE : VAE_OK,
           "no target of another width");
    vae_batch_clear(s.f.batch);
    MUST(vae_batch_set_input(s.f.batch, s.f.x, 6, 0));
    MUST(vae_batch_set_target(s.f.batch, s.f.target, 6, 0));
    MUST(vae_batch_set_latent(s.f.batch, s.latent, 6, 0));
    expect(_i, go(s.w, s.f.model, s.f.batch, s.out, 0), calls[_i].condition ? VAE_ESHAPE : VAE_OK,
           "no condition");
    tear_down(&s);
}
END_TEST

START_TEST(a_condition_without_use_is_refused)
{
    setup s;
    float condition[6] = {0};

    set_up(&s, &plain, "gradient");
    expect(_i, calls[_i].call(s.w, s.f.model, s.f.batch, s.out, 0), VAE_OK, "none");
    MUST(vae_batch_set_condition(s.f.batch, condition, 6, 1));
    expect(_i, calls[_i].call(s.w, s.f.model, s.f.batch, s.out, 0),
           calls[_i].condition ? VAE_ESHAPE : VAE_OK, "one");
    tear_down(&s);
}
END_TEST

static const float bad[] = {NAN, INFINITY, -INFINITY};

/* The last number of each set in turn. */
START_TEST(numbers_that_are_not_finite_are_refused)
{
    call go = calls[_i % CALLS].call;
    int which = _i % CALLS;
    float value = bad[_i / CALLS], good;
    setup s;

    set_up(&s, &shape, "gradient");
    float *const places[] = {&s.f.x[23], &s.f.target[29], &s.latent[11], &s.f.condition[17]};
    const int used[] = {calls[which].input, calls[which].target, calls[which].latent,
                        calls[which].condition};
    for (size_t k = 0; k < 4; k++) {
        good = *places[k];
        *places[k] = value;
        expect(which, go(s.w, s.f.model, s.f.batch, s.out, 0), used[k] ? VAE_ENONFINITE : VAE_OK,
               "not finite");
        *places[k] = good;
        expect(which, go(s.w, s.f.model, s.f.batch, s.out, 0), VAE_OK, "finite again");
    }
    tear_down(&s);
}
END_TEST

START_TEST(a_gradient_needs_a_workspace_made_for_it)
{
    setup s;
    float *block;
    vae_workspace *small;

    set_up(&s, &shape, "inference");
    block = fixture_floats(vae_model_parameter_count(s.f.model));
    MUST_FAIL(VAE_ESTATE,
              vae_loss_gradient(s.w, s.f.model, s.f.batch, NULL, NULL, NULL, block, NULL, 0));
    MUST(vae_workspace_new(&small, s.f.model, "gradient", 5, 2, 1));
    MUST_FAIL(VAE_ESHAPE,
              vae_loss_gradient(small, s.f.model, s.f.batch, NULL, NULL, NULL, block, NULL, 0));
    vae_workspace_free(small);
    MUST(vae_workspace_new(&small, s.f.model, "gradient", 6, 1, 1));
    MUST(vae_batch_set_eps(s.f.batch, NULL));
    MUST(vae_batch_set_samples(s.f.batch, 2));
    MUST_FAIL(VAE_ESHAPE,
              vae_loss_gradient(small, s.f.model, s.f.batch, NULL, NULL, NULL, block, NULL, 0));
    vae_workspace_free(small);
    free(block);
    tear_down(&s);
}
END_TEST

/* Weights whose products overflow float: an error, not an answer. */
START_TEST(a_gradient_that_overflows_is_refused)
{
    fixture_case c = plain;
    setup s;
    float *block;

    c.likelihood = "gaussian";
    set_up(&s, &c, "gradient");
    fixture_fill(s.f.model, "output.weight", 3e38f);
    fixture_fill(s.f.model, "mean.bias", 3e38f);
    block = fixture_floats(vae_model_parameter_count(s.f.model));
    MUST_FAIL(VAE_ENONFINITE,
              vae_loss_gradient(s.w, s.f.model, s.f.batch, NULL, NULL, NULL, block, NULL, 0));
    free(block);
    tear_down(&s);
}
END_TEST

START_TEST(prior_temperatures_outside_the_range_are_refused)
{
    static const double refused[] = {-1e-9, 100.1, NAN, INFINITY};
    setup s;

    set_up(&s, &plain, "inference");
    for (size_t i = 0; i < 4; i++)
        MUST_FAIL(VAE_EINVAL, vae_sample_prior(s.w, s.f.model, s.f.batch, 6, refused[i], s.out, 0));
    MUST(vae_sample_prior(s.w, s.f.model, s.f.batch, 6, 100, s.out, 0));
    tear_down(&s);
}
END_TEST

static int refuse_rows(void *user, const uint64_t *rows, size_t n, float *out)
{
    (void)user, (void)rows, (void)n, (void)out;
    return 1;
}

START_TEST(evaluate_errors)
{
    setup s;
    double a, b;
    vae_source *x, *target, *condition, *few, *failing;

    set_up(&s, &shape, "inference");
    MUST(vae_source_from_float(&x, NULL, s.f.x, 6, 4, 0));
    MUST(vae_source_from_float(&target, NULL, s.f.target, 6, 5, 0));
    MUST(vae_source_from_float(&condition, NULL, s.f.condition, 6, 3, 0));
    MUST(vae_source_from_float(&few, NULL, s.f.condition, 5, 3, 0));
    MUST(vae_source_from_callback(&failing, NULL, 6, 4, refuse_rows, NULL));
    MUST(vae_evaluate(s.w, s.f.model, x, target, condition, 1, 0, &a, &b));
    MUST_FAIL(VAE_EINVAL, vae_evaluate(NULL, s.f.model, x, target, condition, 1, 0, &a, &b));
    MUST_FAIL(VAE_EINVAL, vae_evaluate(s.w, NULL, x, target, condition, 1, 0, &a, &b));
    MUST_FAIL(VAE_EINVAL, vae_evaluate(s.w, s.f.model, NULL, target, condition, 1, 0, &a, &b));
    MUST_FAIL(VAE_EINVAL, vae_evaluate(s.w, s.f.model, x, target, condition, 0, 0, &a, &b));
    MUST_FAIL(VAE_ESHAPE, vae_evaluate(s.w, s.f.model, target, target, condition, 1, 0, &a, &b));
    MUST_FAIL(VAE_ESHAPE, vae_evaluate(s.w, s.f.model, x, NULL, condition, 1, 0, &a, &b));
    MUST_FAIL(VAE_ESHAPE, vae_evaluate(s.w, s.f.model, x, x, condition, 1, 0, &a, &b));
    MUST_FAIL(VAE_ESHAPE, vae_evaluate(s.w, s.f.model, x, target, NULL, 1, 0, &a, &b));
    MUST_FAIL(VAE_ESHAPE, vae_evaluate(s.w, s.f.model, x, target, few, 1, 0, &a, &b));
    MUST_FAIL(VAE_ECALLBACK,
              vae_evaluate(s.w, s.f.model, failing, target, condition, 1, 0, &a, &b));
    s.f.x[0] = NAN;
    MUST_FAIL(VAE_ENONFINITE, vae_evaluate(s.w, s.f.model, x, target, condition, 1, 0, &a, &b));
    vae_source_free(x);
    vae_source_free(target);
    vae_source_free(condition);
    vae_source_free(few);
    vae_source_free(failing);
    tear_down(&s);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, null_and_other_models_are_refused, 0, CALLS);
    tcase_add_loop_test(tests, strides_below_the_row_are_refused, 0, CALLS);
    tcase_add_loop_test(tests, numbers_of_rows_that_differ_are_refused, 0, CALLS);
    tcase_add_loop_test(tests, missing_rows_are_refused, 0, CALLS);
    tcase_add_loop_test(tests, a_condition_without_use_is_refused, 0, CALLS);
    tcase_add_loop_test(tests, numbers_that_are_not_finite_are_refused, 0, 3 * CALLS);
    tcase_add_test(tests, a_gradient_needs_a_workspace_made_for_it);
    tcase_add_test(tests, a_gradient_that_overflows_is_refused);
    tcase_add_test(tests, prior_temperatures_outside_the_range_are_refused);
    tcase_add_test(tests, evaluate_errors);
}

int main(void)
{
    return check_run("error_compute", add);
}

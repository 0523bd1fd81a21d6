/* SPDX-License-Identifier: MIT */
/* Threads and processes: sixteen threads on one model, trainers in several threads on one source,
 * what a fork inherits, and forks amid the work of other threads, all to the bits of one thread
 * alone, with either matrix product. */
#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/result.h"
#include "support/toy.h"
#include "support/valgrind.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 16, ROUNDS = 4, TRAINERS = 4, ROWS = 70 };

static const fixture_case shape = {.input = 33,
                                   .latent = 5,
                                   .output = 33,
                                   .condition = 3,
                                   .encoder = "40,24",
                                   .decoder = "48",
                                   .activation = "tanh",
                                   .likelihood = "gaussian_diag",
                                   .rows = ROWS,
                                   .samples = 2,
                                   .beta = 0.7,
                                   .target = 1};

static const toy_case training = {.optimizer = "adam",
                                  .options = {"samples", "2", NULL},
                                  .binarize = "bernoulli",
                                  .validation = 1};

/* NULL when this build has no such matrix product. */
static vae_context *context_of(int index)
{
    static const char *const gemms[] = {"builtin", "blas"};
    vae_context *context;
    MUST(vae_context_new(&context, NULL, NULL, NULL));
    if (vae_context_set_text(context, "gemm", gemms[index]) == VAE_OK) return context;
    vae_context_free(context);
    return NULL;
}

/* Everything inference answers for the fixture's batch. */
typedef struct answers {
    float mu[ROWS * 5], logvar[ROWS * 5], z[ROWS * 5], mean[2][ROWS * 33], prior[ROWS * 5];
    float decoded[ROWS * 33], parameters[ROWS * 66], drawn[ROWS * 33];
    double reconstruction[ROWS], kl[ROWS], loss[3];
} answers;

static vae_status ask(vae_workspace *w, const fixture *f, const vae_batch *latent, answers *a)
{
    const vae_model *m = f->model;
    const vae_batch *b = f->batch;
    vae_status status = vae_encode(w, m, b, a->mu, 0, a->logvar, 0);
    if (status == VAE_OK) status = vae_encode_sample(w, m, b, a->z, 0);
    if (status == VAE_OK) status = vae_reconstruct(w, m, b, a->mean[0], 0);
    if (status == VAE_OK) status = vae_reconstruct_sample(w, m, b, a->mean[1], 0);
    if (status == VAE_OK) status = vae_sample_prior(w, m, b, ROWS, 1, a->prior, 0);
    if (status == VAE_OK) status = vae_decode(w, m, latent, a->decoded, 0);
    if (status == VAE_OK) status = vae_decode_parameters(w, m, latent, a->parameters, 0);
    if (status == VAE_OK) status = vae_decode_sample(w, m, latent, a->drawn, 0);
    if (status == VAE_OK) status = vae_score(w, m, b, a->reconstruction, a->kl);
    if (status == VAE_OK) status = vae_loss(w, m, b, &a->loss[0], &a->loss[1], &a->loss[2]);
    return status;
}

typedef struct asker {
    const fixture *f;
    const vae_batch *latent;
    const answers *expected;
    vae_status status;
    int same;
} asker;

/* A thread with a workspace of its own, made and freed while others compute. */
static void *ask_apart(void *user)
{
    asker *me = user;
    answers *a = calloc(1, sizeof *a);
    me->status = a ? VAE_OK : VAE_ENOMEM;
    me->same = 1;
    for (int i = 0; i < ROUNDS && me->status == VAE_OK; i++) {
        vae_workspace *w;
        me->status = vae_workspace_new(&w, me->f->model, "inference", 16, 2, 1 + (size_t)i % 2);
        if (me->status == VAE_OK) me->status = ask(w, me->f, me->latent, a);
        if (me->status == VAE_OK) me->same &= memcmp(a, me->expected, sizeof *a) == 0;
        vae_workspace_free(w);
    }
    free(a);
    return NULL;
}

static vae_batch *latent_batch(const fixture *f, const float *z)
{
    vae_batch *batch;
    MUST(vae_batch_new(&batch, NULL));
    MUST(vae_batch_set_latent(batch, z, ROWS, 0));
    MUST(vae_batch_set_condition(batch, f->condition, ROWS, 0));
    return batch;
}

START_TEST(sixteen_threads_on_one_model_give_one_threads_bits)
{
    static answers expected;
    static float z[ROWS * 5];
    vae_context *context = context_of(_i);
    fixture f;
    vae_workspace *w;
    pthread_t threads[THREADS];
    asker askers[THREADS];
    if (!context) return;
    fixture_new(&f, &shape, context);
    fixture_normal(z, ROWS * 5, 9);
    vae_batch *latent = latent_batch(&f, z);
    MUST(vae_workspace_new(&w, f.model, "inference", 16, 2, 1));
    MUST(ask(w, &f, latent, &expected));
    for (int i = 0; i < THREADS; i++) {
        askers[i] = (asker){&f, latent, &expected, VAE_OK, 0};
        ck_assert_int_eq(pthread_create(&threads[i], NULL, ask_apart, &askers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
        ck_assert_int_eq(askers[i].status, VAE_OK);
        ck_assert_msg(askers[i].same, "thread %d has other bits", i);
    }
    vae_workspace_free(w);
    vae_batch_free(latent);
    fixture_free(&f);
    vae_context_free(context);
}
END_TEST

static void *fit(void *user)
{
    toy *t = user;
    return vae_trainer_fit(t->trainer, 4) == VAE_OK ? t : NULL;
}

START_TEST(trainers_in_threads_share_a_source_and_give_one_trainers_bits)
{
    vae_context *context = context_of(_i);
    toy alone, apart[TRAINERS];
    pthread_t threads[TRAINERS];
    if (!context) return;
    toy_new(&alone, &training, 1, context);
    toy_set_data(&alone, &training);
    for (int i = 0; i < TRAINERS; i++) {
        toy_new(&apart[i], &training, 1, context);
        MUST(vae_trainer_set_data(apart[i].trainer, alone.data, NULL, NULL));
        MUST(vae_trainer_set_validation(apart[i].trainer, alone.validation, NULL, NULL));
    }
    for (int i = 0; i < TRAINERS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, fit, &apart[i]), 0);
    MUST(vae_trainer_fit(alone.trainer, 4));
    for (int i = 0; i < TRAINERS; i++) {
        void *done;
        ck_assert_int_eq(pthread_join(threads[i], &done), 0);
        ck_assert_ptr_eq(done, &apart[i]);
        toy_expect_same(&alone, &apart[i]);
        toy_free(&apart[i]);
    }
    toy_free(&alone);
    vae_context_free(context);
}
END_TEST

/* In the child of a fork; what it answers is the exit status. */
static int go_on_in_child(vae_workspace *w, const fixture *f, toy *t)
{
    double loss[3];
    float *gradient = calloc(vae_model_parameter_count(f->model), sizeof(float));
    alarm(60);
    if (!gradient || vae_trainer_fit(t->trainer, 3) != VAE_OK) return 100;
    if (vae_loss_gradient(w, f->model, f->batch, &loss[0], &loss[1], &loss[2], gradient, NULL, 0))
        return 101;
    uint32_t sum = 0;
    const float *weights = vae_model_parameters(t->model);
    for (size_t i = 0; i < vae_model_parameter_count(f->model); i++) {
        uint32_t bits;
        memcpy(&bits, &gradient[i], sizeof bits);
        sum = sum * 31 + bits;
    }
    for (size_t i = 0; i < vae_model_parameter_count(t->model); i++) {
        uint32_t bits;
        memcpy(&bits, &weights[i], sizeof bits);
        sum = sum * 31 + bits;
    }
    free(gradient);
    return (int)(sum % 97);
}

/* The same work in the parent and in a child forked in the middle of a training, whose threads the
 * child does not have; both then free what they have. */
START_TEST(the_child_of_a_fork_goes_on_with_the_same_bits)
{
    vae_context *context = context_of(_i);
    fixture f;
    toy t;
    vae_workspace *w;
    int status;
    if (!context) return;
    fixture_new(&f, &shape, context);
    MUST(vae_workspace_new(&w, f.model, "gradient", ROWS, 2, 3));
    toy_new(&t, &training, 1, context);
    toy_set_data(&t, &training);
    MUST(vae_trainer_fit(t.trainer, 1));
    MUST(vae_loss(w, f.model, f.batch, NULL, NULL, NULL));
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    int sum = go_on_in_child(w, &f, &t);
    vae_workspace_free(w);
    toy_free(&t);
    fixture_free(&f);
    vae_context_free(context);
    if (child == 0) _exit(sum);
    ck_assert_int_lt(sum, 97);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFEXITED(status), "the child was ended by signal %d", WTERMSIG(status));
    ck_assert_int_eq(WEXITSTATUS(status), sum);
}
END_TEST

#ifdef __ELF__
void openblas_set_num_threads(int threads) __attribute__((weak));
int openblas_get_num_threads(void) __attribute__((weak));
#endif

static void set_blas_threads(int threads)
{
#ifdef __ELF__
    if (openblas_set_num_threads) openblas_set_num_threads(threads);
#else
    (void)threads;
#endif
}

/* 0 without OpenBLAS. */
static int blas_threads(void)
{
#ifdef __ELF__
    if (openblas_get_num_threads) return openblas_get_num_threads();
#endif
    return 0;
}

static void *train_on(void *user)
{
    toy *t = user;
    return vae_trainer_fit(t->trainer, 1000000000) == VAE_OK ? t : NULL;
}

typedef struct scorer {
    const fixture *f;
    atomic_int stop;
} scorer;

static void *score_on(void *user)
{
    scorer *me = user;
    vae_workspace *w;
    double kl[ROWS];
    vae_status status = vae_workspace_new(&w, me->f->model, "inference", 16, 2, 2);
    while (status == VAE_OK && !atomic_load(&me->stop))
        status = vae_score(w, me->f->model, me->f->batch, NULL, kl);
    vae_workspace_free(w);
    return status == VAE_OK ? me : NULL;
}

static int other_loss(vae_workspace *w, const fixture *f, double expected)
{
    double loss;
    if (vae_loss(w, f->model, f->batch, &loss, NULL, NULL) != VAE_OK) return 1;
    return loss != expected;
}

/* 0: the child computed what the parent does and has the host's OpenBLAS. */
static int fork_and_compute(vae_workspace *w, const fixture *f, double expected, int threads)
{
    int status;
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        alarm(20);
        int inherited = blas_threads();
        if (other_loss(w, f, expected)) _exit(1);
        _exit(inherited != threads ? 2 : blas_threads() != threads ? 3 : 0);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

START_TEST(forks_amid_the_work_of_threads_leave_children_that_compute)
{
    const int forks = under_valgrind() ? 10 : 300;
    vae_context *context = context_of(_i);
    fixture f;
    toy t;
    scorer s = {.f = &f};
    vae_workspace *w;
    pthread_t threads[2];
    double expected;
    if (!context) return;
    set_blas_threads(2);
    const int hosts = blas_threads();
    fixture_new(&f, &shape, context);
    toy_new(&t, &training, 1, context);
    toy_set_data(&t, &training);
    MUST(vae_workspace_new(&w, f.model, "inference", 16, 2, 2));
    MUST(vae_loss(w, f.model, f.batch, &expected, NULL, NULL));
    ck_assert_int_eq(pthread_create(&threads[0], NULL, train_on, &t), 0);
    ck_assert_int_eq(pthread_create(&threads[1], NULL, score_on, &s), 0);
    for (int i = 0; i < forks; i++) {
        ck_assert(!other_loss(w, &f, expected));
        int answer = fork_and_compute(w, &f, expected, hosts);
        ck_assert_msg(answer == 0, "child %d: %d", i, answer);
    }
    vae_trainer_stop(t.trainer);
    atomic_store(&s.stop, 1);
    for (int i = 0; i < 2; i++) {
        void *done;
        ck_assert_int_eq(pthread_join(threads[i], &done), 0);
        ck_assert_ptr_nonnull(done);
    }
    ck_assert_int_eq(blas_threads(), hosts);
    vae_workspace_free(w);
    toy_free(&t);
    fixture_free(&f);
    vae_context_free(context);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, sixteen_threads_on_one_model_give_one_threads_bits, 0, 2);
    tcase_add_loop_test(tests, trainers_in_threads_share_a_source_and_give_one_trainers_bits, 0, 2);
    tcase_add_loop_test(tests, the_child_of_a_fork_goes_on_with_the_same_bits, 0, 2);
    tcase_add_loop_test(tests, forks_amid_the_work_of_threads_leave_children_that_compute, 0, 2);
}

int main(void)
{
    return check_run("threads", add);
}

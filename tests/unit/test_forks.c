/* SPDX-License-Identifier: MIT */
/* Processes: what a fork inherits, and forks amid the work of other threads, to the bits of the
 * parent, with either matrix product. */
#include "support/either_gemm.h"
#include "support/valgrind.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* Threads whose memory is all where others find it: a child has not their stacks, and valgrind
 * would call lost there what only they know. */
static atomic_int settled;

static void *train_on(void *user)
{
    toy *t = user;
    MUST(vae_trainer_step(t->trainer));
    settled++;
    return vae_trainer_fit(t->trainer, 1000000000) == VAE_OK ? t : NULL;
}

typedef struct scorer {
    const fixture *f;
    vae_workspace *w;
    atomic_int stop;
} scorer;

static void *score_on(void *user)
{
    scorer *me = user;
    double kl[ROWS];
    vae_status status = vae_workspace_new(&me->w, me->f->model, "inference", 16, 2, 2);
    settled++;
    while (status == VAE_OK && !atomic_load(&me->stop))
        status = vae_score(me->w, me->f->model, me->f->batch, NULL, kl);
    vae_workspace_free(me->w);
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
    settled = 0;
    set_blas_threads(2);
    const int hosts = blas_threads();
    fixture_new(&f, &shape, context);
    toy_new(&t, &training, 1, context);
    toy_set_data(&t, &training);
    MUST(vae_workspace_new(&w, f.model, "inference", 16, 2, 2));
    MUST(vae_loss(w, f.model, f.batch, &expected, NULL, NULL));
    ck_assert_int_eq(pthread_create(&threads[0], NULL, train_on, &t), 0);
    ck_assert_int_eq(pthread_create(&threads[1], NULL, score_on, &s), 0);
    while (settled < 2) sched_yield();
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
    tcase_add_loop_test(tests, the_child_of_a_fork_goes_on_with_the_same_bits, 0, 2);
    tcase_add_loop_test(tests, forks_amid_the_work_of_threads_leave_children_that_compute, 0, 2);
}

int main(void)
{
    return check_run("forks", add);
}

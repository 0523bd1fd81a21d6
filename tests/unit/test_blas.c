/* SPDX-License-Identifier: MIT */
/* The hold on the BLAS: one thread while held, the program's own setting after the last release,
 * and what a fork does to it. pthread_atfork is this file's own, which keeps the handlers given.
 * Each test looks at the build of OpenBLAS it runs with, and only at what that build has. */
#include "math/gemm.h"
#include "support/check_main.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

enum { NONE, SEQUENTIAL, PTHREADS, OPENMP };

#ifdef __ELF__

void openblas_set_num_threads(int threads) __attribute__((weak));
int openblas_get_num_threads(void) __attribute__((weak));
int openblas_get_parallel(void) __attribute__((weak));
void omp_set_num_threads(int threads) __attribute__((weak));
int omp_get_max_threads(void) __attribute__((weak));

static int build(void)
{
    int has = vae__gemm_has_blas() && openblas_get_parallel;
    return has ? SEQUENTIAL + openblas_get_parallel() : NONE;
}

static void ask_for_two_threads(void)
{
    if (build() == PTHREADS) openblas_set_num_threads(2);
    if (build() == OPENMP) omp_set_num_threads(2);
}

START_TEST(a_held_pthread_build_has_one_thread_until_the_last_release)
{
    if (build() != PTHREADS) return;
    openblas_set_num_threads(2);
    vae__blas_hold();
    ck_assert_int_eq(openblas_get_num_threads(), 1);
    vae__blas_hold();
    vae__blas_release();
    ck_assert_int_eq(openblas_get_num_threads(), 1);
    vae__blas_release();
    ck_assert_int_eq(openblas_get_num_threads(), 2);
    openblas_set_num_threads(1);
    vae__blas_hold();
    vae__blas_release();
    ck_assert_int_eq(openblas_get_num_threads(), 1);
}
END_TEST

static void *hold_often(void *wrong)
{
    for (int i = 0; i < 2000; i++) {
        vae__blas_hold();
        if (openblas_get_num_threads() != 1) *(int *)wrong = 1;
        vae__blas_release();
    }
    return NULL;
}

START_TEST(many_threads_may_hold_a_pthread_build)
{
    enum { THREADS = 4 };
    if (build() != PTHREADS) return;
    pthread_t threads[THREADS];
    int wrong[THREADS] = {0};
    openblas_set_num_threads(2);
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, hold_often, &wrong[i]), 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        ck_assert_int_eq(wrong[i], 0);
    }
    ck_assert_int_eq(openblas_get_num_threads(), 2);
}
END_TEST

/* What another thread's setting is while this one has entered: its own. */
static void *setting(void *threads)
{
    omp_set_num_threads(3);
    vae__blas_enter_thread();
    int inside = omp_get_max_threads();
    vae__blas_leave_thread();
    *(int *)threads = inside == 1 ? omp_get_max_threads() : 0;
    return NULL;
}

START_TEST(an_openmp_build_is_held_in_each_thread_and_given_back)
{
    if (build() != OPENMP) return;
    pthread_t thread;
    int others = 0;
    omp_set_num_threads(2);
    vae__blas_enter_thread();
    ck_assert_int_eq(omp_get_max_threads(), 1);
    vae__blas_enter_thread();
    vae__blas_leave_thread();
    ck_assert_int_eq(omp_get_max_threads(), 1);
    ck_assert_int_eq(pthread_create(&thread, NULL, setting, &others), 0);
    pthread_join(thread, NULL);
    ck_assert_int_eq(others, 3);
    vae__blas_leave_thread();
    ck_assert_int_eq(omp_get_max_threads(), 2);
}
END_TEST

#else

static int build(void)
{
    return NONE;
}

static void ask_for_two_threads(void)
{
}

#endif

static struct {
    int refuse, registered;
    void (*prepare)(void), (*parent)(void), (*child)(void);
} forks;

int pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void))
{
    if (forks.refuse) return ENOMEM;
    forks.registered++;
    forks.prepare = prepare, forks.parent = parent, forks.child = child;
    return 0;
}

#ifdef __ELF__

START_TEST(a_workspace_on_the_blas_is_refused_while_its_forks_cannot_be_met)
{
    vae_context *context;
    vae_config *config;
    vae_model *model;
    vae_workspace *ws = NULL;
    if (!vae__gemm_has_blas()) return;
    MUST(vae_context_new(&context, NULL, NULL, NULL));
    MUST(vae_context_set_text(context, "gemm", "blas"));
    MUST(vae_config_new(&config, context, 3, 2));
    MUST(vae_model_new(&model, config, 1));
    forks.refuse = 1;
    MUST_FAIL(VAE_ENOMEM, vae_workspace_new(&ws, model, "inference", 1, 1, 1));
    ck_assert_ptr_null(ws);
    forks.refuse = 0;
    for (int i = 0; i < 2; i++) {
        MUST(vae_workspace_new(&ws, model, "inference", 1, 1, 1));
        ck_assert_int_eq(forks.registered, 1);
        vae_workspace_free(ws);
    }
    vae_model_free(model);
    vae_config_free(config);
    vae_context_free(context);
}
END_TEST

/* One thread forks, as far as the handlers go, and another holds. */
static atomic_int prepared, held;

static void *prepare_and_end(void *unused)
{
    forks.prepare();
    forks.prepare(); /* as when two threads have registered at once */
    atomic_store(&prepared, 1);
    forks.parent();
    forks.parent();
    return unused;
}

static void *hold_once(void *unused)
{
    vae__blas_hold();
    atomic_store(&held, 1);
    vae__blas_release();
    return unused;
}

static void wait_a_little(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
}

START_TEST(a_fork_waits_for_the_holds_of_other_threads)
{
    pthread_t forking, late;
    if (!vae__gemm_has_blas()) return;
    ck_assert(vae__blas_ready());
    vae__blas_hold();
    ck_assert_int_eq(pthread_create(&forking, NULL, prepare_and_end, NULL), 0);
    wait_a_little();
    ck_assert_int_eq(pthread_create(&late, NULL, hold_once, NULL), 0);
    wait_a_little();
    ck_assert(!atomic_load(&prepared));
    ck_assert(!atomic_load(&held));
    vae__blas_hold(); /* who holds already is not kept out */
    vae__blas_release();
    vae__blas_release();
    ck_assert_int_eq(pthread_join(forking, NULL), 0);
    ck_assert_int_eq(pthread_join(late, NULL), 0);
    ck_assert(atomic_load(&prepared) && atomic_load(&held));
}
END_TEST

START_TEST(a_thread_that_forks_may_hold_before_amid_and_after)
{
    pthread_t other;
    if (!vae__gemm_has_blas()) return;
    ck_assert(vae__blas_ready());
    vae__blas_hold();
    forks.prepare();
    vae__blas_hold();
    vae__blas_release();
    forks.child();
    vae__blas_release();
    ck_assert_int_eq(pthread_create(&other, NULL, hold_once, NULL), 0);
    ck_assert_int_eq(pthread_join(other, NULL), 0);
    ck_assert(atomic_load(&held));
    forks.child(); /* as when another thread has registered amid a fork */
    vae__blas_hold();
    vae__blas_release();
}
END_TEST

#endif

/* Also where there is nothing to hold: the calls must do no harm. */
START_TEST(a_held_product_gives_the_same_bits_every_time)
{
    enum { M = 64, N = 256, K = 256 };
    if (!vae__gemm_has_blas()) return;
    float *a = malloc(sizeof(float) * M * K), *b = malloc(sizeof(float) * K * N);
    float *c[2] = {malloc(sizeof(float) * M * N), malloc(sizeof(float) * M * N)};
    for (size_t i = 0; i < M * K; i++) a[i] = (float)(i * 7919 % 1009) / 1009.0f;
    for (size_t i = 0; i < K * N; i++) b[i] = (float)(i * 104729 % 2003) / 2003.0f;
    for (int pass = 0; pass < 2; pass++) {
        struct vae__product product = {.m = M,
                                       .n = N,
                                       .k = K,
                                       .a = a,
                                       .a_row = K,
                                       .a_col = 1,
                                       .b = b,
                                       .ldb = N,
                                       .c = c[pass],
                                       .ldc = N};
        vae__blas_hold();
        vae__blas_enter_thread();
        vae__gemm_blas(&product);
        vae__blas_leave_thread();
        vae__blas_release();
        ask_for_two_threads();
    }
    ck_assert_mem_eq(c[0], c[1], sizeof(float) * M * N);
    for (int pass = 0; pass < 2; pass++) free(c[pass]);
    free(a);
    free(b);
}
END_TEST

START_TEST(the_description_names_the_blas_and_fits_its_room)
{
    char text[128], little[6];
    ck_assert_ptr_eq(vae__blas_describe(text, sizeof text), text);
    if (!vae__gemm_has_blas())
        ck_assert_str_eq(text, "none");
    else if (build() == NONE)
        ck_assert_str_ne(text, "none");
    else
        ck_assert(strncmp(text, "OpenBLAS ", 9) == 0 && text[9] >= '0' && text[9] <= '9');
    vae__blas_describe(little, sizeof little);
    ck_assert_uint_lt(strlen(little), sizeof little);
    ck_assert(strncmp(little, text, strlen(little)) == 0);
}
END_TEST

static void add(TCase *tests)
{
#ifdef __ELF__
    tcase_add_test(tests, a_held_pthread_build_has_one_thread_until_the_last_release);
    tcase_add_test(tests, many_threads_may_hold_a_pthread_build);
    tcase_add_test(tests, an_openmp_build_is_held_in_each_thread_and_given_back);
    tcase_add_test(tests, a_workspace_on_the_blas_is_refused_while_its_forks_cannot_be_met);
    tcase_add_test(tests, a_fork_waits_for_the_holds_of_other_threads);
    tcase_add_test(tests, a_thread_that_forks_may_hold_before_amid_and_after);
#endif
    tcase_add_test(tests, a_held_product_gives_the_same_bits_every_time);
    tcase_add_test(tests, the_description_names_the_blas_and_fits_its_room);
}

int main(void)
{
    return check_run("blas", add);
}

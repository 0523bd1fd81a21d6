/* SPDX-License-Identifier: MIT */
/* The hold on the BLAS: one thread while held, the program's own setting after the last release.
 * Each test looks at the build of OpenBLAS it runs with, and only at what that build has. */
#include "math/gemm.h"
#include "support/check_main.h"

#include <pthread.h>

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
#endif
    tcase_add_test(tests, a_held_product_gives_the_same_bits_every_time);
    tcase_add_test(tests, the_description_names_the_blas_and_fits_its_room);
}

int main(void)
{
    return check_run("blas", add);
}

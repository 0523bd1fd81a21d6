/* SPDX-License-Identifier: MIT */
/* What a fork does to the hold on the BLAS. pthread_atfork is this file's own, which keeps the
 * handlers it is given; ThreadSanitizer calls it for itself, before there is a test. */
#include "math/gemm.h"
#include "support/check_main.h"
#include "support/valgrind.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SANITIZED
#endif
#endif
#if defined(__ELF__) && !defined(SANITIZED) && !defined(__SANITIZE_THREAD__)

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
static atomic_int begun, prepared, held;

static void *prepare_and_end(void *unused)
{
    atomic_store(&begun, 1);
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

/* Valgrind runs one thread at a time, and slowly. */
static void wait_a_little(void)
{
    nanosleep(&(struct timespec){.tv_sec = under_valgrind() ? 2 : 0, .tv_nsec = 100000000}, NULL);
}

START_TEST(a_fork_waits_for_the_holds_of_other_threads)
{
    pthread_t forking, late;
    if (!vae__gemm_has_blas()) return;
    ck_assert(vae__blas_ready());
    vae__blas_hold();
    ck_assert_int_eq(pthread_create(&forking, NULL, prepare_and_end, NULL), 0);
    while (!atomic_load(&begun)) wait_a_little();
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

static void add(TCase *tests)
{
    tcase_add_test(tests, a_workspace_on_the_blas_is_refused_while_its_forks_cannot_be_met);
    tcase_add_test(tests, a_fork_waits_for_the_holds_of_other_threads);
    tcase_add_test(tests, a_thread_that_forks_may_hold_before_amid_and_after);
}

int main(void)
{
    return check_run("blas_fork", add);
}

#else

int main(void)
{
    puts("1..0 # SKIP pthread_atfork cannot be replaced here");
    return EXIT_SUCCESS;
}

#endif

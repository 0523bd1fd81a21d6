/* SPDX-License-Identifier: MIT */
/* OpenBLAS computes on threads of its own, and its bits depend on how many. Its functions are weak
 * symbols: whichever BLAS the program runs with, those it has not are NULL. */
#include "math/gemm.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#if defined(VAE_HAVE_CBLAS) && defined(__ELF__)

void openblas_set_num_threads(int threads) __attribute__((weak));
int openblas_get_num_threads(void) __attribute__((weak));
int openblas_get_parallel(void) __attribute__((weak));
char *openblas_get_config(void) __attribute__((weak));
char *openblas_get_corename(void) __attribute__((weak));
void omp_set_num_threads(int threads) __attribute__((weak));
int omp_get_max_threads(void) __attribute__((weak));

enum parallel { SEQUENTIAL, PTHREADS, OPENMP }; /* what openblas_get_parallel answers */

static int is_parallel(enum parallel kind)
{
    return openblas_get_parallel && openblas_get_parallel() == (int)kind;
}

/* The pthread build has one setting for the process, and a BLAS may be within locks of its own that
 * the child of a fork would find taken for ever. So holds are counted, the library's only shared
 * state, and a fork waits until no other thread holds: it shuts the gate to who comes, and keeps
 * both mutexes until it is done. */
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER, lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t fewer = PTHREAD_COND_INITIALIZER;
static size_t holders;
static int held_threads;
static _Thread_local size_t own, forking; /* this thread's holds; its fork handlers under way */

static void await_others(void)
{
    int cancel;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    while (holders > own) pthread_cond_wait(&fewer, &lock);
    pthread_setcancelstate(cancel, &cancel);
}

static void before_fork(void)
{
    if (forking == 0) {
        pthread_mutex_lock(&gate);
        pthread_mutex_lock(&lock);
        await_others();
    }
    forking++;
}

/* In parent and child. */
static void after_fork(void)
{
    if (forking == 0 || --forking > 0) return;
    pthread_mutex_unlock(&lock);
    pthread_mutex_unlock(&gate);
}

/* No mutex is held while registering, or a fork could leave it taken: threads that come at once
 * may register several times, for which the handlers count. */
int vae__blas_ready(void)
{
    static atomic_int ready;
    if (!atomic_load(&ready) && pthread_atfork(before_fork, after_fork, after_fork) != 0) return 0;
    atomic_store(&ready, 1);
    return 1;
}

/* The host's other fork handlers may compute: their thread has the mutexes already. */
static void take(pthread_mutex_t *mutex)
{
    if (!forking) pthread_mutex_lock(mutex);
}

static void give(pthread_mutex_t *mutex)
{
    if (!forking) pthread_mutex_unlock(mutex);
}

static int has_setting(void)
{
    return is_parallel(PTHREADS) && openblas_set_num_threads && openblas_get_num_threads;
}

void vae__blas_hold(void)
{
    int first = own++ == 0; /* a fork that waits for this thread lets its further holds pass */
    if (first) take(&gate);
    take(&lock);
    if (holders++ == 0 && has_setting()) {
        held_threads = openblas_get_num_threads();
        openblas_set_num_threads(1);
    }
    give(&lock);
    if (first) give(&gate);
}

void vae__blas_release(void)
{
    take(&lock);
    if (--holders == 0 && has_setting()) openblas_set_num_threads(held_threads);
    own--;
    pthread_cond_signal(&fewer);
    give(&lock);
}

/* The OpenMP build follows the setting of the thread that calls. */
static _Thread_local size_t entered;
static _Thread_local int entered_threads;

void vae__blas_enter_thread(void)
{
    if (!is_parallel(OPENMP) || !omp_set_num_threads || !omp_get_max_threads) return;
    if (entered++ > 0) return;
    entered_threads = omp_get_max_threads();
    omp_set_num_threads(1);
}

void vae__blas_leave_thread(void)
{
    if (!is_parallel(OPENMP) || !omp_set_num_threads || !omp_get_max_threads) return;
    if (--entered == 0) omp_set_num_threads(entered_threads);
}

/* The configuration begins "OpenBLAS 0.3.21 " and goes on with how it was built. */
static const char *describe_openblas(char *text, size_t size)
{
    static const char *const threads[] = {"sequential", "pthread", "openmp"};
    const char *config = openblas_get_config(), *core = openblas_get_corename();
    size_t name = strcspn(config, " ");
    size_t version = config[name] ? name + 1 + strcspn(config + name + 1, " ") : name;
    unsigned kind = (unsigned)openblas_get_parallel();
    snprintf(text, size, "%.*s %s, %s", (int)version, config, core,
             kind < sizeof threads / sizeof *threads ? threads[kind] : "other threads");
    return text;
}

const char *vae__blas_describe(char *text, size_t size)
{
    if (openblas_get_config && openblas_get_corename && openblas_get_parallel)
        return describe_openblas(text, size);
    snprintf(text, size, "CBLAS, not OpenBLAS");
    return text;
}

#else

int vae__blas_ready(void)
{
    return 1;
}

void vae__blas_hold(void)
{
}

void vae__blas_release(void)
{
}

void vae__blas_enter_thread(void)
{
}

void vae__blas_leave_thread(void)
{
}

const char *vae__blas_describe(char *text, size_t size)
{
    snprintf(text, size, "%s", vae__gemm_has_blas() ? "CBLAS" : "none");
    return text;
}

#endif

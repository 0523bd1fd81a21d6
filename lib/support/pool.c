/* SPDX-License-Identifier: MIT */
/* One run is one round: the caller opens it, workers that are awake or wake in time step inside and
 * take task numbers until there are none, the caller closes it and waits for those inside. A worker
 * that comes too late is not waited for, so a busy machine delays a run by no wake-up. */
#include "support/pool.h"

#include "support/fpstate.h"
#include "support/status.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

/* How long a thread with nothing to do looks out for work before it sleeps: longer than what a
 * training step does between two runs, short enough to be no burden between steps. */
#define SPIN_NANOSECONDS 100000u

/* The round: its number, whether it is open, and how many workers are inside. */
#define ROUND_ONE (UINT64_C(1) << 32)
#define ROUND_OPEN (UINT64_C(1) << 31)
#define ROUND_INSIDE (ROUND_OPEN - 1)

struct worker {
    struct vae__pool *pool;
    size_t thread;
    pthread_t id;
};

struct vae__pool {
    vae_context *context;
    size_t size;
    pid_t process;
    int spins;
    pthread_mutex_t mutex;
    pthread_cond_t opened, left;
    vae__task_fn task; /* the job: written before a round opens, read inside it */
    void *job;
    size_t count;
    _Alignas(64) _Atomic uint64_t round;
    _Alignas(64) atomic_size_t next;
    _Alignas(64) atomic_size_t sleepers; /* workers asleep or about to be */
    atomic_int caller_sleeps, stop;
    struct worker workers[VAE__POOL_MOST]; /* the first, the caller, is unused */
};

static void pause_briefly(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static uint64_t nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Steps inside the open round unless this worker, whose last round was `*seen`, has been there. */
static int enter_round(struct vae__pool *pool, uint64_t *seen)
{
    uint64_t round = atomic_load(&pool->round);
    while ((round & ROUND_OPEN) && round / ROUND_ONE != *seen) {
        if (atomic_compare_exchange_weak(&pool->round, &round, round + 1)) {
            *seen = round / ROUND_ONE;
            return 1;
        }
    }
    return 0;
}

static void leave_round(struct vae__pool *pool)
{
    uint64_t before = atomic_fetch_sub(&pool->round, 1);
    int last = (before & (ROUND_OPEN | ROUND_INSIDE)) == 1;
    if (!last || !atomic_load(&pool->caller_sleeps)) return;
    pthread_mutex_lock(&pool->mutex);
    pthread_cond_signal(&pool->left);
    pthread_mutex_unlock(&pool->mutex);
}

/* Whether a round was entered; 0: the pool ends. */
static int await_round(struct vae__pool *pool, uint64_t *seen)
{
    uint64_t end = pool->spins ? nanoseconds() + SPIN_NANOSECONDS : 0;
    do {
        if (atomic_load(&pool->stop)) return 0;
        if (enter_round(pool, seen)) return 1;
        pause_briefly();
    } while (nanoseconds() < end);

    int entered = 0;
    pthread_mutex_lock(&pool->mutex);
    atomic_fetch_add(&pool->sleepers, 1);
    while (!atomic_load(&pool->stop) && !(entered = enter_round(pool, seen)))
        pthread_cond_wait(&pool->opened, &pool->mutex);
    atomic_fetch_sub(&pool->sleepers, 1);
    pthread_mutex_unlock(&pool->mutex);
    return entered;
}

static void take_tasks(struct vae__pool *pool, size_t thread)
{
    size_t task;
    while ((task = atomic_fetch_add(&pool->next, 1)) < pool->count)
        pool->task(pool->job, task, thread);
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    uint64_t seen = 0;
    vae__fp_enter();
    while (await_round(worker->pool, &seen)) {
        take_tasks(worker->pool, worker->thread);
        leave_round(worker->pool);
    }
    return NULL;
}

static void open_round(struct vae__pool *pool)
{
    atomic_store(&pool->next, 0);
    uint64_t number = atomic_load(&pool->round) / ROUND_ONE + 1;
    atomic_store(&pool->round, number * ROUND_ONE | ROUND_OPEN);
    size_t sleepers = atomic_load(&pool->sleepers), wanted = pool->count - 1;
    if (sleepers == 0) return;
    pthread_mutex_lock(&pool->mutex);
    if (wanted >= sleepers)
        pthread_cond_broadcast(&pool->opened);
    else
        for (size_t i = 0; i < wanted; i++) pthread_cond_signal(&pool->opened);
    pthread_mutex_unlock(&pool->mutex);
}

static int workers_inside(struct vae__pool *pool)
{
    return (atomic_load(&pool->round) & ROUND_INSIDE) != 0;
}

static void close_round(struct vae__pool *pool)
{
    atomic_fetch_and(&pool->round, ~ROUND_OPEN);
    uint64_t end = pool->spins ? nanoseconds() + SPIN_NANOSECONDS : 0;
    do {
        if (!workers_inside(pool)) return;
        pause_briefly();
    } while (nanoseconds() < end);

    pthread_mutex_lock(&pool->mutex);
    atomic_store(&pool->caller_sleeps, 1);
    while (workers_inside(pool)) pthread_cond_wait(&pool->left, &pool->mutex);
    atomic_store(&pool->caller_sleeps, 0);
    pthread_mutex_unlock(&pool->mutex);
}

void vae__pool_run(struct vae__pool *pool, vae__task_fn task, void *job, size_t count)
{
    vae__fpstate saved = vae__fp_enter();
    if (count <= 1 || pool->size == 1 || pool->process != getpid()) {
        for (size_t i = 0; i < count; i++) task(job, i, 0);
    } else {
        pool->task = task;
        pool->job = job;
        pool->count = count;
        open_round(pool);
        take_tasks(pool, 0);
        close_round(pool);
    }
    vae__fp_leave(saved);
}

size_t vae__pool_size(const struct vae__pool *pool)
{
    return pool->size;
}

/* Joins the workers below `end` and forgets the pool. */
static void stop_workers(struct vae__pool *pool, size_t end)
{
    pthread_mutex_lock(&pool->mutex);
    atomic_store(&pool->stop, 1);
    pthread_cond_broadcast(&pool->opened);
    pthread_mutex_unlock(&pool->mutex);
    for (size_t i = 1; i < end; i++) pthread_join(pool->workers[i].id, NULL);
    pthread_cond_destroy(&pool->left);
    pthread_cond_destroy(&pool->opened);
    pthread_mutex_destroy(&pool->mutex);
}

/* The child of a fork has the pool's memory but none of its threads, and its mutex as it was. */
void vae__pool_free(struct vae__pool *pool)
{
    if (!pool) return;
    if (pool->process == getpid()) stop_workers(pool, pool->size);
    vae__free(pool->context, pool);
}

/* How many of the threads there are: all, or the number of the one that could not be started. */
static size_t start_workers(struct vae__pool *pool)
{
    sigset_t all, callers;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &callers);
    size_t i = 1;
    for (; i < pool->size; i++) {
        struct worker *worker = &pool->workers[i];
        worker->pool = pool;
        worker->thread = i;
        if (pthread_create(&worker->id, NULL, work, worker) != 0) break;
    }
    pthread_sigmask(SIG_SETMASK, &callers, NULL);
    return i;
}

vae_status vae__pool_new(const char *who, struct vae__pool **out, vae_context *context,
                         size_t threads)
{
    *out = NULL;
    struct vae__pool *pool = vae__alloc(context, sizeof *pool);
    if (!pool) return vae__fail_memory(who, sizeof *pool);
    pool->context = context;
    pool->size = threads;
    pool->process = getpid();
    pool->spins = threads <= vae__cpu_count();
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->opened, NULL);
    pthread_cond_init(&pool->left, NULL);
    size_t started = start_workers(pool);
    if (started < threads) {
        stop_workers(pool, started);
        vae__free(context, pool);
        return vae__fail(VAE_ETHREAD, "%s: thread %zu of %zu could not be started", who,
                         started + 1, threads);
    }
    *out = pool;
    return VAE_OK;
}

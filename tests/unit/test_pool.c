/* SPDX-License-Identifier: MIT */
/* The pool: every task once, a full barrier, the caller's state untouched, no trouble with forks,
 * signals or more threads than processors. */
#include "support/check_main.h"
#include "support/pool.h"
#include "support/valgrind.h"

#include <float.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_TASKS = 100 };

static struct vae__pool *pool_of(size_t threads)
{
    struct vae__pool *pool;
    MUST(vae__pool_new("test", &pool, NULL, threads));
    ck_assert_uint_eq(vae__pool_size(pool), threads);
    return pool;
}

static void doze(long microseconds)
{
    nanosleep(&(struct timespec){.tv_nsec = microseconds * 1000}, NULL);
}

/* Plain ints: the barrier alone orders the tasks' writes and the caller's reads. */
struct tally {
    int times[MOST_TASKS];
    size_t threads;
    atomic_int busy[VAE__POOL_MOST];
    atomic_int wrong;
};

static void count_once(void *job, size_t task, size_t thread)
{
    struct tally *tally = job;
    if (thread >= tally->threads || atomic_exchange(&tally->busy[thread], 1)) tally->wrong = 1;
    tally->times[task]++;
    atomic_store(&tally->busy[thread], 0);
}

static void expect_each_once(struct vae__pool *pool, size_t count)
{
    struct tally tally = {.threads = vae__pool_size(pool)};
    vae__pool_run(pool, count_once, &tally, count);
    ck_assert_int_eq(tally.wrong, 0);
    for (size_t i = 0; i < MOST_TASKS; i++) ck_assert_int_eq(tally.times[i], i < count);
}

START_TEST(every_task_runs_exactly_once)
{
    struct vae__pool *pool = pool_of((size_t)_i);
    for (size_t run = 0; run < 300; run++) {
        expect_each_once(pool, run % MOST_TASKS);
        if (run % 50 == 0) doze(300);
    }
    vae__pool_free(pool);
}
END_TEST

START_TEST(a_pool_may_be_freed_unused_or_asleep)
{
    vae__pool_free(NULL);
    vae__pool_free(pool_of(3));
    struct vae__pool *pool = pool_of(3);
    doze(2000);
    vae__pool_free(pool);
}
END_TEST

/* Tasks that wait for one another: each holds a thread, so every worker takes part. */
struct meeting {
    atomic_size_t present;
    size_t wanted;
    void (*look)(struct meeting *meeting, size_t thread);
    int seen[VAE__POOL_MOST];
};

static void meet(void *job, size_t task, size_t thread)
{
    struct meeting *meeting = job;
    (void)task;
    meeting->look(meeting, thread);
    atomic_fetch_add(&meeting->present, 1);
    while (atomic_load(&meeting->present) < meeting->wanted) sched_yield();
}

static void all_meet(struct vae__pool *pool, struct meeting *meeting)
{
    meeting->present = 0;
    meeting->wanted = vae__pool_size(pool);
    vae__pool_run(pool, meet, meeting, meeting->wanted);
}

static void look_at_thread(struct meeting *meeting, size_t thread)
{
    meeting->seen[thread]++;
}

START_TEST(all_threads_take_part_awake_or_asleep)
{
    struct meeting meeting = {.look = look_at_thread};
    struct vae__pool *pool = pool_of((size_t)_i);
    for (int run = 0; run < 20; run++) {
        all_meet(pool, &meeting);
        if (run % 2) doze(1000);
    }
    vae__pool_free(pool);
    for (int i = 0; i < _i; i++) ck_assert_int_eq(meeting.seen[i], 20);
}
END_TEST

static void look_at_signals(struct meeting *meeting, size_t thread)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGALRM, SIGCHLD, SIGUSR1, SIGPIPE};
    sigset_t blocked;
    pthread_sigmask(SIG_BLOCK, NULL, &blocked);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        meeting->seen[thread] += sigismember(&blocked, signals[i]) == 1;
}

START_TEST(workers_block_signals_and_the_caller_keeps_its_own)
{
    struct meeting meeting = {.look = look_at_signals};
    sigset_t mine;
    sigemptyset(&mine);
    sigaddset(&mine, SIGUSR1);
    pthread_sigmask(SIG_SETMASK, &mine, NULL);
    struct vae__pool *pool = pool_of(4);
    all_meet(pool, &meeting);
    vae__pool_free(pool);
    ck_assert_int_eq(meeting.seen[0], 1);
    for (int i = 1; i < 4; i++) ck_assert_int_eq(meeting.seen[i], 7);
}
END_TEST

#if defined(__SSE2__) || defined(__aarch64__)
static int denormals_are_kept(void)
{
    static volatile float least = FLT_MIN, four = 4.0f, zero = 0.0f;
    volatile float denormal = least / four;
    return denormal != zero;
}

static void look_at_denormals(struct meeting *meeting, size_t thread)
{
    meeting->seen[thread] = 1 + denormals_are_kept();
}

START_TEST(tasks_run_under_the_librarys_floating_point_state)
{
    struct meeting meeting = {.look = look_at_denormals};
    if (under_valgrind()) return;
    struct vae__pool *pool = pool_of(3);
    all_meet(pool, &meeting);
    vae__pool_free(pool);
    for (int i = 0; i < 3; i++) ck_assert_int_eq(meeting.seen[i], 1);
    ck_assert(denormals_are_kept());

    struct meeting alone = {.look = look_at_denormals, .wanted = 1};
    pool = pool_of(1);
    vae__pool_run(pool, meet, &alone, 1);
    vae__pool_free(pool);
    ck_assert_int_eq(alone.seen[0], 1);
}
END_TEST
#endif

static void *use_own_pool(void *threads)
{
    struct vae__pool *pool = pool_of(*(size_t *)threads);
    for (size_t run = 0; run < 200; run++) expect_each_once(pool, run % MOST_TASKS);
    vae__pool_free(pool);
    return NULL;
}

START_TEST(two_threads_run_two_pools)
{
    size_t threads[2] = {3, 4};
    pthread_t other;
    ck_assert_int_eq(pthread_create(&other, NULL, use_own_pool, &threads[1]), 0);
    use_own_pool(&threads[0]);
    pthread_join(other, NULL);
}
END_TEST

static void run_inner(void *job, size_t task, size_t thread)
{
    (void)thread;
    struct vae__pool **pools = job;
    expect_each_once(pools[task], 20 + task);
}

START_TEST(a_task_may_run_another_pool)
{
    struct vae__pool *outer = pool_of(2), *inner[2] = {pool_of(2), pool_of(2)};
    for (int run = 0; run < 20; run++) vae__pool_run(outer, run_inner, inner, 2);
    vae__pool_free(outer);
    vae__pool_free(inner[0]);
    vae__pool_free(inner[1]);
}
END_TEST

static void add_thread(void *job, size_t task, size_t thread)
{
    size_t *sums = job;
    sums[0] += task;
    sums[1] += thread;
}

START_TEST(the_child_of_a_fork_works_alone_and_frees_without_waiting)
{
    struct vae__pool *pool = pool_of(4);
    expect_each_once(pool, 50);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        size_t sums[2] = {0};
        alarm(30);
        vae__pool_run(pool, add_thread, sums, 10);
        vae__pool_free(pool);
        _exit(sums[0] == 45 && sums[1] == 0 ? 7 : 1);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 7);
    expect_each_once(pool, 50);
    vae__pool_free(pool);
}
END_TEST

START_TEST(the_count_of_processors_is_one_at_least)
{
    ck_assert_uint_ge(vae__cpu_count(), 1);
    ck_assert_uint_le(vae__cpu_count(), VAE__POOL_MOST);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, every_task_runs_exactly_once, 1, 17);
    tcase_add_loop_test(tests, all_threads_take_part_awake_or_asleep, 1, 9);
    tcase_add_test(tests, a_pool_may_be_freed_unused_or_asleep);
    tcase_add_test(tests, workers_block_signals_and_the_caller_keeps_its_own);
#if defined(__SSE2__) || defined(__aarch64__)
    tcase_add_test(tests, tasks_run_under_the_librarys_floating_point_state);
#endif
    tcase_add_test(tests, two_threads_run_two_pools);
    tcase_add_test(tests, a_task_may_run_another_pool);
    tcase_add_test(tests, the_child_of_a_fork_works_alone_and_frees_without_waiting);
    tcase_add_test(tests, the_count_of_processors_is_one_at_least);
}

int main(void)
{
    return check_run("pool", add);
}

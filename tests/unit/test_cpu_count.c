/* SPDX-License-Identifier: MIT */
/* How many threads a workspace takes by itself, on machines this one is not: the system's answer is
 * the test's own. */
#ifdef __linux__
#define _GNU_SOURCE /* sched_getaffinity */
#include <sched.h>
#endif
#include "support/check_main.h"
#include "support/pool.h"

#include <errno.h>
#include <unistd.h>

static int cpus = 1; /* or -1: the system does not say */

#ifdef __linux__
/* Stands before the C library's. */
int sched_getaffinity(pid_t process, size_t size, cpu_set_t *set)
{
    (void)process;
    if (cpus < 0) {
        errno = EINVAL;
        return -1;
    }
    CPU_ZERO_S(size, set);
    for (size_t i = 0; i < (size_t)cpus; i++) CPU_SET_S(i, size, set);
    return 0;
}

static const struct machine {
    int cpus;
    size_t threads;
} machines[] = {{0, 1}, {1, 1}, {2, 2}, {63, 63}, {64, 64}, {65, 64}, {1024, 64}};

START_TEST(a_thread_for_each_allowed_processor_from_1_to_64)
{
    cpus = machines[_i].cpus;
    ck_assert_uint_eq(vae__cpu_count(), machines[_i].threads);
}
END_TEST
#endif

START_TEST(without_affinity_it_is_those_online)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    cpus = -1;
    ck_assert_uint_eq(vae__cpu_count(), online > VAE__POOL_MOST ? VAE__POOL_MOST : (size_t)online);
}
END_TEST

static void add(TCase *tests)
{
#ifdef __linux__
    tcase_add_loop_test(tests, a_thread_for_each_allowed_processor_from_1_to_64, 0,
                        sizeof machines / sizeof *machines);
#endif
    tcase_add_test(tests, without_affinity_it_is_those_online);
}

int main(void)
{
    return check_run("cpu_count", add);
}

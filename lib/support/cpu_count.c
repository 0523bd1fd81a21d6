/* SPDX-License-Identifier: MIT */
#ifdef __linux__
#define _GNU_SOURCE /* sched_getaffinity */
#include <sched.h>
#endif
#include "support/pool.h"

#include <unistd.h>

static long allowed(void)
{
#ifdef __linux__
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
#ifdef _SC_NPROCESSORS_ONLN
    return sysconf(_SC_NPROCESSORS_ONLN);
#else
    return 1;
#endif
}

size_t vae__cpu_count(void)
{
    long cpus = allowed();
    return cpus < 1 ? 1 : cpus > VAE__POOL_MOST ? VAE__POOL_MOST : (size_t)cpus;
}

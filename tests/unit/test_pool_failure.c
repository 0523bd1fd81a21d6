/* SPDX-License-Identifier: MIT */
/* A pool that cannot be made: an error that says so, and nothing left behind. */
#include "support/check_main.h"
#include "support/pool.h"
#include "support/valgrind.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Sanitizers map memory of their own and do not survive a limit on it. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED
#endif
#endif
#if defined(__linux__) && !defined(SANITIZED) && !defined(__SANITIZE_ADDRESS__) &&                 \
    !defined(__SANITIZE_THREAD__)
#define LIMITED

static int blocks;

static void *allocate_counted(void *user, size_t bytes)
{
    (void)user;
    blocks++;
    return malloc(bytes);
}

static void release_counted(void *user, void *block)
{
    (void)user;
    blocks--;
    free(block);
}

/* Waits a while for threads that were joined to leave the list. */
static int is_alone(void)
{
    for (int patience = 0; patience < 100; patience++) {
        DIR *tasks = opendir("/proc/self/task");
        int entries = 0;
        while (tasks && readdir(tasks)) entries++;
        if (tasks) closedir(tasks);
        if (entries == 3) return 1; /* . and .. and this thread */
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    return 0;
}

#define ROOM ((size_t)20 << 20) /* for the stacks of a few threads only */
#define NO_LIMIT 77

static int limit_memory(void)
{
    unsigned long pages = 0;
    FILE *statm = fopen("/proc/self/statm", "r");
    if (!statm || fscanf(statm, "%lu", &pages) != 1) return 0;
    fclose(statm);
    rlim_t bytes = pages * (rlim_t)sysconf(_SC_PAGESIZE) + ROOM;
    return setrlimit(RLIMIT_AS, &(struct rlimit){bytes, bytes}) == 0;
}

/* Emulators of another machine answer that the limit is set, and go on without it. */
static int is_limited(void)
{
    void *volatile beyond = malloc(2 * ROOM);
    int limited = beyond == NULL;
    free(beyond);
    return limited;
}

/* The exit status of a process under the limit: 7 when all is as it should be. */
static int try_too_many_threads(vae_context *context)
{
    struct vae__pool *pool = NULL;
    int before = blocks;
    if (!limit_memory()) return 1;
    if (!is_limited()) return NO_LIMIT;
    if (vae__pool_new("test", &pool, context, VAE__POOL_MOST) != VAE_ETHREAD) return 2;
    if (pool != NULL) return 3;
    if (strncmp(vae_last_error(), "test: thread ", 13) != 0) return 4;
    if (blocks != before) return 5;
    return is_alone() ? 7 : 6;
}

START_TEST(a_thread_that_cannot_be_had_is_an_error_and_leaves_nothing)
{
    vae_context *context;
    int status;
    if (under_valgrind()) return;
    MUST(vae_context_new(&context, allocate_counted, release_counted, NULL));
    fflush(NULL);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) exit(try_too_many_threads(context)); /* exit keeps a coverage build's counts */
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    vae_context_free(context);
    if (WEXITSTATUS(status) == NO_LIMIT) {
        printf("# left out: no limit on memory takes effect here\n");
        return;
    }
    ck_assert_int_eq(WEXITSTATUS(status), 7);
}
END_TEST
#endif

static void *allocate_while_left(void *user, size_t bytes)
{
    size_t *left = user;
    return *left && (*left)-- ? malloc(bytes) : NULL;
}

static void release_it(void *user, void *block)
{
    (void)user;
    free(block);
}

START_TEST(no_memory_is_an_error)
{
    struct vae__pool *pool = (struct vae__pool *)&pool;
    vae_context *context;
    size_t left = 1; /* the context itself */
    MUST(vae_context_new(&context, allocate_while_left, release_it, &left));
    left = 0;
    ck_assert_int_eq(vae__pool_new("test", &pool, context, 2), VAE_ENOMEM);
    ck_assert_ptr_null(pool);
    ck_assert(strncmp(vae_last_error(), "test: ", 6) == 0);
    vae_context_free(context);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, no_memory_is_an_error);
#ifdef LIMITED
    tcase_add_test(tests, a_thread_that_cannot_be_had_is_an_error_and_leaves_nothing);
#endif
}

int main(void)
{
    return check_run("pool_failure", add);
}

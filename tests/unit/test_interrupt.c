/* SPDX-License-Identifier: MIT */
/* Saving that is killed, and transfers that signals interrupt. */
#include "support/check_main.h"
#include "support/folder.h"
#include "support/replace.h"

#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

#define LETTERS 300000

/* Replaces the file again and again until it is killed, by as many A as then by B. */
static void replace_forever(const char *path)
{
    char *text = malloc(LETTERS + 1);
    for (int i = 0; text; i++) {
        memset(text, i % 2 ? 'A' : 'B', LETTERS);
        text[LETTERS] = '\0';
        if (replace(path, text) != VAE_OK) break;
    }
    _exit(1);
}

START_TEST(killed_at_any_time_the_file_is_whole)
{
    folder home = folder_new();
    const char *path = folder_at(&home, "file");
    for (long i = 0; i < 20; i++) {
        int status;
        size_t bytes;
        const struct timespec some = {.tv_nsec = 3000000 + 170000 * i};
        pid_t child = fork();
        ck_assert_int_ge(child, 0);
        if (child == 0) replace_forever(path);
        nanosleep(&some, NULL);
        ck_assert_int_eq(kill(child, SIGKILL), 0);
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert(WIFSIGNALED(status));
        char *text = get_file(path, &bytes);
        if (!text) continue; /* killed before the first was done */
        ck_assert_uint_eq(bytes, LETTERS);
        ck_assert_uint_eq(strspn(text, text[0] == 'A' ? "A" : "B"), LETTERS);
        free(text);
    }
    folder_remove(&home);
}
END_TEST

static volatile sig_atomic_t alarms;

static void count_alarm(int signal_number)
{
    (void)signal_number;
    alarms++;
}

/* Reads slowly from the pipe and answers whether all bytes were there. */
static void drain(int fd)
{
    char text[4096];
    size_t sum = 0;
    const struct timespec wait = {.tv_nsec = 50000000}; /* the pipe is full, writing interrupted */
    nanosleep(&wait, NULL);
    for (ssize_t n; (n = read(fd, text, sizeof text)) != 0;) {
        const struct timespec pause = {.tv_nsec = 200000};
        if (n < 0) _exit(1);
        sum += (size_t)n;
        nanosleep(&pause, NULL);
    }
    _exit(sum == LETTERS ? 0 : 1);
}

/* Alarms that interrupt system calls, so often; 0: no more. */
static void set_alarms(int microseconds)
{
    const struct sigaction action = {.sa_handler = count_alarm};
    const struct itimerval timer = {{0, microseconds}, {0, microseconds}};
    ck_assert_int_eq(sigaction(SIGALRM, &action, NULL), 0);
    ck_assert_int_eq(setitimer(ITIMER_REAL, &timer, NULL), 0);
}

static void expect_success(pid_t child)
{
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    ck_assert_int_gt(alarms, 0);
}

START_TEST(signals_interrupt_no_writing)
{
    int ends[2];
    static char text[LETTERS];
    ck_assert_int_eq(pipe(ends), 0);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        close(ends[1]);
        drain(ends[0]);
    }
    close(ends[0]);
    struct vae__descriptor out = {.fd = ends[1]};
    set_alarms(1000);
    ck_assert_int_eq(vae__descriptor_write(&out, text, sizeof text), 0);
    set_alarms(0);
    close(ends[1]);
    expect_success(child);
}
END_TEST

START_TEST(signals_interrupt_no_reading)
{
    const struct timespec wait = {.tv_nsec = 50000000};
    int ends[2];
    size_t got;
    char text[8] = "";
    ck_assert_int_eq(pipe(ends), 0);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        nanosleep(&wait, NULL);
        _exit(write(ends[1], "late", 4) == 4 ? 0 : 1);
    }
    close(ends[1]);
    struct vae__descriptor in = {.fd = ends[0]};
    set_alarms(1000);
    ck_assert_int_eq(vae__read_fully(vae__descriptor_read, &in, text, sizeof text, &got), 0);
    set_alarms(0);
    ck_assert_uint_eq(got, 4);
    ck_assert_str_eq(text, "late");
    close(ends[0]);
    expect_success(child);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, killed_at_any_time_the_file_is_whole);
    tcase_add_test(tests, signals_interrupt_no_writing);
    tcase_add_test(tests, signals_interrupt_no_reading);
}

int main(void)
{
    return check_run("interrupt", add);
}

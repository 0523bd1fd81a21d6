/* SPDX-License-Identifier: MIT */
#include "setting.h"

#include "math/gemm.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

void must(vae_status status)
{
    if (status == VAE_OK) return;
    fprintf(stderr, "%s\n", vae_last_error());
    exit(1);
}

size_t cpu_count(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > 64 ? 64 : (size_t)n;
}

/* The first line "key : value" of a file of /proc, or its first line where key is "". */
static void print_proc(FILE *out, const char *label, const char *path, const char *key)
{
    char line[256], *value = NULL;
    FILE *file = fopen(path, "r");
    while (file && !value && fgets(line, sizeof line, file))
        if (strncmp(line, key, strlen(key)) == 0) value = *key ? strchr(line, ':') : line;
    if (value && *key) value += strspn(value, ": \t");
    fprintf(out, "%s%s\n", label, value ? strtok(value, "\n") : "unknown");
    if (file) fclose(file);
}

static void print_choice(FILE *out, const vae_context *context, const char *option)
{
    const char *name = "auto";
    if (context) must(vae_context_get_text(context, option, &name));
    fprintf(out, "%s: %s\n", option, name);
}

static void print_machine(FILE *out, const vae_context *context)
{
    char text[512];
    vae_build_info(text, sizeof text);
    fprintf(out, "%s\n", text);
    print_proc(out, "CPU: ", "/proc/cpuinfo", "model name");
    print_proc(out, "CPU family: ", "/proc/cpuinfo", "cpu family");
    fprintf(out, "CPUs: %zu\n", cpu_count());
    print_proc(out, "load average: ", "/proc/loadavg", "");
    fprintf(out, "BLAS: %s\n", vae__blas_describe(text, sizeof text));
    print_choice(out, context, "gemm");
    print_choice(out, context, "simd");
    for (char **variable = environ; *variable; variable++)
        if (strncmp(*variable, "OPENBLAS_", 9) == 0) fprintf(out, "%s\n", *variable);
    if (getenv("OPENBLAS_CORETYPE"))
        fprintf(out, "warning: OPENBLAS_CORETYPE is set, so OpenBLAS may not run its best kernels; "
                     "unset it\n");
}

static void usage(const char *program)
{
    fprintf(stderr,
            "usage: %s [--json] [--shape NAME] [--threads N] [--seconds S] [--gemm NAME] "
            "[--simd NAME]\n",
            program);
    exit(2);
}

static void choose_kernels(struct setting *setting, const char *option, const char *name)
{
    if (!setting->context) must(vae_context_new(&setting->context, NULL, NULL, NULL));
    must(vae_context_set_text(setting->context, option, name));
}

void read_setting(struct setting *setting, int argc, char **argv)
{
    static const struct option options[] = {{"json", no_argument, NULL, 'j'},
                                            {"shape", required_argument, NULL, 's'},
                                            {"threads", required_argument, NULL, 't'},
                                            {"seconds", required_argument, NULL, 'e'},
                                            {"gemm", required_argument, NULL, 'g'},
                                            {"simd", required_argument, NULL, 'i'},
                                            {NULL, 0, NULL, 0}};
    char *end = "";
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c == 'j') setting->json = 1;
        if (c == 's') setting->shape = optarg;
        if (c == 't') setting->threads = strtoul(optarg, &end, 10);
        if (c == 'e') setting->seconds = strtod(optarg, &end);
        if (c == 'g') choose_kernels(setting, "gemm", optarg);
        if (c == 'i') choose_kernels(setting, "simd", optarg);
        if (c == '?' || *end) usage(argv[0]);
    }
    if (optind < argc || setting->threads > 64 || !(setting->seconds > 0.0)) usage(argv[0]);
    print_machine(setting->json ? stderr : stdout, setting->context);
}

int wanted(const struct setting *setting, const char *name)
{
    return !setting->shape || strcmp(setting->shape, name) == 0;
}

size_t thread_counts(const struct setting *setting, size_t counts[3])
{
    size_t all = cpu_count(), n = 0;
    if (setting->threads) {
        counts[n++] = setting->threads;
        return n;
    }
    counts[n++] = 1;
    if (all > 1) counts[n++] = 2;
    if (all > 2) counts[n++] = all;
    return n;
}

/* SPDX-License-Identifier: MIT */
/* What every benchmark shares: its command line, and the machine its figures belong to. */
#ifndef SETTING_H
#define SETTING_H

#include <vae/vae.h>

#include <stdio.h>

/* [--json] [--shape NAME] [--threads N] [--seconds S] [--gemm NAME] [--simd NAME] */
struct setting {
    int json;
    const char *shape;    /* NULL: all */
    size_t threads;       /* 0: 1, 2 and one for each CPU */
    double seconds;       /* that each line takes */
    vae_context *context; /* with the kernels asked for; NULL: the best */
};

/* Reads the command line over the defaults in `setting` and prints the machine: CPU, BLAS, load and
 * every OPENBLAS_* variable; to stderr when stdout is for JSON. Ends the program on bad usage. */
void read_setting(struct setting *setting, int argc, char **argv);

/* Whether --shape was left out or names this. */
int wanted(const struct setting *setting, const char *name);

/* The numbers of threads to measure, ascending; answers how many. */
size_t thread_counts(const struct setting *setting, size_t counts[3]);
size_t cpu_count(void);

/* Ends the program with the library's sentence unless a call succeeded. */
void must(vae_status status);

#endif

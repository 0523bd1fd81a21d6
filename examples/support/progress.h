/* SPDX-License-Identifier: MIT */
/* One live line on a terminal: a bar, some words, the time left. Nothing elsewhere. */
#ifndef EXAMPLES_PROGRESS_H
#define EXAMPLES_PROGRESS_H

#include <stdio.h>

typedef struct progress {
    FILE *out;
    int live;     /* `out` is a terminal that can rewrite a line */
    int shown;    /* a line stands there now */
    double start; /* when it began, and how far along it then was */
    double done;
    double latest;
} progress;

/* `done`: the share, 0 to 1, that is done already. quiet: never anything. */
void progress_begin(progress *line, FILE *out, int quiet, double done);

/* Whether enough time has passed (a tenth of a second) for progress_show to be worth its words. */
int progress_due(progress *line);

/* Rewrites the line. */
void progress_show(progress *line, double done, const char *words);

/* Wipes the line, so that other text may be printed. */
void progress_clear(progress *line);

#endif

/* SPDX-License-Identifier: MIT */
#include "progress.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BAR = 24 };

static const double interval = 0.1;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void progress_begin(progress *line, FILE *out, int quiet, double done)
{
    const char *terminal = getenv("TERM");
    int dumb = !terminal || strcmp(terminal, "dumb") == 0;
    *line = (progress){.out = out, .start = now(), .done = done};
    line->live = !quiet && !dumb && isatty(fileno(out));
}

int progress_due(progress *line)
{
    return line->live && now() - line->latest >= interval;
}

static void print_time(FILE *out, double seconds)
{
    unsigned long s = (unsigned long)(seconds + 0.5);
    if (s >= 3600)
        fprintf(out, "%lu:%02lu:%02lu left", s / 3600, s / 60 % 60, s % 60);
    else
        fprintf(out, "%lu:%02lu left", s / 60, s % 60);
}

void progress_show(progress *line, double done, const char *words)
{
    if (!line->live) return;
    char bar[BAR + 1];
    size_t full = (size_t)(done * BAR);
    memset(bar, '-', BAR);
    memset(bar, '#', full < BAR ? full : BAR);
    bar[BAR] = '\0';
    line->latest = now();
    fprintf(line->out, "\r\033[K[%s] %.46s  ", bar, words);
    if (done > line->done && line->latest - line->start >= 0.5)
        print_time(line->out, (line->latest - line->start) * (1 - done) / (done - line->done));
    fflush(line->out);
    line->shown = 1;
}

void progress_clear(progress *line)
{
    if (line->shown) fputs("\r\033[K", line->out);
    line->shown = 0;
}

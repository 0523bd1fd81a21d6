/* SPDX-License-Identifier: MIT */
/* What every chart has: an SVG page, a frame with ticks and labels, a legend. */
#ifndef EXAMPLES_AXES_H
#define EXAMPLES_AXES_H

#include <stddef.h>
#include <stdio.h>

#include "whole_file.h"

/* Names and values of one line or one class of points; NaN is left out. */
typedef struct plot_series {
    const char *name;
    const double *x, *y;
    size_t n;
} plot_series;

typedef struct plot_labels {
    const char *title, *x, *y;
    const char *legend; /* above the series' names; may be NULL */
} plot_labels;

typedef struct plot_axis {
    double least, most; /* the values at the ends */
    double from, to;    /* and where they lie on the page */
    double step;        /* between ticks */
} plot_axis;

typedef struct axes {
    whole_file file;
    FILE *out; /* of that file */
    double width, height;
    plot_axis x, y;
} axes;

/* Opens `path` (whole_file.h), finds both ranges, and draws page, frame, ticks and legend. square:
 * one unit is as long on either axis. whole: ticks of x are whole numbers. -1 when the file cannot
 * be opened or there is nothing to draw. */
int axes_open(axes *a, const char *path, const plot_labels *labels, const plot_series *series,
              size_t n, int square, int whole);

/* Ends the page. -1 when it could not be written: an older one then stays. */
int axes_close(axes *a);

double axes_at(const plot_axis *axis, double value);

/* The colour of the i-th series: nine that stay apart for colour-blind eyes and a grey, then again
 * from the first. */
const char *axes_colour(size_t i);

#endif

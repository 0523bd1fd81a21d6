/* SPDX-License-Identifier: MIT */
/* Two charts as SVG: lines, and points by class. */
#ifndef EXAMPLES_PLOT_H
#define EXAMPLES_PLOT_H

#include "axes.h"

/* Lines with a mark at each point, over whole numbers. */
int plot_lines(const char *path, const plot_labels *labels, const plot_series *series, size_t n);

/* A cloud of points with the same scale on both axes, one colour a series. The series are drawn in
 * turns, so that none hides the others. */
int plot_points(const char *path, const plot_labels *labels, const plot_series *series, size_t n);

#endif

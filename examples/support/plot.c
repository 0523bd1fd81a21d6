/* SPDX-License-Identifier: MIT */
#include "plot.h"

#include <math.h>

/* Points of a series that are drawn before the next series has its turn. */
enum { TURN = 16 };

static int drawable(const plot_series *series, size_t i)
{
    return isfinite(series->x[i]) && isfinite(series->y[i]);
}

static void draw_line(const axes *a, const plot_series *series, const char *colour)
{
    int pen = 0;
    fprintf(a->out, "<path fill=\"none\" stroke=\"%s\" stroke-width=\"2\" d=\"", colour);
    for (size_t i = 0; i < series->n; i++) {
        int there = drawable(series, i);
        if (there)
            fprintf(a->out, "%c%.1f %.1f", pen ? 'L' : 'M', axes_at(&a->x, series->x[i]),
                    axes_at(&a->y, series->y[i]));
        pen = there;
    }
    fputs("\"/>\n", a->out);
}

/* Dots are lines of no length with round ends: a few bytes each. */
static void draw_dots(const axes *a, const plot_series *series, const char *colour, size_t first,
                      size_t end, const char *style)
{
    fprintf(a->out, "<path fill=\"none\" stroke=\"%s\" stroke-linecap=\"round\" %s d=\"", colour,
            style);
    for (size_t i = first; i < end; i++)
        if (drawable(series, i))
            fprintf(a->out, "M%.1f %.1fh0", axes_at(&a->x, series->x[i]),
                    axes_at(&a->y, series->y[i]));
    fputs("\"/>\n", a->out);
}

int plot_lines(const char *path, const plot_labels *labels, const plot_series *series, size_t n)
{
    axes a;
    if (axes_open(&a, path, labels, series, n, 0, 1)) return -1;
    for (size_t i = 0; i < n; i++) {
        draw_line(&a, &series[i], axes_colour(i));
        if (series[i].n <= 50)
            draw_dots(&a, &series[i], axes_colour(i), 0, series[i].n, "stroke-width=\"6\"");
    }
    return axes_close(&a);
}

int plot_points(const char *path, const plot_labels *labels, const plot_series *series, size_t n)
{
    axes a;
    size_t longest = 0;
    if (axes_open(&a, path, labels, series, n, 1, 0)) return -1;
    for (size_t i = 0; i < n; i++)
        if (series[i].n > longest) longest = series[i].n;
    for (size_t first = 0; first < longest; first += TURN)
        for (size_t i = 0; i < n; i++) {
            size_t end = first + TURN < series[i].n ? first + TURN : series[i].n;
            if (first < end)
                draw_dots(&a, &series[i], axes_colour(i), first, end,
                          "stroke-width=\"3.2\" stroke-opacity=\"0.7\"");
        }
    return axes_close(&a);
}

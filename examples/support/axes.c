/* SPDX-License-Identifier: MIT */
#include "axes.h"

#include <math.h>

#include "report.h"

enum { LEFT = 80, TOP = 44, INNER_WIDTH = 460, INNER_HEIGHT = 320, BELOW = 56, BESIDE = 110 };

static const char ink[] = "#222222";
static const char faint[] = "#dddddd";

const char *axes_colour(size_t i)
{
    static const char *const colours[] = {"#332288", "#cc6677", "#117733", "#88ccee", "#ddaa33",
                                          "#882255", "#44aa99", "#999933", "#aa4499", "#777777"};
    return colours[i % (sizeof colours / sizeof colours[0])];
}

double axes_at(const plot_axis *axis, double value)
{
    double share = (value - axis->least) / (axis->most - axis->least);
    return axis->from + share * (axis->to - axis->from);
}

static void widen(plot_axis *axis, double value)
{
    if (!isfinite(value)) return;
    axis->least = fmin(axis->least, value);
    axis->most = fmax(axis->most, value);
}

/* 1, 2 or 5 times a power of ten, for about `ticks` ticks. */
static double round_step(double range, double ticks, int whole)
{
    double power = pow(10, floor(log10(range / ticks)));
    double lead = range / ticks / power;
    double step = power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10);
    return whole && step < 1 ? 1 : step;
}

static void pad(plot_axis *axis, double share)
{
    double range = axis->most - axis->least;
    if (!(range > 0)) range = fmax(fabs(axis->most), 1) * 0.1;
    axis->least -= share * range;
    axis->most += share * range;
}

/* The same units per pixel, the shorter axis widened about its middle. */
static void equalize(plot_axis *x, plot_axis *y)
{
    double unit_x = (x->most - x->least) / fabs(x->to - x->from);
    double unit_y = (y->most - y->least) / fabs(y->to - y->from);
    plot_axis *shorter = unit_x < unit_y ? x : y;
    double unit = fmax(unit_x, unit_y);
    double half = 0.5 * unit * fabs(shorter->to - shorter->from);
    double middle = 0.5 * (shorter->least + shorter->most);
    shorter->least = middle - half;
    shorter->most = middle + half;
}

static int find_ranges(axes *a, const plot_series *series, size_t n, int square, int whole)
{
    a->x = (plot_axis){.least = INFINITY, .most = -INFINITY};
    a->y = a->x;
    for (size_t s = 0; s < n; s++)
        for (size_t i = 0; i < series[s].n; i++)
            if (isfinite(series[s].x[i]) && isfinite(series[s].y[i])) {
                widen(&a->x, series[s].x[i]);
                widen(&a->y, series[s].y[i]);
            }
    if (!(a->x.least <= a->x.most)) return -1;
    double height = square ? INNER_WIDTH : INNER_HEIGHT;
    a->x.from = LEFT;
    a->x.to = LEFT + INNER_WIDTH;
    a->y.from = TOP + height;
    a->y.to = TOP;
    a->width = LEFT + INNER_WIDTH + BESIDE;
    a->height = TOP + height + BELOW;
    pad(&a->x, 0.04);
    pad(&a->y, 0.06);
    if (square) equalize(&a->x, &a->y);
    a->x.step = round_step(a->x.most - a->x.least, 6, whole);
    a->y.step = round_step(a->y.most - a->y.least, 6, 0);
    return 0;
}

static void print_escaped(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '&')
            fputs("&amp;", out);
        else if (*text == '<')
            fputs("&lt;", out);
        else if ((unsigned char)*text >= ' ')
            putc(*text, out);
    }
}

static void draw_text(FILE *out, double x, double y, const char *attributes, const char *text)
{
    fprintf(out, "<text x=\"%.1f\" y=\"%.1f\" %s>", x, y, attributes);
    print_escaped(out, text);
    fputs("</text>\n", out);
}

static void draw_tick(const axes *a, int vertical, double value, double step)
{
    char label[32];
    int decimals = step < 1 ? (int)ceil(-log10(step) - 1e-9) : 0;
    double x = vertical ? a->x.from : axes_at(&a->x, value);
    double y = vertical ? axes_at(&a->y, value) : a->y.from;
    snprintf(label, sizeof label, "%.*f", decimals, fabs(value) < 1e-9 * step ? 0.0 : value);
    if (vertical) {
        fprintf(a->out, "<path d=\"M%.1f %.1fH%.1f\" stroke=\"%s\"/>\n", x, y, a->x.to, faint);
        fprintf(a->out, "<path d=\"M%.1f %.1fh-5\" stroke=\"%s\"/>\n", x, y, ink);
        draw_text(a->out, x - 9, y + 4, "text-anchor=\"end\"", label);
    } else {
        fprintf(a->out, "<path d=\"M%.1f %.1fv5\" stroke=\"%s\"/>\n", x, y, ink);
        draw_text(a->out, x, y + 20, "text-anchor=\"middle\"", label);
    }
}

static void draw_ticks(const axes *a, int vertical)
{
    const plot_axis *axis = vertical ? &a->y : &a->x;
    for (double k = ceil(axis->least / axis->step); k * axis->step <= axis->most; k++)
        draw_tick(a, vertical, k * axis->step, axis->step);
}

static void draw_legend(const axes *a, const plot_labels *labels, const plot_series *series,
                        size_t n)
{
    double x = a->x.to + 18, y = TOP + 12;
    if (labels->legend) draw_text(a->out, x - 6, y, "font-weight=\"bold\"", labels->legend);
    for (size_t i = 0; i < n; i++) {
        y += i || labels->legend ? 20 : 0;
        fprintf(a->out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\" fill=\"%s\"/>\n", x, y - 4,
                axes_colour(i));
        draw_text(a->out, x + 12, y, "text-anchor=\"start\"", series[i].name);
    }
}

static void draw_frame(const axes *a, const plot_labels *labels)
{
    double middle_x = 0.5 * (a->x.from + a->x.to), middle_y = 0.5 * (a->y.from + a->y.to);
    char turned[96];
    fprintf(a->out, "<path d=\"M%.1f %.1fV%.1fH%.1f\" fill=\"none\" stroke=\"%s\"/>\n", a->x.from,
            a->y.to, a->y.from, a->x.to, ink);
    draw_text(a->out, middle_x, TOP - 18, "text-anchor=\"middle\" font-size=\"15\"", labels->title);
    draw_text(a->out, middle_x, a->y.from + 44, "text-anchor=\"middle\"", labels->x);
    snprintf(turned, sizeof turned, "text-anchor=\"middle\" transform=\"rotate(-90 18 %.1f)\"",
             middle_y);
    draw_text(a->out, 18, middle_y, turned, labels->y);
}

int axes_open(axes *a, const char *path, const plot_labels *labels, const plot_series *series,
              size_t n, int square, int whole)
{
    if (find_ranges(a, series, n, square, whole)) return failed("%s: nothing to draw", path);
    if (whole_file_open(&a->file, path)) return -1;
    a->out = a->file.out;
    fprintf(a->out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
            "viewBox=\"0 0 %.0f %.0f\" font-family=\"Helvetica, Arial, sans-serif\" "
            "font-size=\"13\" fill=\"%s\">\n<rect width=\"100%%\" height=\"100%%\" "
            "fill=\"white\"/>\n",
            a->width, a->height, a->width, a->height, ink);
    draw_ticks(a, 1);
    draw_ticks(a, 0);
    draw_frame(a, labels);
    draw_legend(a, labels, series, n);
    return 0;
}

int axes_close(axes *a)
{
    fputs("</svg>\n", a->out);
    return whole_file_close(&a->file, 0);
}

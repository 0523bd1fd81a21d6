/* SPDX-License-Identifier: MIT */
#include "nearest.h"

#include <stdio.h>
#include <string.h>

enum { LONGEST = 40 };

static size_t least(size_t a, size_t b, size_t c)
{
    size_t least_of_two = a < b ? a : b;
    return least_of_two < c ? least_of_two : c;
}

/* Levenshtein's distance, row by row of its table. */
static size_t edits(const char *a, const char *b)
{
    size_t row[LONGEST + 1];
    size_t n = strlen(b);
    if (strlen(a) > LONGEST || n > LONGEST) return LONGEST;
    for (size_t j = 0; j <= n; j++) row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t above = row[j];
            size_t same = diagonal + (a[i - 1] != b[j - 1]);
            row[j] = least(above + 1, row[j - 1] + 1, same);
            diagonal = above;
        }
    }
    return row[n];
}

nearest nearest_to(const char *wanted)
{
    return (nearest){.wanted = wanted, .distance = 2 + strlen(wanted) / 4};
}

void nearest_try(nearest *near, const char *name)
{
    size_t distance = edits(near->wanted, name);
    if (distance >= near->distance || distance >= strlen(name)) return;
    near->distance = distance;
    near->found = name;
}

const char *nearest_hint(nearest *near)
{
    near->hint[0] = '\0';
    if (near->found) snprintf(near->hint, sizeof near->hint, ": did you mean \"%s\"?", near->found);
    return near->hint;
}

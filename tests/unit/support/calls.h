/* SPDX-License-Identifier: MIT */
/* Every exported function as a row that can be called with values of the world. */
#ifndef CALLS_H
#define CALLS_H

#include "bad_values.h"

#define CALL_ARGUMENTS 12

enum call_kind { ANSWERS, SHOWS, TAKES };

struct call_row {
    const char *name;
    enum call_kind kind;
    const char *parameters;
    int (*call)(const union value *a); /* a status; what is shown is 0 or 1 */
};

extern const struct call_row call_rows[];
extern const int call_row_count;

/* A row's parameters; answers how many. */
size_t call_parameters(const struct call_row *row,
                       const struct parameter *parameters[CALL_ARGUMENTS]);

/* Calls with the values of these numbers. An object that is made is freed; after a failure its
 * pointer must be NULL. */
int call_with(const struct call_row *row, struct world *world, const int *numbers);

/* The answer is a code and the thread's sentence begins with the function's name. */
void call_expect_sentence(const struct call_row *row, int answer, const char *what);

#endif

/* SPDX-License-Identifier: MIT */
/* The oracle's answers for a fixture, and the library's gradient beside them. */
#ifndef TRUTH_H
#define TRUTH_H

#include "fixtures.h"
#include "oracle.h"

typedef struct truth {
    oracle *o;
    oracle_batch batch;
    double *x, *target, *condition, *eps;
    oracle_terms terms;
    double *reconstruction, *kl; /* rows */
    double *input_gradient;      /* rows x input */
} truth;

/* Everything of the fixture's model and rows as they are, with the case's beta and reduction. */
void truth_new(truth *t, const fixture *f, const fixture_case *c);
void truth_free(truth *t);

/* Fails unless the library's terms and its gradient in every tensor and in the input agree with the
 * oracle's, relative to each tensor's norm. `label` says which case it was. */
void truth_expect_gradient(const fixture *f, const fixture_case *c, size_t threads,
                           double tolerance, const char *label);

#endif

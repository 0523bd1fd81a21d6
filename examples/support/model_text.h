/* SPDX-License-Identifier: MIT */
/* A model in words. */
#ifndef EXAMPLES_MODEL_TEXT_H
#define EXAMPLES_MODEL_TEXT_H

#include <vae/model.h>

/* Prints one line on standard output: its widths from end to end, likelihood, learned numbers. */
void model_print_line(const vae_model *model);

/* Prints every option of its configuration, one a line. -1 when the library fails. */
int model_print_options(const vae_model *model);

/* Prints a table of its tensors. -1 when the library fails. */
int model_print_tensors(const vae_model *model);

#endif

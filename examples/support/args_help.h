/* SPDX-License-Identifier: MIT */
/* --help and --version, written from the same table that parses the command line. */
#ifndef EXAMPLES_ARGS_HELP_H
#define EXAMPLES_ARGS_HELP_H

#include "args.h"

void args_print_help(const args_program *program);
void args_print_version(const args_program *program);

/* The kinds of a family with commas between; cut where `size` ends. */
void args_kinds(const char *family, char *text, size_t size);

#endif

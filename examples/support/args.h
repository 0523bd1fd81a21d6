/* SPDX-License-Identifier: MIT */
/* Command lines from a table: the same rows parse the arguments, check them and write --help. */
#ifndef EXAMPLES_ARGS_H
#define EXAMPLES_ARGS_H

#include <stddef.h>
#include <stdint.h>

#include "settings.h"

/* One option. Exactly one of the destinations is set; what it holds before parsing is the default
 * that --help shows. */
typedef struct args_option {
    const char *name;  /* long name, without dashes */
    char letter;       /* short name; 0: none */
    const char *value; /* what its value is called in --help; NULL: a switch */
    const char *help;

    int *flag;         /* set to 1 */
    const char **text; /* any text, or a kind of `family` */
    size_t *count;     /* a whole number, `least` to `most` */
    uint64_t *seed;    /* a whole number of 64 bits */
    double *real;      /* a number, `least` to `most` */
    settings *set;     /* options of the library: `option`, or option=value when that is NULL */
    const char *const *option; /* their names, NULL-terminated */

    int *given; /* may be NULL; set to 1 when the option is there, beside its destination */
    double least, most;
    const char *family;  /* kinds to choose from, as vae_kind() lists them */
    const char *choices; /* or choices of the program's own, with blanks between */
    const char *initial; /* default to show instead */
} args_option;

typedef struct args_program {
    const char *name;
    const char *usage;          /* what follows the name: "MODEL -o GRID.png [options]" */
    const char *summary;        /* what it does */
    const char *example;        /* one whole command */
    const char *notes;          /* printed last; may be NULL */
    const args_option *options; /* ends with a row whose name is NULL */
} args_program;

/* Rows that several programs share. */
#define ARGS_DATA(variable)                                                                        \
    {                                                                                              \
        .name = "data", .letter = 'd', .value = "DATA", .text = (variable),                        \
        .help =                                                                                    \
            "images: a folder of MNIST's IDX files (gzip'd or not) or of PNGs of one size, or "    \
            "\"synthetic\" or \"synthetic:ROWS\" for digits drawn by the program",                 \
        .initial = "$VAE_DATA, else Debian's Fashion-MNIST, else synthetic"                        \
    }
#define ARGS_BINARIZE(variable)                                                                    \
    {                                                                                              \
        .name = "binarize", .value = "HOW", .text = (variable),                                    \
        .choices = "none threshold bernoulli",                                                     \
        .help =                                                                                    \
            "turn grey pixels into black and white: at 1/2, or 1 with the grey's probability, "    \
            "drawn anew at every use"                                                              \
    }
#define ARGS_SEED(variable, told)                                                                  \
    {                                                                                              \
        .name = "seed", .letter = 's', .value = "N", .seed = (variable), .given = (told),          \
        .help = "where random numbers start; the same seed gives the same result"                  \
    }
#define ARGS_THREADS(variable)                                                                     \
    {                                                                                              \
        .name = "threads", .letter = 't', .value = "N", .count = (variable), .most = 64,           \
        .help = "threads to compute with, 0 for one per CPU; results do not depend on it"          \
    }
#define ARGS_WIDTH(variable)                                                                       \
    {                                                                                              \
        .name = "width", .value = "PIXELS", .count = (variable), .most = 1 << 20,                  \
        .help = "an image's width, where it is not square", .initial = "square images"             \
    }
#define ARGS_OUTPUT(variable)                                                                      \
    {                                                                                              \
        .name = "output", .letter = 'o', .value = "FILE.png", .text = (variable),                  \
        .help = "the picture to write (needed)"                                                    \
    }

/* Parses a command line with exactly `n` operands. Ends the program after --help and --version
 * (status 0) and, with a message, when the command line is wrong (status 2). */
void args_parse(const args_program *program, int argc, char **argv, const char **operands,
                size_t n);

/* Ends the program with a message that points at --help (status 2). */
_Noreturn void args_wrong(const args_program *program, const char *format, ...);

#endif

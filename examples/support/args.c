/* SPDX-License-Identifier: MIT */
#include "args.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vae/kinds.h>

#include "args_help.h"
#include "nearest.h"
#include "report.h"

enum { MOST_OPTIONS = 40, LONG = 256, HELP = 512, VERSION };

void args_wrong(const args_program *program, const char *format, ...)
{
    va_list arguments;
    fflush(stdout);
    fprintf(stderr, "%s: ", program->name);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\nTry '%s --help'.\n", program->name);
    exit(2);
}

static int parse_integer(const char *text, uint64_t *value)
{
    char *end;
    errno = 0;
    unsigned long long n = strtoull(text, &end, 10);
    if (errno || end == text || *end || strspn(text, "0123456789") != strlen(text)) return -1;
    *value = n;
    return 0;
}

static void parse_count(const args_program *program, const args_option *option, const char *text)
{
    uint64_t n;
    if (parse_integer(text, &n) || (double)n < option->least || (double)n > option->most)
        args_wrong(program, "--%s: \"%s\" is not a whole number from %.0f to %.0f", option->name,
                   text, option->least, option->most);
    *option->count = (size_t)n;
}

static void parse_seed(const args_program *program, const args_option *option, const char *text)
{
    if (parse_integer(text, option->seed))
        args_wrong(program, "--%s: \"%s\" is not a whole number from 0 to 18446744073709551615",
                   option->name, text);
}

static void parse_real(const args_program *program, const args_option *option, const char *text)
{
    char *end;
    double x = strtod(text, &end);
    if (end == text || *end || !(x >= option->least && x <= option->most))
        args_wrong(program, "--%s: \"%s\" is not a number from %g to %g", option->name, text,
                   option->least, option->most);
    *option->real = x;
}

static void check_kind(const args_program *program, const args_option *option, const char *text)
{
    char known[512];
    nearest near = nearest_to(text);
    for (size_t i = 0; vae_kind(option->family, i); i++) {
        if (strcmp(vae_kind(option->family, i), text) == 0) return;
        nearest_try(&near, vae_kind(option->family, i));
    }
    args_kinds(option->family, known, sizeof known);
    args_wrong(program, "--%s: unknown %s \"%s\"%s%s%s", option->name, option->family, text,
               nearest_hint(&near), near.found ? " Known: " : "; known: ", known);
}

static void check_choice(const args_program *program, const args_option *option, const char *text)
{
    size_t length = strlen(text);
    const char *at = option->choices;
    while (at && *at) {
        size_t n = strcspn(at, " ");
        if (n == length && memcmp(at, text, n) == 0) return;
        at += n + strspn(at + n, " ");
    }
    args_wrong(program, "--%s: \"%s\" is none of: %s", option->name, text, option->choices);
}

static void add_settings(const args_program *program, const args_option *option, char *text)
{
    if (!option->option && settings_add_text(option->set, text))
        args_wrong(program, "--%s: %s", option->name, failure());
    for (size_t i = 0; option->option && option->option[i]; i++)
        if (settings_add(option->set, option->option[i], text))
            args_wrong(program, "--%s: %s", option->name, failure());
}

static void take(const args_program *program, const args_option *option, char *text)
{
    if (option->family) check_kind(program, option, text);
    if (option->choices) check_choice(program, option, text);
    if (option->given) *option->given = 1;
    if (option->flag)
        *option->flag = 1;
    else if (option->text)
        *option->text = text;
    else if (option->count)
        parse_count(program, option, text);
    else if (option->seed)
        parse_seed(program, option, text);
    else if (option->real)
        parse_real(program, option, text);
    else
        add_settings(program, option, text);
}

/* getopt gives the letter, or the code of a long option that it knows: then the value is what is
 * wrong. */
static void unknown(const args_program *program, const char *argument, int letter)
{
    char name[64];
    if (letter && letter < LONG) args_wrong(program, "unknown option -%c", letter);
    snprintf(name, sizeof name, "%.*s", (int)strcspn(argument + 2, "="), argument + 2);
    if (letter) args_wrong(program, "--%s takes no value", name);
    nearest near = nearest_to(name);
    nearest_try(&near, "help");
    nearest_try(&near, "version");
    for (const args_option *o = program->options; o->name; o++) nearest_try(&near, o->name);
    args_wrong(program, "unknown option --%s%s", name, nearest_hint(&near));
}

/* getopt's two tables; codes of long options are LONG + row, or HELP and VERSION. */
static void make_tables(const args_program *program, struct option *longs, char *shorts)
{
    size_t n = 0;
    *shorts++ = ':';
    for (const args_option *o = program->options; o->name && n < MOST_OPTIONS; o++, n++) {
        longs[n] = (struct option){o->name, o->value ? required_argument : no_argument, NULL,
                                   LONG + (int)n};
        if (o->letter) *shorts++ = o->letter;
        if (o->letter && o->value) *shorts++ = ':';
    }
    memcpy(shorts, "h", 2);
    longs[n] = (struct option){"help", no_argument, NULL, HELP};
    longs[n + 1] = (struct option){"version", no_argument, NULL, VERSION};
    longs[n + 2] = (struct option){NULL, 0, NULL, 0};
}

static const args_option *find(const args_program *program, int code)
{
    if (code >= LONG) return &program->options[code - LONG];
    const args_option *option = program->options;
    while (option->letter != code) option++; /* getopt answers letters it was given */
    return option;
}

static void end_printing(const args_program *program)
{
    exit(finish_printing() ? report_failure(program->name) : 0);
}

static void parse_options(const args_program *program, int argc, char **argv)
{
    struct option longs[MOST_OPTIONS + 3];
    char shorts[2 * MOST_OPTIONS + 3];
    int code;
    make_tables(program, longs, shorts);
    opterr = 0;
    while ((code = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        if (code == 'h' || code == HELP) {
            args_print_help(program);
            end_printing(program);
        } else if (code == VERSION) {
            args_print_version(program);
            end_printing(program);
        } else if (code == ':') {
            args_wrong(program, "%s needs a value", argv[optind - 1]);
        } else if (code == '?') {
            unknown(program, argv[optind - 1], optopt);
        } else {
            take(program, find(program, code), optarg);
        }
    }
}

void args_parse(const args_program *program, int argc, char **argv, const char **operands, size_t n)
{
    parse_options(program, argc, argv);
    size_t given = (size_t)(argc - optind);
    if (given > n)
        args_wrong(program, "\"%s\" is one argument too many; usage: %s %s", argv[optind + (int)n],
                   program->name, program->usage);
    if (given < n)
        args_wrong(program, "an argument is missing; usage: %s %s", program->name, program->usage);
    for (size_t i = 0; i < n; i++) operands[i] = argv[optind + (int)i];
}

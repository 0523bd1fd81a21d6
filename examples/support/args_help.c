/* SPDX-License-Identifier: MIT */
#include "args_help.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <vae/kinds.h>
#include <vae/version.h>
#include <vae/workspace.h>

#include "report.h"

enum { COLUMN = 26, RIGHT = 79 };

static void append(char *text, size_t size, const char *format, ...) REPORT_PRINTF(3, 4);

static void append(char *text, size_t size, const char *format, ...)
{
    size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + used, size - used, format, arguments);
    va_end(arguments);
}

void args_kinds(const char *family, char *text, size_t size)
{
    text[0] = '\0';
    for (size_t i = 0; vae_kind(family, i); i++)
        append(text, size, "%s%s", i ? ", " : "", vae_kind(family, i));
}

/* Words from column `at`, broken at RIGHT, later lines at `indent`. */
static void print_wrapped(const char *text, int at, int indent)
{
    while (*text) {
        int length = (int)strcspn(text, " ");
        if (at > indent && at + 1 + length > RIGHT) {
            printf("\n%*s", indent, "");
            at = indent;
        } else if (at > indent) {
            putchar(' ');
            at++;
        }
        printf("%.*s", length, text);
        at += length;
        text += length + (text[length] == ' ');
    }
    putchar('\n');
}

/* What an option of the library is when nobody sets it. */
static void library_default(const char *option, char *text, size_t size)
{
    char value[128];
    double least, most, initial;
    vae_config *config = NULL;
    if (vae_trainer_option_bounds(option, &least, &most, &initial) == VAE_OK) {
        append(text, size, " (%.7g to %.7g, default %g)", least, most, initial);
    } else if (vae_config_new(&config, NULL, 784, 20) == VAE_OK &&
               vae_config_format(config, option, value, sizeof value) == VAE_OK) {
        append(text, size, " (default %s)", value);
    }
    vae_config_free(config);
}

static void describe_value(const args_option *o, char *text, size_t size)
{
    if (o->initial)
        append(text, size, " (default: %s)", o->initial);
    else if (o->count)
        append(text, size, " (%.0f to %.0f, default %zu)", o->least, o->most, *o->count);
    else if (o->real)
        append(text, size, " (%g to %g, default %g)", o->least, o->most, *o->real);
    else if (o->seed)
        append(text, size, " (64 bits, default %" PRIu64 ")", *o->seed);
    else if (o->text && *o->text)
        append(text, size, " (default %s)", *o->text);
    else if (o->option)
        library_default(o->option[0], text, size);
}

static void append_choices(char *text, size_t size, const char *choices)
{
    const char *before = ": ";
    while (*choices) {
        int length = (int)strcspn(choices, " ");
        append(text, size, "%s%.*s", before, length, choices);
        choices += length + (choices[length] == ' ');
        before = ", ";
    }
}

static void print_option(const args_option *o)
{
    char text[2048] = "";
    char names[64] = "  ";
    append(names, sizeof names, o->letter ? "-%c, " : "    ", o->letter);
    append(names, sizeof names, o->value ? "--%s %s" : "--%s", o->name, o->value);
    append(text, sizeof text, "%s", o->help);
    if (o->family) {
        append(text, sizeof text, ": ");
        args_kinds(o->family, text + strlen(text), sizeof text - strlen(text));
    }
    if (o->choices) append_choices(text, sizeof text, o->choices);
    describe_value(o, text, sizeof text);
    int width = printf("%s", names);
    if (width > COLUMN - 2)
        printf("\n%*s", COLUMN, "");
    else
        printf("%*s", COLUMN - width, "");
    print_wrapped(text, COLUMN, COLUMN);
}

static void print_library_option(const char *name, const char *meaning)
{
    int width = printf("  %s", name);
    if (width > COLUMN - 2)
        printf("\n%*s", COLUMN, "");
    else
        printf("%*s", COLUMN - width, "");
    print_wrapped(meaning, COLUMN, COLUMN);
}

static void print_library_options(const char *flag)
{
    printf("\nOptions of the model for --%s:\n", flag);
    for (size_t i = 0; vae_config_option(i); i++)
        print_library_option(vae_config_option(i),
                             vae_config_option_describe(vae_config_option(i)));
    printf("\nOptions of training for --%s:\n", flag);
    for (size_t i = 0; vae_trainer_option(i); i++)
        print_library_option(vae_trainer_option(i),
                             vae_trainer_option_describe(vae_trainer_option(i)));
}

void args_print_help(const args_program *program)
{
    static const args_option standard[] = {
        {.name = "help", .letter = 'h', .help = "print this and end"},
        {.name = "version", .help = "print the library's version, kernels and threads, and end"},
    };
    printf("Usage: %s %s\n\n", program->name, program->usage);
    print_wrapped(program->summary, 0, 0);
    printf("\nExample:\n  %s\n\nOptions:\n", program->example);
    for (const args_option *o = program->options; o->name; o++) print_option(o);
    print_option(&standard[0]);
    print_option(&standard[1]);
    for (const args_option *o = program->options; o->name; o++)
        if (o->set && !o->option) print_library_options(o->name);
    if (program->notes) {
        putchar('\n');
        print_wrapped(program->notes, 0, 0);
    }
}

void args_print_version(const args_program *program)
{
    char info[512];
    vae_config *config = NULL;
    vae_model *model = NULL;
    vae_workspace *workspace = NULL;
    vae_build_info(info, sizeof info);
    if (vae_config_new(&config, NULL, 1, 1) == VAE_OK &&
        vae_model_new(&model, config, 0) == VAE_OK &&
        vae_workspace_new(&workspace, model, "inference", 1, 1, 0) == VAE_OK)
        printf("%s: %s; kernels %s, threads %zu\n", program->name, info,
               vae_workspace_kernels(workspace), vae_workspace_threads(workspace));
    else
        printf("%s: %s\n", program->name, info);
    vae_workspace_free(workspace);
    vae_model_free(model);
    vae_config_free(config);
}

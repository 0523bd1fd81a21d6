/* SPDX-License-Identifier: MIT */
#include "report.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <vae/status.h>

static char sentence[1024];

/* Names of files come from anywhere: a terminal must not obey them. */
static void hide_controls(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f) *text = '?';
}

static int leave(const char *format, va_list arguments, const char *cause)
{
    char text[sizeof sentence];
    vsnprintf(text, sizeof text, format, arguments);
    if (cause)
        snprintf(sentence, sizeof sentence, "%.600s: %.400s", text, cause);
    else
        snprintf(sentence, sizeof sentence, "%s", text);
    hide_controls(sentence);
    return -1;
}

int failed(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    leave(format, arguments, NULL);
    va_end(arguments);
    return -1;
}

int failed_vae(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    leave(format, arguments, vae_last_error());
    va_end(arguments);
    return -1;
}

int failed_system(const char *format, ...)
{
    const char *cause = errno ? strerror(errno) : "unexpected end";
    va_list arguments;
    va_start(arguments, format);
    leave(format, arguments, cause);
    va_end(arguments);
    return -1;
}

const char *failure(void)
{
    return sentence;
}

int finish_printing(void)
{
    if (fflush(stdout)) return failed_system("cannot write to standard output");
    return ferror(stdout) ? failed("cannot write to standard output") : 0;
}

int report_failure(const char *program)
{
    fflush(stdout);
    fprintf(stderr, "%s: %s\n", program, sentence);
    return 1;
}

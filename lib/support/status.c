/* SPDX-License-Identifier: MIT */
#include "support/status.h"

#include <stdarg.h>
#include <stdio.h>

/* The one piece of state: each thread's latest sentence. */
static _Thread_local char sentence[512];

const char *vae_last_error(void)
{
    return sentence;
}

vae_status vae__fail(vae_status code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    return code;
}

vae_status vae__fail_in(vae_status code, const char *who, const char *format, ...)
{
    char text[sizeof sentence]; /* the arguments may point into the sentence being replaced */
    int length = snprintf(text, sizeof text, "%s: ", who);
    va_list arguments;
    va_start(arguments, format);
    if (length >= 0 && (size_t)length < sizeof text)
        vsnprintf(text + length, sizeof text - (size_t)length, format, arguments);
    va_end(arguments);
    return vae__fail(code, "%s", text);
}

vae_status vae__fail_memory(const char *who, size_t bytes)
{
    return vae__fail(VAE_ENOMEM, "%s: out of memory (%zu bytes wanted)", who, bytes);
}

vae_status vae__fail_null(const char *who, const char *what)
{
    return vae__fail(VAE_EINVAL, "%s: %s is NULL", who, what);
}

static const struct {
    vae_status status;
    const char *name;
} names[] = {
    {VAE_OK, "VAE_OK"},           {VAE_EINVAL, "VAE_EINVAL"},
    {VAE_ENOMEM, "VAE_ENOMEM"},   {VAE_EIO, "VAE_EIO"},
    {VAE_EFORMAT, "VAE_EFORMAT"}, {VAE_EUNKNOWN, "VAE_EUNKNOWN"},
    {VAE_ESHAPE, "VAE_ESHAPE"},   {VAE_ENONFINITE, "VAE_ENONFINITE"},
    {VAE_ESTATE, "VAE_ESTATE"},   {VAE_ECALLBACK, "VAE_ECALLBACK"},
    {VAE_EDATA, "VAE_EDATA"},     {VAE_ETHREAD, "VAE_ETHREAD"},
};

const char *vae_status_name(vae_status status)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].status == status) return names[i].name;
    return "unknown status";
}

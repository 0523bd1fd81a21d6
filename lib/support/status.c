/* SPDX-License-Identifier: MIT */
#include "support/status.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The one piece of state: each thread's latest sentence. */
static _Thread_local char sentence[VAE__SENTENCE];

const char *vae_last_error(void)
{
    return sentence;
}

/* Controls; what hides or turns the text around it; what is no character. */
static const uint32_t unshown[][2] = {{0, 0x1f},        {0x7f, 0x9f},     {0x61c, 0x61c},
                                      {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},
                                      {0xd800, 0xdfff}, {0xfeff, 0xfeff}, {0x110000, UINT32_MAX}};

/* The bytes of the UTF-8 character at `at`; 0 when it is none or must not be shown. */
static size_t shown_bytes(const char *at)
{
    unsigned char lead = (unsigned char)*at;
    size_t n = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    uint32_t code = lead & 0xffu >> n;
    if (n == 2 && lead < 0xc2) return 0;
    for (size_t i = 1; i < n; i++) {
        if (((unsigned char)at[i] & 0xc0) != 0x80) return 0;
        code = code << 6 | ((unsigned char)at[i] & 0x3f);
    }
    for (size_t i = 0; i < sizeof unshown / sizeof unshown[0]; i++)
        if (code >= unshown[i][0] && code <= unshown[i][1]) return 0;
    return code >> (5 * n - 4) ? n : 0; /* fewer bytes would do: no UTF-8 */
}

/* Names and paths come from anywhere: a terminal must not obey them. */
static void show(const char *text)
{
    char *to = sentence;
    while (*text != '\0') {
        size_t n = shown_bytes(text);
        if (n == 0) {
            *to++ = '?';
            text++;
        }
        for (; n > 0; n--) *to++ = *text++;
    }
    *to = '\0';
}

static void put(const char *who, const char *format, va_list arguments)
{
    char text[VAE__SENTENCE]; /* the arguments may point into the sentence being replaced */
    int begun = who ? snprintf(text, sizeof text, "%s: ", who) : 0;
    size_t used = begun < 0 ? 0 : (size_t)begun;
    if (used < sizeof text) vsnprintf(text + used, sizeof text - used, format, arguments);
    show(text);
}

vae_status vae__fail(vae_status code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    put(NULL, format, arguments);
    va_end(arguments);
    return code;
}

vae_status vae__fail_in(vae_status code, const char *who, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    put(who, format, arguments);
    va_end(arguments);
    return code;
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

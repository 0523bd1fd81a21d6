/* SPDX-License-Identifier: MIT */
#include "support/number.h"

#include <fenv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST 512 /* bytes of text that are looked at; no number needs as many */

/* printf and strtod round, and trap, as the caller has asked for; here everything is to nearest. */
static fenv_t enter_nearest(void)
{
    fenv_t callers;
    feholdexcept(&callers);
    fesetround(FE_TONEAREST);
    return callers;
}

/* printf and strtod use the locale's decimal point. What printf puts between the digits of 1.5 is
 * that point: localeconv would not be thread-safe. */
static size_t locale_point(char point[VAE__NUMBER_TEXT])
{
    char text[VAE__NUMBER_TEXT];
    int length = snprintf(text, sizeof text, "%.1f", 1.5);
    if (length < 3 || (size_t)length >= sizeof text) length = 3;
    size_t bytes = (size_t)length - 2;
    memcpy(point, text + 1, bytes);
    point[bytes] = '\0';
    return bytes;
}

int vae__replace_point(char *text, size_t size, const char *from, const char *to)
{
    char *at = strstr(text, from);
    if (!at) return 0;
    size_t old = strlen(from), new = strlen(to);
    if (strlen(text) - old + new >= size) return -1;
    memmove(at + new, at + old, strlen(at + old) + 1);
    memcpy(at, to, new);
    return 0;
}

static int same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

void vae__format_double(double value, char text[VAE__NUMBER_TEXT])
{
    char tried[VAE__NUMBER_TEXT], point[VAE__NUMBER_TEXT];
    size_t shortest = VAE__NUMBER_TEXT;
    fenv_t callers = enter_nearest();
    memcpy(text, "nan", 4);
    for (int digits = 1; value == value && digits <= 17; digits++) {
        size_t length = (size_t)snprintf(tried, sizeof tried, "%.*g", digits, value);
        if (length >= shortest || !same_bits(strtod(tried, NULL), value)) continue;
        memcpy(text, tried, length + 1);
        shortest = length;
    }
    locale_point(point);
    vae__replace_point(text, VAE__NUMBER_TEXT, point, ".");
    fesetenv(&callers);
}

void vae__format_int(int64_t value, char text[VAE__NUMBER_TEXT])
{
    snprintf(text, VAE__NUMBER_TEXT, "%lld", (long long)value);
}

static const char *skip_sign(const char *at)
{
    return *at == '-' || *at == '+' ? at + 1 : at;
}

static const char *skip_digits(const char *at)
{
    while (*at >= '0' && *at <= '9') at++;
    return at;
}

/* [sign] digits [. digits] [e [sign] digits], a digit on one side of the point at least. */
static int is_decimal(const char *text)
{
    const char *whole = skip_sign(text), *at = skip_digits(whole);
    size_t digits = (size_t)(at - whole);
    if (*at == '.') {
        const char *fraction = at + 1;
        at = skip_digits(fraction);
        digits += (size_t)(at - fraction);
    }
    if (digits == 0) return 0;
    if (*at == 'e' || *at == 'E') {
        const char *exponent = skip_sign(at + 1);
        at = skip_digits(exponent);
        if (at == exponent) return 0;
    }
    return *at == '\0';
}

int vae__parse_double(const char *text, double *value)
{
    char copy[LONGEST], point[VAE__NUMBER_TEXT];
    const char *name = skip_sign(text);
    int named = strcmp(name, "nan") == 0 || strcmp(name, "inf") == 0;
    size_t length = strlen(text);
    if (length >= sizeof copy || !(named || is_decimal(text))) return -1;
    memcpy(copy, text, length + 1);
    fenv_t callers = enter_nearest();
    locale_point(point);
    int fits = named || vae__replace_point(copy, sizeof copy, ".", point) == 0;
    if (fits) *value = strtod(copy, NULL);
    fesetenv(&callers);
    return fits ? 0 : -1;
}

int vae__parse_int(const char *text, int64_t *value)
{
    const char *at = skip_sign(text);
    int negative = *text == '-';
    uint64_t most = negative ? (uint64_t)1 << 63 : UINT64_MAX, sum = 0;
    if (*at == '\0') return -1;
    for (; *at != '\0'; at++) {
        if (*at < '0' || *at > '9') return -1;
        uint64_t digit = (uint64_t)(*at - '0');
        if (sum > (most - digit) / 10) return -1;
        sum = sum * 10 + digit;
    }
    if (negative) sum = 0 - sum;
    memcpy(value, &sum, sizeof *value);
    return 0;
}

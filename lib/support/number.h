/* SPDX-License-Identifier: MIT */
/* Numbers as text, the same in every locale. */
#ifndef VAE_SUPPORT_NUMBER_H
#define VAE_SUPPORT_NUMBER_H

#include <stddef.h>
#include <stdint.h>

#define VAE__NUMBER_TEXT 40 /* bytes that hold any formatted number */

/* The shortest of %.1g to %.17g that reads back as the same double. nan, inf, -inf as such. */
void vae__format_double(double value, char text[VAE__NUMBER_TEXT]);
void vae__format_int(int64_t value, char text[VAE__NUMBER_TEXT]);

/* The whole text must be a number (leading and trailing blanks are refused). 0 on success.
 * parse_int also takes 9223372036854775808 to 18446744073709551615, a uint64_t's bits. */
int vae__parse_double(const char *text, double *value);
int vae__parse_int(const char *text, int64_t *value);

/* Replaces the first `from` in the text by `to`; -1 when that would not fit in `size` bytes. */
int vae__replace_point(char *text, size_t size, const char *from, const char *to);

#endif

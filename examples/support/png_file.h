/* SPDX-License-Identifier: MIT */
/* PNG files as grey pictures of 8 bits. */
#ifndef EXAMPLES_PNG_FILE_H
#define EXAMPLES_PNG_FILE_H

#include "image.h"

/* Reads any PNG: colour becomes its luminance, transparency lies on black, 16 bits become 8. -1
 * when it cannot be read, is no PNG, is damaged, or has more than 2^28 pixels. Free with
 * image_free. */
int png_file_read(image *out, const char *path);

/* Writes a grey PNG, whole or not at all (whole_file.h). -1 when it cannot be written. */
int png_file_write(const image *picture, const char *path);

#endif

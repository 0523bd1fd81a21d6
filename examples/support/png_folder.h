/* SPDX-License-Identifier: MIT */
/* A folder of PNGs of one size as rows of grey pixels. */
#ifndef EXAMPLES_PNG_FOLDER_H
#define EXAMPLES_PNG_FOLDER_H

#include <stddef.h>
#include <stdint.h>

/* Reads every file whose name ends in .png, in the order of the names' bytes. -1 when there is
 * none, one is damaged, sizes differ, or all together exceed DATA_LIMIT. `*pixels` is the caller's
 * to free, NULL on failure. */
int png_folder_read(const char *folder, uint8_t **pixels, size_t *rows, size_t *width,
                    size_t *height);

#endif

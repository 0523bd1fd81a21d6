/* SPDX-License-Identifier: MIT */
#include "png_file.h"

#include <errno.h>
#include <stdio.h>

#include <png.h>

#include "report.h"

/* libpng's simplified interface: no longjmp comes out of it. */
int png_file_read(image *out, const char *path)
{
    png_image png = {.version = PNG_IMAGE_VERSION};
    *out = (image){NULL, 0, 0};
    errno = 0;
    FILE *file = fopen(path, "rb");
    if (!file) return failed_system("%s", path);
    int status = -1;
    if (!png_image_begin_read_from_stdio(&png, file)) {
        failed("%s: %s", path, png.message);
    } else if (!image_new(out, png.width, png.height)) {
        png.format = PNG_FORMAT_GRAY;
        png.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
        status = png_image_finish_read(&png, NULL, out->pixels, 0, NULL) ? 0 : -1;
        if (status) failed("%s: %s", path, png.message);
    } else {
        failed("%s: %u x %u pixels are too many", path, png.width, png.height);
    }
    png_image_free(&png);
    fclose(file);
    if (status) image_free(out);
    return status;
}

int png_file_write(const image *picture, const char *path)
{
    png_image png = {.version = PNG_IMAGE_VERSION, .format = PNG_FORMAT_GRAY};
    png.width = (png_uint_32)picture->width;
    png.height = (png_uint_32)picture->height;
    errno = 0;
    FILE *file = fopen(path, "wb");
    if (!file) return failed_system("cannot write %s", path);
    int status = 0;
    if (!png_image_write_to_stdio(&png, file, 0, picture->pixels, 0, NULL))
        status = failed("cannot write %s: %s", path, png.message);
    if (fclose(file) && !status) status = failed_system("cannot write %s", path);
    png_image_free(&png);
    if (status) remove(path);
    return status;
}

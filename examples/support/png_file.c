/* SPDX-License-Identifier: MIT */
#include "png_file.h"

#include <errno.h>
#include <stdio.h>

#include <png.h>

#include "report.h"
#include "whole_file.h"

/* libpng says "Read Error" to all of these. */
static int check_signature(FILE *file, const char *path)
{
    png_byte signature[8];
    size_t n = fread(signature, 1, sizeof signature, file);
    if (ferror(file)) return failed_system("%s", path);
    if (n == 0) return failed("%s: an empty file, no PNG", path);
    if (png_sig_cmp(signature, 0, n)) return failed("%s: not a PNG", path);
    rewind(file);
    return 0;
}

static int refuse(const png_image *png, FILE *file, const char *path)
{
    if (ferror(file)) return failed_system("%s", path);
    return failed("%s: %s", path, feof(file) ? "a truncated PNG" : png->message);
}

/* libpng's simplified interface: no longjmp comes out of it. */
static int read_pixels(image *out, FILE *file, const char *path)
{
    png_image png = {.version = PNG_IMAGE_VERSION};
    int status = -1;
    if (!png_image_begin_read_from_stdio(&png, file)) {
        refuse(&png, file, path);
    } else if (!image_new(out, png.width, png.height)) {
        png.format = PNG_FORMAT_GRAY;
        png.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
        if (png_image_finish_read(&png, NULL, out->pixels, 0, NULL))
            status = 0;
        else
            refuse(&png, file, path);
    } else {
        failed("%s: %u x %u pixels are too many", path, png.width, png.height);
    }
    png_image_free(&png);
    if (status) image_free(out);
    return status;
}

int png_file_read(image *out, const char *path)
{
    *out = (image){NULL, 0, 0};
    errno = 0;
    FILE *file = fopen(path, "rb");
    if (!file) return failed_system("%s", path);
    int status = check_signature(file, path) || read_pixels(out, file, path) ? -1 : 0;
    fclose(file);
    return status;
}

int png_file_write(const image *picture, const char *path)
{
    png_image png = {.version = PNG_IMAGE_VERSION, .format = PNG_FORMAT_GRAY};
    png.width = (png_uint_32)picture->width;
    png.height = (png_uint_32)picture->height;
    whole_file file;
    if (whole_file_open(&file, path)) return -1;
    int status = 0;
    if (!png_image_write_to_stdio(&png, file.out, 0, picture->pixels, 0, NULL) && !ferror(file.out))
        status = failed("cannot write %s: %s", path, png.message);
    png_image_free(&png);
    return whole_file_close(&file, status);
}

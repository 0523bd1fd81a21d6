/* SPDX-License-Identifier: MIT */
/* Any bytes as a PNG: read as grey pixels, which are written and read back equal, or refused. */
#include "fuzz_file.h"
#include "png_file.h"
#include "report.h"

#define SMALL (1 << 20) /* larger pictures are only read: writing takes long */

/* To a file of its own: writing to the one that is read would put another in its place, where the
 * next bytes would not arrive. */
static void write_and_read(const image *picture, const char *read)
{
    image again;
    char path[sizeof fuzz_path + 8];
    size_t pixels = picture->width * picture->height;
    snprintf(path, sizeof path, "%s.png", read);
    EXPECT(png_file_write(picture, path) == 0);
    EXPECT(png_file_read(&again, path) == 0);
    unlink(path);
    EXPECT(again.width == picture->width && again.height == picture->height);
    EXPECT(memcmp(again.pixels, picture->pixels, pixels) == 0);
    image_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    image picture;
    const char *path = fuzz_file(data, size);
    if (png_file_read(&picture, path) == 0) {
        EXPECT(picture.pixels && picture.width > 0 && picture.height > 0);
        if (picture.width <= SMALL / picture.height) write_and_read(&picture, path);
    } else {
        EXPECT(!picture.pixels && picture.width == 0 && failure()[0] != '\0');
    }
    image_free(&picture);
    return 0;
}

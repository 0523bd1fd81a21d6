/* SPDX-License-Identifier: MIT */
/* Bytes as a file with a path, for readers that take one. */
#ifndef FUZZ_FILE_H
#define FUZZ_FILE_H

#include "fuzz.h"

#include <stdio.h>
#include <unistd.h>

static char fuzz_path[64];

static void fuzz_remove(void)
{
    unlink(fuzz_path);
}

/* The path of the one file of this process, which now holds these bytes; in memory where there is
 * such a folder, for a disk takes most of the time. */
static const char *fuzz_file(const uint8_t *data, size_t size)
{
    static int fd = -1;
    if (fd < 0) {
        const char *folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
        snprintf(fuzz_path, sizeof fuzz_path, "%s/libvae-fuzz-XXXXXX", folder);
        fd = mkstemp(fuzz_path);
        EXPECT(fd >= 0 && atexit(fuzz_remove) == 0);
    }
    EXPECT(ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0);
    EXPECT(size == 0 || write(fd, data, size) == (ssize_t)size);
    return fuzz_path;
}

#endif

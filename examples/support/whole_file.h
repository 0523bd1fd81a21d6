/* SPDX-License-Identifier: MIT */
/* A file that appears whole or not at all: it is written under a name of its own in the same folder
 * and then takes its place. What is there and is no regular file (a device, a pipe), and the
 * program's own standard output, are written to directly. */
#ifndef EXAMPLES_WHOLE_FILE_H
#define EXAMPLES_WHOLE_FILE_H

#include <stdio.h>

enum { WHOLE_FILE_PATH = 4096 };

typedef struct whole_file {
    FILE *out; /* for whatever the file is to hold */
    const char *path;
    char target[WHOLE_FILE_PATH];    /* where the path's symbolic links lead */
    char temporary[WHOLE_FILE_PATH]; /* "" when there is none */
} whole_file;

/* The path must stay valid. -1 when it cannot be written; there is then nothing to close. */
int whole_file_open(whole_file *file, const char *path);

/* status 0: puts the file in its place; -1, with the system's reason, when that or a write before
 * has failed. Another status: gives up, and answers it. Unless 0 is answered an older file stays as
 * it was and no other is left. */
int whole_file_close(whole_file *file, int status);

#endif

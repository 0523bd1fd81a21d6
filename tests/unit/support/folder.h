/* SPDX-License-Identifier: MIT */
/* A folder of a test's own, with files that are made, read and counted. */
#ifndef FOLDER_H
#define FOLDER_H

#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct folder {
    char path[64];
} folder;

static inline folder folder_new(void)
{
    folder f = {"/tmp/libvae-test-XXXXXX"};
    ck_assert_ptr_nonnull(mkdtemp(f.path));
    return f;
}

/* "FOLDER/NAME" in one of several buffers that are used in turn. */
static inline const char *folder_at(const folder *f, const char *name)
{
    static char paths[8][128];
    static size_t next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", f->path, name);
    return path;
}

/* How many entries it has whose name begins with the prefix. */
static inline size_t folder_count(const folder *f, const char *prefix)
{
    size_t n = 0;
    DIR *directory = opendir(f->path);
    ck_assert_ptr_nonnull(directory);
    for (struct dirent *e; (e = readdir(directory)) != NULL;)
        n += strncmp(e->d_name, prefix, strlen(prefix)) == 0;
    closedir(directory);
    return n;
}

/* Removes what is in it, one level deep, and itself. */
static inline void folder_remove(const folder *f)
{
    DIR *directory = opendir(f->path);
    ck_assert_ptr_nonnull(directory);
    for (struct dirent *e; (e = readdir(directory)) != NULL;) {
        char path[512];
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        snprintf(path, sizeof path, "%s/%s", f->path, e->d_name);
        if (unlink(path) != 0) rmdir(path);
    }
    closedir(directory);
    rmdir(f->path);
}

static inline void put_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(text, 1, strlen(text), file), strlen(text));
    ck_assert_int_eq(fclose(file), 0);
}

/* The whole file with a NUL after it, to be freed; NULL when there is none. */
static inline char *get_file(const char *path, size_t *bytes)
{
    struct stat status;
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    ck_assert_int_eq(fstat(fileno(file), &status), 0);
    char *text = calloc((size_t)status.st_size + 1, 1);
    ck_assert_ptr_nonnull(text);
    *bytes = fread(text, 1, (size_t)status.st_size, file);
    ck_assert_uint_eq(*bytes, (size_t)status.st_size);
    fclose(file);
    return text;
}

static inline void expect_file(const char *path, const char *text)
{
    size_t bytes;
    char *found = get_file(path, &bytes);
    ck_assert_ptr_nonnull(found);
    ck_assert_str_eq(found, text);
    free(found);
}

/* The permission bits of what is at the path, links followed. */
static inline unsigned mode_of(const char *path)
{
    struct stat status;
    ck_assert_int_eq(stat(path, &status), 0);
    return (unsigned)status.st_mode & 07777;
}

#endif

/* SPDX-License-Identifier: MIT */
#include "png_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "data_limit.h"
#include "png_file.h"
#include "report.h"

typedef struct name_list {
    char **name;
    size_t n;
} name_list;

static void free_names(name_list *list)
{
    for (size_t i = 0; i < list->n; i++) free(list->name[i]);
    free(list->name);
}

static int add_name(name_list *list, const char *name)
{
    char **grown = realloc(list->name, (list->n + 1) * sizeof *grown);
    if (!grown) return -1;
    list->name = grown;
    size_t size = strlen(name) + 1;
    list->name[list->n] = malloc(size);
    if (!list->name[list->n]) return -1;
    memcpy(list->name[list->n++], name, size);
    return 0;
}

static int is_png(const char *name)
{
    size_t n = strlen(name);
    return n > 4 && strcasecmp(name + n - 4, ".png") == 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list_pngs(const char *folder, name_list *list)
{
    struct dirent *entry;
    int status = 0;
    DIR *directory = opendir(folder);
    if (!directory) return failed_system("%s", folder);
    while (!status && (entry = readdir(directory)))
        if (is_png(entry->d_name) && add_name(list, entry->d_name))
            status = failed("%s: out of memory", folder);
    closedir(directory);
    if (!status && list->n == 0)
        status = failed("%s: holds neither train-images-idx3-ubyte (or .gz) nor a .png", folder);
    if (!status) qsort(list->name, list->n, sizeof *list->name, by_name);
    return status;
}

/* Room for n pictures like the first. */
static uint8_t *make_room(const char *folder, size_t n, const image *first)
{
    size_t size = first->width * first->height;
    uint8_t *pixels = n > DATA_LIMIT / size ? NULL : malloc(n * size);
    if (!pixels)
        failed("%s: out of memory for %zu images of %zu x %zu pixels", folder, n, first->width,
               first->height);
    return pixels;
}

static int read_row(const char *folder, const name_list *list, size_t i, uint8_t **pixels,
                    size_t *width, size_t *height)
{
    char path[4096];
    image picture;
    int status = 0;
    snprintf(path, sizeof path, "%s/%s", folder, list->name[i]);
    if (png_file_read(&picture, path)) return -1;
    if (i == 0) {
        *width = picture.width;
        *height = picture.height;
        *pixels = make_room(folder, list->n, &picture);
        status = *pixels ? 0 : -1;
    } else if (picture.width != *width || picture.height != *height) {
        status = failed("%s: %zu x %zu pixels, the first image has %zu x %zu", path, picture.width,
                        picture.height, *width, *height);
    }
    size_t size = picture.width * picture.height;
    if (!status) memcpy(*pixels + i * size, picture.pixels, size);
    image_free(&picture);
    return status;
}

int png_folder_read(const char *folder, uint8_t **pixels, size_t *rows, size_t *width,
                    size_t *height)
{
    name_list list = {NULL, 0};
    *pixels = NULL;
    int status = list_pngs(folder, &list);
    for (size_t i = 0; !status && i < list.n; i++)
        status = read_row(folder, &list, i, pixels, width, height);
    *rows = list.n;
    free_names(&list);
    if (status) {
        free(*pixels);
        *pixels = NULL;
    }
    return status;
}

/* SPDX-License-Identifier: MIT */
#include "dataset.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "idx.h"
#include "png_folder.h"
#include "report.h"
#include "synthetic.h"

enum { SYNTHETIC_ROWS = 20000, SYNTHETIC_MOST = 1000000 };

static const char debian[] = "/usr/share/datasets/fashion-mnist";
static const uint64_t synthetic_seed = 1;
static const uint64_t synthetic_test = (uint64_t)1 << 40;

static int draw(image_set *set, uint8_t **memory, size_t rows, uint64_t first)
{
    memory[0] = malloc(rows * SYNTHETIC_PIXELS);
    memory[1] = malloc(rows);
    if (!memory[0] || !memory[1]) return failed("out of memory for %zu digits", rows);
    *set = (image_set){memory[0], memory[1], rows, SYNTHETIC_PIXELS};
    synthetic_digits(set->pixels, set->labels, rows, synthetic_seed, first);
    return 0;
}

static int load_synthetic(dataset *out, const char *data)
{
    size_t rows = SYNTHETIC_ROWS;
    if (data[9] == ':') {
        char *end;
        rows = strtoul(data + 10, &end, 10);
        if (*end || end == data + 10 || rows < 5 || rows > SYNTHETIC_MOST)
            return failed("\"%s\": a number of digits from 5 to %d belongs after the colon", data,
                          SYNTHETIC_MOST);
    }
    out->width = out->height = SYNTHETIC_SIDE;
    snprintf(out->name, sizeof out->name, "synthetic digits drawn by the program");
    if (draw(&out->train, &out->memory[0], rows, 0)) return -1;
    return draw(&out->test, &out->memory[2], rows / 5, synthetic_test);
}

/* FOLDER/NAME or FOLDER/NAME.gz into `path`; 0 when neither is there. */
static int find(const char *folder, const char *name, char *path, size_t size)
{
    struct stat status;
    if ((size_t)snprintf(path, size, "%s/%s.gz", folder, name) >= size) return 0;
    if (stat(path, &status) == 0) return 1;
    path[strlen(path) - 3] = '\0';
    return stat(path, &status) == 0;
}

static int load_images(dataset *out, image_set *set, uint8_t **memory, const char *path)
{
    idx_array images;
    if (idx_read(&images, path, 3)) return -1;
    memory[0] = images.bytes;
    if (out->width && (out->height != images.shape[1] || out->width != images.shape[2]))
        return failed("%s: images of %zu x %zu pixels, the training images have %zu x %zu", path,
                      images.shape[2], images.shape[1], out->width, out->height);
    out->height = images.shape[1];
    out->width = images.shape[2];
    *set = (image_set){images.bytes, NULL, images.shape[0], out->width * out->height};
    return 0;
}

static int load_labels(image_set *set, uint8_t **memory, const char *path)
{
    idx_array labels;
    if (idx_read(&labels, path, 1)) return -1;
    memory[1] = labels.bytes;
    if (labels.size != set->rows)
        return failed("%s: %zu labels for %zu images", path, labels.size, set->rows);
    set->labels = labels.bytes;
    return 0;
}

static int load_part(dataset *out, image_set *set, uint8_t **memory, const char *folder,
                     const char *part)
{
    char name[64], path[4096];
    snprintf(name, sizeof name, "%s-images-idx3-ubyte", part);
    if (!find(folder, name, path, sizeof path)) return 0;
    if (load_images(out, set, memory, path)) return -1;
    snprintf(name, sizeof name, "%s-labels-idx1-ubyte", part);
    return find(folder, name, path, sizeof path) ? load_labels(set, memory, path) : 0;
}

static int load_folder(dataset *out, const char *folder)
{
    snprintf(out->name, sizeof out->name, "%.480s", folder);
    if (load_part(out, &out->train, &out->memory[0], folder, "train") ||
        load_part(out, &out->test, &out->memory[2], folder, "t10k"))
        return -1;
    if (out->train.rows) return 0;
    if (out->test.rows)
        return failed("%s: t10k-images-idx3-ubyte is there, train-images-idx3-ubyte is not",
                      folder);
    if (png_folder_read(folder, &out->memory[0], &out->train.rows, &out->width, &out->height))
        return -1;
    out->train.pixels = out->memory[0];
    out->train.size = out->width * out->height;
    return 0;
}

static const char *fallback(void)
{
    struct stat status;
    const char *variable = getenv("VAE_DATA");
    if (variable && *variable) return variable;
    return stat(debian, &status) == 0 ? debian : "synthetic";
}

static int is_synthetic(const char *data)
{
    return strncmp(data, "synthetic", 9) == 0 && (data[9] == '\0' || data[9] == ':');
}

static int check_folder(const char *data)
{
    struct stat status;
    errno = 0;
    if (stat(data, &status)) return failed_system("no data at \"%s\"", data);
    if (!S_ISDIR(status.st_mode))
        return failed("\"%s\" is no folder; give the folder that holds the images", data);
    return 0;
}

static void threshold(image_set *set)
{
    for (size_t i = 0; i < set->rows * set->size; i++)
        set->pixels[i] = set->pixels[i] < 128 ? 0 : 255;
}

int dataset_load(dataset *out, const char *data, const char *binarize)
{
    *out = (dataset){.name = ""};
    if (!data) data = fallback();
    int status;
    if (is_synthetic(data))
        status = load_synthetic(out, data);
    else
        status = check_folder(data) || load_folder(out, data) ? -1 : 0;
    if (status) {
        dataset_free(out);
    } else if (strcmp(binarize, "threshold") == 0) {
        threshold(&out->train);
        threshold(&out->test);
    }
    return status;
}

int dataset_hold_out(dataset *data, size_t rows)
{
    if (rows == SIZE_MAX && data->test.rows) return 0;
    if (rows == SIZE_MAX) rows = data->train.rows / 10;
    if (rows >= data->train.rows)
        return failed("%zu rows cannot be held out of the %zu there are in %s", rows,
                      data->train.rows, data->name);
    data->train.rows -= rows;
    data->test = (image_set){NULL, NULL, rows, data->train.size};
    if (rows) data->test.pixels = data->train.pixels + data->train.rows * data->train.size;
    if (rows && data->train.labels) data->test.labels = data->train.labels + data->train.rows;
    return 0;
}

const image_set *dataset_evaluated(const dataset *data)
{
    return data->test.rows ? &data->test : &data->train;
}

void dataset_free(dataset *data)
{
    for (size_t i = 0; i < 4; i++) free(data->memory[i]);
    *data = (dataset){.name = ""};
}

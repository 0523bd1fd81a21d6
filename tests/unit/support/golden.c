/* SPDX-License-Identifier: MIT */
#include "golden.h"

#include <dirent.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

#include "check_main.h"
#include "fixtures.h"

#define FOLDER VAE_SOURCE_ROOT "/tests/golden/data"
#define SUFFIX ".safetensors"
#define MOST 256

struct golden {
    json_t *header;
    unsigned char *data;
    size_t bytes;
};

static uint64_t little_endian(const unsigned char *bytes)
{
    uint64_t value = 0;
    for (int i = 7; i >= 0; i--) value = value << 8 | bytes[i];
    return value;
}

static unsigned char *read_whole(const char *path, size_t *bytes)
{
    FILE *file = fopen(path, "rb");
    unsigned char *data = fixture_alloc(1 << 20, 1);

    ck_assert_msg(file != NULL, "%s cannot be opened", path);
    *bytes = fread(data, 1, 1 << 20, file);
    ck_assert_uint_lt(*bytes, 1 << 20);
    ck_assert_int_eq(fclose(file), 0);
    return data;
}

golden *golden_parse(const char *name, const unsigned char *file, size_t bytes)
{
    golden *g = fixture_alloc(1, sizeof *g);
    uint64_t length;

    ck_assert_uint_ge(bytes, 8);
    length = little_endian(file);
    ck_assert_uint_le(length, bytes - 8);
    g->header = json_loadb((const char *)file + 8, (size_t)length, 0, NULL);
    ck_assert_msg(json_is_object(g->header), "%s has no JSON header", name);
    g->bytes = bytes - 8 - (size_t)length;
    g->data = fixture_alloc(g->bytes, 1);
    memcpy(g->data, file + 8 + length, g->bytes);
    return g;
}

golden *golden_open_path(const char *path)
{
    size_t bytes;
    unsigned char *file = read_whole(path, &bytes);
    golden *g = golden_parse(path, file, bytes);
    free(file);
    return g;
}

golden *golden_open(const char *name)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/%s%s", FOLDER, name, SUFFIX);
    return golden_open_path(path);
}

void golden_close(golden *g)
{
    json_decref(g->header);
    free(g->data);
    free(g);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Counting comes before tests run, where nothing may be asserted: 0 when there is no folder. */
static size_t list(const char *prefix, char names[MOST][64])
{
    DIR *folder = opendir(FOLDER);
    struct dirent *entry;
    size_t n = 0;

    while (folder != NULL && n < MOST && (entry = readdir(folder)) != NULL) {
        size_t length = strlen(entry->d_name), suffix = strlen(SUFFIX);
        if (length <= suffix || length - suffix >= 64 ||
            strcmp(entry->d_name + length - suffix, SUFFIX) != 0 ||
            strncmp(entry->d_name, prefix, strlen(prefix)) != 0)
            continue;
        memcpy(names[n], entry->d_name, length - suffix);
        names[n++][length - suffix] = '\0';
    }
    if (folder != NULL) (void)closedir(folder);
    qsort(names, n, sizeof *names, by_name);
    return n;
}

int golden_at(const char *prefix, size_t index, char name[64])
{
    static char names[MOST][64];
    size_t n = list(prefix, names);
    if (index >= n) return 0;
    memcpy(name, names[index], 64);
    return 1;
}

int golden_count(const char *prefix)
{
    static char names[MOST][64];
    return (int)list(prefix, names);
}

static json_t *metadata(const golden *g)
{
    return json_object_get(g->header, "__metadata__");
}

const char *golden_text(const golden *g, const char *key)
{
    const char *text = json_string_value(json_object_get(metadata(g), key));
    ck_assert_msg(text != NULL, "the golden's metadata has no %s", key);
    return text;
}

double golden_number(const golden *g, const char *key)
{
    return strtod(golden_text(g, key), NULL);
}

const char *golden_key(const golden *g, size_t index)
{
    void *at = json_object_iter(metadata(g));
    while (at != NULL && index-- > 0) at = json_object_iter_next(metadata(g), at);
    return at ? json_object_iter_key(at) : NULL;
}

int golden_has(const golden *g, const char *tensor)
{
    return json_object_get(g->header, tensor) != NULL;
}

const char *golden_tensor(const golden *g, size_t index)
{
    void *at = json_object_iter(g->header);
    while (at != NULL && (strcmp(json_object_iter_key(at), "__metadata__") == 0 || index-- > 0))
        at = json_object_iter_next(g->header, at);
    return at ? json_object_iter_key(at) : NULL;
}

const unsigned char *golden_bytes(const golden *g, const char *tensor, size_t *n)
{
    json_t *offsets = json_object_get(json_object_get(g->header, tensor), "data_offsets");
    size_t begin = (size_t)json_integer_value(json_array_get(offsets, 0));
    size_t end = (size_t)json_integer_value(json_array_get(offsets, 1));

    ck_assert_msg(offsets != NULL, "no tensor %s", tensor);
    ck_assert_msg(begin <= end && end <= g->bytes, "the bytes of %s are not there", tensor);
    *n = end - begin;
    return g->data + begin;
}

double *golden_doubles(const golden *g, const char *tensor, size_t *n)
{
    size_t bytes;
    const unsigned char *at = golden_bytes(g, tensor, &bytes);
    const char *dtype =
        json_string_value(json_object_get(json_object_get(g->header, tensor), "dtype"));
    double *values = fixture_doubles(bytes / 8);

    ck_assert_msg(dtype != NULL && strcmp(dtype, "F64") == 0, "no F64 tensor %s", tensor);
    for (size_t i = 0; i < bytes / 8; i++) {
        uint64_t bits = little_endian(at + 8 * i);
        memcpy(&values[i], &bits, 8);
    }
    if (n != NULL) *n = bytes / 8;
    return values;
}

float *golden_floats(const golden *g, const char *tensor, size_t *n)
{
    size_t count;
    double *wide = golden_doubles(g, tensor, &count);
    float *values = fixture_floats(count);

    for (size_t i = 0; i < count; i++) values[i] = (float)wide[i];
    free(wide);
    if (n != NULL) *n = count;
    return values;
}

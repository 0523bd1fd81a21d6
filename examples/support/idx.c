/* SPDX-License-Identifier: MIT */
#include "idx.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "data_limit.h"
#include "report.h"

static const size_t chunk = (size_t)1 << 20;

/* Fills as much of `to` as the file holds. */
static int read_some(gzFile file, const char *path, uint8_t *to, size_t n, size_t *got)
{
    int code;
    *got = 0;
    while (*got < n) {
        size_t want = n - *got < chunk ? n - *got : chunk;
        errno = 0;
        int count = gzread(file, to + *got, (unsigned)want);
        if (count < 0 && errno) return failed_system("%s", path);
        if (count < 0) return failed("%s", gzerror(file, &code));
        if (count == 0) break;
        *got += (size_t)count;
    }
    gzerror(file, &code);
    return code == Z_OK || code == Z_STREAM_END ? 0 : failed("%s: truncated inside its gzip", path);
}

static size_t big_endian(const uint8_t *b)
{
    return (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 | b[3];
}

static int check_magic(const uint8_t *magic, const char *path, size_t rank)
{
    if (magic[0] || magic[1])
        return failed("%s: no IDX file (it starts with %02x %02x, not 00 00)", path, magic[0],
                      magic[1]);
    if (magic[2] != 8)
        return failed("%s: an IDX file of type 0x%02x; only unsigned bytes (0x08) are read", path,
                      magic[2]);
    if (magic[3] != rank)
        return failed("%s: an IDX file of %d dimensions where %zu are needed", path, magic[3],
                      rank);
    return 0;
}

static int read_header(gzFile file, const char *path, idx_array *out)
{
    uint8_t header[4 + 4 * IDX_RANK];
    size_t n = 4 + 4 * out->rank;
    size_t got;
    if (read_some(file, path, header, n, &got)) return -1;
    if (got < 4) return failed("%s: no IDX file (only %zu bytes)", path, got);
    if (check_magic(header, path, out->rank)) return -1;
    if (got < n) return failed("%s: truncated in its header", path);
    out->size = 1;
    for (size_t i = 0; i < IDX_RANK; i++) {
        out->shape[i] = i < out->rank ? big_endian(header + 4 + 4 * i) : 1;
        if (out->shape[i] == 0) return failed("%s: dimension %zu of its header is 0", path, i);
        if (out->shape[i] > DATA_LIMIT / out->size)
            return failed("%s: its header claims more bytes than the limit of %zu", path,
                          DATA_LIMIT);
        out->size *= out->shape[i];
    }
    return 0;
}

static int grow(idx_array *out, const char *path, size_t *capacity)
{
    size_t wanted = *capacity ? 2 * *capacity : chunk;
    *capacity = wanted < out->size ? wanted : out->size;
    uint8_t *bytes = realloc(out->bytes, *capacity);
    if (!bytes) return failed("%s: out of memory for %zu bytes", path, *capacity);
    out->bytes = bytes;
    return 0;
}

static int read_bytes(gzFile file, const char *path, idx_array *out)
{
    size_t capacity = 0, done = 0, got;
    uint8_t extra;
    while (done < out->size) {
        if (done == capacity && grow(out, path, &capacity)) return -1;
        if (read_some(file, path, out->bytes + done, capacity - done, &got)) return -1;
        if (got == 0)
            return failed("%s: truncated: %zu of the %zu bytes its header claims", path, done,
                          out->size);
        done += got;
    }
    if (read_some(file, path, &extra, 1, &got)) return -1;
    return got ? failed("%s: longer than the %zu bytes its header claims", path, out->size) : 0;
}

int idx_read(idx_array *out, const char *path, size_t rank)
{
    *out = (idx_array){.rank = rank};
    if (rank < 1 || rank > IDX_RANK)
        return failed("%s: %zu dimensions asked for, 1 to %d are possible", path, rank, IDX_RANK);
    errno = 0;
    gzFile file = gzopen(path, "rb");
    if (!file) return errno ? failed_system("%s", path) : failed("%s: out of memory", path);
    int status = read_header(file, path, out);
    if (!status) status = read_bytes(file, path, out);
    gzclose_r(file);
    if (status) idx_free(out);
    return status;
}

void idx_free(idx_array *array)
{
    free(array->bytes);
    *array = (idx_array){NULL, 0, {0}, 0};
}

/* SPDX-License-Identifier: MIT */
/* Any bytes as an IDX file, gzip'd or not: read whole, in one of the ranks, or refused. */
#include "fuzz_file.h"
#include "idx.h"
#include "report.h"

static void expect_whole(const idx_array *array, size_t rank)
{
    size_t size = 1, sum = 0;
    EXPECT(array->rank == rank && array->bytes);
    for (size_t i = 0; i < IDX_RANK; i++) {
        EXPECT(array->shape[i] > 0 && (i < rank || array->shape[i] == 1));
        EXPECT(array->shape[i] <= SIZE_MAX / size);
        size *= array->shape[i];
    }
    EXPECT(size == array->size);
    for (size_t i = 0; i < size; i++) sum += array->bytes[i];
    EXPECT(sum <= 255 * size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file(data, size);
    int found = 0;
    for (size_t rank = 0; rank <= IDX_RANK + 1; rank++) {
        idx_array array;
        if (idx_read(&array, path, rank) == 0) {
            expect_whole(&array, rank);
            found++;
        } else {
            EXPECT(!array.bytes && array.size == 0 && failure()[0] != '\0');
        }
        idx_free(&array);
    }
    EXPECT(found <= 1);
    return 0;
}

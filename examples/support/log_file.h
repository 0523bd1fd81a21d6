/* SPDX-License-Identifier: MIT */
/* A CSV of numbers, a line for each epoch: written as training goes, cut and continued on resume,
 * read back for a chart. */
#ifndef EXAMPLES_LOG_FILE_H
#define EXAMPLES_LOG_FILE_H

#include <stddef.h>
#include <stdint.h>

enum { LOG_COLUMNS = 10 };

/* In the file's order. Not there: NaN, written "nan". */
enum {
    LOG_EPOCH,
    LOG_TRAIN_LOSS,
    LOG_TRAIN_RECONSTRUCTION,
    LOG_TRAIN_KL,
    LOG_TEST_LOSS,
    LOG_TEST_RECONSTRUCTION,
    LOG_TEST_KL,
    LOG_LEARNING_RATE,
    LOG_ROWS_PER_SECOND,
    LOG_SECONDS
};

typedef struct log_table {
    double (*row)[LOG_COLUMNS];
    size_t rows;
} log_table;

/* Writes the header alone, in place of an older file, which stays when that fails. */
int log_create(const char *path);

/* Adds one line and hands it to the system. */
int log_append(const char *path, const double row[LOG_COLUMNS]);

/* Reads the lines. -1 when the file is not one of these. Free with log_free. */
int log_read(log_table *out, const char *path);

/* Drops the lines after an epoch, which a killed run had written before its last checkpoint. -1
 * when that fails or the file is not one of these: it then stays as it was. */
int log_cut(const char *path, uint64_t epoch);

void log_free(log_table *table);

#endif

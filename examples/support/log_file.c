/* SPDX-License-Identifier: MIT */
#include "log_file.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "whole_file.h"

static const char header[] =
    "epoch,train_loss,train_reconstruction,train_kl,test_loss,test_reconstruction,test_kl,"
    "learning_rate,rows_per_second,seconds\n";

static FILE *open_log(const char *path, const char *mode)
{
    errno = 0;
    FILE *file = fopen(path, mode);
    if (!file) failed_system("%s", path);
    return file;
}

static int close_log(FILE *file, const char *path)
{
    int broken = ferror(file);
    errno = 0;
    return fclose(file) || broken ? failed_system("cannot write %s", path) : 0;
}

static void print_row(FILE *file, const double row[LOG_COLUMNS])
{
    static const char *const formats[LOG_COLUMNS] = {
        [LOG_EPOCH] = "%.0f",
        [LOG_TRAIN_LOSS] = "%.10g",
        [LOG_TRAIN_RECONSTRUCTION] = "%.10g",
        [LOG_TRAIN_KL] = "%.10g",
        [LOG_TEST_LOSS] = "%.10g",
        [LOG_TEST_RECONSTRUCTION] = "%.10g",
        [LOG_TEST_KL] = "%.10g",
        [LOG_LEARNING_RATE] = "%.9g",
        [LOG_ROWS_PER_SECOND] = "%.0f",
        [LOG_SECONDS] = "%.3f",
    };
    for (size_t i = 0; i < LOG_COLUMNS; i++) {
        if (isnan(row[i]))
            fputs("nan", file);
        else
            fprintf(file, formats[i], row[i]);
        putc(i + 1 < LOG_COLUMNS ? ',' : '\n', file);
    }
}

int log_create(const char *path)
{
    whole_file file;
    if (whole_file_open(&file, path)) return -1;
    fputs(header, file.out);
    return whole_file_close(&file, 0);
}

int log_append(const char *path, const double row[LOG_COLUMNS])
{
    FILE *file = open_log(path, "a");
    if (!file) return -1;
    print_row(file, row);
    return close_log(file, path);
}

static int parse_row(const char *line, double row[LOG_COLUMNS])
{
    for (size_t i = 0; i < LOG_COLUMNS; i++) {
        char *end;
        row[i] = strtod(line, &end);
        if (end == line || *end != (i + 1 < LOG_COLUMNS ? ',' : '\n')) return -1;
        line = end + 1;
    }
    return 0;
}

static int check_header(FILE *file, const char *path)
{
    char line[512];
    int same = fgets(line, sizeof line, file) && strcmp(line, header) == 0;
    if (ferror(file)) return failed_system("%s", path);
    return same ? 0 : failed("%s: not a log of this program (its first line differs)", path);
}

static int read_rows(log_table *out, FILE *file, const char *path)
{
    char line[512];
    if (check_header(file, path)) return -1;
    while (fgets(line, sizeof line, file)) {
        double(*grown)[LOG_COLUMNS] = realloc(out->row, (out->rows + 1) * sizeof *grown);
        if (!grown) return failed("%s: out of memory", path);
        out->row = grown;
        if (parse_row(line, out->row[out->rows]))
            return failed("%s: line %zu is damaged", path, out->rows + 2);
        out->rows++;
    }
    return ferror(file) ? failed_system("%s", path) : 0;
}

int log_read(log_table *out, const char *path)
{
    *out = (log_table){NULL, 0};
    FILE *file = open_log(path, "r");
    if (!file) return -1;
    int status = read_rows(out, file, path);
    fclose(file);
    if (status) log_free(out);
    return status;
}

/* Copies whole lines, so that what stays keeps its bytes. A last line cut short is dropped. */
static int copy_until(FILE *from, FILE *to, const char *path, uint64_t epoch)
{
    char line[512];
    double row[LOG_COLUMNS];
    if (check_header(from, path)) return -1;
    fputs(header, to);
    while (fgets(line, sizeof line, from))
        if (parse_row(line, row) == 0 && row[LOG_EPOCH] <= (double)epoch) fputs(line, to);
    return ferror(from) ? failed_system("%s", path) : 0;
}

int log_cut(const char *path, uint64_t epoch)
{
    whole_file file;
    FILE *from = open_log(path, "r");
    if (!from) return -1;
    int status = whole_file_open(&file, path);
    if (!status) status = whole_file_close(&file, copy_until(from, file.out, path, epoch));
    fclose(from);
    return status;
}

void log_free(log_table *table)
{
    free(table->row);
    *table = (log_table){NULL, 0};
}

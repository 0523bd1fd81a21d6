/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target over every file of a folder, as TAP. A target that finds fault aborts. */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

/* The file in memory of exactly its size, so that a byte too many is seen. */
static int run_file(const char *path)
{
    struct stat status;
    FILE *file = fopen(path, "rb");
    if (!file || fstat(fileno(file), &status) != 0) return -1;
    size_t size = (size_t)status.st_size;
    uint8_t *data = malloc(size > 0 ? size : 1);
    int read_all = data && fread(data, 1, size, file) == size;
    fclose(file);
    if (read_all) LLVMFuzzerTestOneInput(data, size);
    free(data);
    return read_all ? 0 : -1;
}

int main(int argc, char **argv)
{
    int n = 0, failed = 0;
    char path[1024];
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    if (!folder) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 1;
    }
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        int bad = run_file(path);
        printf("%sok %d - %s\n", bad ? "not " : "", ++n, entry->d_name);
        fflush(stdout);
        failed |= bad;
    }
    closedir(folder);
    printf("1..%d\n", n);
    return n == 0 || failed;
}

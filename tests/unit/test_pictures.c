/* SPDX-License-Identifier: MIT */
/* The programs' readers and writer of pictures when memory, the disk or the file lets them down:
 * every call they make of those below fails in turn (the linker's --wrap sends them here). */
#include "idx.h"
#include "png_file.h"
#include "support/check_main.h"
#include "support/failing.h"
#include "support/folder.h"

#include <errno.h>
#include <zlib.h>

static size_t calls, fail_at; /* counted while fail_at is not 0 */
static int error;             /* errno of what fails; 0: none is set */

static int fails(void)
{
    if (fail_at == 0 || ++calls != fail_at) return 0;
    errno = error;
    return 1;
}

static void fail_call(size_t k, int number)
{
    calls = 0;
    fail_at = k;
    errno = 0;
    error = number;
}

/* Whether the call to fail came. */
static int failed_call(void)
{
    int reached = calls >= fail_at;
    fail_at = 0;
    return reached;
}

void *__real_realloc(void *memory, size_t bytes);
void *__wrap_realloc(void *memory, size_t bytes);
void *__real_calloc(size_t n, size_t bytes);
void *__wrap_calloc(size_t n, size_t bytes);
gzFile __real_gzopen(const char *path, const char *mode);
gzFile __wrap_gzopen(const char *path, const char *mode);
gzFile __wrap_gzopen64(const char *path, const char *mode);
int __real_gzread(gzFile file, void *to, unsigned bytes);
int __wrap_gzread(gzFile file, void *to, unsigned bytes);
FILE *__real_fopen(const char *path, const char *mode);
FILE *__wrap_fopen(const char *path, const char *mode);
FILE *__wrap_fopen64(const char *path, const char *mode);
int __real_fclose(FILE *file);
int __wrap_fclose(FILE *file);

void *__wrap_realloc(void *memory, size_t bytes)
{
    return fails() ? NULL : __real_realloc(memory, bytes);
}

void *__wrap_calloc(size_t n, size_t bytes)
{
    return fails() ? NULL : __real_calloc(n, bytes);
}

gzFile __wrap_gzopen(const char *path, const char *mode)
{
    return fails() ? NULL : __real_gzopen(path, mode);
}

gzFile __wrap_gzopen64(const char *path, const char *mode)
{
    return __wrap_gzopen(path, mode);
}

int __wrap_gzread(gzFile file, void *to, unsigned bytes)
{
    return fails() ? -1 : __real_gzread(file, to, bytes);
}

FILE *__wrap_fopen(const char *path, const char *mode)
{
    return fails() ? NULL : __real_fopen(path, mode);
}

FILE *__wrap_fopen64(const char *path, const char *mode)
{
    return __wrap_fopen(path, mode);
}

int __wrap_fclose(FILE *file)
{
    int failed_now = fails();
    int answer = __real_fclose(file);
    return failed_now ? EOF : answer;
}

static folder home;

static void make_home(void)
{
    home = folder_new();
}

static void remove_home(void)
{
    folder_remove(&home);
}

/* A file of these bytes. */
static const char *file_of(const char *name, const void *bytes, size_t n)
{
    const char *path = folder_at(&home, name);
    FILE *file = __real_fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, n, file), n);
    ck_assert_int_eq(__real_fclose(file), 0);
    return path;
}

static const uint8_t labels[] = {0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9};

START_TEST(an_idx_file_is_read_whole_or_not_at_all_whichever_call_fails)
{
    const char *path = file_of("labels", labels, sizeof labels);
    static const int errors[] = {EIO, ENOMEM};
    size_t k = 1;
    for (;; k++) {
        idx_array array;
        fail_call(k, errors[_i]);
        int status = idx_read(&array, path, 1);
        if (!failed_call()) {
            ck_assert_int_eq(status, 0);
            ck_assert_uint_eq(array.size, 3);
            ck_assert_mem_eq(array.bytes, labels + 8, 3);
            idx_free(&array);
            break;
        }
        ck_assert_int_eq(status, -1);
        ck_assert(!array.bytes && array.size == 0);
        ck_assert_ptr_nonnull(strstr(failure(), "labels"));
    }
    ck_assert_uint_eq(k, 6); /* open, header, memory, data, what may follow */
}
END_TEST

static const struct {
    uint8_t bytes[16];
    size_t n;
    const char *text;
} wrong[] = {
    {{0}, 0, "only 0 bytes"},
    {{0, 0, 8}, 3, "only 3 bytes"},
    {{1, 0, 8, 1, 0, 0, 0, 1, 5}, 9, "starts with 01 00"},
    {{0, 1, 8, 1, 0, 0, 0, 1, 5}, 9, "starts with 00 01"},
    {{0, 0, 13, 1, 0, 0, 0, 1, 5}, 9, "type 0x0d"},
    {{0, 0, 8, 3, 0, 0, 0, 1, 5}, 9, "3 dimensions where 1"},
    {{0, 0, 8, 1, 0, 0, 0}, 7, "truncated in its header"},
    {{0, 0, 8, 1, 0, 0, 0, 0}, 8, "is 0"},
    {{0, 0, 8, 1, 0, 0, 0, 3, 5}, 9, "1 of the 3 bytes"},
    {{0, 0, 8, 1, 0, 0, 0, 1, 5, 6}, 10, "longer than the 1 bytes"},
    {{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 'n', 'o'}, 12, "wrong"},
    {{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x63}, 11, "gzip"},
};

START_TEST(a_damaged_idx_file_is_refused_with_what_is_wrong)
{
    idx_array array;
    const char *path = file_of("wrong", wrong[_i].bytes, wrong[_i].n);
    ck_assert_int_eq(idx_read(&array, path, 1), -1);
    ck_assert_ptr_null(array.bytes);
    ck_assert_ptr_nonnull(strstr(failure(), "wrong"));
    expect_reason(wrong[_i].text);
}
END_TEST

START_TEST(an_idx_file_that_zlib_has_no_memory_for_says_so)
{
    idx_array array;
    const char *path = file_of("labels", labels, sizeof labels);
    fail_call(1, 0); /* gzopen leaves errno alone when memory is what it lacks */
    ck_assert_int_eq(idx_read(&array, path, 1), -1);
    ck_assert(failed_call());
    ck_assert_ptr_nonnull(strstr(failure(), "out of memory"));
}
END_TEST

START_TEST(an_idx_file_has_one_to_four_dimensions)
{
    idx_array array;
    ck_assert_int_eq(idx_read(&array, "any", 0), -1);
    ck_assert_int_eq(idx_read(&array, "any", IDX_RANK + 1), -1);
    ck_assert_int_eq(idx_read(&array, folder_at(&home, "absent"), 1), -1);
    ck_assert_ptr_nonnull(strstr(failure(), "No such file"));
}
END_TEST

static uint8_t grey[6] = {0, 1, 2, 3, 254, 255};

static const char *png_of(const char *name)
{
    const char *path = folder_at(&home, name);
    const image picture = {grey, 3, 2};
    ck_assert_int_eq(png_file_write(&picture, path), 0);
    return path;
}

START_TEST(a_png_is_read_whole_or_not_at_all_whichever_call_fails)
{
    const char *path = png_of("grey.png");
    size_t k = 1;
    for (int reached = 1; reached; k += (size_t)reached) {
        image picture;
        fail_call(k, EIO);
        int status = png_file_read(&picture, path);
        reached = failed_call();
        ck_assert_int_eq(status, reached && k < 3 ? -1 : 0); /* closing is no part of reading */
        if (status == 0) {
            ck_assert(picture.width == 3 && picture.height == 2);
            ck_assert_mem_eq(picture.pixels, grey, sizeof grey);
            image_free(&picture);
        } else {
            ck_assert(!picture.pixels && picture.width == 0);
            ck_assert_str_ne(failure(), "");
        }
    }
    ck_assert_uint_eq(k, 4); /* open, memory, close */
}
END_TEST

START_TEST(a_cut_png_is_refused_wherever_it_is_cut)
{
    uint8_t bytes[512];
    const char *path = png_of("grey.png");
    FILE *file = __real_fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    size_t n = fread(bytes, 1, sizeof bytes, file);
    __real_fclose(file);
    ck_assert(n > 60 && n < sizeof bytes);
    size_t end = n - 12; /* libpng does not need the closing chunk */
    for (size_t cut = 0; cut < end; cut++) {
        image picture;
        ck_assert_int_eq(png_file_read(&picture, file_of("cut.png", bytes, cut)), -1);
        ck_assert_ptr_null(picture.pixels);
    }
}
END_TEST

START_TEST(what_is_no_png_is_called_what_it_is)
{
    static const uint8_t signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    static const struct {
        size_t n;
        const uint8_t *bytes;
        const char *text;
    } files[] = {{0, labels, "an empty file"},
                 {sizeof labels, labels, "not a PNG"},
                 {3, labels, "not a PNG"},
                 {3, signature, "a truncated PNG"},
                 {8, signature, "a truncated PNG"}};
    image picture;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        ck_assert_int_eq(png_file_read(&picture, file_of("x.png", files[i].bytes, files[i].n)), -1);
        expect_reason("x.png: ");
        expect_reason(files[i].text);
    }
    ck_assert_int_eq(png_file_read(&picture, home.path), -1);
    expect_reason(strerror(EISDIR));
}
END_TEST

/* The picture that was there, byte by byte, and nothing beside it. */
static void expect_old(const char *path, const char *old, size_t n)
{
    size_t bytes;
    char *found = get_file(path, &bytes);
    ck_assert_ptr_nonnull(found);
    ck_assert_uint_eq(bytes, n);
    ck_assert_mem_eq(found, old, n);
    free(found);
    ck_assert_uint_eq(folder_count(&home, ""), 3); /* with "." and ".." */
}

START_TEST(a_png_that_cannot_be_written_leaves_the_one_that_was_there)
{
    static uint8_t noise[512 * 512];
    size_t n = 0;
    const char *path = png_of("old.png");
    char *old = get_file(path, &n);
    const image nothing = {grey, 0, 2}, other = {grey, 2, 3}, large = {noise, 512, 512};
    ck_assert_int_eq(png_file_write(&nothing, path), -1);
    expect_old(path, old, n);
    ck_assert_int_eq(png_file_write(&other, folder_at(&home, "absent/new.png")), -1);
    expect_reason(strerror(ENOENT));
    expect_old(path, old, n);

    fail_call(1, ENOSPC); /* closing it */
    int status = png_file_write(&other, path);
    ck_assert(failed_call());
    ck_assert_int_eq(status, -1);
    expect_reason("cannot write");
    expect_old(path, old, n);

    unsigned state = 1;
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (uint8_t)((state = state * 1664525u + 1013904223u) >> 24);
    struct rlimit before = disk_fill(4096);
    status = png_file_write(&large, path);
    disk_clear(before);
    ck_assert_int_eq(status, -1);
    expect_reason(strerror(EFBIG));
    expect_old(path, old, n);
    free(old);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_checked_fixture(tests, make_home, remove_home);
    tcase_add_loop_test(tests, an_idx_file_is_read_whole_or_not_at_all_whichever_call_fails, 0, 2);
    tcase_add_loop_test(tests, a_damaged_idx_file_is_refused_with_what_is_wrong, 0,
                        sizeof wrong / sizeof *wrong);
    tcase_add_test(tests, an_idx_file_that_zlib_has_no_memory_for_says_so);
    tcase_add_test(tests, an_idx_file_has_one_to_four_dimensions);
    tcase_add_test(tests, a_png_is_read_whole_or_not_at_all_whichever_call_fails);
    tcase_add_test(tests, a_cut_png_is_refused_wherever_it_is_cut);
    tcase_add_test(tests, what_is_no_png_is_called_what_it_is);
    tcase_add_test(tests, a_png_that_cannot_be_written_leaves_the_one_that_was_there);
}

int main(void)
{
    return check_run("pictures", add);
}

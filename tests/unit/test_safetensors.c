/* SPDX-License-Identifier: MIT */
#include "io/safetensors.h"
#include "support/check_main.h"
#include "support/heap.h"
#include "support/tape.h"
#include "support/tensors.h"
#include "support/whole.h"

#include <math.h>

#define N(list) (sizeof(list) / sizeof(list)[0])

static const float matrix[6] = {1.0f, -2.0f, 3.5f, 0x1p-149f, -0.0f, 6.0f};
static const uint64_t counts[2] = {UINT64_MAX, 1};

/* Two tensors and two texts. */
static vae_status collect(struct vae__writer *writer, const vae_context *context)
{
    static const size_t shape[2] = {2, 3}, two[1] = {2};
    VAE__TRY(vae__writer_init(writer, "test", context));
    VAE__TRY(vae__writer_text(writer, "greeting", "gr\xc3\xbc\xc3\x9f \"you\""));
    VAE__TRY(tensor_write(writer, "m", "F32", 2, shape, matrix));
    VAE__TRY(vae__writer_double(writer, "third", 1.0 / 3.0));
    return tensor_write(writer, "c", "U64", 1, two, counts);
}

static tape written(void)
{
    tape t = {0};
    struct vae__writer writer;
    MUST(collect(&writer, NULL));
    MUST(vae__writer_send(&writer, tape_write, &t));
    vae__writer_clear(&writer);
    return t;
}

static const char golden_header[] =
    "{\"__metadata__\":{\"greeting\":\"gr\xc3\xbc\xc3\x9f "
    "\\\"you\\\"\",\"third\":\"0.3333333333333333\"},"
    "\"m\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
    "\"c\":{\"dtype\":\"U64\",\"shape\":[2],\"data_offsets\":[24,40]}}";

START_TEST(bytes_are_as_documented)
{
    static const unsigned char data[40] = {
        0, 0, 0x80, 0x3f, 0,    0,    0,    0xc0, 0,    0,    0x60, 0x40, 1, 0, 0, 0, 0, 0, 0, 0x80,
        0, 0, 0xc0, 0x40, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0, 0, 0, 0, 0};
    tape t = written();
    size_t json = sizeof golden_header - 1, padded = (json + 7) / 8 * 8;
    ck_assert_uint_eq(t.n, 8 + padded + sizeof data);
    ck_assert(vae__load_u64(t.bytes) == padded);
    ck_assert_mem_eq(t.bytes + 8, golden_header, json);
    for (size_t i = json; i < padded; i++) ck_assert_int_eq(t.bytes[8 + i], ' ');
    ck_assert_mem_eq(t.bytes + 8 + padded, data, sizeof data);
    tape_free(&t);
}
END_TEST

/* What `written` wrote is in the reader. */
static void expect_written(const struct vae__reader *reader)
{
    static const size_t shape[2] = {2, 3}, two[1] = {2};
    float values[6];
    const struct vae__found *found;
    uint64_t back[2];
    double third;
    ck_assert_str_eq(vae__reader_text(reader, "greeting"), "gr\xc3\xbc\xc3\x9f \"you\"");
    MUST(vae__reader_double(reader, "third", &third));
    ck_assert_double_eq(third, 1.0 / 3.0);
    MUST(tensor_read(reader, "m", 2, shape, values));
    ck_assert_mem_eq(values, matrix, sizeof matrix);
    MUST(vae__reader_expect(reader, "c", 1, two, &found));
    ck_assert_str_eq(found->dtype->name, "U64");
    vae__file_order(sizeof *back, found->data, found->count, back);
    ck_assert_mem_eq(back, counts, sizeof counts);
    ck_assert_uint_eq(reader->n, 2);
}

START_TEST(memory_comes_back)
{
    tape t = written();
    struct vae__reader reader;
    MUST(whole_memory(&reader, "test", NULL, t.bytes, t.n));
    expect_written(&reader);
    vae__reader_clear(&reader);
    tape_free(&t);
}
END_TEST

START_TEST(unaligned_memory_comes_back)
{
    tape t = written();
    struct vae__reader reader;
    unsigned char *moved = malloc(t.n + 1);
    ck_assert_ptr_nonnull(moved);
    memcpy(moved + 1, t.bytes, t.n);
    MUST(whole_memory(&reader, "test", NULL, moved + 1, t.n));
    expect_written(&reader);
    vae__reader_clear(&reader);
    free(moved);
    tape_free(&t);
}
END_TEST

START_TEST(stream_of_single_bytes_comes_back)
{
    tape t = written();
    struct vae__reader reader;
    t.most = 1;
    tape_rewind(&t);
    MUST(whole_stream(&reader, "test", NULL, tape_read, &t));
    expect_written(&reader);
    vae__reader_clear(&reader);
    tape_free(&t);
}
END_TEST

START_TEST(read_callback_that_fails_is_an_error_at_every_call)
{
    tape t = written();
    size_t calls = 0;
    t.most = 100;
    for (size_t k = 1;; k++) {
        struct vae__reader reader;
        tape_rewind(&t);
        t.fail_at = k;
        vae_status status = whole_stream(&reader, "test", NULL, tape_read, &t);
        vae__reader_clear(&reader);
        calls = t.calls;
        if (status == VAE_OK) break;
        ck_assert_int_eq(status, VAE_EIO);
        ck_assert_ptr_nonnull(strstr(vae_last_error(), "77"));
    }
    ck_assert_uint_ge(calls, 5);
    tape_free(&t);
}
END_TEST

static int read_too_much(void *user, void *data, size_t bytes, size_t *got)
{
    (void)user, (void)data;
    *got = bytes + 1;
    return 0;
}

START_TEST(read_callback_that_claims_too_much_is_an_error)
{
    struct vae__reader reader;
    ck_assert_int_eq(whole_stream(&reader, "test", NULL, read_too_much, NULL), VAE_EIO);
    ck_assert_ptr_nonnull(strstr(vae_last_error(), "more bytes than it was asked for"));
    vae__reader_clear(&reader);
}
END_TEST

START_TEST(write_callback_that_fails_is_an_error_at_every_call)
{
    for (size_t k = 1;; k++) {
        tape t = {.fail_at = k};
        struct vae__writer writer;
        MUST(collect(&writer, NULL));
        vae_status status = vae__writer_send(&writer, tape_write, &t);
        vae__writer_clear(&writer);
        tape_free(&t);
        if (status == VAE_OK) {
            ck_assert_uint_eq(k, 4); /* header, two tensors */
            break;
        }
        ck_assert_int_eq(status, VAE_EIO);
        ck_assert_ptr_nonnull(strstr(vae_last_error(), "77"));
    }
}
END_TEST

START_TEST(memory_of_the_size_asked_for_suffices)
{
    tape t = written();
    struct vae__writer writer;
    size_t bytes = 0;
    MUST(collect(&writer, NULL));
    MUST(vae__writer_save_memory(&writer, NULL, 0, &bytes));
    ck_assert_uint_eq(bytes, t.n);
    unsigned char *memory = malloc(bytes); /* exactly as large, so that a byte too many is seen */
    ck_assert_ptr_nonnull(memory);
    ck_assert_int_eq(vae__writer_save_memory(&writer, memory, bytes - 1, &bytes), VAE_EINVAL);
    MUST(vae__writer_save_memory(&writer, memory, bytes, &bytes));
    ck_assert_mem_eq(memory, t.bytes, t.n);
    vae__writer_clear(&writer);
    free(memory);
    tape_free(&t);
}
END_TEST

/* k-th value of a tensor that is nowhere: the chunks must come in order and be of any size. */
static void squares(const void *from, const void *how, size_t first, size_t n, void *values)
{
    size_t *next = *(size_t *const *)from;
    ck_assert_uint_eq(first, *next);
    ck_assert_str_eq(how, "how");
    *next += n;
    for (size_t k = 0; k < n; k++)
        ((double *)values)[k] = (double)(first + k) * (double)(first + k);
}

START_TEST(large_tensors_are_made_chunk_by_chunk)
{
    const size_t shape[3] = {7, 11, 1000}, count = 77000;
    size_t next = 0, *user = &next;
    struct vae__writer writer;
    struct vae__reader reader;
    tape t = {0};
    float *values = calloc(count, sizeof *values);
    ck_assert_ptr_nonnull(values);
    MUST(vae__writer_init(&writer, "test", NULL));
    MUST(vae__writer_tensor(&writer, "s", "F64", 3, shape, squares, &user, "how"));
    MUST(vae__writer_send(&writer, tape_write, &t));
    ck_assert_uint_eq(next, count);
    vae__writer_clear(&writer);
    MUST(whole_stream(&reader, "test", NULL, tape_read, &t));
    MUST(tensor_read(&reader, "s", 3, shape, values));
    for (size_t k = 0; k < count; k++) ck_assert(values[k] == (float)((double)k * (double)k));
    vae__reader_clear(&reader);
    free(values);
    tape_free(&t);
}
END_TEST

START_TEST(data_larger_than_the_first_guess_arrive_by_growing)
{
    const size_t shape[1] = {3000000};
    size_t next = 0, *user = &next;
    struct vae__writer writer;
    struct vae__reader reader;
    tape t = {0};
    float last;
    MUST(vae__writer_init(&writer, "test", NULL));
    MUST(vae__writer_tensor(&writer, "s", "F64", 1, shape, squares, &user, "how"));
    MUST(vae__writer_send(&writer, tape_write, &t));
    vae__writer_clear(&writer);
    t.most = 999983;
    MUST(whole_stream(&reader, "test", NULL, tape_read, &t));
    MUST(vae__found_floats(&reader, vae__reader_find(&reader, "s"), 2999999, 1, &last));
    ck_assert(last == 2999999.0f * 2999999.0f);
    vae__reader_clear(&reader);
    tape_free(&t);
}
END_TEST

START_TEST(tensors_of_no_and_of_one_number_are_fine)
{
    const size_t empty[2] = {0, 5};
    const float one = 4.0f;
    float back = 0.0f;
    struct vae__writer writer;
    struct vae__reader reader;
    tape t = {0};
    MUST(vae__writer_init(&writer, "test", NULL));
    MUST(tensor_write(&writer, "none", "F32", 2, empty, NULL));
    MUST(tensor_write(&writer, "one", "F32", 0, NULL, &one));
    MUST(tensor_write(&writer, "nothing", "F32", 2, empty, NULL));
    MUST(vae__writer_send(&writer, tape_write, &t));
    vae__writer_clear(&writer);
    MUST(whole_memory(&reader, "test", NULL, t.bytes, t.n));
    ck_assert_uint_eq(vae__reader_find(&reader, "none")->count, 0);
    ck_assert_uint_eq(vae__reader_find(&reader, "nothing")->rank, 2);
    MUST(tensor_read(&reader, "one", 0, NULL, &back));
    ck_assert(back == 4.0f);
    vae__reader_clear(&reader);
    tape_free(&t);
}
END_TEST

START_TEST(what_cannot_be_written_is_refused)
{
    const size_t shape[9] = {1, 1, 1, 1, 1, 1, 1, 1, 1}, vast[2] = {SIZE_MAX / 4, 8};
    struct vae__writer writer;
    MUST(collect(&writer, NULL));
    ck_assert_int_eq(tensor_write(&writer, "m", "F32", 1, shape, matrix), VAE_EINVAL);
    ck_assert_int_eq(tensor_write(&writer, "__metadata__", "F32", 1, shape, matrix), VAE_EINVAL);
    ck_assert_int_eq(tensor_write(&writer, "x", "F33", 1, shape, matrix), VAE_EINVAL);
    ck_assert_int_eq(tensor_write(&writer, "x", "F32", 9, shape, matrix), VAE_EINVAL);
    ck_assert_int_eq(tensor_write(&writer, "x", "F32", 2, vast, matrix), VAE_EINVAL);
    vae__writer_clear(&writer);
}
END_TEST

START_TEST(header_too_long_to_be_read_is_not_written)
{
    struct vae__writer writer;
    size_t bytes;
    char *text = malloc(VAE__HEADER_MAX);
    ck_assert_ptr_nonnull(text);
    memset(text, 'x', VAE__HEADER_MAX - 1);
    text[VAE__HEADER_MAX - 1] = '\0';
    MUST(collect(&writer, NULL));
    MUST(vae__writer_text(&writer, "long", text));
    ck_assert_int_eq(vae__writer_save_memory(&writer, NULL, 0, &bytes), VAE_EINVAL);
    vae__writer_clear(&writer);
    free(text);
}
END_TEST

START_TEST(lookups_say_what_is_wrong)
{
    static const size_t shape[2] = {2, 3}, other[2] = {3, 2};
    tape t = written();
    struct vae__reader reader;
    float values[6];
    int64_t integer;
    MUST(whole_memory(&reader, "test", NULL, t.bytes, t.n));
    ck_assert_ptr_null(vae__reader_find(&reader, "x"));
    ck_assert_ptr_null(vae__reader_text(&reader, "x"));
    ck_assert_int_eq(tensor_read(&reader, "x", 2, shape, values), VAE_EFORMAT);
    ck_assert_str_eq(vae_last_error(), "test: tensor \"x\" is missing");
    ck_assert_int_eq(tensor_read(&reader, "m", 2, other, values), VAE_EFORMAT);
    ck_assert_str_eq(vae_last_error(), "test: tensor \"m\" has shape [2, 3], not [3, 2]");
    ck_assert_int_eq(tensor_read(&reader, "m", 1, shape, values), VAE_EFORMAT);
    ck_assert_int_eq(tensor_read(&reader, "c", 1, shape, values), VAE_EFORMAT);
    ck_assert_str_eq(vae_last_error(),
                     "test: tensor \"c\" has dtype U64, not F32, F64, F16 or BF16");
    ck_assert_int_eq(vae__reader_int(&reader, "greeting", &integer), VAE_EFORMAT);
    ck_assert_int_eq(vae__reader_int(&reader, "x", &integer), VAE_EFORMAT);
    ck_assert_str_eq(vae_last_error(), "test: __metadata__: x is missing");
    vae__reader_clear(&reader);
    tape_free(&t);
}
END_TEST

START_TEST(keys_are_listed_in_order)
{
    tape t = written();
    struct vae__reader reader;
    MUST(whole_memory(&reader, "test", NULL, t.bytes, t.n));
    const char *first = vae__reader_next_key(&reader, NULL);
    const char *second = vae__reader_next_key(&reader, first);
    ck_assert_str_eq(first, "greeting");
    ck_assert_str_eq(second, "third");
    ck_assert_ptr_null(vae__reader_next_key(&reader, second));
    vae__reader_clear(&reader);
    tape_free(&t);
}
END_TEST

START_TEST(running_out_of_memory_is_an_error_at_every_allocation)
{
    tape t = written(), out = {0};
    size_t most = 0;
    for (size_t k = 1; most == 0; k++) {
        heap h = {.fail_at = SIZE_MAX};
        vae_context *context;
        struct vae__writer writer;
        struct vae__reader reader;
        MUST(vae_context_new(&context, heap_take, heap_give, &h));
        h.fail_at = h.calls + k;
        vae_status wrote = collect(&writer, context);
        if (wrote == VAE_OK) wrote = vae__writer_send(&writer, tape_write, &out);
        vae__writer_clear(&writer);
        tape_rewind(&t);
        vae_status read = whole_stream(&reader, "test", context, tape_read, &t);
        vae__reader_clear(&reader);
        ck_assert_int_eq(read, h.calls >= h.fail_at ? VAE_ENOMEM : VAE_OK);
        ck_assert(wrote == VAE_OK || wrote == VAE_ENOMEM);
        if (read == VAE_OK) most = k;
        vae_context_free(context);
        ck_assert_uint_eq(h.held, 0);
    }
    ck_assert_uint_ge(most, 6);
    tape_free(&t);
    tape_free(&out);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, bytes_are_as_documented);
    tcase_add_test(tests, memory_comes_back);
    tcase_add_test(tests, unaligned_memory_comes_back);
    tcase_add_test(tests, stream_of_single_bytes_comes_back);
    tcase_add_test(tests, read_callback_that_fails_is_an_error_at_every_call);
    tcase_add_test(tests, read_callback_that_claims_too_much_is_an_error);
    tcase_add_test(tests, write_callback_that_fails_is_an_error_at_every_call);
    tcase_add_test(tests, memory_of_the_size_asked_for_suffices);
    tcase_add_test(tests, large_tensors_are_made_chunk_by_chunk);
    tcase_add_test(tests, data_larger_than_the_first_guess_arrive_by_growing);
    tcase_add_test(tests, tensors_of_no_and_of_one_number_are_fine);
    tcase_add_test(tests, what_cannot_be_written_is_refused);
    tcase_add_test(tests, header_too_long_to_be_read_is_not_written);
    tcase_add_test(tests, lookups_say_what_is_wrong);
    tcase_add_test(tests, keys_are_listed_in_order);
    tcase_add_test(tests, running_out_of_memory_is_an_error_at_every_allocation);
}

int main(void)
{
    return check_run("safetensors", add);
}

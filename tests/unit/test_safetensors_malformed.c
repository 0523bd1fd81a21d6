/* SPDX-License-Identifier: MIT */
/* Files that are wrong on purpose: each answers a code and a sentence, and costs no memory that is
 * out of proportion to its bytes. */
#include "io/safetensors.h"
#include "support/check_main.h"
#include "support/tape.h"

#include <jansson.h>
#include <stdio.h>

#define N(list) (sizeof(list) / sizeof(list)[0])
#define T(offsets) "\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":" offsets
#define A "\"a\":{" T("[0,8]") "}"

/* A file of a header and that many zero bytes of data. */
static tape file_of(const char *header, size_t header_bytes, size_t data_bytes)
{
    tape t = {.n = 8 + header_bytes + data_bytes};
    t.bytes = calloc(t.n + 1, 1);
    ck_assert_ptr_nonnull(t.bytes);
    vae__store_u64(header_bytes, t.bytes);
    memcpy(t.bytes + 8, header, header_bytes);
    return t;
}

/* Opened from memory and by callback: the same answer. */
static vae_status open_both(tape *t)
{
    struct vae__reader reader;
    vae_status memory = vae__reader_memory(&reader, "test", NULL, t->bytes, t->n);
    vae__reader_clear(&reader);
    tape_rewind(t);
    vae_status stream = vae__reader_stream(&reader, "test", NULL, tape_read, t);
    vae__reader_clear(&reader);
    ck_assert_int_eq(memory, stream);
    return stream;
}

static const struct {
    const char *header;
    size_t data;
    const char *sentence; /* a part of it */
} cases[] = {
    {"", 0, "begin with '{'"},
    {" {" A "}", 8, "begin with '{'"},
    {"[]", 0, "begin with '{'"},
    {"\"text\"", 0, "begin with '{'"},
    {"{", 0, "not JSON"},
    {"{" A, 8, "not JSON"},
    {"{" A "}}", 8, "not JSON"},
    {"{" A "} x", 8, "not JSON"},
    {"{" A "," A "}", 8, "not JSON"},
    {"{\"a\\u0000\":{" T("[0,8]") "}}", 8, "not JSON"},
    {"{\"a\xff\":{" T("[0,8]") "}}", 8, "not JSON"},
    {"{\"a\xc0\x80\":{" T("[0,8]") "}}", 8, "not JSON"},
    {"{\"a\xed\xa0\x80\":{" T("[0,8]") "}}", 8, "not JSON"},
    {"{'a':{" T("[0,8]") "}}", 8, "not JSON"},
    {"{\"a\":{" T("[0,8]") ",}}", 8, "not JSON"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,8]}}", 8,
     "not JSON"},
    {"{\"a\":{\"b\":{\"c\":{\"d\":1}}}}", 0, "nests deeper"},
    {"{\"a\":{\"b\":{}}}", 0, "nests deeper"},
    {"{\"a\":[[]]}", 0, "nests deeper"},
    {"{\"a\":[{}]}", 0, "nests deeper"},
    {"{\"a\":1}", 0, "\"a\": not an object"},
    {"{\"a\":[]}", 0, "\"a\": not an object"},
    {"{\"a\":{}}", 0, "\"a\": not an object"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8, "\"a\": not an object"},
    {"{\"a\":{" T("[0,8]") ",\"more\":1}}", 8, "\"a\": not an object"},
    {"{\"a\":{\"dtype\":1,\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "\"a\": not an object"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"offsets\":[0,8]}}", 8, "\"a\": data_offsets"},
    {"{\"a\":{\"dtype\":\"F33\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8,
     "unknown dtype \"F33\""},
    {"{\"a\":{\"dtype\":\"\\u001b[2J\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8,
     "unknown dtype \"?[2J\""},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]}}", 8, "\"a\": shape"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", 8, "\"a\": shape"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}}", 8, "\"a\": shape"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[\"2\"],\"data_offsets\":[0,8]}}", 8, "\"a\": shape"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[null],\"data_offsets\":[0,8]}}", 8, "\"a\": shape"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,2],\"data_offsets\":[0,8]}}", 8,
     "\"a\": shape"},
    {"{\"a\":{" T("[0]") "}}", 8, "\"a\": data_offsets"},
    {"{\"a\":{" T("[0,8,8]") "}}", 8, "\"a\": data_offsets"},
    {"{\"a\":{" T("[-8,0]") "}}", 8, "\"a\": data_offsets"},
    {"{\"a\":{" T("8") "}}", 8, "\"a\": data_offsets"},
    {"{\"a\":{" T("[8,0]") "}}", 8, "[8, 0] do not fit dtype F32 and the shape [2]"},
    {"{\"a\":{" T("[0,4]") "}}", 4, "[0, 4] do not fit dtype F32 and the shape [2]"},
    {"{\"a\":{" T("[0,16]") "}}", 16, "[0, 16] do not fit"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]}}", 0,
     "do not fit"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}", 0,
     "do not fit"},
    {"{\"a\":{\"dtype\":\"F64\",\"shape\":[2305843009213693952],\"data_offsets\":[0,0]}}", 0,
     "do not fit"},
    {"{\"a\":{" T("[4,12]") "}}", 12, "\"a\": its data begin at 4, those before end at 0"},
    {"{" A ",\"b\":{" T("[12,20]") "}}", 20, "\"b\": its data begin at 12, those before end at 8"},
    {"{" A ",\"b\":{" T("[4,12]") "}}", 12, "\"b\": its data begin at 4, those before end at 8"},
    {"{" A ",\"b\":{" T("[0,8]") "}}", 8, "its data begin at 0, those before end at 8"},
    {"{" A "}", 7, "cut off: the data has 8 bytes, 7 are there"},
    {"{" A "}", 0, "cut off: the data has 8 bytes, 0 are there"},
    {"{" A "}", 9, "follow the last tensor"},
    {"{}", 1, "follow the last tensor"},
    {"{\"__metadata__\":[]," A "}", 8, "__metadata__ is not an object"},
    {"{\"__metadata__\":\"x\"," A "}", 8, "__metadata__ is not an object"},
    {"{\"__metadata__\":{\"k\":1}," A "}", 8, "__metadata__: \"k\" is not a string"},
    {"{\"__metadata__\":{\"k\":null}," A "}", 8, "__metadata__: \"k\" is not a string"},
    {"{\"__metadata__\":{\"k\":[]}," A "}", 8, "__metadata__: \"k\" is not a string"},
    {"{\"__metadata__\":{\"k\":\"v\",\"k\":\"w\"}," A "}", 8, "not JSON"},
};

START_TEST(malformed_file_is_refused_with_a_sentence)
{
    tape t = file_of(cases[_i].header, strlen(cases[_i].header), cases[_i].data);
    ck_assert_int_eq(open_both(&t), VAE_EFORMAT);
    ck_assert_msg(strstr(vae_last_error(), cases[_i].sentence) != NULL, "\"%s\" lacks \"%s\"",
                  vae_last_error(), cases[_i].sentence);
    ck_assert_int_eq(strncmp(vae_last_error(), "test: ", 6), 0);
    tape_free(&t);
}
END_TEST

static const struct {
    const char *header;
    size_t data, tensors;
} sound[] = {
    {"{}", 0, 0},
    {"{ }      ", 0, 0},
    {"{" A "}", 8, 1},
    {"{\n" A "\n}\t \r\n", 8, 1},
    {"{" A ",\"__metadata__\":{}}", 8, 1},
    {"{\"b\":{" T("[8,16]") "}," A "}", 16, 2},
    {"{\"\":{" T("[0,8]") "}}", 8, 1},
    {"{\"{[\\\"[[{\\\\\":{" T("[0,8]") "}}", 8, 1},
    {"{\"a\":{\"dtype\":\"I8\",\"shape\":[0,9223372036854775807,4],\"data_offsets\":[0,0]}}", 0, 1},
    {"{\"a\":{\"data_offsets\":[0,2],\"shape\":[1,1,1,1,1,1,1,2],\"dtype\":\"BOOL\"}}", 2, 1},
};

START_TEST(unusual_file_is_read)
{
    struct vae__reader reader;
    tape t = file_of(sound[_i].header, strlen(sound[_i].header), sound[_i].data);
    MUST(open_both(&t));
    MUST(vae__reader_memory(&reader, "test", NULL, t.bytes, t.n));
    ck_assert_uint_eq(reader.n, sound[_i].tensors);
    vae__reader_clear(&reader);
    tape_free(&t);
}
END_TEST

START_TEST(cut_off_anywhere_is_an_error)
{
    static const char header[] = "{\"__metadata__\":{\"k\":\"v\"}," A "}";
    tape t = file_of(header, sizeof header - 1, 8);
    size_t whole = t.n;
    MUST(open_both(&t));
    for (t.n = 0; t.n < whole; t.n++) {
        ck_assert_int_eq(open_both(&t), VAE_EFORMAT);
        ck_assert_ptr_nonnull(strstr(vae_last_error(), "cut off"));
    }
    tape_free(&t);
}
END_TEST

/* Memory for a context that notes how much was held at most. */
struct meter {
    size_t held, peak;
};

static void *meter_take(void *user, size_t bytes)
{
    struct meter *m = user;
    size_t *block = malloc(sizeof(max_align_t) + bytes);
    if (!block) return NULL;
    *block = bytes;
    m->held += bytes;
    if (m->held > m->peak) m->peak = m->held;
    return (char *)block + sizeof(max_align_t);
}

static void meter_give(void *user, void *memory)
{
    struct meter *m = user;
    size_t *block = (size_t *)(void *)((char *)memory - sizeof(max_align_t));
    m->held -= *block;
    free(block);
}

/* The most memory that opening a tape by callback takes from the context. */
static size_t peak_of(tape *t, vae_status expected)
{
    struct meter m = {0, 0};
    struct vae__reader reader;
    vae_context *context;
    MUST(vae_context_new(&context, meter_take, meter_give, &m));
    tape_rewind(t);
    ck_assert_int_eq(vae__reader_stream(&reader, "test", context, tape_read, t), expected);
    vae__reader_clear(&reader);
    vae_context_free(context);
    ck_assert_uint_eq(m.held, 0);
    return m.peak;
}

START_TEST(long_header_is_refused_before_it_is_read)
{
    tape t = file_of("{}", 2, 0);
    vae__store_u64(VAE__HEADER_MAX + 1, t.bytes);
    ck_assert_uint_lt(peak_of(&t, VAE_EFORMAT), 1024);
    ck_assert_uint_eq(t.at, 8);
    ck_assert_ptr_nonnull(strstr(vae_last_error(), "1048577 bytes; the limit is 1048576"));
    vae__store_u64(UINT64_MAX, t.bytes);
    ck_assert_uint_lt(peak_of(&t, VAE_EFORMAT), 1024);
    tape_free(&t);
}
END_TEST

START_TEST(header_of_the_limit_is_read)
{
    char *header = malloc(VAE__HEADER_MAX);
    ck_assert_ptr_nonnull(header);
    memset(header, ' ', VAE__HEADER_MAX);
    memcpy(header, "{" A "}", strlen("{" A "}"));
    tape t = file_of(header, VAE__HEADER_MAX, 8);
    MUST(open_both(&t));
    free(header);
    tape_free(&t);
}
END_TEST

START_TEST(data_that_are_only_promised_take_no_memory)
{
    static const char vast[] = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1152921504606846976],"
                               "\"data_offsets\":[0,4611686018427387904]}}";
    tape t = file_of(vast, sizeof vast - 1, 100);
    ck_assert_uint_lt(peak_of(&t, VAE_EFORMAT), (size_t)3 << 20);
    ck_assert_int_eq(open_both(&t), VAE_EFORMAT);
    tape_free(&t);
}
END_TEST

/* A header of the limit made of one piece again and again, numbered; `last` ends it. */
static tape fill_header(const char *first, const char *piece, const char *last)
{
    tape t = file_of("", 0, VAE__HEADER_MAX);
    char *text = (char *)t.bytes + 8;
    size_t used = strlen(first), n;
    memcpy(text, first, used);
    char numbered[64];
    for (unsigned i = 0;; i++, used += n) {
        n = (size_t)snprintf(numbered, sizeof numbered, piece, i);
        if (used + n + strlen(last) > VAE__HEADER_MAX) break;
        memcpy(text + used, numbered, n);
    }
    memcpy(text + used, last, strlen(last));
    used += strlen(last);
    memset(text + used, ' ', VAE__HEADER_MAX - used);
    vae__store_u64(VAE__HEADER_MAX, t.bytes);
    return t;
}

static size_t json_held, json_peak;

static void *json_take(size_t bytes)
{
    size_t *block = malloc(sizeof(max_align_t) + bytes);
    if (!block) return NULL;
    *block = bytes;
    json_held += bytes;
    if (json_held > json_peak) json_peak = json_held;
    return (char *)block + sizeof(max_align_t);
}

static void json_give(void *memory)
{
    if (!memory) return;
    size_t *block = (size_t *)(void *)((char *)memory - sizeof(max_align_t));
    json_held -= *block;
    free(block);
}

static const struct {
    const char *first, *piece, *last;
} heavy[] = {
    {"{\"a\":[0", ",0", "]}"},
    {"{\"a\":[\"\"", ",\"\"", "]}"},
    {"{\"a\":[{}", ",{}", "]}"},
    {"{\"a\":[[]", ",[]", "]}"},
    {"{\"a\":\"", "x", "\"}"},
    {"", "[", ""},
    {"{", "{\"a\":", ""},
    {"{\"a\":", "[", ""},
    {"{\"z\":1", ",\"%x\":{}", "}"},
    {"{\"z\":1", ",\"%x\":[]", "}"},
    {"{\"z\":1", ",\"%x\":\"\"", "}"},
    {"{\"__metadata__\":{\"z\":1", ",\"%x\":\"\"", "}}"},
};

/* The bound of safetensors.h. Each of these must be refused too, without recursing. */
START_TEST(heavy_header_takes_bounded_memory)
{
    tape t = fill_header(heavy[_i].first, heavy[_i].piece, heavy[_i].last);
    json_set_alloc_funcs(json_take, json_give);
    json_held = json_peak = 0;
    size_t peak = peak_of(&t, VAE_EFORMAT);
    json_set_alloc_funcs(malloc, free);
    ck_assert_uint_eq(json_held, 0);
    ck_assert_uint_le(json_peak + peak, (size_t)VAE__HEADER_FACTOR * VAE__HEADER_MAX);
    tape_free(&t);
}
END_TEST

static size_t json_calls, json_fail_at;

static void *json_take_some(size_t bytes)
{
    return ++json_calls >= json_fail_at ? NULL : malloc(bytes);
}

START_TEST(running_out_of_memory_in_the_header_is_never_success)
{
    static const char header[] = "{\"__metadata__\":{\"k\":\"v\"}," A ",\"b\":{" T("[8,16]") "}}";
    tape t = file_of(header, sizeof header - 1, 16);
    vae_status status = VAE_ENOMEM;
    size_t tries = 0;
    json_set_alloc_funcs(json_take_some, free);
    for (; status != VAE_OK; tries++) {
        struct vae__reader reader;
        json_calls = 0;
        json_fail_at = tries + 1;
        status = vae__reader_memory(&reader, "test", NULL, t.bytes, t.n);
        vae__reader_clear(&reader);
        if (json_calls >= json_fail_at) ck_assert_int_ne(status, VAE_OK);
    }
    json_set_alloc_funcs(malloc, free);
    ck_assert_uint_ge(tries, 10);
    tape_free(&t);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, malformed_file_is_refused_with_a_sentence, 0, (int)N(cases));
    tcase_add_loop_test(tests, unusual_file_is_read, 0, (int)N(sound));
    tcase_add_test(tests, cut_off_anywhere_is_an_error);
    tcase_add_test(tests, long_header_is_refused_before_it_is_read);
    tcase_add_test(tests, header_of_the_limit_is_read);
    tcase_add_test(tests, data_that_are_only_promised_take_no_memory);
    tcase_add_loop_test(tests, heavy_header_takes_bounded_memory, 0, (int)N(heavy));
    tcase_add_test(tests, running_out_of_memory_in_the_header_is_never_success);
}

int main(void)
{
    return check_run("safetensors_malformed", add);
}

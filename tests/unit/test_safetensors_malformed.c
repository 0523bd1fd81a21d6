/* SPDX-License-Identifier: MIT */
/* Files that are wrong on purpose: each answers a code and a sentence. */
#include "io/safetensors.h"
#include "support/check_main.h"
#include "support/header_tape.h"
#include "support/whole.h"

#include <jansson.h>
#include <stdio.h>

#define N(list) (sizeof(list) / sizeof(list)[0])
#define T(offsets) "\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":" offsets
#define A "\"a\":{" T("[0,8]") "}"

/* Opened from memory and by callback: the same answer. */
static vae_status open_both(tape *t)
{
    struct vae__reader reader;
    vae_status memory = whole_memory(&reader, "test", NULL, t->bytes, t->n);
    vae__reader_clear(&reader);
    tape_rewind(t);
    vae_status stream = whole_stream(&reader, "test", NULL, tape_read, t);
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
    {"{", 0, "the header is not JSON: its object does not end"},
    {"{\"", 0, "not JSON: its object does not end"},
    {"{\"\\", 0, "not JSON: its object does not end"},
    {"{\"a\":[0", 0, "not JSON: its object does not end"},
    {"{" A, 8, "not JSON: its object does not end"},
    {"{" A "}}", 8, "the header is not JSON: more follows its object"},
    {"{" A "} x", 8, "not JSON: more follows its object"},
    {"{}{}", 0, "not JSON: more follows its object"},
    {"{},{}", 0, "not JSON: more follows its object"},
    {"{} \"", 0, "not JSON: more follows its object"},
    {"{}]", 0, "not JSON: more follows its object"},
    {"{\"a\":[0}", 0, "not JSON: ']' expected near '}' (at byte 8)"},
    {"{\"a\"}", 0, "not JSON: ':' expected near '}' (at byte 5)"},
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
    MUST(whole_memory(&reader, "test", NULL, t.bytes, t.n));
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
        status = whole_memory(&reader, "test", NULL, t.bytes, t.n);
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
    tcase_add_test(tests, header_of_the_limit_is_read);
    tcase_add_test(tests, running_out_of_memory_in_the_header_is_never_success);
}

int main(void)
{
    return check_run("safetensors_malformed", add);
}

/* SPDX-License-Identifier: MIT */
/* No header costs memory that is out of proportion to its bytes. */
#include "io/safetensors.h"
#include "support/check_main.h"
#include "support/header_tape.h"
#include "support/whole.h"

#include <jansson.h>
#include <stdio.h>

#define N(list) (sizeof(list) / sizeof(list)[0])

/* What a usual allocator takes for a block. */
static size_t chunk(size_t bytes)
{
    return bytes < 24 ? 32 : (bytes + 8 + 15) / 16 * 16;
}

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
    m->held += chunk(bytes);
    if (m->held > m->peak) m->peak = m->held;
    return (char *)block + sizeof(max_align_t);
}

static void meter_give(void *user, void *memory)
{
    struct meter *m = user;
    size_t *block = (size_t *)(void *)((char *)memory - sizeof(max_align_t));
    m->held -= chunk(*block);
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
    ck_assert_int_eq(whole_stream(&reader, "test", context, tape_read, t), expected);
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

START_TEST(data_that_are_only_promised_take_no_memory)
{
    static const char vast[] = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1152921504606846976],"
                               "\"data_offsets\":[0,4611686018427387904]}}";
    tape t = file_of(vast, sizeof vast - 1, 100);
    ck_assert_uint_lt(peak_of(&t, VAE_EFORMAT), (size_t)3 << 20);
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
    json_held += chunk(bytes);
    if (json_held > json_peak) json_peak = json_held;
    return (char *)block + sizeof(max_align_t);
}

static void json_give(void *memory)
{
    if (!memory) return;
    size_t *block = (size_t *)(void *)((char *)memory - sizeof(max_align_t));
    json_held -= chunk(*block);
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

/* The bound of safetensors.h. */
static void expect_bounded(tape *t, vae_status expected)
{
    json_set_alloc_funcs(json_take, json_give);
    json_held = json_peak = 0;
    size_t peak = peak_of(t, expected), header = (size_t)vae__load_u64(t->bytes);
    json_set_alloc_funcs(malloc, free);
    ck_assert_uint_eq(json_held, 0);
    peak += json_peak;
    ck_assert_msg(peak <= VAE__HEADER_FACTOR * header + VAE__HEADER_MORE,
                  "%zu bytes for the header of %zu that begins %.40s", peak, header,
                  (const char *)t->bytes + 8);
}

/* Each of these must be refused too, without recursing. */
START_TEST(heavy_header_takes_bounded_memory)
{
    tape t = fill_header(heavy[_i].first, heavy[_i].piece, heavy[_i].last);
    expect_bounded(&t, VAE_EFORMAT);
    tape_free(&t);
}
END_TEST

static const struct {
    const char *first, *value, *last;
    vae_status answer;
} dense[] = {
    {"{", "{}", "}", VAE_EFORMAT},
    {"{", "[]", "}", VAE_EFORMAT},
    {"{", "0", "}", VAE_EFORMAT},
    {"{", "\"\"", "}", VAE_EFORMAT},
    {"{", "[0]", "}", VAE_EFORMAT},
    {"{", "{\"\":0}", "}", VAE_EFORMAT},
    {"{", "{\"\":[]}", "}", VAE_EFORMAT},
    {"{", "{\"\":0,\"a\":0,\"b\":0}", "}", VAE_EFORMAT},
    {"{", "{\"dtype\":\"\",\"\":0,\"a\":0}", "}", VAE_EFORMAT},
    {"{", "{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}", "}", VAE_OK},
    {"{\"\":{", "0", "}}", VAE_EFORMAT},
    {"{\"\":{", "[]", "}}", VAE_EFORMAT},
    {"{\"__metadata__\":{", "\"\"", "}}", VAE_OK},
};

/* The i-th of all keys that need no escape, the shortest first. */
static size_t put_key(char *to, size_t i)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  " !#$%&'()*+,-./:;<=>?@[]^_`{|}~\x7f";
    size_t length = 0, base = sizeof letters - 1;
    for (size_t n = 1; i >= n; n *= base, length++) i -= n;
    for (size_t k = 0; k < length; k++, i /= base) to[k] = letters[i % base];
    return length;
}

/* `n` entries of one value under the shortest keys. */
static tape dense_header(const char *first, const char *value, const char *last, size_t n)
{
    size_t used = strlen(first), room = n * (strlen(value) + 8) + 64;
    char *text = malloc(room);
    ck_assert_ptr_nonnull(text);
    memcpy(text, first, used);
    for (size_t i = 0; i < n; i++) {
        text[used++] = '"';
        used += put_key(text + used, i);
        used +=
            (size_t)snprintf(text + used, room - used, "\":%s%s", value, i + 1 < n ? "," : last);
    }
    tape t = file_of(text, used, 0);
    free(text);
    return t;
}

/* Tables of keys double beyond each power of two: nothing costs more for a byte. */
START_TEST(dense_header_of_any_size_takes_bounded_memory)
{
    const size_t least = strlen(dense[_i].value) + 4; /* an entry's quotes, colon and comma */
    for (size_t power = 1; power <= 65536 && power * least <= VAE__HEADER_MAX; power *= 2)
        for (size_t n = power; n <= power + 1; n++) {
            tape t = dense_header(dense[_i].first, dense[_i].value, dense[_i].last, n);
            if (t.n <= 8 + VAE__HEADER_MAX) expect_bounded(&t, dense[_i].answer);
            tape_free(&t);
        }
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, long_header_is_refused_before_it_is_read);
    tcase_add_test(tests, data_that_are_only_promised_take_no_memory);
    tcase_add_loop_test(tests, heavy_header_takes_bounded_memory, 0, (int)N(heavy));
    tcase_add_loop_test(tests, dense_header_of_any_size_takes_bounded_memory, 0, (int)N(dense));
}

int main(void)
{
    return check_run("header_memory", add);
}

/* SPDX-License-Identifier: MIT */
#include "released_files.h"

#include <stdio.h>

#include "check_main.h"
#include "fixtures.h"
#include "released.h"

#define MOST 256

/* same_bits: 0 from the first version on that rounds otherwise, which docs/NEWS.md then says. */
static const struct {
    const char *version;
    int same_bits;
} releases[] = {{"0.1.0", 1}};
#define RELEASES (sizeof releases / sizeof *releases)

static json_t *accounts[RELEASES];
static released_file files[MOST];
static int n_files;

int released_files(void)
{
    char path[1024];
    const char *name;
    json_t *account;
    for (size_t r = 0; r < RELEASES; r++) {
        snprintf(path, sizeof path, "%s/%s/account.json", RELEASED, releases[r].version);
        accounts[r] = json_load_file(path, 0, NULL);
        json_object_foreach(accounts[r], name, account)
        {
            if (n_files == MOST) return MOST;
            released_file *f = &files[n_files++];
            snprintf(f->name, sizeof f->name, "%s/%s", releases[r].version, name);
            snprintf(f->path, sizeof f->path, "%s/%s/%s", RELEASED, releases[r].version, name);
            f->tensors = json_object_get(account, "tensors");
            f->config = json_object_get(account, "config");
            f->same_bits = releases[r].same_bits;
            f->end = json_string_value(json_object_get(account, "end"));
        }
    }
    return n_files;
}

const released_file *released_file_at(int index)
{
    return &files[index];
}

int released_count(void)
{
    return (int)RELEASES;
}

void released_expect_account(int release)
{
    ck_assert_msg(json_object_size(accounts[release]) > 0, "%s has no account.json",
                  releases[release].version);
    ck_assert_int_lt(n_files, MOST);
}

static const char *account_of(const released_file *f, const char *tensor)
{
    const char *digest = json_string_value(json_object_get(f->tensors, tensor));
    ck_assert_msg(digest != NULL, "%s: no account of %s", f->name, tensor);
    return digest;
}

/* FNV-1a of little-endian bytes. */
void released_expect_digest(const released_file *f, const char *tensor, const unsigned char *bytes,
                            size_t n)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    char text[17];
    for (size_t i = 0; i < n; i++) hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    snprintf(text, sizeof text, "%016llx", (unsigned long long)hash);
    ck_assert_msg(strcmp(text, account_of(f, tensor)) == 0, "%s: %s has other numbers", f->name,
                  tensor);
}

float *released_tensor(const vae_model *model, const char *name, size_t n)
{
    float *values = fixture_floats(n);
    MUST(vae_model_get_tensor(model, name, values, n));
    return values;
}

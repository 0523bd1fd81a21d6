/* SPDX-License-Identifier: MIT */
/* The numbers of a checkpoint, as one table for writing and reading. */
#include "train/checkpoint.h"

#include <stdio.h>
#include <string.h>

#define MOST_COUNT (UINT64_C(1) << 53)

struct field {
    const char *name;
    size_t offset;
    int number;    /* a double, else a uint64_t */
    uint64_t most; /* of a count */
};

/* clang-format off */
#define COUNT(type, field, most) {#field, offsetof(struct type, field), 0, most}
#define NUMBER(type, field) {#field, offsetof(struct type, field), 1, 0}
/* clang-format on */

static const struct field progress_fields[] = {
    COUNT(vae__progress, step, MOST_COUNT),
    COUNT(vae__progress, epoch, MOST_COUNT),
    COUNT(vae__progress, running, 1),
    COUNT(vae__progress, place, MOST_COUNT),
    COUNT(vae__progress, epoch_step, MOST_COUNT),
    COUNT(vae__progress, order_seed, UINT64_MAX),
    COUNT(vae__progress, order_shuffled, 1),
    COUNT(vae__progress, due, 1),
    NUMBER(vae__progress, sum_loss),
    NUMBER(vae__progress, sum_reconstruction),
    NUMBER(vae__progress, sum_kl),
    NUMBER(vae__progress, step_loss),
    NUMBER(vae__progress, step_reconstruction),
    NUMBER(vae__progress, step_kl),
    NUMBER(vae__progress, learning_rate),
    NUMBER(vae__progress, beta),
    NUMBER(vae__progress, gradient_norm),
    NUMBER(vae__progress, validation_reconstruction),
    NUMBER(vae__progress, validation_kl),
    NUMBER(vae__progress, best_loss),
    COUNT(vae__progress, best_epoch, MOST_COUNT),
    COUNT(vae__progress, kernels_changed, 1),
    {NULL, 0, 0, 0},
};

static const struct field print_fields[] = {
    COUNT(vae__print, rows, MOST_COUNT),
    COUNT(vae__print, input, UINT64_MAX),
    COUNT(vae__print, target, UINT64_MAX),
    COUNT(vae__print, condition, UINT64_MAX),
    {NULL, 0, 0, 0},
};

static vae_status check_count(vae_status code, const char *who, const char *key, uint64_t count,
                              uint64_t most)
{
    if (count <= most) return VAE_OK;
    return vae__fail(code, "%s: %s is %llu, above %llu", who, key, (unsigned long long)count,
                     (unsigned long long)most);
}

/* What could not be loaded again must not replace a file that can. */
static vae_status write_fields(struct vae__writer *writer, const char *prefix,
                               const struct field *fields, const void *from)
{
    for (const struct field *f = fields; f->name; f++) {
        char key[VAE__KEY_TEXT];
        int64_t count;
        double number = 0.0;
        snprintf(key, sizeof key, "%s%s", prefix, f->name);
        memcpy(&count, (const char *)from + f->offset, sizeof count);
        memcpy(&number, (const char *)from + f->offset, sizeof number);
        if (!f->number)
            VAE__TRY(check_count(VAE_ESTATE, writer->who, key, (uint64_t)count, f->most));
        VAE__TRY(f->number ? vae__writer_double(writer, key, number)
                           : vae__writer_int(writer, key, count));
    }
    return VAE_OK;
}

static vae_status read_count(const struct vae__reader *reader, const char *key, uint64_t most,
                             uint64_t *count)
{
    int64_t value;
    VAE__TRY(vae__reader_int(reader, key, &value));
    *count = (uint64_t)value;
    return check_count(VAE_EFORMAT, reader->who, key, *count, most);
}

static vae_status read_fields(const struct vae__reader *reader, const char *prefix,
                              const struct field *fields, void *to)
{
    for (const struct field *f = fields; f->name; f++) {
        char key[VAE__KEY_TEXT], *place = (char *)to + f->offset;
        uint64_t count = 0;
        double number = 0.0;
        snprintf(key, sizeof key, "%s%s", prefix, f->name);
        VAE__TRY(f->number ? vae__reader_double(reader, key, &number)
                           : read_count(reader, key, f->most, &count));
        if (f->number)
            memcpy(place, &number, sizeof number);
        else
            memcpy(place, &count, sizeof count);
    }
    return VAE_OK;
}

vae_status vae__progress_write(struct vae__writer *writer, const struct vae__progress *progress)
{
    return write_fields(writer, VAE__KEY_PROGRESS, progress_fields, progress);
}

vae_status vae__progress_read(const struct vae__reader *reader, struct vae__progress *p)
{
    VAE__TRY(read_fields(reader, VAE__KEY_PROGRESS, progress_fields, p));
    if (p->running && p->due)
        return vae__fail(VAE_EFORMAT, "%s: an epoch is both running and over", reader->who);
    if (p->best_epoch > p->epoch)
        return vae__fail(VAE_EFORMAT, "%s: the best epoch is still to come", reader->who);
    return VAE_OK;
}

vae_status vae__print_write(struct vae__writer *writer, const char *prefix,
                            const struct vae__print *print)
{
    return write_fields(writer, prefix, print_fields, print);
}

vae_status vae__print_read(const struct vae__reader *reader, const char *prefix,
                           struct vae__print *print)
{
    return read_fields(reader, prefix, print_fields, print);
}

/* SPDX-License-Identifier: MIT */
#include "data/source.h"

#include "data/binarize.h"
#include "support/fpstate.h"
#include "support/status.h"

#include <string.h>

/* The last element's end must be addressable, and a row as doubles, in which its mean is summed. */
static int too_large(size_t rows, size_t dim, size_t stride, size_t bytes_each)
{
    return dim > PTRDIFF_MAX / sizeof(double) || rows > PTRDIFF_MAX / bytes_each / stride;
}

static vae_status make(const char *who, vae_source **out, vae_context *context, size_t rows,
                       size_t dim, size_t stride, size_t bytes_each)
{
    if (rows == 0) return vae__fail_in(VAE_EINVAL, who, "rows is 0; at least 1");
    if (dim == 0) return vae__fail_in(VAE_EINVAL, who, "dim is 0; at least 1");
    if (stride < dim)
        return vae__fail_in(VAE_EINVAL, who, "stride is %zu, below the %zu numbers of a row",
                            stride, dim);
    if (too_large(rows, dim, stride, bytes_each))
        return vae__fail_in(VAE_EINVAL, who, "%zu rows of %zu numbers do not fit in memory", rows,
                            stride);
    vae_source *source = vae__alloc(context, sizeof *source);
    if (!source) return vae__fail_memory(who, sizeof *source);
    source->context = vae__context_hold(context);
    source->rows = rows;
    source->view.dim = dim;
    source->view.stride = stride;
    source->view.bytes_each = bytes_each;
    source->view.scale = 255.0f;
    *out = source;
    return VAE_OK;
}

static vae_status make_memory(const char *who, vae_source **out, vae_context *context,
                              vae__load_fn load, const void *data, size_t rows, size_t dim,
                              size_t stride, size_t bytes_each)
{
    if (!data) return vae__fail_in(VAE_EINVAL, who, "data is NULL");
    VAE__TRY(make(who, out, context, rows, dim, stride ? stride : dim, bytes_each));
    (*out)->view.load = load;
    (*out)->view.data = data;
    return VAE_OK;
}

vae_status vae_source_from_float(vae_source **out, vae_context *context, const float *data,
                                 size_t rows, size_t dim, size_t stride)
{
    VAE__NEED(out);
    *out = NULL;
    return make_memory(__func__, out, context, vae__load_float, data, rows, dim, stride,
                       sizeof *data);
}

vae_status vae_source_from_uint8(vae_source **out, vae_context *context, const uint8_t *data,
                                 size_t rows, size_t dim, size_t stride)
{
    VAE__NEED(out);
    *out = NULL;
    return make_memory(__func__, out, context, vae__load_uint8, data, rows, dim, stride,
                       sizeof *data);
}

vae_status vae_source_from_labels(vae_source **out, vae_context *context, const uint8_t *labels,
                                  size_t rows, size_t classes)
{
    VAE__NEED(out);
    *out = NULL;
    VAE__NEED(labels);
    if (classes == 0) return VAE__FAIL(VAE_EINVAL, "classes is 0; at least 1");
    VAE__TRY(make_memory(__func__, out, context, vae__load_labels, labels, rows, classes, 0,
                         sizeof *labels));
    (*out)->view.stride = 1;
    for (size_t r = 0; r < rows; r++) {
        if (labels[r] < classes) continue;
        vae_source_free(*out);
        *out = NULL;
        return VAE__FAIL(VAE_EINVAL, "the label of row %zu is %d; the %zu classes are 0 to %zu", r,
                         labels[r], classes, classes - 1);
    }
    return VAE_OK;
}

vae_status vae_source_from_callback(vae_source **out, vae_context *context, size_t rows, size_t dim,
                                    vae_rows_fn read, void *user)
{
    VAE__NEED(out);
    *out = NULL;
    VAE__NEED(read);
    VAE__TRY(make(__func__, out, context, rows, dim, dim, sizeof(float)));
    (*out)->read = read;
    (*out)->user = user;
    return VAE_OK;
}

void vae_source_free(vae_source *source)
{
    if (!source) return;
    vae_context *context = source->context;
    vae__free(context, source);
    vae_context_free(context);
}

size_t vae_source_rows(const vae_source *source)
{
    return source ? source->rows : 0;
}

size_t vae_source_dim(const vae_source *source)
{
    return source ? source->view.dim : 0;
}

static vae_status set_scale(const char *who, vae_source *source, double scale)
{
    if (!(scale >= 1e-30 && scale <= 1e30))
        return vae__fail_in(VAE_EINVAL, who, "scale is %g; 1e-30 to 1e30", scale);
    if (source->view.load != vae__load_uint8)
        return vae__fail_in(VAE_ESTATE, who, "only a source of bytes has a scale");
    source->view.scale = (float)scale;
    return VAE_OK;
}

vae_status vae_source_set_scale(vae_source *source, double scale)
{
    VAE__NEED(source);
    vae__fpstate saved = vae__fp_enter();
    vae_status status = set_scale(__func__, source, scale);
    vae__fp_leave(saved);
    return status;
}

vae_status vae_source_set_binarize(vae_source *source, const char *how)
{
    VAE__NEED(source);
    VAE__NEED(how);
    const struct vae__kind *kind = vae__family_find(&vae__binarizes, how);
    if (!kind) return vae__fail_kind(__func__, &vae__binarizes, how);
    source->view.binarize = (const struct vae__binarize *)(const void *)kind;
    return VAE_OK;
}

size_t vae__source_staging(const vae_source *source, size_t n)
{
    return source->read ? n * source->view.dim : 0;
}

static vae_status call_back(const char *who, const vae_source *source, const uint64_t *numbers,
                            size_t n, float *out)
{
    int answer = source->read(source->user, numbers, n, out);
    if (answer == 0) return VAE_OK;
    return vae__fail_in(VAE_ECALLBACK, who,
                        "the row callback answered %d for %zu row%s, row %llu first", answer, n,
                        n == 1 ? "" : "s", (unsigned long long)numbers[0]);
}

vae_status vae__source_view(const char *who, const vae_source *source, const uint64_t *index,
                            uint64_t first, size_t n, float *staging, uint64_t *scratch,
                            struct vae__noise noise, uint64_t noise_row, struct vae__rows *view)
{
    *view = source->view;
    view->noise = noise;
    view->noise_row = noise_row;
    if (!source->read) {
        view->index = index;
        view->first = first;
        return VAE_OK;
    }
    if (!index)
        for (size_t r = 0; r < n; r++) scratch[r] = first + r;
    view->load = vae__load_float;
    view->data = staging;
    view->numbers = index ? index : scratch;
    return call_back(who, source, view->numbers, n, staging);
}

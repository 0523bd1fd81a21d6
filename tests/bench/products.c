/* SPDX-License-Identifier: MIT */
#include "products.h"

#include "math/gemm.h"

#include <stdlib.h>

/* A layer's matrices. y is the next layer's x and dx the previous layer's d, except at the heads,
 * which are wider than what the decoder takes. */
struct buffers {
    float *w, *transposed, *dw; /* in x out, out x in, in x out */
    float *x, *dx;              /* rows x in */
    float *y, *d;               /* rows x out */
};

struct products {
    size_t n;
    struct layer layers[SHAPE_LAYERS];
    struct buffers buffers[SHAPE_LAYERS];
};

/* Small numbers, so that products of products stay finite and normal. */
static float *random_floats(size_t n)
{
    float *block = aligned_alloc(64, (n + 15) / 16 * 64);
    if (!block) exit(1);
    for (size_t i = 0; i < n; i++) block[i] = (float)(rand() % 2001 - 1000) * 3e-5f;
    return block;
}

static int chained(const struct layer *below, const struct layer *layer)
{
    return below->out == layer->in && below->rows == layer->rows;
}

struct products *products_new(const struct layer *layers, size_t n)
{
    if (!vae__gemm_has_blas()) return NULL;
    struct products *p = calloc(1, sizeof *p);
    if (!p) exit(1);
    p->n = n;
    for (size_t l = 0; l < n; l++) {
        size_t rows = layers[l].rows, in = layers[l].in, out = layers[l].out;
        int chain = l > 0 && chained(&layers[l - 1], &layers[l]);
        p->layers[l] = layers[l];
        p->buffers[l] =
            (struct buffers){.w = random_floats(in * out),
                             .transposed = random_floats(in * out),
                             .dw = random_floats(in * out),
                             .x = chain ? p->buffers[l - 1].y : random_floats(rows * in),
                             .dx = chain ? p->buffers[l - 1].d : random_floats(rows * in),
                             .y = random_floats(rows * out),
                             .d = random_floats(rows * out)};
    }
    return p;
}

void products_free(struct products *p)
{
    for (size_t l = 0; p && l < p->n; l++) {
        const struct buffers *b = &p->buffers[l];
        int chain = l > 0 && chained(&p->layers[l - 1], &p->layers[l]);
        float *owned[] = {
            b->w, b->transposed, b->dw, b->y, b->d, chain ? NULL : b->x, chain ? NULL : b->dx};
        for (size_t i = 0; i < sizeof owned / sizeof *owned; i++) free(owned[i]);
    }
    free(p);
}

/* c[m,n] = a[m,k] b[k,n], or with a stored as its transpose. */
static void multiply(size_t m, size_t n, size_t k, const float *a, int transposed, const float *b,
                     float *c)
{
    struct vae__product product = {.m = m,
                                   .n = n,
                                   .k = k,
                                   .a = a,
                                   .a_row = transposed ? 1 : k,
                                   .a_col = transposed ? m : 1,
                                   .b = b,
                                   .ldb = n,
                                   .c = c,
                                   .ldc = n};
    vae__gemm_blas(&product);
}

void products_run(void *user)
{
    const struct products *p = user;
    for (size_t l = 0; l < p->n; l++) {
        const struct layer *s = &p->layers[l];
        multiply(s->rows, s->out, s->in, p->buffers[l].x, 0, p->buffers[l].w, p->buffers[l].y);
    }
    for (size_t l = p->n; l-- > 1;) {
        const struct layer *s = &p->layers[l];
        multiply(s->rows, s->in, s->out, p->buffers[l].d, 0, p->buffers[l].transposed,
                 p->buffers[l].dx);
    }
    for (size_t l = 0; l < p->n; l++) {
        const struct layer *s = &p->layers[l];
        multiply(s->in, s->out, s->rows, p->buffers[l].x, 1, p->buffers[l].d, p->buffers[l].dw);
    }
}

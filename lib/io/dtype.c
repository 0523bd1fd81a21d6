/* SPDX-License-Identifier: MIT */
#include "io/dtype.h"

#include <string.h>

/* Numbers are put together from bytes by shifts, and floats from their bits: no byte order,
 * rounding mode or flushing of denormals can change one. */

static uint32_t load_u16(const unsigned char *b)
{
    return (uint32_t)b[0] | (uint32_t)b[1] << 8;
}

static uint32_t load_u32(const unsigned char *b)
{
    return load_u16(b) | load_u16(b + 2) << 16;
}

uint64_t vae__load_u64(const unsigned char b[8])
{
    return (uint64_t)load_u32(b) | (uint64_t)load_u32(b + 4) << 32;
}

static void store_u16(uint32_t value, unsigned char *b)
{
    b[0] = (unsigned char)(value & 0xff);
    b[1] = (unsigned char)(value >> 8 & 0xff);
}

static void store_u32(uint32_t value, unsigned char *b)
{
    store_u16(value, b);
    store_u16(value >> 16, b + 2);
}

void vae__store_u64(uint64_t value, unsigned char b[8])
{
    store_u32((uint32_t)(value & 0xffffffff), b);
    store_u32((uint32_t)(value >> 32), b + 4);
}

static void floats_from_f32(const unsigned char *from, size_t n, float *to)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t bits = load_u32(from + 4 * i);
        memcpy(to + i, &bits, sizeof bits);
    }
}

static void floats_from_bf16(const unsigned char *from, size_t n, float *to)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t bits = load_u16(from + 2 * i) << 16;
        memcpy(to + i, &bits, sizeof bits);
    }
}

/* binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits. Every one is a float exactly. */
static uint32_t widen_f16(uint32_t half)
{
    uint32_t sign = (half & 0x8000) << 16, exponent = half >> 10 & 0x1f, fraction = half & 0x3ff;
    if (exponent == 0x1f) return sign | 0x7f800000 | fraction << 13;
    if (exponent == 0) {
        if (fraction == 0) return sign;
        exponent = 1;
        while (!(fraction & 0x400)) { /* a subnormal: a normal number among floats */
            fraction <<= 1;
            exponent--;
        }
        fraction &= 0x3ff;
    }
    return sign | (exponent + 127 - 15) << 23 | fraction << 13;
}

static void floats_from_f16(const unsigned char *from, size_t n, float *to)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t bits = widen_f16(load_u16(from + 2 * i));
        memcpy(to + i, &bits, sizeof bits);
    }
}

/* value / 2^shift to the nearest whole number, ties to even; shift 1 to 63. */
static uint32_t shift_to_even(uint64_t value, unsigned shift)
{
    uint64_t whole = value >> shift, rest = value & (((uint64_t)1 << shift) - 1);
    uint64_t half = (uint64_t)1 << (shift - 1);
    return (uint32_t)(whole + (rest > half || (rest == half && (whole & 1))));
}

/* binary64: 1 sign, 11 exponent (bias 1023), 52 fraction bits. A fraction that rounds up carries
 * into the exponent, and from the largest float to infinity, as the encoding is ordered. */
static uint32_t narrow_f64(uint64_t wide)
{
    uint32_t sign = (uint32_t)(wide >> 63) << 31, exponent = (uint32_t)(wide >> 52 & 0x7ff);
    uint64_t fraction = wide & 0xfffffffffffff;
    if (exponent == 0x7ff)
        return sign | 0x7f800000 | (fraction ? 0x400000 | (uint32_t)(fraction >> 29) : 0);
    if (exponent > 1023 + 127) return sign | 0x7f800000;
    if (exponent > 1023 - 127)
        return sign | (((exponent - 1023 + 127) << 23) + shift_to_even(fraction, 29));
    if (exponent < 1023 - 150) return sign; /* less than half of the smallest subnormal */
    return sign | shift_to_even(fraction | (uint64_t)1 << 52, 29 + (1023 - 126 - exponent));
}

static void floats_from_f64(const unsigned char *from, size_t n, float *to)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t bits = narrow_f64(vae__load_u64(from + 8 * i));
        memcpy(to + i, &bits, sizeof bits);
    }
}

static const struct vae__dtype dtypes[] = {
    {"F32", 4, floats_from_f32},
    {"F64", 8, floats_from_f64},
    {"F16", 2, floats_from_f16},
    {"BF16", 2, floats_from_bf16},
    {"F8_E4M3", 1, NULL},
    {"F8_E5M2", 1, NULL},
    {"F8_E8M0", 1, NULL},
    {"C64", 8, NULL},
    {"I64", 8, NULL},
    {"U64", 8, NULL},
    {"I32", 4, NULL},
    {"U32", 4, NULL},
    {"I16", 2, NULL},
    {"U16", 2, NULL},
    {"I8", 1, NULL},
    {"U8", 1, NULL},
    {"BOOL", 1, NULL},
};

const struct vae__dtype *vae__dtype_find(const char *name)
{
    for (size_t i = 0; i < sizeof dtypes / sizeof dtypes[0]; i++)
        if (strcmp(dtypes[i].name, name) == 0) return &dtypes[i];
    return NULL;
}

static int is_little_endian(void)
{
    const uint16_t one = 1;
    unsigned char first;
    memcpy(&first, &one, 1);
    return first;
}

void vae__reverse_bytes(size_t size, const void *from, size_t n, void *to)
{
    const unsigned char *in = from;
    unsigned char *out = to;
    for (size_t i = 0; i < n; i++, in += size, out += size)
        for (size_t b = 0; b < size; b++) out[b] = in[size - 1 - b];
}

void vae__file_order(size_t size, const void *from, size_t n, void *to)
{
    if (is_little_endian())
        memcpy(to, from, n * size);
    else
        vae__reverse_bytes(size, from, n, to);
}

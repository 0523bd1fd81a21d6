/* SPDX-License-Identifier: MIT */
/* What every kind has, whatever its family, and the table a family is. */
#ifndef VAE_SUPPORT_KIND_H
#define VAE_SUPPORT_KIND_H

#include <vae/kinds.h>

struct vae__option;

/* The first member of every family's descriptor. */
struct vae__kind {
    const char *name;
    const char *describe;              /* one line for --help and the docs */
    const struct vae__option *options; /* ends with a NULL name; NULL: none */
};

/* A family: its name and its table of pointers to descriptors, NULL-terminated. A descriptor begins
 * with its struct vae__kind, so the table serves as one of kinds too. */
struct vae__family {
    const char *name;
    const void *const *table;
};

const struct vae__kind *vae__family_at(const struct vae__family *family, size_t index);
const struct vae__kind *vae__family_find(const struct vae__family *family, const char *name);
const struct vae__family *vae__family_named(const char *name);

/* VAE_EUNKNOWN: `who: unknown activation "rleu"; known: identity relu ...`. */
vae_status vae__fail_kind(const char *who, const struct vae__family *family, const char *name);

#endif

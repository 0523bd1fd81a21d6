/* SPDX-License-Identifier: MIT */
#include "support/kind.h"

#include "data/binarize.h"
#include "distribution/likelihood.h"
#include "distribution/posterior.h"
#include "distribution/prior.h"
#include "nn/activation/activation.h"
#include "nn/init/init.h"
#include "objective/reduction.h"
#include "support/context.h"
#include "support/status.h"
#include "train/optimizer/optimizer.h"
#include "train/schedule/schedule.h"

#include <stdio.h>
#include <string.h>

static const struct vae__family *const families[] = {
    &vae__activations, &vae__inits,      &vae__posteriors, &vae__priors,
    &vae__likelihoods, &vae__optimizers, &vae__schedules,  &vae__reductions,
    &vae__binarizes,   &vae__gemms,      &vae__simds,
};

const struct vae__kind *vae__family_at(const struct vae__family *family, size_t index)
{
    for (size_t i = 0; family->table[i]; i++)
        if (i == index) return family->table[i];
    return NULL;
}

const struct vae__kind *vae__family_find(const struct vae__family *family, const char *name)
{
    for (size_t i = 0; family->table[i]; i++) {
        const struct vae__kind *kind = family->table[i];
        if (strcmp(kind->name, name) == 0) return kind;
    }
    return NULL;
}

const struct vae__family *vae__family_named(const char *name)
{
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
        if (strcmp(families[i]->name, name) == 0) return families[i];
    return NULL;
}

vae_status vae__fail_kind(const char *who, const struct vae__family *family, const char *name)
{
    char known[256] = "";
    size_t used = 0;
    for (size_t i = 0; family->table[i] && used < sizeof known; i++) {
        const struct vae__kind *kind = family->table[i];
        int n = snprintf(known + used, sizeof known - used, " %s", kind->name);
        used += n > 0 ? (size_t)n : 0;
    }
    return vae__fail(VAE_EUNKNOWN, "%s: unknown %s \"%.64s\"; known:%s", who, family->name, name,
                     known);
}

const char *vae_kind_family(size_t index)
{
    return index < sizeof families / sizeof families[0] ? families[index]->name : NULL;
}

const char *vae_kind(const char *family, size_t index)
{
    const struct vae__family *found = family ? vae__family_named(family) : NULL;
    const struct vae__kind *kind = found ? vae__family_at(found, index) : NULL;
    return kind ? kind->name : NULL;
}

const char *vae_kind_describe(const char *family, const char *name)
{
    const struct vae__family *found = family && name ? vae__family_named(family) : NULL;
    const struct vae__kind *kind = found ? vae__family_find(found, name) : NULL;
    return kind ? kind->describe : NULL;
}

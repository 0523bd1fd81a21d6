/* SPDX-License-Identifier: MIT */
#include "support/options.h"

#include <string.h>

const struct vae__option *vae__schema_at(const struct vae__schema *schema, size_t index)
{
    size_t i = 0;
    for (const struct vae__option *option = schema->own; option->name; option++)
        if (i++ == index) return option;
    for (size_t f = 0; schema->families && schema->families[f]; f++)
        for (size_t k = 0; schema->families[f]->table[k]; k++) {
            const struct vae__kind *kind = schema->families[f]->table[k];
            for (const struct vae__option *option = kind->options; option && option->name; option++)
                if (i++ == index) return option;
        }
    return NULL;
}

const struct vae__option *vae__schema_find(const struct vae__schema *schema, const char *name,
                                           size_t *index)
{
    const struct vae__option *option;
    for (size_t i = 0; (option = vae__schema_at(schema, i)) != NULL; i++) {
        if (strcmp(option->name, name) != 0) continue;
        if (index) *index = i;
        return option;
    }
    return NULL;
}

vae_status vae__schema_bounds(const char *who, const struct vae__schema *schema, const char *name,
                              double *least, double *most, double *initial)
{
    if (!name) return vae__fail(VAE_EINVAL, "%s: option is NULL", who);
    const struct vae__option *option = vae__schema_find(schema, name, NULL);
    if (!option)
        return vae__fail(VAE_EUNKNOWN, "%s: the %s has no option \"%.64s\"", who, schema->what,
                         name);
    if (option->type == VAE__TEXT)
        return vae__fail(VAE_EINVAL, "%s: option %s is text and has no bounds", who, name);
    if (least) *least = option->least;
    if (most) *most = option->most;
    if (initial) *initial = option->initial;
    return VAE_OK;
}

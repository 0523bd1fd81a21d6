/* SPDX-License-Identifier: MIT */
/* Options of any type from text and as text. */
#include "support/number.h"
#include "support/options.h"

#include <string.h>

static vae_status parse_int(const char *who, struct vae__options *o, const char *name,
                            const char *text)
{
    int64_t v;
    if (vae__parse_int(text, &v) != 0)
        return vae__fail(VAE_EINVAL, "%s: %s takes a whole number, not \"%.64s\"", who, name, text);
    return vae__options_set_int(who, o, name, v);
}

static vae_status parse_double(const char *who, struct vae__options *o, const char *name,
                               const char *text)
{
    double v;
    if (vae__parse_double(text, &v) != 0)
        return vae__fail(VAE_EINVAL, "%s: %s takes a number, not \"%.64s\"", who, name, text);
    return vae__options_set_double(who, o, name, v);
}

vae_status vae__options_parse(const char *who, struct vae__options *o, const char *name,
                              const char *text)
{
    static vae_status (*const parse[])(const char *, struct vae__options *, const char *,
                                       const char *) = {
        [VAE__INT] = parse_int, [VAE__DOUBLE] = parse_double, [VAE__TEXT] = vae__options_set_text};
    vae_status status;
    struct vae__value *value;
    const struct vae__option *option = vae__options_find(who, o, name, -1, &value, &status);
    if (!option) return status;
    if (!text) return vae__fail(VAE_EINVAL, "%s: text is NULL", who);
    return parse[option->type](who, o, name, text);
}

vae_status vae__options_format(const char *who, const struct vae__options *o, const char *name,
                               char *text, size_t size)
{
    vae_status status;
    struct vae__value *value;
    if (!text) return vae__fail(VAE_EINVAL, "%s: text is NULL", who);
    const struct vae__option *option = vae__options_find(who, o, name, -1, &value, &status);
    if (!option) return status;
    char number[VAE__NUMBER_TEXT];
    const char *from = option->type == VAE__TEXT ? value->text : number;
    if (option->type == VAE__INT) vae__format_int(value->integer, number);
    if (option->type == VAE__DOUBLE) vae__format_double(value->number, number);
    size_t bytes = strlen(from) + 1;
    if (bytes > size)
        return vae__fail(VAE_EINVAL, "%s: %s needs %zu bytes of text, size is %zu", who, name,
                         bytes, size);
    memcpy(text, from, bytes);
    return VAE_OK;
}

int vae__option_in_files(const struct vae__options *o, size_t index)
{
    const struct vae__option *option = vae__schema_at(o->schema, index);
    const struct vae__value *value = &o->values[index];
    if (!option->later) return 1;
    if (option->type == VAE__TEXT) return strcmp(value->text, option->initial_text) != 0;
    if (option->type == VAE__INT) return value->integer != (int64_t)option->initial;
    return value->number < option->initial || value->number > option->initial;
}

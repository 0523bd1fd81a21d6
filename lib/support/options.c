/* SPDX-License-Identifier: MIT */
#include "support/options.h"

#include "support/fpstate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const type_names[] = {
    [VAE__INT] = "an int", [VAE__DOUBLE] = "a double", [VAE__TEXT] = "text"};

const struct vae__option *vae__options_find(const char *who, const struct vae__options *o,
                                            const char *name, int type, struct vae__value **value,
                                            vae_status *status)
{
    size_t index;
    const struct vae__option *option = name ? vae__schema_find(o->schema, name, &index) : NULL;
    if (!option) {
        *status = !name ? vae__fail(VAE_EINVAL, "%s: option is NULL", who)
                        : vae__fail(VAE_EUNKNOWN, "%s: the %s has no option \"%.64s\"", who,
                                    o->schema->what, name);
        return NULL;
    }
    if (type >= 0 && option->type != (enum vae__option_type)type) {
        *status = vae__fail(VAE_EINVAL, "%s: option %s is %s", who, name, type_names[option->type]);
        return NULL;
    }
    *value = &o->values[index];
    return option;
}

vae_status vae__options_init(const char *who, struct vae__options *o, vae_context *context,
                             const struct vae__schema *schema)
{
    *o = (struct vae__options){.context = context, .schema = schema};
    while (vae__schema_at(schema, o->n)) o->n++;
    o->values = vae__alloc_array(context, o->n, sizeof *o->values);
    if (!o->values) return vae__fail_memory(who, o->n * sizeof *o->values);
    for (size_t i = 0; i < o->n; i++) {
        const struct vae__option *option = vae__schema_at(schema, i);
        if (option->type == VAE__INT) o->values[i].integer = (int64_t)option->initial;
        if (option->type == VAE__DOUBLE) o->values[i].number = option->initial;
        if (option->type != VAE__TEXT) continue;
        o->values[i].text = vae__copy_text(context, option->initial_text);
        if (o->values[i].text) continue;
        vae__options_clear(o);
        return vae__fail_memory(who, strlen(option->initial_text) + 1);
    }
    return VAE_OK;
}

vae_status vae__options_copy(const char *who, struct vae__options *to,
                             const struct vae__options *from, vae_context *context)
{
    *to = (struct vae__options){.context = context, .schema = from->schema, .n = from->n};
    to->values = vae__alloc_array(context, to->n, sizeof *to->values);
    if (!to->values) return vae__fail_memory(who, to->n * sizeof *to->values);
    for (size_t i = 0; i < to->n; i++) {
        to->values[i] = from->values[i];
        if (!from->values[i].text) continue;
        to->values[i].text = vae__copy_text(context, from->values[i].text);
        if (to->values[i].text) continue;
        to->n = i;
        vae__options_clear(to);
        return vae__fail_memory(who, strlen(from->values[i].text) + 1);
    }
    return VAE_OK;
}

void vae__options_clear(struct vae__options *o)
{
    for (size_t i = 0; o->values && i < o->n; i++) vae__free(o->context, o->values[i].text);
    vae__free(o->context, o->values);
    o->values = NULL;
    o->n = 0;
}

int vae__options_same(const struct vae__options *a, const struct vae__options *b, size_t index)
{
    const struct vae__value *v = &a->values[index], *w = &b->values[index];
    if (v->integer != w->integer || v->number < w->number || v->number > w->number) return 0;
    return !v->text || strcmp(v->text, w->text) == 0;
}

vae_status vae__options_set_int(const char *who, struct vae__options *o, const char *name,
                                int64_t v)
{
    vae_status status;
    struct vae__value *value;
    const struct vae__option *option = vae__options_find(who, o, name, VAE__INT, &value, &status);
    if (!option) return status;
    vae__fpstate saved = vae__fp_enter(); /* 32-bit machines compute to convert */
    int fits = isinf(option->least) || (v >= (int64_t)option->least && v <= (int64_t)option->most);
    vae__fp_leave(saved);
    if (!fits)
        return vae__fail(VAE_EINVAL, "%s: %s is %lld; its range is %.0f to %.0f", who, name,
                         (long long)v, option->least, option->most);
    value->integer = v;
    return VAE_OK;
}

vae_status vae__options_set_double(const char *who, struct vae__options *o, const char *name,
                                   double v)
{
    vae_status status;
    struct vae__value *value;
    const struct vae__option *option =
        vae__options_find(who, o, name, VAE__DOUBLE, &value, &status);
    if (!option) return status;
    VAE__TRY(vae__fp_check(who, name, v, option->least, option->most));
    value->number = v;
    return VAE_OK;
}

static vae_status check_text(const char *who, const struct vae__option *option, const char *v)
{
    if (!v) return vae__fail(VAE_EINVAL, "%s: the value of %s is NULL", who, option->name);
    if (option->family) {
        const struct vae__family *family = vae__family_named(option->family);
        if (!vae__family_find(family, v)) return vae__fail_kind(who, family, v);
    }
    vae__fpstate saved = vae__fp_enter(); /* a number in it may be one that traps */
    const char *wrong = option->check ? option->check(v) : NULL;
    vae__fp_leave(saved);
    if (wrong) return vae__fail(VAE_EINVAL, "%s: %s \"%.64s\": %s", who, option->name, v, wrong);
    return VAE_OK;
}

/* A text fit for an option, and where it belongs: all of setting it that can fail. */
static vae_status prepare_text(const char *who, const struct vae__options *o, const char *name,
                               const char *v, struct vae__value **value, char **copy)
{
    vae_status status;
    const struct vae__option *option = vae__options_find(who, o, name, VAE__TEXT, value, &status);
    if (!option) return status;
    VAE__TRY(check_text(who, option, v));
    *copy = vae__copy_text(o->context, v);
    return *copy ? VAE_OK : vae__fail_memory(who, strlen(v) + 1);
}

static void put_text(const struct vae__options *o, struct vae__value *value, char *copy)
{
    vae__free(o->context, value->text);
    value->text = copy;
}

vae_status vae__options_set_text(const char *who, struct vae__options *o, const char *name,
                                 const char *v)
{
    struct vae__value *value;
    char *copy;
    VAE__TRY(prepare_text(who, o, name, v, &value, &copy));
    put_text(o, value, copy);
    return VAE_OK;
}

vae_status vae__options_set_both(const char *who, struct vae__options *o, const char *name,
                                 const char *other, const char *v)
{
    struct vae__value *value, *second;
    char *copy, *another;
    VAE__TRY(prepare_text(who, o, name, v, &value, &copy));
    vae_status status = prepare_text(who, o, other, v, &second, &another);
    if (status != VAE_OK) {
        vae__free(o->context, copy);
        return status;
    }
    put_text(o, value, copy);
    put_text(o, second, another);
    return VAE_OK;
}

vae_status vae__options_get_int(const char *who, const struct vae__options *o, const char *name,
                                int64_t *v)
{
    vae_status status;
    struct vae__value *value;
    if (!v) return vae__fail(VAE_EINVAL, "%s: value is NULL", who);
    if (!vae__options_find(who, o, name, VAE__INT, &value, &status)) return status;
    *v = value->integer;
    return VAE_OK;
}

vae_status vae__options_get_double(const char *who, const struct vae__options *o, const char *name,
                                   double *v)
{
    vae_status status;
    struct vae__value *value;
    if (!v) return vae__fail(VAE_EINVAL, "%s: value is NULL", who);
    if (!vae__options_find(who, o, name, VAE__DOUBLE, &value, &status)) return status;
    *v = value->number;
    return VAE_OK;
}

vae_status vae__options_get_text(const char *who, const struct vae__options *o, const char *name,
                                 const char **v)
{
    vae_status status;
    struct vae__value *value;
    if (!v) return vae__fail(VAE_EINVAL, "%s: value is NULL", who);
    if (!vae__options_find(who, o, name, VAE__TEXT, &value, &status)) return status;
    *v = value->text;
    return VAE_OK;
}

static const struct vae__value *known(const struct vae__options *o, const char *name)
{
    static const struct vae__value nothing = {.text = NULL};
    size_t index;
    return vae__schema_find(o->schema, name, &index) ? &o->values[index] : &nothing;
}

int64_t vae__option_int(const struct vae__options *o, const char *name)
{
    return known(o, name)->integer;
}

double vae__option_double(const struct vae__options *o, const char *name)
{
    return known(o, name)->number;
}

const char *vae__option_text(const struct vae__options *o, const char *name)
{
    return known(o, name)->text;
}

void vae__option_args(const struct vae__options *o, const struct vae__kind *kind,
                      double args[VAE__MAX_ARGS])
{
    memset(args, 0, VAE__MAX_ARGS * sizeof *args);
    for (size_t i = 0; i < VAE__MAX_ARGS && kind->options && kind->options[i].name; i++) {
        const struct vae__option *option = &kind->options[i];
        const struct vae__value *value = known(o, option->name);
        args[i] = option->type == VAE__INT ? (double)value->integer : value->number;
    }
}

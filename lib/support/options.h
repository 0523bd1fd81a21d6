/* SPDX-License-Identifier: MIT */
/* Options by name: typed values with ranges and defaults, driven by tables. */
#ifndef VAE_SUPPORT_OPTIONS_H
#define VAE_SUPPORT_OPTIONS_H

#include "support/context.h"
#include "support/kind.h"
#include "support/status.h"

enum vae__option_type { VAE__INT, VAE__DOUBLE, VAE__TEXT };

/* One option. Tables of them end with a NULL name. */
struct vae__option {
    const char *name;
    const char *describe; /* meaning, range and default in one line */
    enum vae__option_type type;
    int later; /* not in 0.1.0: its default does what versions without it do */
    union {
        struct {                         /* numbers */
            double least, most, initial; /* of an int: whole; infinite: takes all 64 bits */
        };
        struct { /* text */
            const char *initial_text;
            const char *family;                     /* the family of kinds it names, or NULL */
            const char *(*check)(const char *text); /* says what is wrong, or NULL; may be NULL */
        };
    };
};

#define VAE__OPTION_INT(n, lo, hi, def, text)                                                      \
    {                                                                                              \
        .name = (n), .type = VAE__INT, .least = (lo), .most = (hi), .initial = (def),              \
        .describe = (text)                                                                         \
    }
#define VAE__OPTION_DOUBLE(n, lo, hi, def, text)                                                   \
    {                                                                                              \
        .name = (n), .type = VAE__DOUBLE, .least = (lo), .most = (hi), .initial = (def),           \
        .describe = (text)                                                                         \
    }
#define VAE__OPTION_KIND(n, fam, def, text)                                                        \
    {                                                                                              \
        .name = (n), .type = VAE__TEXT, .initial_text = (def), .family = (fam), .describe = (text) \
    }
#define VAE__OPTION_TEXT(n, def, checker, text)                                                    \
    {                                                                                              \
        .name = (n), .type = VAE__TEXT, .initial_text = (def), .check = (checker),                 \
        .describe = (text)                                                                         \
    }
#define VAE__OPTION_END                                                                            \
    {                                                                                              \
        .name = NULL                                                                               \
    }

/* Which options there are: an owner's own list, then those of every kind of some families. */
struct vae__schema {
    const char *what; /* "config": for sentences */
    const struct vae__option *own;
    const struct vae__family *const *families; /* NULL-terminated; NULL: none */
};

const struct vae__option *vae__schema_at(const struct vae__schema *schema, size_t index);
const struct vae__option *vae__schema_find(const struct vae__schema *schema, const char *name,
                                           size_t *index);
vae_status vae__schema_bounds(const char *who, const struct vae__schema *schema, const char *name,
                              double *least, double *most, double *initial);

/* A set of values, one for each option of a schema. */
struct vae__value {
    int64_t integer;
    double number;
    char *text; /* owned */
};
struct vae__options {
    vae_context *context; /* borrowed from the owner */
    const struct vae__schema *schema;
    size_t n;
    struct vae__value *values;
};

vae_status vae__options_init(const char *who, struct vae__options *options, vae_context *context,
                             const struct vae__schema *schema);
/* `to` is uninitialised before; on failure it holds nothing. */
vae_status vae__options_copy(const char *who, struct vae__options *to,
                             const struct vae__options *from, vae_context *context);
void vae__options_clear(struct vae__options *options);
/* Whether two sets of one schema have the same value of its index-th option. */
int vae__options_same(const struct vae__options *a, const struct vae__options *b, size_t index);

/* The option and its value; NULL with the sentence written. `type` < 0 takes any. */
const struct vae__option *vae__options_find(const char *who, const struct vae__options *o,
                                            const char *name, int type, struct vae__value **value,
                                            vae_status *status);

/* Setting checks name, type, range, kind; a refused value changes nothing. */
vae_status vae__options_set_int(const char *who, struct vae__options *o, const char *name,
                                int64_t v);
vae_status vae__options_set_double(const char *who, struct vae__options *o, const char *name,
                                   double v);
vae_status vae__options_set_text(const char *who, struct vae__options *o, const char *name,
                                 const char *v);
/* The same text for two options, or for neither. */
vae_status vae__options_set_both(const char *who, struct vae__options *o, const char *name,
                                 const char *other, const char *v);
vae_status vae__options_get_int(const char *who, const struct vae__options *o, const char *name,
                                int64_t *v);
vae_status vae__options_get_double(const char *who, const struct vae__options *o, const char *name,
                                   double *v);
vae_status vae__options_get_text(const char *who, const struct vae__options *o, const char *name,
                                 const char **v);
/* Text to and from an option of any type, the same in every locale and exact. */
vae_status vae__options_parse(const char *who, struct vae__options *o, const char *name,
                              const char *text);
vae_status vae__options_format(const char *who, const struct vae__options *o, const char *name,
                               char *text, size_t size);

/* Whether a file must hold the index-th option: one that came later is left out while it has its
 * default, so that versions without it read the file. */
int vae__option_in_files(const struct vae__options *o, size_t index);

/* For the library's own reads of names that are known to exist. */
int64_t vae__option_int(const struct vae__options *o, const char *name);
double vae__option_double(const struct vae__options *o, const char *name);
const char *vae__option_text(const struct vae__options *o, const char *name);

/* The values of a kind's own numeric options in the order of its list, as its kernels take them. */
#define VAE__MAX_ARGS 8
void vae__option_args(const struct vae__options *o, const struct vae__kind *kind,
                      double args[VAE__MAX_ARGS]);

#endif

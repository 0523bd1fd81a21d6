/* SPDX-License-Identifier: MIT */
/* What arguments of public functions may be: for each name in every_call.h a sound value, values
 * that must be refused, and unusual ones that may not crash. */
#ifndef BAD_VALUES_H
#define BAD_VALUES_H

#include <vae/vae.h>

union value {
    void *p;
    size_t n;
    int64_t i;
    double d;
    vae_allocate_fn take;
    vae_release_fn give;
    vae_write_fn write;
    vae_read_fn read;
    vae_rename_fn rename;
    vae_rows_fn rows;
    vae_progress_fn progress;
    vae_gradient_fn gradient;
};

#define BAD_MOST 12

/* The numbers of values, to be turned into them by bad_value; 0 ends a list. */
struct parameter {
    const char *name;
    int sound, refused[BAD_MOST], unusual[BAD_MOST];
};

const struct parameter *bad_parameter(const char *name, size_t length);

struct world;
/* Its objects are made under the context, which stays the caller's. */
struct world *world_new(vae_context *context);
void world_free(struct world *w);

/* A value as the argument at this place of a call; each place has scratch memory of its own. */
union value bad_value(struct world *w, int number, size_t place);
/* Whether the value is a NULL where something must be: VAE_EINVAL. */
int bad_is_null(int number);
/* Tapes to their beginning. */
void world_rewind(struct world *w);
/* The trainer's next step must make a new plan. */
void world_forget_plans(struct world *w);
/* What a "..._free" was given is gone. */
void world_forget(struct world *w, int number);
/* The weights of all models are as they were made. */
int world_is_unchanged(const struct world *w);

#endif

/* SPDX-License-Identifier: MIT */
/* Options of the library as text, name by name: gathered from a command line, then applied. */
#ifndef EXAMPLES_SETTINGS_H
#define EXAMPLES_SETTINGS_H

#include <stddef.h>

#include <vae/config.h>
#include <vae/trainer.h>

typedef struct setting {
    const char *option;
    const char *value;
} setting;

/* Later rows override earlier ones. Holds the caller's text, which must outlive it. */
typedef struct settings {
    setting *rows;
    size_t n;
} settings;

/* Adds a row. 0, or -1 when memory runs out. */
int settings_add(settings *list, const char *option, const char *value);

/* Adds "option=value", cut in two in place. -1 when it is none or the library has no such option:
 * the failure suggests the nearest name. */
int settings_add_text(settings *list, char *text);

void settings_free(settings *list);

/* Applies the rows that are options of a config, or of a trainer; the others are passed over. -1
 * when the library refuses a value. */
int settings_apply_config(const setting *rows, size_t n, vae_config *config);
int settings_apply_trainer(const setting *rows, size_t n, vae_trainer *trainer);

#endif

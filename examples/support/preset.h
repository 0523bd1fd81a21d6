/* SPDX-License-Identifier: MIT */
/* Well-known experiments as options of the library. */
#ifndef EXAMPLES_PRESET_H
#define EXAMPLES_PRESET_H

#include "settings.h"

/* The names, with blanks between. */
extern const char preset_names[];

/* What the preset sets beyond the library's defaults; `*n` rows. NULL for an unknown name. */
const setting *preset_settings(const char *name, size_t *n);

#endif

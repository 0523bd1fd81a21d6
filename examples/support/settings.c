/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "nearest.h"
#include "report.h"

int settings_add(settings *list, const char *option, const char *value)
{
    setting *rows = realloc(list->rows, (list->n + 1) * sizeof *rows);
    if (!rows) return failed("out of memory");
    list->rows = rows;
    list->rows[list->n++] = (setting){option, value};
    return 0;
}

int settings_add_text(settings *list, char *text)
{
    char *equals = strchr(text, '=');
    if (!equals) return failed("\"%s\" is not of the form option=value", text);
    *equals = '\0';
    if (vae_config_option_describe(text) || vae_trainer_option_describe(text))
        return settings_add(list, text, equals + 1);
    nearest near = nearest_to(text);
    for (size_t i = 0; vae_config_option(i); i++) nearest_try(&near, vae_config_option(i));
    for (size_t i = 0; vae_trainer_option(i); i++) nearest_try(&near, vae_trainer_option(i));
    return failed("libvae has no option \"%s\"%s", text, nearest_hint(&near));
}

void settings_free(settings *list)
{
    free(list->rows);
    *list = (settings){NULL, 0};
}

int settings_apply_config(const setting *rows, size_t n, vae_config *config)
{
    for (size_t i = 0; i < n; i++)
        if (vae_config_option_describe(rows[i].option) &&
            vae_config_parse(config, rows[i].option, rows[i].value))
            return failed_vae("%s=%s", rows[i].option, rows[i].value);
    return 0;
}

int settings_apply_trainer(const setting *rows, size_t n, vae_trainer *trainer)
{
    for (size_t i = 0; i < n; i++)
        if (vae_trainer_option_describe(rows[i].option) &&
            vae_trainer_parse(trainer, rows[i].option, rows[i].value))
            return failed_vae("%s=%s", rows[i].option, rows[i].value);
    return 0;
}

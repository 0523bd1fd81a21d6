/* SPDX-License-Identifier: MIT */
#include "image_source.h"

#include <string.h>

#include "report.h"

int image_source_new(vae_source **out, const dataset *data, const image_set *set,
                     const char *binarize)
{
    *out = NULL;
    if (set->rows == 0) return 0;
    if (vae_source_from_uint8(out, NULL, set->pixels, set->rows, set->size, 0))
        return failed_vae("%s", data->name);
    if (strcmp(binarize, "bernoulli") == 0 && vae_source_set_binarize(*out, binarize)) {
        vae_source_free(*out);
        *out = NULL;
        return failed_vae("--binarize %s", binarize);
    }
    return 0;
}

int image_source_binary(int *binary, const vae_source *source, const char *binarize)
{
    float least, largest;
    if (vae_source_range(source, 0, &least, &largest, binary)) return failed_vae("the images");
    *binary = *binary || strcmp(binarize, "bernoulli") == 0;
    return 0;
}

const char *image_source_meaning(const vae_model *model, int binary, const char *binarize)
{
    const char *likelihood = "";
    if (vae_config_get_text(vae_model_config(model), "likelihood", &likelihood)) return "";
    int bernoulli = strcmp(likelihood, "bernoulli") == 0;
    if (bernoulli && strcmp(binarize, "bernoulli") == 0)
        return "pixels are drawn black or white at every use: the loss bounds their likelihood";
    if (binary)
        return bernoulli ? "pixels are black or white: the loss bounds their likelihood"
                         : "pixels are black or white, though the likelihood is not bernoulli";
    return bernoulli ? "pixels are grey: with bernoulli the loss is a cross-entropy, no likelihood"
                     : "pixels are grey: the loss bounds the negative log-density of k/255";
}

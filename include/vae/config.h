/* SPDX-License-Identifier: MIT */
/* What a model is made of: sizes, layers, activations, distributions. */
#ifndef VAE_CONFIG_H
#define VAE_CONFIG_H

#include <vae/context.h>

VAE_BEGIN_DECLS

/* A model's description. It is copied into the model, saved with it, and read back from files, so a
 * program that loads a model needs no description of its own.
 * Thread-safety: one thread at a time may change it; any number may read it. */
typedef struct vae_config vae_config;

/* Makes a description with every option at its default: one hidden layer of 400 units on either
 * side, ReLU, Bernoulli likelihood, PyTorch's initialisation.
 *   context     NULL for malloc and the best kernels
 *   input_dim   numbers per row, 1 to 1048576
 *   latent_dim  dimensions of z, 1 to 1048576
 * Errors: VAE_EINVAL, VAE_ENOMEM; `*out` is then NULL. */
VAE_API vae_status vae_config_new(vae_config **out, vae_context *context, size_t input_dim,
                                  size_t latent_dim) VAE_NODISCARD;

VAE_API vae_status vae_config_copy(vae_config **out, const vae_config *config) VAE_NODISCARD;

/* NULL is fine. */
VAE_API void vae_config_free(vae_config *config);

/* NULL when the description is sound and a model can be built from it; otherwise a sentence that
 * says what contradicts what (also from vae_last_error). Never a crash, whatever was set. */
VAE_API const char *vae_config_check(const vae_config *config);

/* Hidden widths, from the input to the latent code (encoder) and from the latent code to the output
 * (decoder). n = 0: no hidden layer. Each 1 to 1048576, at most 64 layers.
 * Errors: VAE_EINVAL. */
VAE_API vae_status vae_config_set_encoder(vae_config *config, const size_t *widths,
                                          size_t n) VAE_NODISCARD;
VAE_API vae_status vae_config_set_decoder(vae_config *config, const size_t *widths,
                                          size_t n) VAE_NODISCARD;

/* Kinds by name (vae_kinds lists them). set_activation sets encoder and decoder alike; the options
 * "encoder_activation" and "decoder_activation" set one.
 * Errors: VAE_EINVAL (NULL), VAE_EUNKNOWN (the sentence lists the known names). */
VAE_API vae_status vae_config_set_activation(vae_config *config, const char *name) VAE_NODISCARD;
VAE_API vae_status vae_config_set_likelihood(vae_config *config, const char *name) VAE_NODISCARD;
VAE_API vae_status vae_config_set_posterior(vae_config *config, const char *name) VAE_NODISCARD;
VAE_API vae_status vae_config_set_prior(vae_config *config, const char *name) VAE_NODISCARD;
VAE_API vae_status vae_config_set_init(vae_config *config, const char *name) VAE_NODISCARD;

/* Numbers appended to every row of the encoder's input and of the latent code (a conditional VAE).
 * 0 to 1048576, default 0. Errors: VAE_EINVAL. */
VAE_API vae_status vae_config_set_condition_dim(vae_config *config, size_t dim) VAE_NODISCARD;

/* Numbers per row of the output, when it differs from the input. 0 to 1048576, default 0: as many
 * as the input. Errors: VAE_EINVAL. */
VAE_API vae_status vae_config_set_output_dim(vae_config *config, size_t dim) VAE_NODISCARD;

/* Every option by name, with the type it has. The setters above are these, spelled out.
 *
 *   input_dim, latent_dim          int, 1 to 1048576
 *   output_dim, condition_dim      int, 0 to 1048576, default 0
 *   encoder, decoder               text, widths with commas between, default "400"; "" for none
 *   encoder_activation, decoder_activation   text, default "relu"
 *   likelihood                     text, default "bernoulli"
 *   posterior                      text, default "gaussian_diag"
 *   prior                          text, default "standard_normal"
 *   init                           text, default "pytorch"
 *   posterior_logvar_min, posterior_logvar_max    double, -80 to 80, default -20 and 20:
 *                                  the posterior's log-variance is clamped to this range
 * and those of the kinds themselves, among them
 *   leaky_relu_slope               double, 0 to 1, default 0.01
 *   elu_alpha                      double, 0 to 100, default 1
 *   gaussian_sigma                 double, 1e-6 to 1e6, default 1 (the article's squared error:
 *                                  sqrt(1/2))
 *   gaussian_diag_logvar_min, gaussian_diag_logvar_max   double, -80 to 80, default -10 and 10
 *
 * Errors: VAE_EINVAL (NULL, another type, or outside the range, which the sentence names),
 * VAE_EUNKNOWN (no such option, or no such kind). */
VAE_API vae_status vae_config_set_int(vae_config *config, const char *option,
                                      int64_t value) VAE_NODISCARD;
VAE_API vae_status vae_config_set_double(vae_config *config, const char *option,
                                         double value) VAE_NODISCARD;
VAE_API vae_status vae_config_set_text(vae_config *config, const char *option,
                                       const char *value) VAE_NODISCARD;
VAE_API vae_status vae_config_get_int(const vae_config *config, const char *option,
                                      int64_t *value) VAE_NODISCARD;
VAE_API vae_status vae_config_get_double(const vae_config *config, const char *option,
                                         double *value) VAE_NODISCARD;
/* `*value` belongs to the config and is valid until the option is set again. */
VAE_API vae_status vae_config_get_text(const vae_config *config, const char *option,
                                       const char **value) VAE_NODISCARD;

/* Sets an option of any type from text ("20", "0.5", "relu"), read alike in every locale: for
 * command lines and files. Errors: as the typed setters. */
VAE_API vae_status vae_config_parse(vae_config *config, const char *option,
                                    const char *text) VAE_NODISCARD;

/* Writes an option of any type as text that vae_config_parse reads back exactly, the same in every
 * locale. At most `size` bytes with the NUL. Errors: VAE_EINVAL (NULL or too small),
 * VAE_EUNKNOWN. */
VAE_API vae_status vae_config_format(const vae_config *config, const char *option, char *text,
                                     size_t size) VAE_NODISCARD;

/* The index-th option's name, NULL after the last; and a line with its meaning, type, range and
 * default, NULL when there is none of the name. Static. Thread-safety: any thread. */
VAE_API const char *vae_config_option(size_t index);
VAE_API const char *vae_config_option_describe(const char *option);

/* The range and default of a numeric option; any pointer may be NULL.
 * Errors: VAE_EINVAL (NULL, or a text option), VAE_EUNKNOWN. Thread-safety: any thread. */
VAE_API vae_status vae_config_option_bounds(const char *option, double *least, double *most,
                                            double *initial) VAE_NODISCARD;

VAE_END_DECLS

#endif

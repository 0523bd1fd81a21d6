/* SPDX-License-Identifier: MIT */
/* Training: optimizer, schedule, shuffling, validation, early stopping, exact resume. */
#ifndef VAE_TRAINER_H
#define VAE_TRAINER_H

#include <vae/io.h>
#include <vae/source.h>

VAE_BEGIN_DECLS

/* Changes its model; see vae_model for who may use the model meanwhile.
 * The same seed, data, options and kernels give the same weights to the bit, for any number of
 * threads and across save, kill and resume. Noise repeats after 2^32 steps.
 * Thread-safety: one thread at a time, except vae_trainer_stop. */
typedef struct vae_trainer vae_trainer;

/* Makes a trainer with an optimizer by name ("adam", "adamw", "sgd", "rmsprop"). The model must
 * outlive it. Errors: VAE_EINVAL (NULL), VAE_EUNKNOWN, VAE_ENOMEM; `*out` is then NULL. */
VAE_API vae_status vae_trainer_new(vae_trainer **out, vae_model *model,
                                   const char *optimizer) VAE_NODISCARD;

/* NULL is fine. Not from inside a callback, of the trainer or of its rows and files: there it does
 * nothing, and the model may not be freed there either. */
VAE_API void vae_trainer_free(vae_trainer *trainer);

/* The rows to train on and to validate on. target NULL: the input itself; condition exactly when
 * the model has one. The sources must outlive the trainer or be replaced. Training may start when
 * data is set. Validation NULL: none; none or another set than before: the losses and the best so
 * far are forgotten.
 * Up to 256 rows of each are read for a fingerprint, so set a source's scale before.
 * Other data with another number of rows begins the running epoch anew.
 * Errors: VAE_EINVAL (NULL), VAE_ESHAPE (dimensions or numbers of rows do not fit), VAE_ENOMEM,
 * VAE_ECALLBACK, VAE_EDATA (a checkpoint was loaded and this is other data), VAE_ESTATE (inside a
 * callback). */
VAE_API vae_status vae_trainer_set_data(vae_trainer *trainer, const vae_source *input,
                                        const vae_source *target,
                                        const vae_source *condition) VAE_NODISCARD;
VAE_API vae_status vae_trainer_set_validation(vae_trainer *trainer, const vae_source *input,
                                              const vae_source *target,
                                              const vae_source *condition) VAE_NODISCARD;

/* Options by name, with the type each has; vae_trainer_option lists them all.
 *
 *   batch_size       int, 1 to 1048576, default 128
 *   samples          int, 1 to 65536, default 1: noise samples per row and step
 *   threads          int, 0 to 64, default 0: one for each CPU this process may use
 *   seed             int, any (the 64 bits of a uint64_t), default 0
 *   shuffle          int, 0 or 1, default 1: a new order of the rows each epoch, from the next one
 *                    on; takes 8 bytes a row. For 10^8 rows and more set 0 and shuffle in the
 *                    callback
 *   learning_rate    double, 0 to 1e6, default 1e-3
 *   weight_decay     double, 0 to 1e6, default 0: L2 for adam, sgd and rmsprop, decoupled for adamw
 *   clip_norm        double, 0 to 1e30, default 0 (off): the gradient's largest Euclidean norm
 *   beta             double, 0 to 1e6, default 1: weight of the KL term
 *   beta_warmup      int, 0 to 2^53, default 0: steps over which beta rises linearly from 0
 *   reduction        text, "mean" or "sum", default "mean": the gradient over a batch's rows
 *   patience         int, 0 to 2^53, default 0 (off): epochs without a better validation loss
 *                    after which fit stops, counted from the end of beta_warmup
 *   min_delta        double, 0 to 1e30, default 0: a loss is better when lower by more than this
 *   schedule         text, default "constant": "constant", "piecewise", "cosine", "exponential"
 *   epsilon          double, 1e-18 to 1e6, default 1e-8: added to the root an optimizer divides by
 *   and those of optimizers (beta1, beta2, momentum ...) and of schedules (cosine needs
 *   schedule_steps; piecewise has schedule_milestones, schedule_factor, schedule_rates; exponential
 *   schedule_decay); an option the chosen ones do not have is without effect.
 *
 * The noise of step t is that of (seed, t); validation has noise of its own, the same every epoch.
 *
 * batch_size, samples and threads take effect with the next step. Errors: VAE_EINVAL (NULL, another
 * type, outside the range), VAE_EUNKNOWN, VAE_ESTATE (inside a callback, except learning_rate and
 * beta). */
VAE_API vae_status vae_trainer_set_int(vae_trainer *trainer, const char *option,
                                       int64_t value) VAE_NODISCARD;
VAE_API vae_status vae_trainer_set_double(vae_trainer *trainer, const char *option,
                                          double value) VAE_NODISCARD;
VAE_API vae_status vae_trainer_set_text(vae_trainer *trainer, const char *option,
                                        const char *value) VAE_NODISCARD;
VAE_API vae_status vae_trainer_get_int(const vae_trainer *trainer, const char *option,
                                       int64_t *value) VAE_NODISCARD;
VAE_API vae_status vae_trainer_get_double(const vae_trainer *trainer, const char *option,
                                          double *value) VAE_NODISCARD;
VAE_API vae_status vae_trainer_get_text(const vae_trainer *trainer, const char *option,
                                        const char **value) VAE_NODISCARD;

/* As vae_config_parse, vae_config_option, vae_config_option_describe, vae_config_option_bounds. */
VAE_API vae_status vae_trainer_parse(vae_trainer *trainer, const char *option,
                                     const char *text) VAE_NODISCARD;
VAE_API const char *vae_trainer_option(size_t index);
VAE_API const char *vae_trainer_option_describe(const char *option);
VAE_API vae_status vae_trainer_option_bounds(const char *option, double *least, double *most,
                                             double *initial) VAE_NODISCARD;

/* Called on the thread that trains, after a step; after an epoch with its validation (not when a
 * bare vae_trainer_step ends the epoch). 0 goes on; anything else stops training after this step or
 * epoch, and the call that trains answers VAE_OK. The callback may read the model and the trainer's
 * results, save, set learning_rate and beta, and call vae_trainer_stop; stepping, loading or
 * setting anything else from inside answers VAE_ESTATE. fn NULL: none. */
typedef int (*vae_progress_fn)(vae_trainer *trainer, void *user);
VAE_API vae_status vae_trainer_on_step(vae_trainer *trainer, vae_progress_fn fn,
                                       void *user) VAE_NODISCARD;
VAE_API vae_status vae_trainer_on_epoch(vae_trainer *trainer, vae_progress_fn fn,
                                        void *user) VAE_NODISCARD;

/* Sees every gradient between the batch's scaling and clipping, n = vae_model_parameter_count
 * floats, and may change it in place: the place for a sum over processes. On the training thread.
 * Other than 0 ends the call with VAE_ECALLBACK before any weight moves. fn NULL: none. A hook that
 * changes nothing changes no bit of the result. */
typedef int (*vae_gradient_fn)(float *gradient, size_t n, uint64_t step, void *user);
VAE_API vae_status vae_trainer_on_gradient(vae_trainer *trainer, vae_gradient_fn fn,
                                           void *user) VAE_NODISCARD;

/* One step on the next batch; to the end of the running epoch, with validation; until `epochs`
 * epochs are done in all, counted from the first (so a resumed trainer does what is left), early
 * stopping permitting. The last, smaller batch of an epoch is used. A step that ends an epoch ends
 * it without validation. After early stopping the model holds the best weights.
 * Errors: VAE_EINVAL (NULL; a target where the likelihood has no probability; a schedule without
 * what it needs, or that makes the rate more than 1e6; a rate of more than 1e18 epsilons, where the
 * optimizer has one), VAE_ESTATE (no data set, inside a callback, parameters open), VAE_ENONFINITE
 * (data, loss or gradient, or a gradient beyond 1e18; the sentence names what and the step),
 * VAE_ECALLBACK, VAE_ENOMEM, VAE_ETHREAD (as the first step makes its plan). A step that fails
 * changes nothing: the next goes on as if it had not been. */
VAE_API vae_status vae_trainer_step(vae_trainer *trainer) VAE_NODISCARD;
VAE_API vae_status vae_trainer_epoch(vae_trainer *trainer) VAE_NODISCARD;
VAE_API vae_status vae_trainer_fit(vae_trainer *trainer, uint64_t epochs) VAE_NODISCARD;

/* Asks a running epoch or fit to return VAE_OK after its current step; the next call goes on
 * exactly there. Safe in a signal handler and from any thread. A request stands until a call that
 * trains has honoured it: an epoch or fit that finds one returns before its first step. NULL is
 * fine. */
VAE_API void vae_trainer_stop(vae_trainer *trainer);

/* Puts the weights of the best validation loss so far into the model.
 * Errors: VAE_EINVAL (NULL), VAE_ESTATE (no validation yet, inside a callback). */
VAE_API vae_status vae_trainer_use_best(vae_trainer *trainer) VAE_NODISCARD;

/* Where training is, by name; vae_trainer_result_name lists them.
 *   epoch, step               epochs and steps completed
 *   epoch_steps, epoch_step   steps in an epoch of this data, and done of the running one
 *   train_loss, train_reconstruction, train_kl   nats per row: mean over the running or latest
 *                             epoch's rows, with the weights each step started from
 *   step_loss, step_reconstruction, step_kl      of the latest step
 *   validation_loss (beta = 1), validation_reconstruction, validation_kl   of the latest epoch
 *   best_validation_loss, best_epoch             the lowest so far, where lower is by more than
 *                             min_delta
 *   learning_rate, beta       of the latest step, schedule and warm-up applied
 *   gradient_norm             of the latest step, before clipping; NaN when clipping is off
 *   rows_per_second           of the running or latest epoch, validation left out
 *   seconds                   of all steps this trainer has made; not part of a checkpoint, whose
 *                             bytes depend on the training alone
 *   stopped                   1 when the latest call ended at a stop request or a callback's wish
 *   early_stopped             1 when patience has run out
 *   kernels_changed           1 when the steps were not all computed by the same kernels (the
 *                             checkpoint's were others, the context was given others): from there
 *                             on the bits may differ from an uninterrupted run
 * Not there yet (no validation, no step): NaN. Errors: VAE_EINVAL (NULL), VAE_EUNKNOWN. */
VAE_API vae_status vae_trainer_result(const vae_trainer *trainer, const char *name,
                                      double *value) VAE_NODISCARD;
VAE_API const char *vae_trainer_result_name(size_t index);

/* The memory of the trainer's plan in bytes (0 before the first step), optimizer state left out. */
VAE_API size_t vae_trainer_bytes(const vae_trainer *trainer);

/* Checkpoints: a model file plus everything an exact resume needs (optimizer, options, step, place
 * in the shuffle, best weights, a fingerprint of the data). Saving is as vae_model_save. Loading
 * restores weights and state into a trainer whose model has the same configuration and whose
 * optimizer is the same; a file of another is an error, and so is other data (VAE_EDATA). threads
 * is kept as set here. On failure trainer and model are as they were.
 * Errors: as vae_model_save and vae_model_load; VAE_ESHAPE (another model or optimizer), VAE_EDATA,
 * VAE_ESTATE (load inside a callback; save beyond 2^53 steps or epochs). While a write or read
 * callback runs, the trainer and its model answer VAE_ESTATE to what would change them. */
VAE_API vae_status vae_trainer_save(const vae_trainer *trainer, const char *path) VAE_NODISCARD;
VAE_API vae_status vae_trainer_save_memory(const vae_trainer *trainer, void *memory,
                                           size_t capacity, size_t *bytes) VAE_NODISCARD;
VAE_API vae_status vae_trainer_write(const vae_trainer *trainer, vae_write_fn write,
                                     void *user) VAE_NODISCARD;
VAE_API vae_status vae_trainer_load(vae_trainer *trainer, const char *path) VAE_NODISCARD;
VAE_API vae_status vae_trainer_load_memory(vae_trainer *trainer, const void *memory,
                                           size_t bytes) VAE_NODISCARD;
VAE_API vae_status vae_trainer_read(vae_trainer *trainer, vae_read_fn read,
                                    void *user) VAE_NODISCARD;

VAE_END_DECLS

#endif

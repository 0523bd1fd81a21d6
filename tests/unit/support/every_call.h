/* SPDX-License-Identifier: MIT */
/* Every exported function once: a call of it, argument by argument, and what each argument is.
 *
 * ANSWERS(function, arguments' names, (the call's arguments)) answers a vae_status; SHOWS answers a
 * number or a pointer, which is 0 or NULL when an argument is bad; TAKES answers nothing.
 * The names are those of bad_values.c. */
#ifndef EVERY_CALL_H
#define EVERY_CALL_H

#define CALLS_ABOUT_CONFIGS(ANSWERS, SHOWS, TAKES)                                                 \
    ANSWERS(vae_context_new, "out take give any", (a[0].p, a[1].take, a[2].give, a[3].p))          \
    TAKES(vae_context_free, "spare_context", (a[0].p))                                             \
    ANSWERS(vae_context_set_text, "context gemm auto", (a[0].p, a[1].p, a[2].p))                   \
    ANSWERS(vae_context_get_text, "context gemm pointer", (a[0].p, a[1].p, a[2].p))                \
    ANSWERS(vae_config_new, "out context? dim dim", (a[0].p, a[1].p, a[2].n, a[3].n))              \
    ANSWERS(vae_config_copy, "out config", (a[0].p, a[1].p))                                       \
    TAKES(vae_config_free, "spare_config", (a[0].p))                                               \
    SHOWS(vae_config_check, "unsound_config", (a[0].p))                                            \
    ANSWERS(vae_config_set_encoder, "config widths layers", (a[0].p, a[1].p, a[2].n))              \
    ANSWERS(vae_config_set_decoder, "config widths layers", (a[0].p, a[1].p, a[2].n))              \
    ANSWERS(vae_config_set_activation, "config activation", (a[0].p, a[1].p))                      \
    ANSWERS(vae_config_set_likelihood, "config likelihood", (a[0].p, a[1].p))                      \
    ANSWERS(vae_config_set_posterior, "config posterior", (a[0].p, a[1].p))                        \
    ANSWERS(vae_config_set_prior, "config prior", (a[0].p, a[1].p))                                \
    ANSWERS(vae_config_set_init, "config init", (a[0].p, a[1].p))                                  \
    ANSWERS(vae_config_set_condition_dim, "config dim_or_0", (a[0].p, a[1].n))                     \
    ANSWERS(vae_config_set_output_dim, "config dim_or_0", (a[0].p, a[1].n))                        \
    ANSWERS(vae_config_set_int, "config latent_dim int", (a[0].p, a[1].p, a[2].i))                 \
    ANSWERS(vae_config_set_double, "config elu_alpha double", (a[0].p, a[1].p, a[2].d))            \
    ANSWERS(vae_config_set_text, "config likelihood_option likelihood", (a[0].p, a[1].p, a[2].p))  \
    ANSWERS(vae_config_get_int, "config latent_dim pointer", (a[0].p, a[1].p, a[2].p))             \
    ANSWERS(vae_config_get_double, "config elu_alpha pointer", (a[0].p, a[1].p, a[2].p))           \
    ANSWERS(vae_config_get_text, "config likelihood_option pointer", (a[0].p, a[1].p, a[2].p))     \
    ANSWERS(vae_config_parse, "config latent_dim number", (a[0].p, a[1].p, a[2].p))                \
    ANSWERS(vae_config_format, "config latent_dim buffer room", (a[0].p, a[1].p, a[2].p, a[3].n))  \
    SHOWS(vae_config_option, "index", (a[0].n))                                                    \
    SHOWS(vae_config_option_describe, "latent_dim", (a[0].p))                                      \
    ANSWERS(vae_config_option_bounds, "latent_dim pointer? pointer? pointer?",                     \
            (a[0].p, a[1].p, a[2].p, a[3].p))                                                      \
    SHOWS(vae_kind_family, "index", (a[0].n))                                                      \
    SHOWS(vae_kind, "family index", (a[0].p, a[1].n))                                              \
    SHOWS(vae_kind_describe, "family relu", (a[0].p, a[1].p))                                      \
    SHOWS(vae_status_name, "code", ((vae_status)a[0].i))                                           \
    SHOWS(vae_last_error, "", ())                                                                  \
    SHOWS(vae_version, "", ())                                                                     \
    SHOWS(vae_version_string, "", ())                                                              \
    SHOWS(vae_build_info, "text_or_null any_room", (a[0].p, a[0].p ? a[1].n : 0))

#define CALLS_ABOUT_MODELS(ANSWERS, SHOWS, TAKES)                                                  \
    ANSWERS(vae_model_new, "out sound_config any_number", (a[0].p, a[1].p, a[2].n))                \
    ANSWERS(vae_model_copy, "out model", (a[0].p, a[1].p))                                         \
    TAKES(vae_model_free, "spare_model", (a[0].p))                                                 \
    SHOWS(vae_model_config, "model", (a[0].p))                                                     \
    SHOWS(vae_model_input_dim, "model", (a[0].p))                                                  \
    SHOWS(vae_model_output_dim, "model", (a[0].p))                                                 \
    SHOWS(vae_model_latent_dim, "model", (a[0].p))                                                 \
    SHOWS(vae_model_condition_dim, "model", (a[0].p))                                              \
    SHOWS(vae_model_output_parameters, "model", (a[0].p))                                          \
    SHOWS(vae_model_parameter_count, "model", (a[0].p))                                            \
    SHOWS(vae_model_parameters, "model", (a[0].p))                                                 \
    SHOWS(vae_model_weight_count, "model", (a[0].p))                                               \
    ANSWERS(vae_model_parameters_begin, "new_model pointer", (a[0].p, a[1].p))                     \
    ANSWERS(vae_model_parameters_end, "open_model", (a[0].p))                                      \
    SHOWS(vae_model_tensor_count, "model", (a[0].p))                                               \
    ANSWERS(vae_model_tensor, "model index pointer? pointer? pointer? pointer? pointer?",          \
            (a[0].p, a[1].n, a[2].p, a[3].p, a[4].p, a[5].p, a[6].p))                              \
    ANSWERS(vae_model_get_tensor, "model tensor floats tensor_size",                               \
            (a[0].p, a[1].p, a[2].p, a[3].n))                                                      \
    ANSWERS(vae_model_set_tensor, "model tensor finite tensor_size",                               \
            (a[0].p, a[1].p, a[2].p, a[3].n))                                                      \
    ANSWERS(vae_model_set_output_mean, "model finite output_dim", (a[0].p, a[1].p, a[2].n))        \
    ANSWERS(vae_model_save, "model path", (a[0].p, a[1].p))                                        \
    ANSWERS(vae_model_save_memory, "model buffer? capacity pointer",                               \
            (a[0].p, a[1].p, a[1].p ? a[2].n : 0, a[3].p))                                         \
    ANSWERS(vae_model_write, "model write any", (a[0].p, a[1].write, a[2].p))                      \
    ANSWERS(vae_model_load, "out context? model_path", (a[0].p, a[1].p, a[2].p))                   \
    ANSWERS(vae_model_load_memory, "out context? model_bytes model_size",                          \
            (a[0].p, a[1].p, a[2].p, a[3].n))                                                      \
    ANSWERS(vae_model_read, "out context? read model_tape", (a[0].p, a[1].p, a[2].read, a[3].p))   \
    ANSWERS(vae_model_load_weights, "model model_path rename any",                                 \
            (a[0].p, a[1].p, a[2].rename, a[3].p))                                                 \
    ANSWERS(vae_model_load_weights_memory, "model model_bytes model_size rename any",              \
            (a[0].p, a[1].p, a[2].n, a[3].rename, a[4].p))                                         \
    ANSWERS(vae_workspace_new, "out model purpose dim samples threads",                            \
            (a[0].p, a[1].p, a[2].p, a[3].n, a[4].n, a[5].n))                                      \
    TAKES(vae_workspace_free, "spare_workspace", (a[0].p))                                         \
    SHOWS(vae_workspace_bytes, "workspace_or_null", (a[0].p))                                      \
    SHOWS(vae_workspace_threads, "workspace_or_null", (a[0].p))                                    \
    SHOWS(vae_workspace_kernels, "workspace_or_null", (a[0].p))

#define CALLS_ABOUT_ROWS(ANSWERS, SHOWS, TAKES)                                                    \
    ANSWERS(vae_batch_new, "out context?", (a[0].p, a[1].p))                                       \
    TAKES(vae_batch_free, "spare_batch", (a[0].p))                                                 \
    TAKES(vae_batch_clear, "spare_batch", (a[0].p))                                                \
    ANSWERS(vae_batch_set_input, "any_batch floats rows gap", (a[0].p, a[1].p, a[2].n, a[3].n))    \
    ANSWERS(vae_batch_set_input_uint8, "any_batch bytes rows gap",                                 \
            (a[0].p, a[1].p, a[2].n, a[3].n))                                                      \
    ANSWERS(vae_batch_set_target, "any_batch floats rows gap", (a[0].p, a[1].p, a[2].n, a[3].n))   \
    ANSWERS(vae_batch_set_target_uint8, "any_batch bytes rows gap",                                \
            (a[0].p, a[1].p, a[2].n, a[3].n))                                                      \
    ANSWERS(vae_batch_set_condition, "any_batch floats rows gap",                                  \
            (a[0].p, a[1].p, a[2].n, a[3].n))                                                      \
    ANSWERS(vae_batch_set_latent, "any_batch floats rows gap", (a[0].p, a[1].p, a[2].n, a[3].n))   \
    ANSWERS(vae_batch_set_noise, "any_batch any_number step", (a[0].p, a[1].n, (uint64_t)a[2].i))  \
    ANSWERS(vae_batch_set_first_row, "any_batch step", (a[0].p, (uint64_t)a[1].i))                 \
    ANSWERS(vae_batch_set_eps, "any_batch any", (a[0].p, a[1].p))                                  \
    ANSWERS(vae_batch_set_samples, "any_batch samples", (a[0].p, a[1].n))                          \
    ANSWERS(vae_batch_set_beta, "any_batch beta", (a[0].p, a[1].d))                                \
    ANSWERS(vae_batch_set_reduction, "any_batch reduction", (a[0].p, a[1].p))                      \
    ANSWERS(vae_source_from_float, "out context? floats source_rows dim_in_memory gap",            \
            (a[0].p, a[1].p, a[2].p, a[3].n, a[4].n, a[5].n))                                      \
    ANSWERS(vae_source_from_uint8, "out context? bytes source_rows dim_in_memory gap",             \
            (a[0].p, a[1].p, a[2].p, a[3].n, a[4].n, a[5].n))                                      \
    ANSWERS(vae_source_from_labels, "out context? labels label_rows classes",                      \
            (a[0].p, a[1].p, a[2].p, a[3].n, a[4].n))                                              \
    ANSWERS(vae_source_from_callback, "out context? source_rows dim_in_memory rows_fn nobody",     \
            (a[0].p, a[1].p, a[2].n, a[3].n, a[4].rows, a[5].p))                                   \
    TAKES(vae_source_free, "spare_source", (a[0].p))                                               \
    SHOWS(vae_source_rows, "source_or_null", (a[0].p))                                             \
    SHOWS(vae_source_dim, "source_or_null", (a[0].p))                                              \
    ANSWERS(vae_source_set_scale, "byte_source scale", (a[0].p, a[1].d))                           \
    ANSWERS(vae_source_set_binarize, "any_source binarize", (a[0].p, a[1].p))                      \
    ANSWERS(vae_source_read, "read_source first count floats", (a[0].p, a[1].n, a[2].n, a[3].p))   \
    ANSWERS(vae_source_mean, "read_source floats", (a[0].p, a[1].p))                               \
    ANSWERS(vae_source_range, "read_source any_number pointer pointer pointer",                    \
            (a[0].p, a[1].n, a[2].p, a[3].p, a[4].p))

#define CALLS_THAT_COMPUTE(ANSWERS, SHOWS, TAKES)                                                  \
    ANSWERS(vae_encode, "workspace model_of batch floats? stride floats? stride",                  \
            (a[0].p, a[1].p, a[2].p, a[3].p, a[3].p ? a[4].n : 0, a[5].p, a[5].p ? a[6].n : 0))    \
    ANSWERS(vae_encode_sample, "workspace model_of batch floats stride",                           \
            (a[0].p, a[1].p, a[2].p, a[3].p, a[4].n))                                              \
    ANSWERS(vae_decode, "workspace model_of batch floats stride",                                  \
            (a[0].p, a[1].p, a[2].p, a[3].p, a[4].n))                                              \
    ANSWERS(vae_decode_parameters, "workspace model_of batch floats stride",                       \
            (a[0].p, a[1].p, a[2].p, a[3].p, a[4].n))                                              \
    ANSWERS(vae_decode_sample, "workspace model_of batch floats stride",                           \
            (a[0].p, a[1].p, a[2].p, a[3].p, a[4].n))                                              \
    ANSWERS(vae_reconstruct, "workspace model_of batch floats stride",                             \
            (a[0].p, a[1].p, a[2].p, a[3].p, a[4].n))                                              \
    ANSWERS(vae_reconstruct_sample, "workspace model_of batch floats stride",                      \
            (a[0].p, a[1].p, a[2].p, a[3].p, a[4].n))                                              \
    ANSWERS(vae_sample_prior, "workspace model_of any_batch rows temperature floats stride",       \
            (a[0].p, a[1].p, a[2].p, a[3].n, a[4].d, a[5].p, a[6].n))                              \
    ANSWERS(vae_score, "workspace model_of batch pointer? pointer?",                               \
            (a[0].p, a[1].p, a[2].p, a[3].p, a[4].p))                                              \
    ANSWERS(vae_loss, "workspace model_of batch pointer? pointer? pointer?",                       \
            (a[0].p, a[1].p, a[2].p, a[3].p, a[4].p, a[5].p))                                      \
    ANSWERS(                                                                                       \
        vae_loss_gradient,                                                                         \
        "gradient_workspace model_of batch pointer? pointer? pointer? floats? floats? stride",    \
        (a[0].p, a[1].p, a[2].p, a[3].p, a[4].p, a[5].p, a[6].p, a[7].p, a[7].p ? a[8].n : 0))     \
    ANSWERS(vae_evaluate,                                                                          \
            "workspace model_of input target condition samples any_number pointer? pointer?",      \
            (a[0].p, a[1].p, a[2].p, a[3].p, a[4].p, a[5].n, a[6].n, a[7].p, a[8].p))

#define CALLS_THAT_TRAIN(ANSWERS, SHOWS, TAKES)                                                    \
    ANSWERS(vae_trainer_new, "out model optimizer", (a[0].p, a[1].p, a[2].p))                      \
    TAKES(vae_trainer_free, "spare_trainer", (a[0].p))                                             \
    ANSWERS(vae_trainer_set_data, "trainer input target condition",                                \
            (a[0].p, a[1].p, a[2].p, a[3].p))                                                      \
    ANSWERS(vae_trainer_set_validation, "trainer input_or_none target condition",                  \
            (a[0].p, a[1].p, a[1].p ? a[2].p : NULL, a[1].p ? a[3].p : NULL))                      \
    ANSWERS(vae_trainer_set_int, "trainer batch_size int", (a[0].p, a[1].p, a[2].i))               \
    ANSWERS(vae_trainer_set_double, "trainer momentum double", (a[0].p, a[1].p, a[2].d))           \
    ANSWERS(vae_trainer_set_text, "trainer schedule_option schedule", (a[0].p, a[1].p, a[2].p))    \
    ANSWERS(vae_trainer_get_int, "trainer batch_size pointer", (a[0].p, a[1].p, a[2].p))           \
    ANSWERS(vae_trainer_get_double, "trainer momentum pointer", (a[0].p, a[1].p, a[2].p))          \
    ANSWERS(vae_trainer_get_text, "trainer schedule_option pointer", (a[0].p, a[1].p, a[2].p))     \
    ANSWERS(vae_trainer_parse, "trainer batch_size number", (a[0].p, a[1].p, a[2].p))              \
    SHOWS(vae_trainer_option, "index", (a[0].n))                                                   \
    SHOWS(vae_trainer_option_describe, "batch_size", (a[0].p))                                     \
    ANSWERS(vae_trainer_option_bounds, "batch_size pointer? pointer? pointer?",                    \
            (a[0].p, a[1].p, a[2].p, a[3].p))                                                      \
    ANSWERS(vae_trainer_on_step, "trainer progress any", (a[0].p, a[1].progress, a[2].p))          \
    ANSWERS(vae_trainer_on_epoch, "trainer progress any", (a[0].p, a[1].progress, a[2].p))         \
    ANSWERS(vae_trainer_on_gradient, "trainer gradient_fn any", (a[0].p, a[1].gradient, a[2].p))   \
    ANSWERS(vae_trainer_step, "ready_trainer", (a[0].p))                                           \
    ANSWERS(vae_trainer_epoch, "ready_trainer", (a[0].p))                                          \
    ANSWERS(vae_trainer_fit, "ready_trainer epochs", (a[0].p, a[1].n))                             \
    TAKES(vae_trainer_stop, "spare_trainer", (a[0].p))                                             \
    ANSWERS(vae_trainer_use_best, "validated_trainer", (a[0].p))                                   \
    ANSWERS(vae_trainer_result, "trainer result pointer", (a[0].p, a[1].p, a[2].p))                \
    SHOWS(vae_trainer_result_name, "index", (a[0].n))                                              \
    SHOWS(vae_trainer_bytes, "validated_trainer", (a[0].p))                                        \
    ANSWERS(vae_trainer_save, "trainer path", (a[0].p, a[1].p))                                    \
    ANSWERS(vae_trainer_save_memory, "trainer buffer? capacity pointer",                           \
            (a[0].p, a[1].p, a[1].p ? a[2].n : 0, a[3].p))                                         \
    ANSWERS(vae_trainer_write, "trainer write any", (a[0].p, a[1].write, a[2].p))                  \
    ANSWERS(vae_trainer_load, "trainer trainer_path", (a[0].p, a[1].p))                            \
    ANSWERS(vae_trainer_load_memory, "trainer trainer_bytes trainer_size",                         \
            (a[0].p, a[1].p, a[2].n))                                                              \
    ANSWERS(vae_trainer_read, "trainer read trainer_tape", (a[0].p, a[1].read, a[2].p))

#define EVERY_CALL(ANSWERS, SHOWS, TAKES)                                                          \
    CALLS_ABOUT_CONFIGS(ANSWERS, SHOWS, TAKES)                                                     \
    CALLS_ABOUT_MODELS(ANSWERS, SHOWS, TAKES)                                                      \
    CALLS_ABOUT_ROWS(ANSWERS, SHOWS, TAKES)                                                        \
    CALLS_THAT_COMPUTE(ANSWERS, SHOWS, TAKES)                                                      \
    CALLS_THAT_TRAIN(ANSWERS, SHOWS, TAKES)

#endif

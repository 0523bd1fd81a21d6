/* SPDX-License-Identifier: MIT */
#include "bad_values.h"

#include "world.h"

#include <string.h>

#define TEXTS                                                                                      \
    {                                                                                              \
        NOTHING, EMPTY_TEXT, RUBBISH, LONG_TEXT, FORMAT_TEXT                                       \
    }
#define NUMBERS                                                                                    \
    {                                                                                              \
        NOTHING, EMPTY_TEXT, RUBBISH, LONG_TEXT, FORMAT_TEXT, TEXT_0, TEXT_HUGE, TEXT_HALF,        \
            TEXT_NAN, TEXT_HEX, TEXT_TAIL                                                          \
    }
#define DOUBLES                                                                                    \
    {                                                                                              \
        SIGNALING_NAN, INFINITE, MINUS_INFINITE, MINUS_ONE, LARGE                                  \
    }
#define SIZES                                                                                      \
    {                                                                                              \
        ZERO, MOST, HALF_MOST                                                                      \
    }
#define PATHS                                                                                      \
    {                                                                                              \
        NOTHING, EMPTY_TEXT, NO_PATH, FOLDER, RUBBISH_PATH                                         \
    }

static const struct parameter parameters[] = {
    {"out", OUT, {NOTHING}, {0}},
    {"any", BUFFER, {0}, {NULL_IS_FINE}},
    {"nobody", NULL_IS_FINE, {0}, {0}},
    {"any_number", ONE, {0}, {ZERO, MOST, HALF_MOST}},
    {"pointer", SCRATCH, {NOTHING}, {0}},
    {"pointer?", SCRATCH, {0}, {NULL_IS_FINE, SHARED}},
    {"buffer", BUFFER, {NOTHING}, {0}},
    {"buffer?", BUFFER, {0}, {NULL_IS_FINE}},
    {"text_or_null", BUFFER, {0}, {NULL_IS_FINE}},
    {"room", SIXTY_FOUR, {ZERO, ONE}, {0}},
    {"any_room", SIXTY_FOUR, {0}, {ZERO, ONE}},
    {"capacity", BUFFER_BYTES, {ZERO, ONE}, {MOST}},
    {"index", ZERO, {MOST, HALF_MOST, MILLION}, {0}},
    {"code", ZERO, {0}, {ONE, INT_LEAST, INT_MOST, MINUS_1}},
    {"int", TWO_INT, {INT_LEAST, INT_MOST, MINUS_1, ZERO}, {0}},
    {"double", HALF, DOUBLES, {0}},
    {"beta", HALF, DOUBLES, {0}},
    {"temperature", HALF, DOUBLES, {0}},
    {"scale", HALF, {SIGNALING_NAN, INFINITE, MINUS_INFINITE, MINUS_ONE, LARGE, NOUGHT}, {0}},
    {"dim", TWO, {ZERO, MOST, HALF_MOST, MILLION}, {0}},
    {"dim_or_0", TWO, {MOST, HALF_MOST, MILLION}, {ZERO}},
    {"dim_in_memory", WORLD_INPUT_DIM, SIZES, {0}},
    {"samples", ONE, {ZERO, MOST, HALF_MOST, MILLION}, {0}},
    {"threads", ONE, {MOST, HALF_MOST, MILLION}, {ZERO}},
    {"step", TWO_INT, {MINUS_1, INT_MOST, STEP_LIMIT}, {ZERO}},
    {"epochs", ONE, {0}, {ZERO}},
    {"rows", WORLD_ROWS, SIZES, {0}},
    {"source_rows", WORLD_ROWS, SIZES, {0}},
    {"label_rows", WORLD_ROWS, SIZES, {0}},
    {"classes", SIXTY_FOUR, {ZERO, ONE, MOST, HALF_MOST}, {0}},
    {"gap", ZERO, {MOST, HALF_MOST}, {0}},
    {"stride", ZERO, {ONE, MOST, HALF_MOST}, {0}},
    {"first", ZERO, {MOST, HALF_MOST, MILLION}, {0}},
    {"count", TWO, {MOST, HALF_MOST, MILLION}, {ZERO}},
    {"tensor_size", WORLD_TENSOR_SIZE, SIZES, {0}},
    {"output_dim", WORLD_OUTPUT_DIM, SIZES, {0}},
    {"layers", TWO, {MOST, HALF_MOST, MILLION}, {ZERO}},
    {"widths", WIDTHS, {NOTHING, WIDTHS_0, WIDTHS_HUGE}, {0}},
    {"floats", FLOATS, {NOTHING}, {0}},
    {"floats?", FLOATS, {0}, {NULL_IS_FINE}},
    {"finite", FINITE, {NOTHING, NANS}, {0}},
    {"bytes", BUFFER, {NOTHING}, {0}},
    {"labels", LABELS, {NOTHING, BAD_LABELS}, {0}},
    {"gemm", GEMM, TEXTS, {0}},
    {"auto", AUTO, TEXTS, {0}},
    {"activation", RELU, TEXTS, {0}},
    {"relu", RELU, TEXTS, {0}},
    {"family", ACTIVATION, TEXTS, {0}},
    {"likelihood", GAUSSIAN, TEXTS, {0}},
    {"likelihood_option", LIKELIHOOD, TEXTS, {0}},
    {"posterior", GAUSSIAN_DIAG, TEXTS, {0}},
    {"prior", STANDARD_NORMAL, TEXTS, {0}},
    {"init", HE, TEXTS, {0}},
    {"optimizer", ADAM, TEXTS, {0}},
    {"purpose", INFERENCE, TEXTS, {0}},
    {"reduction", SUM, TEXTS, {0}},
    {"binarize", THRESHOLD, TEXTS, {0}},
    {"schedule", COSINE, TEXTS, {0}},
    {"schedule_option", SCHEDULE, TEXTS, {0}},
    {"latent_dim", LATENT_DIM, TEXTS, {0}},
    {"elu_alpha", ELU_ALPHA, TEXTS, {0}},
    {"batch_size", BATCH_SIZE, TEXTS, {0}},
    {"momentum", MOMENTUM, TEXTS, {0}},
    {"result", RESULT, TEXTS, {0}},
    {"tensor", TENSOR, TEXTS, {0}},
    {"number", NUMBER, NUMBERS, {0}},
    {"path", NEW_PATH, {NOTHING, EMPTY_TEXT, NO_PATH, FOLDER, FULL_DEVICE}, {0}},
    {"model_path", MODEL_PATH, PATHS, {0}},
    {"trainer_path", TRAINER_PATH, PATHS, {0}},
    {"model_bytes", MODEL_BYTES, {NOTHING, RUBBISH_BYTES}, {0}},
    {"model_size",
     MODEL_SIZE,
     {ZERO, ONE, SEVEN, SIXTY_FOUR, MODEL_SIZE_LESS, MOST, HALF_MOST},
     {0}},
    {"model_tape", MODEL_TAPE, {EMPTY_TAPE, RUBBISH_TAPE}, {0}},
    {"trainer_bytes", TRAINER_BYTES, {NOTHING, RUBBISH_BYTES, MODEL_BYTES}, {0}},
    {"trainer_size", TRAINER_SIZE, {ZERO, ONE, SEVEN, SIXTY_FOUR, MOST, HALF_MOST}, {0}},
    {"trainer_tape", TRAINER_TAPE, {EMPTY_TAPE, RUBBISH_TAPE}, {0}},
    {"take", TAKE, {TAKE_NONE}, {0}},
    {"give", GIVE, {NOTHING}, {0}},
    {"write", WRITE, {NOTHING, WRITE_REFUSED}, {0}},
    {"read", READ, {NOTHING, READ_REFUSED, READ_TOO_MUCH}, {0}},
    {"rename", RENAME, {RENAME_WRONG}, {NULL_IS_FINE}},
    {"rows_fn", ROWS_FN, {NOTHING}, {0}},
    {"progress", PROGRESS, {0}, {NULL_IS_FINE}},
    {"gradient_fn", GRADIENT_FN, {0}, {NULL_IS_FINE}},
    {"context", CONTEXT, {NOTHING}, {0}},
    {"context?", CONTEXT, {0}, {NULL_IS_FINE}},
    {"spare_context", SPARE_CONTEXT, {0}, {NULL_IS_FINE}},
    {"config", CONFIG, {NOTHING}, {0}},
    {"sound_config", CONFIG, {NOTHING, UNSOUND_CONFIG}, {0}},
    {"unsound_config", UNSOUND_CONFIG, {0}, {NULL_IS_FINE, CONFIG}},
    {"spare_config", SPARE_CONFIG, {0}, {NULL_IS_FINE}},
    {"model", MODEL, {NOTHING}, {0}},
    {"model_of", MODEL, {NOTHING}, {0}},
    {"spare_model", SPARE_MODEL, {0}, {NULL_IS_FINE}},
    {"new_model", SPARE_MODEL, {NOTHING, OPEN_MODEL}, {0}},
    {"open_model", OPEN_MODEL, {NOTHING, MODEL, NAN_MODEL}, {0}},
    {"workspace", WORKSPACE, {NOTHING, OTHER_WORKSPACE}, {0}},
    {"gradient_workspace", WORKSPACE, {NOTHING, OTHER_WORKSPACE, INFERENCE_WORKSPACE}, {0}},
    {"workspace_or_null", WORKSPACE, {NOTHING}, {0}},
    {"spare_workspace", SPARE_WORKSPACE, {0}, {NULL_IS_FINE}},
    {"batch", BATCH, {NOTHING, EMPTY_BATCH, SHORT_BATCH, THIN_BATCH, NAN_BATCH}, {0}},
    {"any_batch", EMPTY_BATCH, {NOTHING}, {0}},
    {"spare_batch", SPARE_BATCH, {0}, {NULL_IS_FINE}},
    {"source_or_null", INPUT, {NOTHING}, {0}},
    {"byte_source", BYTE_SOURCE, {NOTHING, INPUT}, {0}},
    {"any_source", BYTE_SOURCE, {NOTHING}, {0}},
    {"spare_source", SPARE_SOURCE, {0}, {NULL_IS_FINE}},
    {"read_source", INPUT, {NOTHING, FAILING_SOURCE}, {0}},
    {"input", INPUT, {NOTHING, WIDE_SOURCE, FEW_SOURCE, FAILING_SOURCE}, {0}},
    {"input_or_none", INPUT, {WIDE_SOURCE, FEW_SOURCE, FAILING_SOURCE}, {NULL_IS_FINE}},
    {"target", TARGET, {ABSENT, WIDE_SOURCE, FEW_TARGET}, {0}},
    {"condition", CONDITION, {ABSENT, WIDE_SOURCE, FEW_CONDITION}, {0}},
    {"trainer", TRAINER, {NOTHING}, {0}},
    {"spare_trainer", SPARE_TRAINER, {0}, {NULL_IS_FINE}},
    {"ready_trainer", TRAINER, {NOTHING, DRY_TRAINER, NAN_TRAINER, FAILING_TRAINER}, {0}},
    {"validated_trainer", TRAINER, {NOTHING, DRY_TRAINER}, {0}},
};

const struct parameter *bad_parameter(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++)
        if (strlen(parameters[i].name) == length && strncmp(parameters[i].name, name, length) == 0)
            return &parameters[i];
    return NULL;
}

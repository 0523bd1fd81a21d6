/* SPDX-License-Identifier: MIT */
#include "world.h"

#include "check_main.h"
#include "fixtures.h"
#include "folder.h"
#include "tape.h"

#include <math.h>

enum {
    ROWS = 6,
    FEW = 5,
    INPUT_DIM = WORLD_DIM,
    OUTPUT_DIM = 4,
    LATENT = 2,
    CONDITION_DIM = 2,
    PLACES = 12
};

struct world {
    union value value[THINGS];
    union {
        double number[8];
        void *pointer;
    } scratch[PLACES];
    folder folder;
    tape tapes[4];
    float *floats, *nans, *weights;
    uint8_t bytes[WORLD_FLOATS];
    size_t widths[64], widths_0[64], widths_huge[64];
    char long_text[100001];
    int refuse; /* read by the failing source */
};

static const fixture_case shape = {.input = INPUT_DIM,
                                   .latent = LATENT,
                                   .output = OUTPUT_DIM,
                                   .condition = CONDITION_DIM,
                                   .encoder = "6",
                                   .decoder = "7",
                                   .rows = ROWS,
                                   .samples = 1,
                                   .beta = 1};

static void make_numbers(union value *v)
{
    static const struct {
        int thing;
        size_t n;
    } sizes[] = {{ZERO, 0},
                 {ONE, 1},
                 {TWO, 2},
                 {SEVEN, 7},
                 {SIXTY_FOUR, 64},
                 {MILLION, 1048577},
                 {HALF_MOST, PTRDIFF_MAX},
                 {MOST, SIZE_MAX},
                 {WORLD_ROWS, ROWS},
                 {WORLD_INPUT_DIM, INPUT_DIM},
                 {WORLD_OUTPUT_DIM, OUTPUT_DIM},
                 {WORLD_TENSOR_SIZE, 6 * (INPUT_DIM + CONDITION_DIM)},
                 {BUFFER_BYTES, 4 * WORLD_FLOATS}};
    static const struct {
        int thing;
        int64_t i;
    } ints[] = {{TWO_INT, 2},
                {MINUS_1, -1},
                {INT_LEAST, INT64_MIN},
                {INT_MOST, INT64_MAX},
                {STEP_LIMIT, INT64_C(1) << 32}};
    static const struct {
        int thing;
        double d;
    } doubles[] = {{NOUGHT, 0},    {HALF, 0.5},          {MINUS_ONE, -1},
                   {LARGE, 1e300}, {INFINITE, HUGE_VAL}, {MINUS_INFINITE, -HUGE_VAL}};
    const uint64_t signaling = UINT64_C(0x7ff0000000000001);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) v[sizes[i].thing].n = sizes[i].n;
    for (size_t i = 0; i < sizeof ints / sizeof *ints; i++) v[ints[i].thing].i = ints[i].i;
    for (size_t i = 0; i < sizeof doubles / sizeof *doubles; i++)
        v[doubles[i].thing].d = doubles[i].d;
    memcpy(&v[SIGNALING_NAN].d, &signaling, sizeof signaling);
}

static void make_texts(struct world *w)
{
    static const struct {
        int thing;
        const char *text;
    } texts[] = {{EMPTY_TEXT, ""},
                 {RUBBISH, "no such \x1b[2J\xff"},
                 {FORMAT_TEXT, "%s%n%s%1000000d"},
                 {TEXT_0, "0"},
                 {TEXT_HUGE, "99999999999999999999"},
                 {TEXT_HALF, "2.5"},
                 {TEXT_NAN, "nan"},
                 {TEXT_HEX, "0x2"},
                 {TEXT_TAIL, "2 "},
                 {GEMM, "gemm"},
                 {AUTO, "auto"},
                 {RELU, "relu"},
                 {ACTIVATION, "activation"},
                 {GAUSSIAN, "gaussian"},
                 {LIKELIHOOD, "likelihood"},
                 {GAUSSIAN_DIAG, "gaussian_diag"},
                 {STANDARD_NORMAL, "standard_normal"},
                 {HE, "he_normal"},
                 {ADAM, "adam"},
                 {INFERENCE, "inference"},
                 {SUM, "sum"},
                 {THRESHOLD, "threshold"},
                 {COSINE, "cosine"},
                 {SCHEDULE, "schedule"},
                 {LATENT_DIM, "latent_dim"},
                 {ELU_ALPHA, "elu_alpha"},
                 {BATCH_SIZE, "batch_size"},
                 {MOMENTUM, "momentum"},
                 {RESULT, "step"},
                 {TENSOR, "encoder.0.weight"},
                 {NUMBER, "2"},
                 {FULL_DEVICE, "/dev/full"},
                 {NO_PATH, "/no/such/folder/file"}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        w->value[texts[i].thing].p = (void *)(uintptr_t)texts[i].text;
    memset(w->long_text, 'x', sizeof w->long_text - 1);
    w->value[LONG_TEXT].p = w->long_text;
}

static void make_memory(struct world *w)
{
    union value *v = w->value;
    w->floats = fixture_floats(2 * WORLD_FLOATS);
    w->nans = fixture_floats(WORLD_FLOATS);
    const uint32_t signaling = 0x7f800001;
    for (size_t i = 0; i < WORLD_FLOATS; i++) {
        w->floats[i] = (float)(i % 7) / 7;
        memcpy(&w->nans[i], &signaling, sizeof signaling);
        w->bytes[i] = i % 4;
    }
    for (size_t i = 0; i < 64; i++) w->widths[i] = w->widths_0[i] = w->widths_huge[i] = 3;
    w->widths_0[1] = 0, w->widths_huge[1] = SIZE_MAX;
    v[FLOATS].p = v[BUFFER].p = w->floats + WORLD_FLOATS;
    v[FINITE].p = w->floats, v[NANS].p = w->nans;
    v[LABELS].p = w->bytes, v[BAD_LABELS].p = w->long_text;
    v[WIDTHS].p = w->widths, v[WIDTHS_0].p = w->widths_0, v[WIDTHS_HUGE].p = w->widths_huge;
    v[SHARED].p = &w->scratch[0];
}

static vae_model *copy_of(const vae_model *model)
{
    vae_model *copy;
    MUST(vae_model_copy(&copy, model));
    return copy;
}

static vae_workspace *workspace_of(const vae_model *model, const char *purpose)
{
    vae_workspace *workspace;
    MUST(vae_workspace_new(&workspace, model, purpose, ROWS, 1, 1));
    return workspace;
}

static void make_models(struct world *w, vae_context *context)
{
    union value *v = w->value;
    float *parameters;
    v[CONTEXT].p = context;
    MUST(vae_context_new((vae_context **)&v[SPARE_CONTEXT].p, NULL, NULL, NULL));
    v[CONFIG].p = fixture_config(&shape, context);
    v[SPARE_CONFIG].p = fixture_config(&shape, context);
    v[UNSOUND_CONFIG].p = fixture_config(&shape, context);
    MUST(vae_config_set_double(v[UNSOUND_CONFIG].p, "posterior_logvar_min", 10));
    MUST(vae_config_set_double(v[UNSOUND_CONFIG].p, "posterior_logvar_max", -10));
    MUST(vae_model_new((vae_model **)&v[MODEL].p, v[CONFIG].p, 1));
    for (int i = OTHER_MODEL; i <= NAN_MODEL; i++) v[i].p = copy_of(v[MODEL].p);
    MUST(vae_model_parameters_begin(v[OPEN_MODEL].p, &parameters));
    MUST(vae_model_parameters_begin(v[NAN_MODEL].p, &parameters));
    memcpy(parameters, w->nans, sizeof *parameters);
    v[WORKSPACE].p = workspace_of(v[MODEL].p, "gradient");
    v[OTHER_WORKSPACE].p = workspace_of(v[OTHER_MODEL].p, "gradient");
    v[INFERENCE_WORKSPACE].p = workspace_of(v[MODEL].p, "inference");
    v[SPARE_WORKSPACE].p = workspace_of(v[MODEL].p, "inference");
}

static vae_batch *batch_of(const float *x, size_t rows, size_t condition_rows, size_t stride)
{
    vae_batch *batch;
    MUST(vae_batch_new(&batch, NULL));
    if (rows == 0) return batch;
    MUST(vae_batch_set_input(batch, x, rows, stride));
    MUST(vae_batch_set_target(batch, x, rows, stride));
    MUST(vae_batch_set_latent(batch, x, rows, stride));
    MUST(vae_batch_set_condition(batch, x, condition_rows, stride));
    return batch;
}

static vae_source *source_of(vae_context *context, const float *x, size_t rows, size_t dim)
{
    vae_source *source;
    MUST(vae_source_from_float(&source, context, x, rows, dim, 0));
    return source;
}

static void make_rows(struct world *w)
{
    union value *v = w->value;
    const float *x = w->floats;
    v[BATCH].p = batch_of(x, ROWS, ROWS, 0);
    v[EMPTY_BATCH].p = batch_of(x, 0, 0, 0);
    v[SHORT_BATCH].p = batch_of(x, ROWS, FEW, 0);
    v[THIN_BATCH].p = batch_of(x, ROWS, ROWS, 1);
    v[NAN_BATCH].p = batch_of(w->nans, ROWS, ROWS, 0);
    v[SPARE_BATCH].p = batch_of(x, ROWS, ROWS, 0);
    v[INPUT].p = source_of(v[CONTEXT].p, x, ROWS, INPUT_DIM);
    v[TARGET].p = source_of(v[CONTEXT].p, x, ROWS, OUTPUT_DIM);
    v[CONDITION].p = source_of(v[CONTEXT].p, x, ROWS, CONDITION_DIM);
    v[WIDE_SOURCE].p = source_of(v[CONTEXT].p, x, ROWS, 9);
    v[FEW_SOURCE].p = source_of(v[CONTEXT].p, x, FEW, INPUT_DIM);
    v[FEW_TARGET].p = source_of(v[CONTEXT].p, x, FEW, OUTPUT_DIM);
    v[FEW_CONDITION].p = source_of(v[CONTEXT].p, x, FEW, CONDITION_DIM);
    v[NAN_SOURCE].p = source_of(v[CONTEXT].p, w->nans, ROWS, INPUT_DIM);
    v[SPARE_SOURCE].p = source_of(v[CONTEXT].p, x, ROWS, INPUT_DIM);
    MUST(vae_source_from_uint8((vae_source **)&v[BYTE_SOURCE].p, v[CONTEXT].p, w->bytes, ROWS,
                               INPUT_DIM, 0));
    MUST(vae_source_from_callback((vae_source **)&v[FAILING_SOURCE].p, v[CONTEXT].p, ROWS,
                                  INPUT_DIM, v[ROWS_FN].rows, &w->refuse));
}

static vae_trainer *trainer_of(struct world *w, const vae_source *input)
{
    union value *v = w->value;
    vae_trainer *trainer;
    MUST(vae_trainer_new(&trainer, v[OTHER_MODEL].p, "sgd"));
    MUST(vae_trainer_set_int(trainer, "threads", 1));
    MUST(vae_trainer_set_int(trainer, "batch_size", 3));
    MUST(vae_trainer_set_double(trainer, "learning_rate", 0));
    if (input) MUST(vae_trainer_set_data(trainer, input, v[TARGET].p, v[CONDITION].p));
    return trainer;
}

/* The rate is 0: training moves no weight. */
static void make_trainers(struct world *w)
{
    union value *v = w->value;
    v[TRAINER].p = trainer_of(w, v[INPUT].p);
    v[DRY_TRAINER].p = trainer_of(w, NULL);
    v[NAN_TRAINER].p = trainer_of(w, v[NAN_SOURCE].p);
    v[FAILING_TRAINER].p = trainer_of(w, v[FAILING_SOURCE].p);
    v[SPARE_TRAINER].p = trainer_of(w, NULL);
    MUST(vae_trainer_set_validation(v[TRAINER].p, v[INPUT].p, v[TARGET].p, v[CONDITION].p));
    MUST(vae_trainer_epoch(v[TRAINER].p));
    w->refuse = 1;
}

static tape tape_of(const void *bytes, size_t n)
{
    tape t = {.bytes = malloc(n + 1), .n = n};
    ck_assert_ptr_nonnull(t.bytes);
    if (n > 0) memcpy(t.bytes, bytes, n);
    return t;
}

static void *path_in(const struct world *w, const char *name)
{
    char *path = strdup(folder_at(&w->folder, name));
    ck_assert_ptr_nonnull(path);
    return path;
}

static void make_files(struct world *w)
{
    union value *v = w->value;
    v[NEW_PATH].p = path_in(w, "new");
    v[RUBBISH_PATH].p = path_in(w, "rubbish");
    v[MODEL_PATH].p = path_in(w, "model");
    v[TRAINER_PATH].p = path_in(w, "trainer");
    v[FOLDER].p = w->folder.path;
    put_file(v[RUBBISH_PATH].p, w->long_text);
    MUST(vae_model_save(v[MODEL].p, v[MODEL_PATH].p));
    MUST(vae_trainer_save(v[TRAINER].p, v[TRAINER_PATH].p));
    v[MODEL_BYTES].p = get_file(v[MODEL_PATH].p, &v[MODEL_SIZE].n);
    v[TRAINER_BYTES].p = get_file(v[TRAINER_PATH].p, &v[TRAINER_SIZE].n);
    v[MODEL_SIZE_LESS].n = v[MODEL_SIZE].n - 1;
    v[RUBBISH_BYTES].p = w->long_text;
    w->tapes[0] = tape_of(v[MODEL_BYTES].p, v[MODEL_SIZE].n);
    w->tapes[1] = tape_of(v[TRAINER_BYTES].p, v[TRAINER_SIZE].n);
    w->tapes[2] = tape_of("", 0);
    w->tapes[3] = tape_of(w->long_text, sizeof w->long_text);
    v[MODEL_TAPE].p = &w->tapes[0], v[TRAINER_TAPE].p = &w->tapes[1];
    v[EMPTY_TAPE].p = &w->tapes[2], v[RUBBISH_TAPE].p = &w->tapes[3];
}

struct world *world_new(vae_context *context)
{
    struct world *w = fixture_alloc(1, sizeof *w);
    w->folder = folder_new();
    world_callbacks(w->value);
    make_numbers(w->value);
    make_texts(w);
    make_memory(w);
    make_models(w, context);
    make_rows(w);
    make_trainers(w);
    make_files(w);
    size_t n = vae_model_parameter_count(w->value[MODEL].p);
    w->weights = fixture_floats(n);
    memcpy(w->weights, vae_model_parameters(w->value[MODEL].p), n * sizeof(float));
    return w;
}

void world_free(struct world *w)
{
    union value *v = w->value;
    for (int i = TRAINER; i <= SPARE_TRAINER; i++) vae_trainer_free(v[i].p);
    for (int i = INPUT; i <= SPARE_SOURCE; i++) vae_source_free(v[i].p);
    for (int i = BATCH; i <= SPARE_BATCH; i++) vae_batch_free(v[i].p);
    for (int i = WORKSPACE; i <= SPARE_WORKSPACE; i++) vae_workspace_free(v[i].p);
    for (int i = MODEL; i <= NAN_MODEL; i++) vae_model_free(v[i].p);
    for (int i = CONFIG; i <= SPARE_CONFIG; i++) vae_config_free(v[i].p);
    vae_context_free(v[SPARE_CONTEXT].p);
    for (int i = 0; i < 4; i++) tape_free(&w->tapes[i]);
    for (int i = NEW_PATH; i <= TRAINER_PATH; i++)
        if (i != FOLDER && i != NO_PATH && i != FULL_DEVICE) free(v[i].p);
    free(v[MODEL_BYTES].p);
    free(v[TRAINER_BYTES].p);
    folder_remove(&w->folder);
    free(w->floats);
    free(w->nans);
    free(w->weights);
    free(w);
}

union value bad_value(struct world *w, int number, size_t place)
{
    ck_assert_uint_lt(place, PLACES);
    if (number != OUT && number != SCRATCH) return w->value[number];
    w->scratch[place].pointer = w; /* an "out" that fails must be set to NULL */
    return (union value){.p = &w->scratch[place]};
}

int bad_is_null(int number)
{
    return number == NOTHING;
}

void world_rewind(struct world *w)
{
    for (int i = 0; i < 4; i++) tape_rewind(&w->tapes[i]);
}

void world_forget_plans(struct world *w)
{
    union value *v = w->value;
    MUST(vae_trainer_set_data(v[TRAINER].p, v[INPUT].p, v[TARGET].p, v[CONDITION].p));
}

void world_forget(struct world *w, int number)
{
    w->value[number].p = NULL;
}

/* By value: valgrind computes 0 - 0 * g as -0 where the machine has a fused product. */
int world_is_unchanged(const struct world *w)
{
    size_t n = vae_model_parameter_count(w->value[MODEL].p);
    for (int i = MODEL; i <= OTHER_MODEL; i++) {
        const float *weights = vae_model_parameters(w->value[i].p);
        for (size_t k = 0; k < n; k++)
            if (!(weights[k] <= w->weights[k] && weights[k] >= w->weights[k])) return 0;
    }
    return 1;
}

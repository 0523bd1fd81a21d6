/* SPDX-License-Identifier: MIT */
/* Threads: sixteen on one model, trainers in several on one source, all to the bits of one thread
 * alone, with either matrix product. */
#include "support/either_gemm.h"
#include "support/result.h"

#include <pthread.h>

enum { THREADS = 16, ROUNDS = 4, TRAINERS = 4 };

/* Everything inference answers for the fixture's batch. */
typedef struct answers {
    float mu[ROWS * 5], logvar[ROWS * 5], z[ROWS * 5], mean[2][ROWS * 33], prior[ROWS * 5];
    float decoded[ROWS * 33], parameters[ROWS * 66], drawn[ROWS * 33];
    double reconstruction[ROWS], kl[ROWS], loss[3];
} answers;

static vae_status ask(vae_workspace *w, const fixture *f, const vae_batch *latent, answers *a)
{
    const vae_model *m = f->model;
    const vae_batch *b = f->batch;
    vae_status status = vae_encode(w, m, b, a->mu, 0, a->logvar, 0);
    if (status == VAE_OK) status = vae_encode_sample(w, m, b, a->z, 0);
    if (status == VAE_OK) status = vae_reconstruct(w, m, b, a->mean[0], 0);
    if (status == VAE_OK) status = vae_reconstruct_sample(w, m, b, a->mean[1], 0);
    if (status == VAE_OK) status = vae_sample_prior(w, m, b, ROWS, 1, a->prior, 0);
    if (status == VAE_OK) status = vae_decode(w, m, latent, a->decoded, 0);
    if (status == VAE_OK) status = vae_decode_parameters(w, m, latent, a->parameters, 0);
    if (status == VAE_OK) status = vae_decode_sample(w, m, latent, a->drawn, 0);
    if (status == VAE_OK) status = vae_score(w, m, b, a->reconstruction, a->kl);
    if (status == VAE_OK) status = vae_loss(w, m, b, &a->loss[0], &a->loss[1], &a->loss[2]);
    return status;
}

typedef struct asker {
    const fixture *f;
    const vae_batch *latent;
    const answers *expected;
    vae_status status;
    int same;
} asker;

/* A thread with a workspace of its own, made and freed while others compute. */
static void *ask_apart(void *user)
{
    asker *me = user;
    answers *a = calloc(1, sizeof *a);
    me->status = a ? VAE_OK : VAE_ENOMEM;
    me->same = 1;
    for (int i = 0; i < ROUNDS && me->status == VAE_OK; i++) {
        vae_workspace *w;
        me->status = vae_workspace_new(&w, me->f->model, "inference", 16, 2, 1 + (size_t)i % 2);
        if (me->status == VAE_OK) me->status = ask(w, me->f, me->latent, a);
        if (me->status == VAE_OK) me->same &= memcmp(a, me->expected, sizeof *a) == 0;
        vae_workspace_free(w);
    }
    free(a);
    return NULL;
}

static vae_batch *latent_batch(const fixture *f, const float *z)
{
    vae_batch *batch;
    MUST(vae_batch_new(&batch, NULL));
    MUST(vae_batch_set_latent(batch, z, ROWS, 0));
    MUST(vae_batch_set_condition(batch, f->condition, ROWS, 0));
    return batch;
}

START_TEST(sixteen_threads_on_one_model_give_one_threads_bits)
{
    static answers expected;
    static float z[ROWS * 5];
    vae_context *context = context_of(_i);
    fixture f;
    vae_workspace *w;
    pthread_t threads[THREADS];
    asker askers[THREADS];
    if (!context) return;
    fixture_new(&f, &shape, context);
    fixture_normal(z, ROWS * 5, 9);
    vae_batch *latent = latent_batch(&f, z);
    MUST(vae_workspace_new(&w, f.model, "inference", 16, 2, 1));
    MUST(ask(w, &f, latent, &expected));
    for (int i = 0; i < THREADS; i++) {
        askers[i] = (asker){&f, latent, &expected, VAE_OK, 0};
        ck_assert_int_eq(pthread_create(&threads[i], NULL, ask_apart, &askers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
        ck_assert_int_eq(askers[i].status, VAE_OK);
        ck_assert_msg(askers[i].same, "thread %d has other bits", i);
    }
    vae_workspace_free(w);
    vae_batch_free(latent);
    fixture_free(&f);
    vae_context_free(context);
}
END_TEST

static void *fit(void *user)
{
    toy *t = user;
    return vae_trainer_fit(t->trainer, 4) == VAE_OK ? t : NULL;
}

START_TEST(trainers_in_threads_share_a_source_and_give_one_trainers_bits)
{
    vae_context *context = context_of(_i);
    toy alone, apart[TRAINERS];
    pthread_t threads[TRAINERS];
    if (!context) return;
    toy_new(&alone, &training, 1, context);
    toy_set_data(&alone, &training);
    for (int i = 0; i < TRAINERS; i++) {
        toy_new(&apart[i], &training, 1, context);
        MUST(vae_trainer_set_data(apart[i].trainer, alone.data, NULL, NULL));
        MUST(vae_trainer_set_validation(apart[i].trainer, alone.validation, NULL, NULL));
    }
    for (int i = 0; i < TRAINERS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, fit, &apart[i]), 0);
    MUST(vae_trainer_fit(alone.trainer, 4));
    for (int i = 0; i < TRAINERS; i++) {
        void *done;
        ck_assert_int_eq(pthread_join(threads[i], &done), 0);
        ck_assert_ptr_eq(done, &apart[i]);
        toy_expect_same(&alone, &apart[i]);
        toy_free(&apart[i]);
    }
    toy_free(&alone);
    vae_context_free(context);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, sixteen_threads_on_one_model_give_one_threads_bits, 0, 2);
    tcase_add_loop_test(tests, trainers_in_threads_share_a_source_and_give_one_trainers_bits, 0, 2);
}

int main(void)
{
    return check_run("threads", add);
}

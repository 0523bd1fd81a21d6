/* SPDX-License-Identifier: MIT */
#include "training.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "log_file.h"
#include "report.h"

static vae_trainer *running;
static volatile sig_atomic_t caught;

static void stop(int number)
{
    caught = number;
    vae_trainer_stop(running);
}

static const int signals[] = {SIGHUP, SIGINT, SIGTERM};
enum { SIGNALS = sizeof signals / sizeof *signals };

/* The second signal of a kind ends the program at once; what is ignored stays ignored, as it is for
 * the background jobs of a script. */
static void listen_for_signals(vae_trainer *trainer, struct sigaction before[SIGNALS])
{
    struct sigaction action = {.sa_handler = stop, .sa_flags = (int)SA_RESETHAND};
    running = trainer;
    caught = 0;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < SIGNALS; i++)
        if (sigaction(signals[i], NULL, &before[i]) == 0 && before[i].sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
}

static void listen_no_more(const struct sigaction before[SIGNALS])
{
    for (size_t i = 0; i < SIGNALS; i++) sigaction(signals[i], &before[i], NULL);
}

double training_result(const vae_trainer *trainer, const char *name)
{
    double value;
    return vae_trainer_result(trainer, name, &value) ? (double)NAN : value;
}

int training_path(const training *t, const char *name, char *path, size_t size)
{
    if ((size_t)snprintf(path, size, "%s/%s", t->folder, name) < size) return 0;
    return failed("%s: too long a name", t->folder);
}

/* A new training's first checkpoint has no epoch done and agrees with any log, which a resume would
 * cut to none: so the checkpoint comes first, and an earlier training stays whole if that fails. */
static int save(training *t)
{
    char path[4096], log[4096];
    if (training_path(t, "checkpoint.safetensors", path, sizeof path) ||
        training_path(t, "log.csv", log, sizeof log))
        return -1;
    if (vae_trainer_save(t->trainer, path)) return failed_vae("cannot save a checkpoint");
    if (t->fresh && log_create(log)) return -1;
    t->fresh = 0;
    return 0;
}

static int append(training *t)
{
    static const char *const names[LOG_COLUMNS] = {
        [LOG_EPOCH] = "epoch",
        [LOG_TRAIN_LOSS] = "train_loss",
        [LOG_TRAIN_RECONSTRUCTION] = "train_reconstruction",
        [LOG_TRAIN_KL] = "train_kl",
        [LOG_TEST_LOSS] = "validation_loss",
        [LOG_TEST_RECONSTRUCTION] = "validation_reconstruction",
        [LOG_TEST_KL] = "validation_kl",
        [LOG_LEARNING_RATE] = "learning_rate",
        [LOG_ROWS_PER_SECOND] = "rows_per_second",
        [LOG_SECONDS] = "seconds",
    };
    double row[LOG_COLUMNS];
    char path[4096];
    for (size_t i = 0; i < LOG_COLUMNS; i++) row[i] = training_result(t->trainer, names[i]);
    if (training_path(t, "log.csv", path, sizeof path)) return -1;
    return log_append(path, row);
}

static void print_epoch(training *t)
{
    const vae_trainer *r = t->trainer;
    progress_clear(&t->line);
    printf("epoch %3.0f/%llu  train %.2f (%.2f + %.2f)", training_result(r, "epoch"),
           (unsigned long long)t->epochs, training_result(r, "train_loss"),
           training_result(r, "train_reconstruction"), training_result(r, "train_kl"));
    if (!isnan(training_result(r, "validation_loss")))
        printf("  test %.2f (%.2f + %.2f)", training_result(r, "validation_loss"),
               training_result(r, "validation_reconstruction"),
               training_result(r, "validation_kl"));
    printf("  %.0f rows/s  %.1f s\n", training_result(r, "rows_per_second"),
           training_result(r, "seconds"));
    fflush(stdout);
}

static double share_done(const training *t)
{
    double steps = training_result(t->trainer, "epoch_steps") * (double)t->epochs;
    double share = training_result(t->trainer, "step") / steps;
    return share >= 0 && share <= 1 ? share : 0;
}

static int on_step(vae_trainer *trainer, void *user)
{
    training *t = user;
    double step = training_result(trainer, "step"), every = (double)t->checkpoint_every;
    if (t->fresh || (every > 0 && fmod(step, every) == 0)) t->broken = save(t);
    if (progress_due(&t->line)) {
        char words[64];
        snprintf(words, sizeof words, "epoch %.0f/%llu  loss %.2f  %.0f rows/s",
                 training_result(trainer, "epoch") + 1, (unsigned long long)t->epochs,
                 training_result(trainer, "train_loss"),
                 training_result(trainer, "rows_per_second"));
        progress_show(&t->line, share_done(t), words);
    }
    return t->broken;
}

/* The log comes first: a line too many is cut on resume, one too few would be missing for ever. */
static int on_epoch(vae_trainer *trainer, void *user)
{
    training *t = user;
    (void)trainer;
    if (!t->quiet) print_epoch(t);
    t->broken = append(t) || save(t) ? -1 : 0;
    return t->broken;
}

int training_load(training *t)
{
    char path[4096];
    if (training_path(t, "checkpoint.safetensors", path, sizeof path)) return -1;
    if (vae_trainer_load(t->trainer, path)) return failed_vae("cannot resume");
    t->fresh = 0;
    return 0;
}

/* Cuts the log to the epochs that the checkpoint holds. A lost one is no reason not to go on. */
static int resume_log(const training *t)
{
    char log[4096];
    double epoch = training_result(t->trainer, "epoch");
    if (training_path(t, "log.csv", log, sizeof log)) return -1;
    int lost = access(log, F_OK) && errno == ENOENT;
    if (lost && !t->quiet)
        printf("%s is not there: a new one begins after epoch %.0f\n", log, epoch);
    if (lost ? log_create(log) : log_cut(log, (uint64_t)epoch))
        return failed("cannot resume: %s", failure());
    return 0;
}

int training_run(training *t)
{
    if (vae_trainer_on_step(t->trainer, on_step, t) ||
        vae_trainer_on_epoch(t->trainer, on_epoch, t))
        return failed_vae("cannot watch the training");
    if (!t->fresh && resume_log(t)) return -1;
    struct sigaction before[SIGNALS];
    progress_begin(&t->line, stdout, t->quiet, share_done(t));
    listen_for_signals(t->trainer, before);
    vae_status status = vae_trainer_fit(t->trainer, t->epochs);
    listen_no_more(before);
    progress_clear(&t->line);
    if (status && !t->broken) return failed_vae("training ended");
    if (t->broken) return -1;
    int interrupted = caught && training_result(t->trainer, "epoch") < (double)t->epochs;
    if (!t->fresh && save(t)) return -1;
    return interrupted ? (int)caught : 0;
}

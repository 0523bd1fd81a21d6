/* SPDX-License-Identifier: MIT */
/* The shared library, whose path is in VAE_LIBRARY, loaded and unloaded again and again: a fork
 * after that calls nothing of it. */
#include "support/check_main.h"

#include <dlfcn.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOADS = 5 };

/* A function of the library, by its name and with its type. */
#define FIND(function)                                                                             \
    __typeof__(function) *f_##function;                                                            \
    *(void **)&f_##function = dlsym(library, #function);                                           \
    ck_assert_msg(f_##function != NULL, "no " #function)

static void use(void *library, const char *gemm)
{
    FIND(vae_context_new);
    FIND(vae_context_set_text);
    FIND(vae_context_free);
    FIND(vae_config_new);
    FIND(vae_config_free);
    FIND(vae_model_new);
    FIND(vae_model_free);
    FIND(vae_workspace_new);
    FIND(vae_workspace_free);
    FIND(vae_decode);
    FIND(vae_batch_new);
    FIND(vae_batch_set_latent);
    FIND(vae_batch_free);
    vae_context *context;
    vae_config *config;
    vae_model *model;
    vae_workspace *ws;
    vae_batch *batch;
    float z[4] = {0}, x[6];
    ck_assert_int_eq(f_vae_context_new(&context, NULL, NULL, NULL), VAE_OK);
    if (f_vae_context_set_text(context, "gemm", gemm) == VAE_OK) {
        ck_assert_int_eq(f_vae_config_new(&config, context, 3, 2), VAE_OK);
        ck_assert_int_eq(f_vae_model_new(&model, config, 1), VAE_OK);
        ck_assert_int_eq(f_vae_workspace_new(&ws, model, "inference", 2, 1, 2), VAE_OK);
        ck_assert_int_eq(f_vae_batch_new(&batch, context), VAE_OK);
        ck_assert_int_eq(f_vae_batch_set_latent(batch, z, 2, 0), VAE_OK);
        ck_assert_int_eq(f_vae_decode(ws, model, batch, x, 0), VAE_OK);
        f_vae_batch_free(batch);
        f_vae_workspace_free(ws);
        f_vae_model_free(model);
        f_vae_config_free(config);
    }
    f_vae_context_free(context);
}

static void fork_once(void)
{
    int status;
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) _exit(7);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}

START_TEST(a_fork_calls_nothing_of_a_library_that_is_gone)
{
    static const char *const gemms[] = {"builtin", "blas"};
    const char *path = getenv("VAE_LIBRARY");
    ck_assert_ptr_nonnull(path);
    for (int i = 0; i < LOADS; i++) {
        void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
        ck_assert_msg(library != NULL, "%s", dlerror());
        use(library, gemms[_i]);
        fork_once();
        ck_assert_int_eq(dlclose(library), 0);
#ifdef __GLIBC__
        ck_assert_msg(!dlopen(path, RTLD_NOW | RTLD_NOLOAD), "the library is still there");
#endif
        fork_once();
    }
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, a_fork_calls_nothing_of_a_library_that_is_gone, 0, 2);
}

int main(void)
{
    return check_run("unload", add);
}

/* SPDX-License-Identifier: MIT */
/* A few threads that run numbered tasks together with the caller. */
#ifndef VAE_SUPPORT_POOL_H
#define VAE_SUPPORT_POOL_H

#include "support/context.h"

struct vae__pool;

/* A task: its number, and which thread runs it (0: the caller; below the pool's size). */
typedef void (*vae__task_fn)(void *job, size_t task, size_t thread);

#define VAE__POOL_MOST 64

/* threads 1 to VAE__POOL_MOST, the caller included. Workers block all signals. The context is
 * borrowed: the owner keeps it until the pool is free. Errors: VAE_ENOMEM, VAE_ETHREAD. */
vae_status vae__pool_new(const char *who, struct vae__pool **out, vae_context *context,
                         size_t threads);
void vae__pool_free(struct vae__pool *pool);
size_t vae__pool_size(const struct vae__pool *pool);

/* Runs tasks 0..count-1, each once, in any order, and returns when all are done: a full barrier.
 * Threads take the next number when they are free, so a task's result may not depend on its thread.
 * With one task or one thread everything runs on the caller, as it does in the child after a fork.
 * Every task runs under libvae's floating-point state. Allocates nothing. One run at a time: a
 * task may not run the same pool. */
void vae__pool_run(struct vae__pool *pool, vae__task_fn task, void *job, size_t count);

/* CPUs this thread may use, 1 to VAE__POOL_MOST. */
size_t vae__cpu_count(void);

#endif

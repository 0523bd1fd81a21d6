/* SPDX-License-Identifier: MIT */
/* Replacing a file as a whole: until the last moment the old one is intact under its name. */
#ifndef VAE_IO_ATOMIC_FILE_H
#define VAE_IO_ATOMIC_FILE_H

#include "io/stream.h"
#include "support/status.h"

struct vae__atomic_file {
    const char *who;
    const vae_context *context;
    const char *path;          /* as the caller gave it */
    char *target;              /* what is replaced: where the path's symbolic links lead */
    char *temporary;           /* .libvae-XXXXXXXXXXXXXXXX.tmp in the target's directory */
    struct vae__descriptor to; /* for vae__descriptor_write */
};

/* Opens the temporary. It gets the mode of the file it will replace, or 0666 less the umask. The
 * path and `who` must stay valid. On failure nothing is left to clean up. */
vae_status vae__atomic_open(struct vae__atomic_file *file, const char *who,
                            const vae_context *context, const char *path);

/* fsync, rename over the target, fsync of the directory. On failure the temporary is gone; the
 * target is the old one, except when only the directory could not be synced, which the sentence
 * says. Either way the file is closed and cleaned up. */
vae_status vae__atomic_commit(struct vae__atomic_file *file);

/* Gives up after a failure, `status`: the temporary is removed. When writing to it failed, the
 * sentence says why; otherwise the failure's own stays. Answers `status`. */
vae_status vae__atomic_abandon(struct vae__atomic_file *file, vae_status status);

#endif

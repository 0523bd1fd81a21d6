/* SPDX-License-Identifier: MIT */
/* Checkpoints as bytes, by each way in and out. */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include <vae/vae.h>

typedef struct snapshot {
    unsigned char *bytes;
    size_t n, capacity, at; /* at: how far it has been read */
} snapshot;

enum snapshot_way { SNAPSHOT_MEMORY, SNAPSHOT_CALLBACK, SNAPSHOT_PATH, SNAPSHOT_WAYS };

/* What vae_trainer_save_memory, _write or _save give; the bytes are to be freed. */
snapshot snapshot_save(const vae_trainer *trainer, enum snapshot_way way);
vae_status snapshot_load(vae_trainer *trainer, snapshot *f, enum snapshot_way way);

/* A copy of the first n bytes. */
snapshot snapshot_copy(const snapshot *f, size_t n);

/* Replaces the first occurrence of a text by one of the same length; fails when there is none. */
void snapshot_replace(snapshot *f, const char *from, const char *to);

#endif

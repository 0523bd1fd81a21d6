#!/bin/sh
# SPDX-License-Identifier: MIT
# Writes tests/abi/libvae.abi, the interface that later versions are held to. For a release.
source=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
. "$source/tests/abi/declared.sh"
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

declared_library "$source" "$scratch" &&
  abidw --no-architecture --no-corpus-path --no-show-locs --no-comp-dir-path --no-elf-needed \
    --no-parameter-names --no-write-default-sizes --type-id-style hash \
    --out-file "$source/tests/abi/libvae.abi" "$scratch/libvae.so"

#!/bin/sh
# SPDX-License-Identifier: MIT
# reproducible.sh SOURCE_DIR LIBVAE_SO MESON OPTION...: a copy of the source, built elsewhere with
# the same options, gives the same library.
source=$1 so=$2 meson=$3
shift 3
. "$source/tests/tap.sh"
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

copy=$scratch/farther/from/here
build() {
  mkdir -p "$copy/docs" && cp "$source/docs/meson.build" "$copy/docs" &&
    (cd "$source" && cp -R meson.build meson_options.txt include lib "$copy") &&
    "$meson" setup "$scratch/build" "$copy" --default-library=shared \
      -Dexamples=false -Dtests=disabled -Ddocs=disabled "$@" &&
    "$meson" compile -C "$scratch/build"
}
build "$@" >"$scratch/log" 2>&1
result $? "the library builds from a copy of its source"
cmp "$so" "$scratch/build/lib/${so##*/}" >>"$scratch/log" 2>&1
result $? "it is the same to the byte"
[ "$tap_failed" -eq 0 ] || tail -n 20 "$scratch/log" | sed 's/^/# /'
tap_done

#!/bin/sh
# SPDX-License-Identifier: MIT
# reproducible.sh SOURCE_DIR MESON: two builds in different directories give the same library.
source=$1 meson=$2
. "$source/tests/tap.sh"
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

# One copy first: the source may be edited meanwhile.
mkdir -p "$scratch/one/docs" "$scratch/farther/from"
(cd "$source" && cp -R meson.build meson_options.txt include lib "$scratch/one" &&
  cp docs/meson.build "$scratch/one/docs") && cp -R "$scratch/one" "$scratch/farther/from/two"

# build SOURCE BUILD
build() {
  $meson setup "$2" "$1" --buildtype=release --default-library=shared \
    -Dexamples=false -Dtests=disabled -Ddocs=disabled && $meson compile -C "$2"
}
build "$scratch/one" "$scratch/one/build" >"$scratch/log" 2>&1 &&
  build "$scratch/farther/from/two" "$scratch/elsewhere" >"$scratch/log" 2>&1
result $? "the library builds in two places from a copy of its source"
cmp -s "$scratch"/one/build/lib/libvae.so.?.?.? "$scratch"/elsewhere/lib/libvae.so.?.?.?
result $? "both are the same to the byte"
[ "$tap_failed" -eq 0 ] || tail -n 20 "$scratch/log" | sed 's/^/# /'
tap_done

#!/bin/sh
# SPDX-License-Identifier: MIT
# consumer.sh SOURCE_DIR BUILD_DIR MESON VERSION: installs to a scratch directory and builds outside
# programs against what is there: by pkg-config, shared and static, in C and C++.
source=$1 build=$2 meson=$3 version=$4
here=$source/tests/consumer
. "$source/tests/tap.sh"
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

# try SENTENCE COMMAND...: what it prints is shown only when it fails.
try() {
  sentence=$1
  shift
  "$@" >"$scratch/log" 2>&1
  result $? "$sentence"
  [ "$tap_last" -eq 0 ] || sed 's/^/# /' "$scratch/log"
}

try "meson install --destdir" \
  env DESTDIR="$scratch/root" "$meson" install -C "$build" --no-rebuild --quiet
pc=$(find "$scratch/root" -name libvae.pc)
libdir=${pc%/pkgconfig/libvae.pc}
[ -n "$pc" ] && [ -f "$libdir/libvae.so.$version" ]
result $? "libvae.pc and libvae.so.$version are installed"

# What lies under DESTDIR thinks it is under the prefix.
sed -i.orig "s|^prefix=|prefix=$scratch/root|" "$pc"
PKG_CONFIG_PATH=$libdir/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
LD_LIBRARY_PATH=$libdir${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export PKG_CONFIG_PATH LD_LIBRARY_PATH

[ "$(pkg-config --modversion libvae)" = "$version" ]
result $? "pkg-config says $version"
shared=$(pkg-config --cflags --libs libvae)
case $shared in
*jansson* | *blas*) false ;;
*) true ;;
esac
result $? "a shared link names no private dependency: $shared"

# The archive by its name, since the linker would take the shared library beside it.
static=$(pkg-config --static --cflags --libs libvae | sed 's/-lvae/-l:libvae.a/')

# runs PROGRAM: trains, saves, loads, and prints the version it runs with.
runs() {
  said=$("$scratch/$1" "$scratch/$1.safetensors") && [ "$said" = "$version" ]
}
c_program() {
  ${CC:-cc} -std=c99 -Wall -Wextra -Wpedantic -Werror "$here/consumer.c" -o "$scratch/$1" $2 &&
    runs "$1"
}
cpp_program() {
  ${CXX:-c++} -std=c++11 -Wall -Wextra -Wpedantic -Werror "$here/consumer.cpp" \
    -o "$scratch/$1" $2 && runs "$1"
}
try "a C program, shared" c_program c-shared "$shared"
try "a C program, static" c_program c-static "$static"
[ -f "$scratch/c-static" ] && ! readelf -d "$scratch/c-static" | grep -q libvae
result $? "the static one needs no libvae.so"
if command -v "${CXX:-c++}" >/dev/null; then
  try "a C++ program, shared" cpp_program cpp-shared "$shared"
  try "a C++ program, static" cpp_program cpp-static "$static"
else
  skip "a C++ program" "no C++ compiler here"
fi

# An outside Meson project with libvae among its subprojects.
unset PKG_CONFIG_PATH LD_LIBRARY_PATH
subproject() {
  cp -R "$here/superproject" "$here/consumer.c" "$scratch" &&
    mkdir -p "$scratch/superproject/subprojects" &&
    ln -s "$source" "$scratch/superproject/subprojects/libvae" &&
    "$meson" setup "$scratch/outside" "$scratch/superproject" --buildtype=debug \
      --wrap-mode=forcefallback &&
    "$meson" compile -C "$scratch/outside" &&
    "$scratch/outside/consumer" "$scratch/subproject.safetensors"
}
try "a Meson project with libvae as a subproject" subproject
tap_done

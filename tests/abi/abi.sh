#!/bin/sh
# SPDX-License-Identifier: MIT
# abi.sh SOURCE_DIR LIBVAE_SO LIBVAE_A VERSION SMALL: what the built library promises to programs
# and packagers. SMALL is yes for a release as it is built by default, or no.
source=$1 so=$2 archive=$3 version=$4 small=$5
. "$source/tests/tap.sh"
. "$source/tests/abi/declared.sh"
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

# Symbols by name, one a line.
exported() {
  nm -D --defined-only "$so" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort
}
mapped() {
  sed -n 's/^ *\(vae_[a-z0-9_]*\);.*/\1/p' "$source/lib/libvae.map" | sort
}
declared() {
  declarations "$source" | sed 's/(.*//; s/.*[ *]//' | sort
}
exported >"$scratch/exported"
mapped >"$scratch/mapped"
declared >"$scratch/declared"

[ "$(wc -l <"$scratch/declared")" -gt 100 ]
result $? "the headers' declarations are found"
empty "$(diff "$scratch/declared" "$scratch/mapped")" "libvae.map lists what the headers declare"
empty "$(diff "$scratch/mapped" "$scratch/exported")" \
  "the shared library exports what libvae.map lists"
empty "$(nm -g --defined-only "$archive" | awk 'NF == 3 && $3 !~ /^vae_/ { print $3 }')" \
  "every global symbol of the static library begins vae_"

forbidden='stdout stderr printf fprintf vprintf vfprintf dprintf puts fputs putchar perror
  exit _exit quick_exit atexit abort raise __assert_fail getenv secure_getenv setenv putenv
  setlocale signal sigaction rand srand system'
undefined=$(nm -u "$archive" | awk 'NF == 2 { print $2 }' | sort -u |
  sed 's/^__\(.*\)_chk$/\1/; s/@.*//')
used=
for name in $forbidden; do
  echo "$undefined" | grep -qx "$name" && used="$used $name"
done
empty "$used" "the library calls nothing that prints, ends the process or reads the environment"

empty "$(readelf -sW "$archive" "$so" | grep IFUNC)" "no ifunc"
empty "$(readelf -SW "$archive" | grep -E '\.(init_array|fini_array|ctors|dtors)')" \
  "no constructor or destructor functions"
empty "$(objdump -t "$archive" | awk '
  /file format/ { file = $1 }
  / O (\.data|\.bss|\.data\.rel|\.data\.rel\.local)\t/ && file !~ /blas_hold/ {
    print file, $NF
  }')" \
  "no global variables but the count of those who hold the BLAS"
empty "$(readelf -dW "$so" | grep TEXTREL; readelf -lW "$so" | grep 'GNU_STACK.*E ')" \
  "no text relocations, no executable stack"
empty "$(readelf -dW "$so" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
  grep -vE '^(ld-linux.*|lib(c|m|pthread|jansson|blas|cblas|openblas.*|flexiblas)\.so\..*)$')" \
  "it needs libc, libm, Jansson and a CBLAS, nothing else"
empty "$(readelf -dW "$so" | grep -E 'RPATH|RUNPATH')" "no run path"

soname=$(readelf -dW "$so" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')
[ "$soname" = "libvae.so.${version%%.*}" ]
result $? "SONAME is libvae.so.${version%%.*}"

macro() {
  sed -n "s/^#define VAE_VERSION_$1 //p" "$source/include/vae/version.h"
}
[ "$(macro MAJOR).$(macro MINOR).$(macro PATCH)" = "$version" ]
result $? "version.h says $version, as meson.build"
grep -q "^VAE_${version%.*} {" "$source/lib/libvae.map"
result $? "libvae.map has a node for ${version%.*}"

if [ "$small" = yes ]; then
  strip -o "$scratch/stripped.so" "$so"
  bytes=$(wc -c <"$scratch/stripped.so")
  [ "$bytes" -lt 204800 ]
  result $? "stripped it takes $bytes bytes, below 200 KiB"
else
  skip "stripped size" "not the default release"
fi

# Added functions are fine; a function that is gone or whose parameters, answer or symbol version
# have changed is not.
compatible() {
  declared_library "$source" "$scratch" &&
    abidiff --no-added-syms --no-architecture "$source/tests/abi/libvae.abi" "$scratch/libvae.so"
}
if ! command -v abidiff >/dev/null; then
  skip "compatible with tests/abi/libvae.abi" "abigail-tools are not installed"
elif [ "$(getconf LONG_BIT)" -ne 64 ]; then
  skip "compatible with tests/abi/libvae.abi" "which is of a machine with 64 bits"
else
  compatible >"$scratch/abidiff" 2>&1
  result $? "programs built for the latest release find what they call (tests/abi/libvae.abi)"
  [ "$tap_last" -eq 0 ] || sed 's/^/# /' "$scratch/abidiff"
fi
tap_done

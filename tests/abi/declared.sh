# SPDX-License-Identifier: MIT
# For scripts to source: a library that has what the headers declare and no code, with debugging
# information. libabigail sees the whole interface in it, whatever the compiler or the build, and
# nothing of what the types hold inside.

# declarations SOURCE_DIR: each exported function's declaration, one a line.
declarations() {
  cat "$1"/include/vae/*.h | tr '\n' ' ' | sed 's|/\*[^*]*\*\([^/*][^*]*\*\)*/||g' | tr ';' '\n' |
    sed -n 's/.*VAE_API \([^(]*(.*)\).*$/\1/p' | sed 's/ VAE_NODISCARD//' | tr -s ' '
}

# declared_library SOURCE_DIR FOLDER: makes FOLDER/libvae.so.
declared_library() {
  {
    echo '#include <vae/vae.h>'
    declarations "$1" | sed 's/$/ { __builtin_trap(); }/'
  } >"$2/libvae.c"
  (cd "$2" && ${CC:-cc} -std=c11 -g -O0 -fPIC -shared -I"$1/include" \
    -Wl,--version-script="$1/lib/libvae.map" libvae.c -o libvae.so)
}

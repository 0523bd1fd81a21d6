#!/bin/sh
# SPDX-License-Identifier: MIT
# foreign.sh [TRIPLET...]: the unit tests on other machines, by cross compiler and qemu: 32-bit x86,
# which runs without qemu where the kernel lets it, 64-bit ARM, s390x (64 bits, big-endian) and MIPS
# (32 bits, big-endian). Jansson and Check are compiled for each from Debian's sources, in the build
# folder; nothing is installed. 32-bit PowerPC builds too, but qemu 7.2 refuses an instruction by
# which its C library asks for the rounding mode.
. "${0%/*}/common.sh"
has apt-get cmake meson ninja
CK_TIMEOUT_MULTIPLIER=20
export CK_TIMEOUT_MULTIPLIER

# Debian's sources of Jansson and Check, in $build/sources.
sources() {
  at=$build/sources
  [ -f "$at/done" ] && return
  rm -rf "$at"
  mkdir -p "$at/lists/partial" "$at/archives/partial" "$at/parts"
  for list in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
    [ ! -f "$list" ] ||
      sed 's/^deb /deb-src /; s/^Types:.*/Types: deb-src/' "$list" >"$at/parts/${list##*/}"
  done
  (
    cd "$at" &&
      set -- -q -o "Dir::Etc::sourcelist=/dev/null" -o "Dir::Etc::sourceparts=$at/parts" \
        -o "Dir::State=$at" -o "Dir::Cache=$at" -o APT::Sandbox::User=root &&
      { apt-get "$@" update || :; } &&
      apt-get "$@" source --download-only --only-source jansson check && rm -f ./*.asc &&
      mkdir jansson check && tar xf jansson_*.orig.tar.* -C jansson --strip-components=1 &&
      tar xf check_*.orig.tar.* -C check --strip-components=1
  ) >"$at/log" 2>&1 && : >"$at/done"
}

# libraries TRIPLET: Jansson and Check for it in $build/TRIPLET-root.
libraries() {
  [ -f "$build/$1-root/done" ] && return
  for library in jansson check; do
    cmake -G Ninja -S "$build/sources/$library" -B "$build/$1-$library" -DCMAKE_SYSTEM_NAME=Linux \
      -DCMAKE_C_COMPILER="$1-gcc" -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_LIBDIR=lib \
      -DCMAKE_INSTALL_PREFIX="$build/$1-root" -DJANSSON_BUILD_DOCS=OFF -DJANSSON_EXAMPLES=OFF \
      -DJANSSON_WITHOUT_TESTS=ON -DCHECK_ENABLE_TESTS=OFF -DCHECK_ENABLE_SUBUNIT=OFF -Wno-dev &&
      cmake --build "$build/$1-$library" --target install || return
  done >"$build/$1-libraries.log" 2>&1
  : >"$build/$1-root/done"
}

# wrapper TRIPLET QEMU: what runs its programs; nothing where this kernel does.
wrapper() {
  echo 'int main(void) { return 0; }' | "$1-gcc" -x c - -o "$build/$1-probe" || return
  "$build/$1-probe" 2>/dev/null || echo "'qemu-$2', '-L', '/usr/$1'"
}

# cross_file TRIPLET FAMILY ENDIAN WRAPPER
cross_file() {
  cat <<END
[binaries]
c = '$1-gcc'
ar = '$1-ar'
strip = '$1-strip'
pkgconfig = 'pkg-config'
pkg-config = 'pkg-config'
${4:+exe_wrapper = [$4]}
[properties]
pkg_config_libdir = '$build/$1-root/lib/pkgconfig'
needs_exe_wrapper = $([ -n "$4" ] && echo true || echo false)
[host_machine]
system = 'linux'
cpu_family = '$2'
cpu = '$2'
endian = '$3'
END
}

# try TRIPLET FAMILY ENDIAN QEMU
try() {
  if ! with=$(wrapper "$1" "$4" 2>/dev/null); then
    echo "$1: left out, no $1-gcc that links"
    return
  fi
  if [ -n "$with" ] && ! command -v "qemu-$4" >/dev/null; then
    echo "$1: left out, no qemu-$4"
    return
  fi
  if ! sources || ! libraries "$1"; then
    echo "$1: left out, Jansson and Check cannot be had (logs in $build)"
    return
  fi
  cross_file "$1" "$2" "$3" "$with" >"$build/$1.ini"
  configured "$1" --cross-file "$build/$1.ini" --buildtype=release -Dblas=none -Dexamples=false \
    -Ddefault_library=static -Dprefer_static=true
  compiled "$1"
  printf '%s%s: ' "$1" "${with:+ by qemu}"
  tested "$1" --timeout-multiplier 20 --suite unit
  tried=yes
}

tried=
wanted=${*:-i686-linux-gnu aarch64-linux-gnu s390x-linux-gnu mips-linux-gnu}
for triplet in $wanted; do
  case $triplet in
  i686-linux-gnu) try "$triplet" x86 little i386 ;;
  aarch64-linux-gnu) try "$triplet" aarch64 little aarch64 ;;
  s390x-linux-gnu) try "$triplet" s390x big s390x ;;
  mips-linux-gnu) try "$triplet" mips big mips ;;
  *) echo "$triplet: unknown" && failed=1 ;;
  esac
done
[ -n "$tried" ] || [ "$failed" -ne 0 ] || exit 77
exit "$failed"

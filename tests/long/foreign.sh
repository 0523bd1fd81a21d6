#!/bin/sh
# SPDX-License-Identifier: MIT
# foreign.sh [TRIPLET...]: the unit tests on other machines, by cross compiler and qemu: 32-bit x86,
# 64-bit ARM, and a big-endian one. Debian's packages of Jansson and Check for each machine are
# unpacked into the build folder; nothing is installed.
. "${0%/*}/common.sh"
has apt-get dpkg-deb meson

# sysroot TRIPLET ARCHITECTURE: $build/TRIPLET-root with static Jansson and Check.
sysroot() {
  state=$build/apt-$2
  [ -f "$build/$1-root/done" ] && return
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$build/$1-root"
  : >"$state/status"
  set -- "$1" "$2" -q -o "APT::Architecture=$2" -o "APT::Architectures::=$2" \
    -o "Dir::State=$state" -o "Dir::State::status=$state/status" -o "Dir::Cache=$state/cache" \
    -o APT::Sandbox::User=root
  triplet=$1 architecture=$2
  shift 2
  (
    cd "$state" && apt-get "$@" update &&
      apt-get "$@" download "libjansson-dev:$architecture" "check:$architecture" \
        "libsubunit-dev:$architecture"
  ) >"$state/log" 2>&1 || return
  for package in "$state"/*.deb; do
    dpkg-deb -x "$package" "$build/$triplet-root" || return
  done
  find "$build/$triplet-root" -name '*.so*' -exec rm -f {} +
  : >"$build/$triplet-root/done"
}

# cross_file TRIPLET FAMILY ENDIAN QEMU
cross_file() {
  cat <<END
[binaries]
c = '$1-gcc'
ar = '$1-ar'
strip = '$1-strip'
pkgconfig = 'pkg-config'
pkg-config = 'pkg-config'
exe_wrapper = ['qemu-$4', '-L', '/usr/$1']
[properties]
sys_root = '$build/$1-root'
pkg_config_libdir = '$build/$1-root/usr/lib/$1/pkgconfig'
[built-in options]
c_args = ['-I$build/$1-root/usr/include', '-I$build/$1-root/usr/include/$1']
c_link_args = ['-L$build/$1-root/usr/lib/$1', '-L$build/$1-root/usr/lib/$5']
[host_machine]
system = 'linux'
cpu_family = '$2'
cpu = '$2'
endian = '$3'
END
}

# try TRIPLET ARCHITECTURE FAMILY ENDIAN QEMU [LIBRARIES]
try() {
  command -v "$1-gcc" >/dev/null && command -v "qemu-$5" >/dev/null || {
    echo "$1: left out, no $1-gcc or qemu-$5"
    return
  }
  sysroot "$1" "$2" || {
    echo "$1: left out, its packages cannot be had"
    return
  }
  cross_file "$1" "$3" "$4" "$5" "${6:-$1}" >"$build/$1.ini"
  sed -i "s|/lib/$1/pkgconfig|/lib/${6:-$1}/pkgconfig|; s|/include/$1'|/include/${6:-$1}'|" \
    "$build/$1.ini"
  configured "$1" --cross-file "$build/$1.ini" --buildtype=release -Dblas=none -Dexamples=false \
    -Ddefault_library=static -Dprefer_static=true
  compiled "$1"
  printf '%s: ' "$1"
  # qemu itself does not live under the limit that test_pool_failure sets.
  # shellcheck disable=SC2046
  tested "$1" --timeout-multiplier 20 \
    $(meson test -C "$build/$1" --list --suite unit 2>/dev/null | sed 's/^.* //' |
      grep -x '[a-z0-9_]*' | grep -vx pool_failure)
}

wanted=${*:-i686-linux-gnu aarch64-linux-gnu s390x-linux-gnu}
for triplet in $wanted; do
  case $triplet in
  i686-linux-gnu) try "$triplet" i386 x86 little i386 i386-linux-gnu ;;
  aarch64-linux-gnu) try "$triplet" arm64 aarch64 little aarch64 ;;
  s390x-linux-gnu) try "$triplet" s390x s390x big s390x ;;
  *) echo "$triplet: unknown" && failed=1 ;;
  esac
done
exit $failed

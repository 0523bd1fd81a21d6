#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds libvae and runs its tests: a release build with gcc, the unit tests once more with every
# other BLAS installed, a build with the address and undefined-behaviour sanitizers, and one with
# clang, all with warnings as errors. Builds go to $VAE_BUILD_DIR, by default build/tests.
# --long: then tests/long/*.sh as well, some hours: coverage, kills, valgrind, ThreadSanitizer,
# analyzers, other machines, fuzzing.
root=$(cd "$(dirname "$0")/.." && pwd) || exit 1
. "$root/examples/support/packages.sh"
need g++ clang check libblas3 libopenblas0-openmp binutils abigail-tools || exit 1

LC_ALL=C
export LC_ALL
case "$# ${1:-}" in
'0 ') long= ;;
'1 --long') long=yes ;;
*)
  echo "usage: $0 [--long]" >&2
  exit 2
  ;;
esac
[ -z "$long" ] || need valgrind clang-tidy cppcheck python3 cmake bzip2 xz-utils qemu-user \
  gcc-i686-linux-gnu libc6-dev-i386-cross gcc-aarch64-linux-gnu libc6-dev-arm64-cross \
  gcc-s390x-linux-gnu libc6-dev-s390x-cross gcc-mips-linux-gnu libc6-dev-mips-cross || exit 1

build=${VAE_BUILD_DIR:-$root/build/tests}
mkdir -p "$build" && build=$(cd "$build" && pwd) || exit 1
passed=0
failed=0
skipped=0

fail() {
  failed=$((failed + 1))
  echo "FAILED: $1"
}

# compile NAME OPTION...: configures and compiles in $build/NAME.
compile() {
  name=$1
  shift
  echo "== build: $name"
  if configure_and_build "$@" >"$build/$name.log" 2>&1; then
    passed=$((passed + 1))
  else
    tail -n 40 "$build/$name.log"
    fail "build $name (the whole log: $build/$name.log)"
    return 1
  fi
}
configure_and_build() {
  if [ ! -f "$build/$name/build.ninja" ]; then
    rm -rf "${build:?}/$name"
    meson setup "$build/$name" "$root" -Dtests=enabled -Dwerror=true "$@" || return
  fi
  ninja -C "$build/$name"
}

# tally <LOG: counts the results in a JSON log of Meson's, one test a line, whose standard output is
# TAP. A test that breaks off counts as a failure whatever it had printed before.
tally() {
  awk '
    {
      out = $0
      sub(/^.*"stdout": "/, "", out)
      sub(/", "result": ".*$/, "", out)
      verdict = $0
      sub(/^.*", "result": "/, "", verdict)
      sub(/".*$/, "", verdict)
      good = bad = left = 0
      n = split(out, line, /\\n/)
      for (i = 1; i <= n; i++) {
        if (line[i] ~ /^not ok/) bad++
        else if (line[i] ~ /^ok.*# SKIP/) left++
        else if (line[i] ~ /^ok/) good++
      }
      if (verdict != "OK" && verdict != "SKIP" && bad == 0) bad = 1
      if (good + bad + left == 0) { if (verdict == "OK") good = 1; else left = 1 }
      passed += good; failed += bad; skipped += left
    }
    END { print passed + 0, failed + 0, skipped + 0 }'
}

# check NAME BUILD OPTION...: runs tests of a build with meson test.
check() {
  name=$1 dir=$build/$2
  shift 2
  echo "== test: $name"
  rm -f "$dir/meson-logs/$name"*.json
  meson test -C "$dir" --no-rebuild --print-errorlogs --logbase "$name" "$@"
  status=$?
  # shellcheck disable=SC2046
  set -- $(cat "$dir/meson-logs/$name"*.json 2>/dev/null | tally)
  passed=$((passed + $1))
  failed=$((failed + $2))
  skipped=$((skipped + $3))
  [ $(($1 + $2 + $3)) -gt 0 ] || fail "$name: no test ran"
  [ $status -eq 0 ] || [ "$2" -gt 0 ] || fail "$name: meson test answered $status"
}

# The directories of every libblas.so.3 but the one programs get by themselves.
other_blas() {
  program=$(find "$build/release/tests" -name 'test_*' -type f -perm -u+x | head -n 1)
  default=$(ldd "$program" | sed -n 's/.*libblas.so.3 => \(.*\) (.*/\1/p')
  [ -n "$default" ] || return
  for library in /usr/lib/*/libblas.so.3 /usr/lib/*/*/libblas.so.3; do
    [ -e "$library" ] && [ "$(readlink -f "$library")" != "$(readlink -f "$default")" ] &&
      LD_LIBRARY_PATH=${library%/*} ldd "$program" | grep -q "$library" && echo "${library%/*}"
  done
}

if CC=gcc CXX=g++ compile release --buildtype=release; then
  check release release
  for directory in $(other_blas); do
    LD_LIBRARY_PATH=$directory check "blas-${directory##*/}" release --suite unit
  done
fi
if CC=gcc CXX=g++ compile sanitized --buildtype=debug -Doptimization=1 \
  -Db_sanitize=address,undefined -Db_lundef=false; then
  check sanitized sanitized --setup asan
fi
if CC=clang CXX=clang++ compile clang --buildtype=release; then
  check clang clang --suite unit
fi

# Each script of tests/long is one test.
for script in ${long:+"$root"/tests/long/*.sh}; do
  [ "${script##*/}" != common.sh ] || continue
  echo "== long: ${script##*/}"
  VAE_BUILD_DIR=$build "$script"
  case $? in
  0) passed=$((passed + 1)) ;;
  77) skipped=$((skipped + 1)) ;;
  *) fail "${script##*/}" ;;
  esac
done

echo
if [ "$skipped" -gt 0 ]; then
  echo "$passed passed, $failed failed, $skipped skipped"
else
  echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]

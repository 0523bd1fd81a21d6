#!/bin/sh
# SPDX-License-Identifier: MIT
# The unit tests under ThreadSanitizer: once with the reference BLAS, which computes in the thread
# that calls it, so that either matrix product runs, and those that use threads once more without a
# BLAS. OpenBLAS has threads of its own, which ThreadSanitizer does not see into.
. "${0%/*}/common.sh"
has clang
TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1:die_after_fork=0
export TSAN_OPTIONS

sanitized() {
  CC=clang configured "$1" --buildtype=debug -Doptimization=1 -Db_sanitize=thread \
    -Db_lundef=false -Dexamples=false "-Dblas=$2"
  compiled "$1"
}

reference=
for library in /usr/lib/*/blas/libblas.so.3 /usr/lib*/libblas.so.3; do
  case $(readlink -f "$library") in
  *openblas*) ;;
  *) [ ! -e "$library" ] || reference=${reference:-${library%/*}} ;;
  esac
done
if [ -n "$reference" ]; then
  sanitized threads blas
  LD_LIBRARY_PATH=$reference ldd "$build/threads/tests/test_threads" |
    grep -q "$reference/libblas" || failed=1
  printf 'reference BLAS: '
  LD_LIBRARY_PATH=$reference tested threads --timeout-multiplier 10 --suite unit
else
  echo "left out: the reference BLAS (libblas3) is not installed"
fi

sanitized threads-none none
printf 'no BLAS: '
tested threads-none --timeout-multiplier 10 block elbo evaluation forks infer invariance \
  pool stop threads trainer
exit $failed

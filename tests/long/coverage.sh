#!/bin/sh
# SPDX-License-Identifier: MIT
# coverage.sh [--missed]: lines and branches of lib/ that the unit tests reach, file by file where
# it is not all, and in all. What depends on the BLAS is tested with each that is installed, and
# what depends on the processor on lesser ones too, where qemu is there to be them.
. "${0%/*}/common.sh"
has gcc gcov python3
CC=gcc configured coverage --buildtype=debug -Db_coverage=true -Db_lundef=false -Dexamples=false
compiled coverage
find "$build/coverage" -name '*.gcda' -exec rm -f {} +
tested coverage --timeout-multiplier 10 --suite unit

for library in /usr/lib/*/blas/libblas.so.3 /usr/lib/*/openblas-openmp/libblas.so.3; do
  [ -e "$library" ] || continue
  printf '%s: ' "$library"
  LD_LIBRARY_PATH=${library%/*} tested coverage --timeout-multiplier 10 \
    blas forks gemm infer threads version
done
if command -v qemu-x86_64 >/dev/null && [ "$(uname -m)" = x86_64 ]; then
  for processor in qemu64 max max,-avx2 max,-fma; do
    CK_VERBOSITY=silent qemu-x86_64 -cpu $processor "$build/coverage/tests/test_level" || {
      echo "test_level fails on the processor $processor"
      failed=1
    }
  done
fi
python3 "$root/tests/long/coverage.py" "$build/coverage" "$root" "$@" || failed=1
exit $failed

#!/bin/sh
# SPDX-License-Identifier: MIT
# The tests that use threads under ThreadSanitizer, with the built-in matrix product alone: it does
# not see what a BLAS does inside.
. "${0%/*}/common.sh"
has clang
CC=clang configured threads --buildtype=debug -Doptimization=1 -Db_sanitize=thread \
  -Db_lundef=false -Dblas=none -Dexamples=false
compiled threads
TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1:die_after_fork=0
export TSAN_OPTIONS
tested threads --timeout-multiplier 10 block bad_numbers checkpoint elbo evaluation infer invariance \
  noise pool resume shapes status stop threads trainer train_kernels validation weights
exit $failed

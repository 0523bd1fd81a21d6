#!/bin/sh
# SPDX-License-Identifier: MIT
# coverage.sh [--missed]: lines and branches of lib/ that the unit tests reach, file by file where it
# is not all, and in all.
. "${0%/*}/common.sh"
has gcc gcov python3
CC=gcc configured coverage --buildtype=debug -Db_coverage=true -Db_lundef=false -Dexamples=false
compiled coverage
find "$build/coverage" -name '*.gcda' -exec rm -f {} +
tested coverage --suite unit
python3 "$root/tests/long/coverage.py" "$build/coverage" "$root" "$@" || failed=1
exit $failed

#!/bin/sh
# SPDX-License-Identifier: MIT
# kills.sh [TIMES]: kills a training 1,000 times, or as often as said, and resumes it each time.
. "${0%/*}/common.sh"
configured release --buildtype=release -Dwerror=true
compiled release
VAE_KILLS=${1:-1000} "$build/release/tests/test_kill" || failed=1
echo "${1:-1000} kills, $failed failed"
exit $failed

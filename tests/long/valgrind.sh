#!/bin/sh
# SPDX-License-Identifier: MIT
# Every unit test under valgrind's memcheck.
. "${0%/*}/common.sh"
has valgrind
configured valgrind --buildtype=debug -Doptimization=1 -Dexamples=false
compiled valgrind
tested valgrind --setup valgrind --suite unit
exit $failed

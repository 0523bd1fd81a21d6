#!/bin/sh
# SPDX-License-Identifier: MIT
# fuzz.sh [SECONDS]: runs each fuzz target for that long, by default 60 seconds, with the address
# and undefined-behaviour sanitizers. What a target finds fault with is left in $build/fuzz/finds.
. "${0%/*}/common.sh"
has clang
seconds=${1:-60}
CC=clang configured fuzz --buildtype=debug -Doptimization=1 -Db_sanitize=address,undefined \
  -Db_lundef=false -Dblas=none -Ddefault_library=static \
  -Dc_args='-fsanitize=fuzzer-no-link -fno-sanitize-recover=undefined'
ninja -C "$build/fuzz" lib/libvae.a examples/libexample_support.a >"$build/fuzz.log" 2>&1 || exit 1
mkdir -p "$build/fuzz/finds"

ASAN_OPTIONS=allocator_may_return_null=1 # what is too large is answered, not fatal
export ASAN_OPTIONS
for source in "$root"/tests/fuzz/fuzz_*.c; do
  target=$(basename "$source" .c)
  target=${target#fuzz_}
  # shellcheck disable=SC2046
  clang -std=c11 -D_POSIX_C_SOURCE=200809L -g -O1 -fsanitize=fuzzer,address,undefined \
    -fno-sanitize-recover=undefined -I"$root/include" -I"$root/lib" -I"$root/examples/support" \
    -I"$root/tests/fuzz" "$source" -o "$build/fuzz/fuzz_$target" \
    "$build/fuzz/examples/libexample_support.a" "$build/fuzz/lib/libvae.a" \
    $(pkg-config --libs jansson zlib libpng) -lm -lpthread || exit 1
  mkdir -p "$build/fuzz/corpus/$target"
  echo "== $target"
  "$build/fuzz/fuzz_$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 \
    -print_final_stats=1 -artifact_prefix="$build/fuzz/finds/$target-" \
    "$build/fuzz/corpus/$target" "$root/tests/fuzz/corpus/$target" \
    >"$build/fuzz/$target.log" 2>&1 || failed=$((failed + 1))
  grep -E 'ERROR|SUMMARY|number_of_executed_units|new_units_added' "$build/fuzz/$target.log"
done
echo "$failed targets failed"
[ $failed -eq 0 ]

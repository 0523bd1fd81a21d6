#!/bin/sh
# SPDX-License-Identifier: MIT
# lib/ under three readers of code: gcc -fanalyzer, clang-tidy and cppcheck. A finding fails; what is
# suppressed says why beside it.
. "${0%/*}/common.sh"
has gcc clang-tidy cppcheck
findings=0

count() {
  grep -cE "$1" "$2" >"$build/count"
  read -r n <"$build/count"
  findings=$((findings + n))
  echo "$3: $n findings"
  [ "$n" -eq 0 ] || grep -E "$1" "$2" | sort -u | head -n 40
}

# Off: gcc 12 takes the lanes of a vector for the bits of its numbers.
rm -rf "${build:?}/analyzer"
CC=gcc configured analyzer --buildtype=debug -Doptimization=1 -Dtests=disabled -Dexamples=false \
  -Dc_args='-fanalyzer -Wno-analyzer-shift-count-overflow' -Ddefault_library=static
ninja -C "$build/analyzer" >"$build/analyzer.log" 2>&1
count 'warning:.*\[-Wanalyzer' "$build/analyzer.log" 'gcc -fanalyzer'

# Off: narrowing is what -Wconversion shows; swapped parameters and short names are the field's.
checks='-*,bugprone-*,clang-analyzer-*,misc-redundant-expression,portability-*'
checks="$checks,-bugprone-easily-swappable-parameters,-bugprone-narrowing-conversions"
checks="$checks,-bugprone-implicit-widening-of-multiplication-result,-bugprone-macro-parentheses"
checks="$checks,-bugprone-reserved-identifier,-bugprone-branch-clone"
checks="$checks,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling"
find "$root/lib" -name '*.c' >"$build/sources"
xargs clang-tidy -quiet "-checks=$checks" -p "$build/analyzer" <"$build/sources" \
  >"$build/clang-tidy.log" 2>/dev/null
count 'warning:' "$build/clang-tidy.log" clang-tidy

cppcheck --quiet --std=c11 --enable=warning,portability,performance --inline-suppr \
  --suppress=missingIncludeSystem -I "$root/include" -I "$root/lib" -D__x86_64__ -D__SSE2__ \
  -DATOMIC_INT_LOCK_FREE=2 --suppress=nullPointerRedundantCheck:*/version.c \
  --template='{file}:{line}: {severity}: {message} [{id}]' "$root/lib" 2>"$build/cppcheck.log"
count ': (error|warning|portability|performance): ' "$build/cppcheck.log" cppcheck
echo "$findings findings"
[ $findings -eq 0 ]

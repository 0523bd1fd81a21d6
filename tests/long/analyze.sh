#!/bin/sh
# SPDX-License-Identifier: MIT
# lib/ and examples/ under three readers of code: gcc -fanalyzer, clang-tidy and cppcheck. A finding
# fails, and a reader that did not come to its end; what is known to be false is listed below, each
# with its reason.
. "${0%/*}/common.sh"
has gcc clang-tidy cppcheck ninja
findings=0
: >"$build/unread" # what a reader gave up on, a line each

sed '/^#/d; /^$/d' >"$build/false" <<'END'
# gcc 12 takes the number of a vector's lanes for the bits of one.
lib/math/(vmath\.h|noise\.c).*shift by count .* >= precision of type \(.[234].\)
# gcc does not see that gzread writes as many bytes as it answers.
examples/support/idx\.c.*use of uninitialized value .(\*b|b\[[1-3]\]|\*magic|magic\[[1-3]\])
# gcc forgets, when realloc moves a list, the texts that the list holds.
examples/support/png_folder\.c.*leak of .<unknown>.
# The pool's parts are a cache line apart because threads write them.
lib/support/pool\.c.*Excessive padding in 'struct vae__pool'
# What is compared are the bits, so that -0 is not 0 and NaN is NaN.
lib/support/number\.c.*bugprone-suspicious-memory-comparison
# What is written into the middle of a text needs no end.
lib/support/number\.c.*bugprone-not-null-terminated-result
lib/model/config_options\.c.*bugprone-not-null-terminated-result
# The member that is copied, its type known by its offset alone, is a pointer.
lib/support/choice\.c.*bugprone-sizeof-expression
# A list of pointers.
lib/io/model_io\.c.*bugprone-sizeof-expression
# clang-tidy does not look into read_block, which makes the slot when there is a place for it.
lib/support/fpstate\.h.*Null pointer passed to 2nd parameter.*core\.NonNullParamChecker
# Constants, which are small.
lib/io/safetensors_write\.c.*bugprone-implicit-widening-of-multiplication-result
examples/support/training_pictures\.c.*bugprone-implicit-widening-of-multiplication-result
# One of two characters.
lib/io/safetensors_json\.c.*bugprone-narrowing-conversions
# The name by which the C library is asked for sched_getaffinity.
lib/support/cpu_count\.c.*_GNU_SOURCE.*bugprone-reserved-identifier
# Whole steps and whole rows of pixels are meant.
examples/(vae-train|custom_loop)\.c.*bugprone-integer-division
# Never negative and never large.
examples/support/image\.c.*bugprone-incorrect-roundings
# cppcheck reads the line that asks for NULL after the one that has asked already.
lib/support/version\.c.*nullPointerRedundantCheck
# cppcheck does not see that the picture keeps its pixels.
examples/support/image\.c.*Memory leak: pixels
END

# count LOG NAME: findings by file and line, less the false ones.
count() {
  grep -E '(warning|error|portability|performance): ' "$1" |
    sed -E 's,^[^ ]*/(lib|examples)/,\1/,' | sort -u >"$build/all-findings"
  grep -vEf "$build/false" "$build/all-findings" >"$build/findings"
  n=$(wc -l <"$build/findings")
  findings=$((findings + n))
  echo "$2: $n findings, $(($(wc -l <"$build/all-findings") - n)) false ones"
  head -n 40 "$build/findings"
}

CC=gcc configured analyzer --buildtype=debug -Doptimization=1 -Dtests=disabled -Dmpi=auto \
  -Ddefault_library=static
ninja -C "$build/analyzer" -t commands |
  sed -n '/ -c /s/ -MD -MQ [^ ]* -MF [^ ]* -o [^ ]* / /p' >"$build/commands"
sed 's/^.* -c //' "$build/commands" >"$build/sources"
[ -s "$build/sources" ] || findings=1

# assumed FILE: what a reader is told of the other files, in $assumed; not of the file itself.
assumed() {
  case $1 in
  */support/status.c | */support/kind.c | */support/report.c) assumed= ;;
  */support/cpu_count.c) assumed= ;; # asks for more of the C library's headers, before any other
  *) assumed=$root/tests/long/assume.h ;;
  esac
}

cd "$build/analyzer" || exit 1
while read -r command; do
  assumed "$command"
  sh -c "$command ${assumed:+-include '$assumed'} -fanalyzer -fdiagnostics-path-format=none \
    -fdiagnostics-color=never -o /dev/null" || echo "gcc: ${command##* }" >>"$build/unread"
done <"$build/commands" >"$build/analyzer.log" 2>&1
count "$build/analyzer.log" 'gcc -fanalyzer'

# Off: swapped parameters are the field's; the safe functions are Annex K's, which glibc has not.
checks='-*,bugprone-*,clang-analyzer-*,misc-redundant-expression,portability-*'
checks="$checks,-bugprone-easily-swappable-parameters"
checks="$checks,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling"
while read -r file; do
  assumed "$file"
  clang-tidy -quiet "-checks=$checks" -p . ${assumed:+--extra-arg=-include} \
    ${assumed:+--extra-arg="$assumed"} "$file" </dev/null ||
    echo "clang-tidy: $file" >>"$build/unread"
done <"$build/sources" >"$build/clang-tidy.log" 2>"$build/clang-tidy.errors"
grep -E 'error: ' "$build/clang-tidy.errors" >>"$build/clang-tidy.log"
count "$build/clang-tidy.log" clang-tidy

cppcheck --quiet --std=c11 --enable=warning,portability,performance --inline-suppr \
  --suppress=missingIncludeSystem -I "$root/include" -I "$root/lib" -I "$root/examples/support" \
  -D__x86_64__ -D__SSE2__ -DATOMIC_INT_LOCK_FREE=2 \
  --template='{file}:{line}: {severity}: {message} [{id}]' "$root/lib" "$root/examples" \
  2>"$build/cppcheck.log" || echo "cppcheck: lib, examples" >>"$build/unread"
count "$build/cppcheck.log" cppcheck
unread=$(wc -l <"$build/unread")
sed 's/^/failed: /' "$build/unread" | head -n 40
echo "$(wc -l <"$build/sources") files, $findings findings, $unread failures of a reader"
[ "$findings" -eq 0 ] && [ "$unread" -eq 0 ]

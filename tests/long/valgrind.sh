#!/bin/sh
# SPDX-License-Identifier: MIT
# Every unit test under valgrind's memcheck, and the tests of the programs with each program under
# it. valgrind does not know AVX-512: what runs is the AVX2 level, and the baseline where tests ask.
# A log is named after what ran: VAE_TEST, which tests/meson.build sets for each unit test.
. "${0%/*}/common.sh"
has valgrind
configured valgrind --buildtype=debug -Doptimization=1
compiled valgrind
logs=$build/valgrind-logs
rm -rf "$logs" && mkdir -p "$logs/bin" || exit 1
VALGRIND_OPTS="--log-file=$logs/%q{VAE_TEST}-%p.log"
export VALGRIND_OPTS
tested valgrind --setup valgrind --suite unit

for program in "$build"/valgrind/examples/*; do
  [ -f "$program" ] && [ -x "$program" ] || continue
  cat >"$logs/bin/${program##*/}" <<END
#!/bin/sh
VAE_TEST=\$VAE_TEST-${program##*/} exec valgrind --quiet --error-exitcode=99 --leak-check=full \
  --errors-for-leak-kinds=definite,indirect --show-leak-kinds=definite,indirect "$program" "\$@"
END
  chmod +x "$logs/bin/${program##*/}"
done
good=0
bad=0
for script in "$root"/tests/programs/*.sh; do
  [ "${script##*/}" != common.sh ] || continue
  VAE_TEST=${script##*/} sh "$script" "$logs/bin" "$root/docs/man" >"$logs/out" 2>&1 || {
    echo "${script##*/} failed"
    failed=1
  }
  good=$((good + $(grep -c '^ok' "$logs/out")))
  bad=$((bad + $(grep -c '^not ok' "$logs/out")))
  grep -A 3 '^not ok' "$logs/out"
done
echo "programs: $good ok, $bad not ok"

# A process that finds nothing leaves an empty log.
runs=$(find "$logs" -name '*.log' | wc -l)
find "$logs" -name '*.log' -size +0 >"$logs/findings"
findings=$(wc -l <"$logs/findings")
[ "$findings" -eq 0 ] || failed=1
while read -r log; do
  echo "== ${log##*/}"
  head -n 30 "$log"
done <"$logs/findings"
echo "$runs processes, $findings with findings"
exit $failed

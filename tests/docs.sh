#!/bin/sh
# SPDX-License-Identifier: MIT
# docs.sh SOURCE: the files that docs/extending.md shows are the files as they are. Prints TAP.
source=${1:?the source directory}
page=$source/docs/extending.md
shown=$(mktemp) || exit 1
trap 'rm -f "$shown"' EXIT
n=0
bad=0

for file in $(sed -n 's/^\*\*The file\*\*, `\(.*\)`:$/\1/p' "$page"); do
  n=$((n + 1))
  awk -v file="$file" '
    $0 == "**The file**, `" file "`:" { found = 1 }
    found && /^```$/ { exit }
    inside { print }
    found && /^```c$/ { inside = 1 }' "$page" >"$shown"
  if cmp -s "$shown" "$source/$file"; then
    echo "ok $n - extending.md shows $file as it is"
  else
    echo "not ok $n - extending.md shows $file as it is"
    diff "$shown" "$source/$file" | sed 's/^/# /'
    bad=1
  fi
done
echo "1..$n"
[ "$n" -gt 0 ] && [ "$bad" -eq 0 ]

#!/bin/sh
# SPDX-License-Identifier: MIT
# readme.sh SOURCE_DIR: what README.md says is what is there.
source=$1
. "$source/tests/tap.sh"
readme=$source/README.md

program=$(sed -n '/^```c$/,/^```$/p' "$readme" | sed '/^```/d')
[ "$program" = "$(cat "$source/examples/quickstart.c")" ]
result $? "the program in README.md is examples/quickstart.c"

links=$(grep -o '](\([^)]*\))' "$readme" | sed 's/^](//; s/[#)].*//' | grep -v '^http')
missing=
for path in $links; do
  [ -e "$source/$path" ] || missing="$missing $path"
done
[ -n "$links" ] && [ -z "$missing" ]
result $? "every link in README.md leads somewhere:$missing"

programs=$(sed -n 's/^| `\(vae-[a-z]*\) .*/\1/p' "$readme" | sort)
installed=$(sed -n "s/^  '\(vae-[a-z]*\)',/\1/p" "$source/examples/meson.build" | sort)
[ -n "$programs" ] && [ "$programs" = "$installed" ]
result $? "README.md lists the programs that are installed"
tap_done

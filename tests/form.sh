#!/bin/sh
# SPDX-License-Identifier: MIT
# form.sh SOURCE_DIR: no line of the source has more than 100 columns. Prints TAP.
source=$1
. "$source/tests/tap.sh"
LC_ALL=C # every awk counts bytes
export LC_ALL

cd "$source" || exit 1
for folder in include lib examples tests; do
  files=$(find $folder \( -name '*.[ch]' -o -name '*.sh' -o -name '*.py' -o -name '*.cpp' \
    -o -name '*.map' -o -name meson.build \) -type f | sort)
  [ -n "$files" ]
  result $? "$folder has sources"
  # shellcheck disable=SC2086
  wide=$(awk 'length($0) > 100 { print FILENAME ":" FNR ": " length($0) }' $files /dev/null)
  empty "$wide" "no line in $folder has more than 100 columns"
done
tap_done

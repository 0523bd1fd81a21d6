#!/bin/sh
# SPDX-License-Identifier: MIT
# manual.sh BIN MAN_DIR: every long option of --help is in the manual page, and no other.
. "${0%/*}/common.sh"
pages=$2

for program in vae-evaluate vae-inspect vae-reconstruct vae-sample vae-train; do
  page=$pages/$program.1
  "$bin/$program" --help |
    sed -n 's/^ \{2,6\}\(-., \)\{0,1\}--\([a-z-]*\).*/\2/p' | sort >"$work/help"
  awk '{ gsub(/\\-/, "-") }
    tag && match($0, /--[a-z-]+/) { print substr($0, RSTART + 2, RLENGTH - 2) }
    { tag = $0 == ".TP" }' "$page" | sort >"$work/page"
  [ -s "$work/help" ]
  result $? "$program --help has options"
  empty "$(comm -23 "$work/help" "$work/page")" "$program.1 has every option of --help"
  empty "$(comm -13 "$work/help" "$work/page")" "$program.1 has no option --help lacks"
  if command -v man >/dev/null; then
    empty "$(LC_ALL=C.UTF-8 man --warnings -l "$page" 2>&1 >/dev/null)" "$program.1 is well-formed"
  fi
done
tap_done

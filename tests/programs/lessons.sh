#!/bin/sh
# SPDX-License-Identifier: MIT
# lessons.sh BIN: the programs to learn from run, and learn.
. "${0%/*}/common.sh"

status 0 "quickstart runs" "$bin/quickstart"
says stdout "nats per image" "quickstart prints its loss"
[ "$(grep -c '^  ' "$work/stdout")" -eq 8 ] && grep -q '#' "$work/stdout"
result $? "quickstart prints images"
status 0 "custom_loop runs" "$bin/custom_loop"
awk '/^loss before/ { before = $3 + 0; after = $7 + 0 }
  END { exit !(after > 0 && after < before / 2) }' "$work/stdout"
result $? "custom_loop halves the loss"
tap_done

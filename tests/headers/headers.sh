#!/bin/sh
# SPDX-License-Identifier: MIT
# headers.sh INCLUDE_DIR: every public header compiles alone, as C and C++, with each compiler here.
include=$1
. "${0%/*}/../tap.sh"

# alone HEADER COMPILER LANGUAGE STANDARD
alone() {
  complaint=$(echo "#include <vae/$1>" |
    "$2" -x "$3" -std="$4" -Wall -Wextra -Wpedantic -Werror -I"$include" -fsyntax-only - 2>&1)
  result $? "$1 alone with $2 -std=$4"
  [ -z "$complaint" ] || echo "$complaint" | sed 's/^/# /'
}

every_header() {
  if ! command -v "$1" >/dev/null; then
    skip "$1 -std=$3" "no $1 here"
    return
  fi
  for path in "$include"/vae/*.h; do
    alone "${path##*/}" "$1" "$2" "$3"
  done
}

for standard in c99 c11; do
  every_header gcc c $standard
  every_header clang c $standard
done
for standard in c++11 c++17; do
  every_header g++ c++ $standard
  every_header clang++ c++ $standard
done
tap_done

#!/bin/sh
# SPDX-License-Identifier: MIT
# Trains the models of docs/reproduce.md and compares each test loss with its limit. By hand, some
# minutes:  sh tests/reproduce/reproduce.sh PROGRAMS MNIST [FASHION]
# PROGRAMS holds vae-train; MNIST and FASHION are directories of IDX files.
programs=${1:?the directory of vae-train} mnist=${2:?the directory of MNIST}
fashion=${3:-/usr/share/datasets/fashion-mnist}
out=$(mktemp -d) || exit 1
trap 'rm -rf "$out"' EXIT
passed=0
failed=0

# run NAME LEAST MOST DATA OPTION...: the last line of log.csv has the test loss in column 5.
run() {
  name=$1 least=$2 most=$3 data=$4
  shift 4
  if ! "$programs/vae-train" "$out/run" --data "$data" "$@" --quiet; then
    failed=$((failed + 1))
    return
  fi
  loss=$(tail -n 1 "$out/run/log.csv" | cut -d, -f5)
  rows=$(tail -n 1 "$out/run/log.csv" | cut -d, -f9)
  if awk "BEGIN { exit !($loss >= $least && $loss <= $most) }"; then
    passed=$((passed + 1)) verdict=ok
  else
    failed=$((failed + 1)) verdict="NOT within $least to $most"
  fi
  printf '%-40s %9.2f nats  %7.0f rows/s  %s\n' "$name" "$loss" "$rows" "$verdict"
  rm -rf "$out/run"
}

for seed in 1 2 3; do
  run "MNIST, pytorch, seed $seed" 104.5 106.6 "$mnist" --preset pytorch --seed $seed
done
for seed in 1 2 3; do
  run "Fashion-MNIST, pytorch, seed $seed" 243 245.8 "$fashion" --preset pytorch --seed $seed
done
# 39.1 within 1.5, and the constant 784 / 2 ln pi = 448.73 of a Gaussian with variance 1/2
run "MNIST, article" 486.33 489.33 "$mnist" --preset article --seed 1
run "MNIST, article, bernoulli" 153 159 "$mnist" --preset article --likelihood bernoulli --seed 1

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

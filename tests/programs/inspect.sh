#!/bin/sh
# SPDX-License-Identifier: MIT
# inspect.sh BIN: vae-inspect prints configuration and tensors.
. "${0%/*}/common.sh"
small "$work/out"
model=$work/out/model.safetensors
manners vae-inspect "$model"

status 0 "inspects a model" "$bin/vae-inspect" "$model"
says stdout "784-32-2-32-784, bernoulli" "prints the widths"
grep -q '^  encoder.0.weight *32 x 784 *25088$' "$work/stdout"
result $? "prints a tensor's shape and size"
grep -q '^  likelihood *bernoulli$' "$work/stdout"
result $? "prints the configuration"
says stdout "$((784 * 32 + 32 + 2 * (32 * 2 + 2) + 2 * 32 + 32 + 32 * 784 + 784)) parameters" \
  "counts the parameters"
awk '/^  [a-z0-9.]*(weight|bias) / { sum += $NF } /^  all / { all = $NF }
  END { exit !(sum == all && sum > 0) }' "$work/stdout"
result $? "the tensors' sizes add up"
sed 1q "$work/stdout" >"$work/first"
status 0 "inspects a checkpoint" "$bin/vae-inspect" "$work/out/checkpoint.safetensors"
sed 1q "$work/stdout" >"$work/second"
same "$work/first" "$work/second" "a checkpoint is the same model"
status 1 "no such model" "$bin/vae-inspect" "$work/nowhere"
says stderr "$work/nowhere" "names the file"
heard "$bin/vae-inspect" "$model"
head -c 100 "$model" >"$work/cut"
status 1 "a truncated model" "$bin/vae-inspect" "$work/cut"
tap_done

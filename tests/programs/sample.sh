#!/bin/sh
# SPDX-License-Identifier: MIT
# sample.sh BIN: vae-sample draws grids, manifolds and paths.
. "${0%/*}/common.sh"
sample=$bin/vae-sample
small "$work/out"
model=$work/out/model.safetensors
manners vae-sample "$model" -o "$work/x.png"

status 0 "draws samples" "$sample" "$model" -o "$work/a.png" --rows 3 --cols 5
png "$work/a.png" 152 92 "the picture is 5 x 3 tiles"
"$sample" "$model" -o "$work/b.png" --rows 3 --cols 5 --threads 1
same "$work/a.png" "$work/b.png" "the same seed, the same picture, whatever the threads"
"$sample" "$model" -o "$work/b.png" --rows 3 --cols 5 --seed 1
! cmp -s "$work/a.png" "$work/b.png"
result $? "another seed, another picture"
"$sample" "$model" -o "$work/b.png" --rows 3 --cols 5 --temperature 0.1
! cmp -s "$work/a.png" "$work/b.png"
result $? "another temperature, another picture"
status 0 "decodes a manifold" "$sample" "$model" -o "$work/m.png" --manifold --rows 4 --cols 4
png "$work/m.png" 122 122 "the manifold is 4 x 4 tiles"
status 0 "interpolates" "$sample" "$model" -o "$work/i.png" --interpolate --rows 2 --cols 7
png "$work/i.png" 212 62 "a path has 7 tiles"
status 0 "takes checkpoints" "$sample" "$work/out/checkpoint.safetensors" -o "$work/c.png" \
  --rows 3 --cols 5
same "$work/a.png" "$work/c.png" "a checkpoint is the same model"
status 0 "images that are not square" "$sample" "$model" -o "$work/w.png" --width 56 \
  --rows 1 --cols 1
png "$work/w.png" 60 18 "are as wide as asked for"

status 1 "a width that does not divide" "$sample" "$model" -o "$work/n.png" --width 5
status 2 "--manifold with --interpolate" "$sample" "$model" -o "$work/n.png" --manifold \
  --interpolate
status 2 "no output" "$sample" "$model"
status 2 "no rows" "$sample" "$model" -o "$work/n.png" --rows 0
status 1 "no such model" "$sample" "$work/nowhere" -o "$work/n.png"
says stderr "$work/nowhere" "names the model that is missing"
status 1 "no model at all" "$sample" "$work/a.png" -o "$work/n.png"
status 1 "a picture that cannot be written" "$sample" "$model" -o "$work/no/folder.png"
says stderr "No such file" "gives the system's reason"
cp "$work/a.png" "$work/old.png"
status 1 "a disk that fills up" sh -c \
  "trap '' XFSZ; ulimit -f 1; exec '$sample' '$model' -o '$work/old.png'"
says stderr "File too large" "gives the system's reason too"
same "$work/a.png" "$work/old.png" "the picture that was there stays"
empty "$(find "$work" -name '.vae-*')" "and nothing is left beside it"
ln -s a.png "$work/link.png"
status 0 "a link to a picture" "$sample" "$model" -o "$work/link.png" --rows 1 --cols 1
[ -L "$work/link.png" ]
result $? "stays a link"
png "$work/a.png" 32 32 "and its picture is the new one"
"$sample" "$model" -o /dev/stdout --rows 1 --cols 1 | cat >"$work/pipe.png"
same "$work/a.png" "$work/pipe.png" "a picture goes through a pipe"
if [ -w /dev/full ]; then
  ln -s /dev/full "$work/full.png"
  status 1 "a device that is full" "$sample" "$model" -o "$work/full.png"
  says stderr "No space left" "says so"
  [ -c "$work/full.png" ]
  result $? "and stays"
fi
limited="ulimit -v 1000000; exec '$sample'"
if sh -c "$limited --version" >/dev/null 2>&1; then
  for how in "" --manifold --interpolate; do
    status 1 "a picture too large $how" sh -c \
      "$limited '$model' -o '$work/n.png' --rows 1000 --cols 1000 --threads 1 $how"
    says stderr "a picture of 30002 x 30002 pixels is not possible" "is known before it is computed"
  done
else
  skip "a picture too large" "a sanitizer needs more memory than that"
fi
small "$work/three" --latent 3
status 1 "a manifold of three dimensions" "$sample" "$work/three/model.safetensors" --manifold \
  -o "$work/n.png"
[ ! -e "$work/n.png" ]
result $? "failures leave no picture"
tap_done

#!/bin/sh
# SPDX-License-Identifier: MIT
# reconstruct.sh BIN: vae-reconstruct shows images above their reconstructions.
. "${0%/*}/common.sh"
reconstruct=$bin/vae-reconstruct
small "$work/out"
model=$work/out/model.safetensors
manners vae-reconstruct "$model" -o "$work/x.png"

status 0 "reconstructs" "$reconstruct" "$model" --data synthetic:500 -o "$work/a.png" --count 7 \
  --cols 5
png "$work/a.png" 152 122 "7 images in lines of 5 are 4 lines with their reconstructions"
"$reconstruct" "$model" --data synthetic:500 -o "$work/b.png" --count 7 --cols 5 --threads 1
same "$work/a.png" "$work/b.png" "the same picture again"
"$reconstruct" "$model" --data synthetic:500 -o "$work/s.png" --count 7 --cols 5 --sample
! cmp -s "$work/a.png" "$work/s.png"
result $? "a sample of the code, another picture"
"$reconstruct" "$model" --data synthetic:500 -o "$work/s.png" --count 7 --cols 5 \
  --binarize threshold
! cmp -s "$work/a.png" "$work/s.png"
result $? "black and white images, another picture"
status 0 "more images than there are" "$reconstruct" "$model" --data synthetic:10 -o "$work/c.png"
png "$work/c.png" 62 62 "gives those there are"
status 1 "a picture too large" "$reconstruct" "$model" --data synthetic:84000 -o "$work/n.png" \
  --count 16800 --cols 1
says stderr "a picture of 32 x 1008002 pixels is not possible" "is known before it is computed"
status 2 "no output" "$reconstruct" "$model" --data synthetic:10
status 2 "no images" "$reconstruct" "$model" --data synthetic:10 -o "$work/n.png" --count 0
status 1 "no such model" "$reconstruct" "$work/nowhere" --data synthetic:10 -o "$work/n.png"
status 1 "no such data" "$reconstruct" "$model" --data "$work/nowhere" -o "$work/n.png"
tap_done

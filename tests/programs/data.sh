#!/bin/sh
# SPDX-License-Identifier: MIT
# data.sh BIN: IDX files and PNGs are read; damaged ones are refused with a sentence.
. "${0%/*}/common.sh"
small "$work/model"
model=$work/model/model.safetensors

# folder NAME: makes it; the file to damage is train-images-idx3-ubyte in it.
folder() {
  mkdir -p "$work/$1"
  file=$work/$1/train-images-idx3-ubyte
}

# refused NAME TEXT SENTENCE
refused() {
  status 1 "$3" "$bin/vae-evaluate" "$model" --data "$work/$1"
  says stderr "$2" "$3: the message says so"
}

image() {
  head -c 784 /dev/zero | tr '\0' '\200'
}

folder good
{ printf '\0\0\10\3\0\0\0\2\0\0\0\34\0\0\0\34' && image && image; } >"$file"
printf '\0\0\10\1\0\0\0\2\1\2' >"$work/good/train-labels-idx1-ubyte"
status 0 "reads IDX files" "$bin/vae-evaluate" "$model" --data "$work/good"
says stdout "training set" "says that there is no test set"
status 0 "reads \$VAE_DATA" env VAE_DATA="$work/good" "$bin/vae-evaluate" "$model"
says stdout "$work/good" "names the folder of \$VAE_DATA"
folder gzipped
gzip -c "$work/good/train-images-idx3-ubyte" >"$file.gz"
status 0 "reads gzip'd IDX files without labels" "$bin/vae-evaluate" "$model" --data "$work/gzipped"

folder cut
head -c 1000 "$work/good/train-images-idx3-ubyte" >"$file"
refused cut "truncated" "a truncated file"
folder cutgz
head -c 30 "$work/gzipped/train-images-idx3-ubyte.gz" >"$file.gz"
refused cutgz "truncated" "a truncated gzip'd file"
folder badgz
printf '\037\213\10\0\0\0\0\0\0\3garbage of no compressed kind' >"$file.gz"
refused badgz "train-images" "a damaged gzip'd file"
folder long
{ cat "$work/good/train-images-idx3-ubyte" && printf x; } >"$file"
refused long "longer" "a file longer than its header says"
folder text
echo "no images" >"$file"
refused text "no IDX file" "a file of another kind"
folder empty
: >"$file"
refused empty "no IDX file" "an empty file"
folder header
printf '\0\0\10\3\0\0\0\2\0\0' >"$file"
refused header "truncated in its header" "a cut header"
folder zero
printf '\0\0\10\3\0\0\0\0\0\0\0\34\0\0\0\34' >"$file"
refused zero "is 0" "no images"
folder huge
printf '\0\0\10\3\377\377\377\377\377\377\377\377\377\377\377\377x' >"$file"
refused huge "limit" "counts whose product overflows"
folder claims
printf '\0\0\10\3\0\120\0\0\0\0\0\34\0\0\0\34x' >"$file"
refused claims "truncated" "a header that claims gigabytes"
folder floats
printf '\0\0\15\3\0\0\0\1\0\0\0\1\0\0\0\1xxxx' >"$file"
refused floats "unsigned bytes" "a file of floats"
folder labels
cp "$work/good/train-images-idx3-ubyte" "$file"
printf '\0\0\10\1\0\0\0\3\1\2\3' >"$work/labels/train-labels-idx1-ubyte"
refused labels "3 labels for 2 images" "labels that do not match"
folder sizes
cp "$work/good/train-images-idx3-ubyte" "$file"
printf '\0\0\10\3\0\0\0\1\0\0\0\1\0\0\0\1x' >"$work/sizes/t10k-images-idx3-ubyte"
refused sizes "1 x 1" "test images of another size"
folder directory
mkdir "$file"
refused directory "directory" "a directory in place of a file"
mkdir "$work/nothing"
refused nothing "neither" "a folder without images"
folder small
printf '\0\0\10\3\0\0\0\1\0\0\0\1\0\0\0\1x' >"$file"
refused small "784" "images the model is not made for"

mkdir "$work/pngs"
for seed in 1 2 3 4 5 6; do
  "$bin/vae-sample" "$model" -o "$work/pngs/$seed.png" --rows 1 --cols 1 --seed $seed
done
status 0 "trains on a folder of PNGs" "$bin/vae-train" "$work/out" --data "$work/pngs" --valid 2 \
  --encoder 8 --decoder 8 --epochs 1
says stdout "4 training and 2 test images of 32 x 32 pixels" "holds out the last ones"
mkdir "$work/badpng"
head -c 60 "$work/pngs/1.png" >"$work/badpng/1.png"
refused badpng "1.png: a truncated PNG" "a truncated PNG"
mkdir -p "$work/dirpng/1.png"
refused dirpng "1.png: Is a directory" "a directory in place of a PNG"
mkdir "$work/emptypng"
: >"$work/emptypng/1.png"
refused emptypng "1.png: an empty file" "an empty PNG"
mkdir "$work/textpng"
echo "no picture" >"$work/textpng/1.png"
refused textpng "1.png: not a PNG" "a PNG of another kind"
mkdir "$work/escaped"
echo "no picture" >"$work/escaped/$(printf 'a\033[31m\177X').png"
refused escaped 'a?[31m?X.png: not a PNG' "a name that a terminal would obey"
mkdir "$work/mixed"
cp "$work/pngs/1.png" "$work/mixed/1.png"
"$bin/vae-sample" "$model" -o "$work/mixed/2.png" --rows 1 --cols 2
refused mixed "2.png" "PNGs of two sizes"
for name in synthetic: synthetic:x synthetic:1 synthetic:99999999999999999999; do
  status 1 "--data $name" "$bin/vae-evaluate" "$model" --data $name
done
tap_done

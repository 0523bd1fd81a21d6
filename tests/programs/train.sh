#!/bin/sh
# SPDX-License-Identifier: MIT
# train.sh BIN: vae-train writes what it promises, says what is wrong, and chooses its data.
. "${0%/*}/common.sh"
train=$bin/vae-train
manners vae-train "$work/out"

status 0 "trains on synthetic digits" "$train" "$work/out" --data synthetic:500 --encoder 32 \
  --decoder 32 --latent 2 --epochs 2
says stdout "synthetic digits" "says which data it uses"
says stdout "cross-entropy" "says that grey pixels under bernoulli have no likelihood"
[ "$(grep -c '^epoch' "$work/stdout")" -eq 2 ]
result $? "prints one line per epoch where there is no terminal"
png "$work/out/samples.png" 302 302 "samples.png is 10 x 10 tiles"
png "$work/out/reconstructions.png" 302 122 "reconstructions.png is 2 lines of pairs"
png "$work/out/manifold.png" 602 602 "manifold.png is 20 x 20 tiles"
svg "$work/out/loss.svg" "loss.svg is SVG"
svg "$work/out/latent.svg" "latent.svg is SVG"
grep -q '>class<' "$work/out/latent.svg"
result $? "latent.svg has a legend of classes"
[ "$(head -n 1 "$work/out/log.csv")" = "epoch,train_loss,train_reconstruction,train_kl,test_loss,\
test_reconstruction,test_kl,learning_rate,rows_per_second,seconds" ]
result $? "log.csv has its columns"
awk -F, 'NR > 1 { n++; bad += NF != 10 || $1 != n || $2 - $3 - $4 > 0.01 || $5 - $6 - $7 > 0.01 }
  END { exit bad || n != 2 }' "$work/out/log.csv"
result $? "log.csv has a line per epoch whose terms add up"
awk -F, 'NR == 2 { first = $5 } END { exit !($5 < first) }' "$work/out/log.csv"
result $? "the test loss falls"
[ -s "$work/out/model.safetensors" ] && [ -s "$work/out/checkpoint.safetensors" ]
result $? "model and checkpoint are there"

heard "$train" "$work/heard" --data synthetic:50 --encoder 8 --decoder 8 --epochs 1
status 0 "--quiet trains" small "$work/again" --seed 0
[ ! -s "$work/stdout" ] && [ ! -s "$work/stderr" ]
result $? "--quiet prints nothing"
same "$work/out/model.safetensors" "$work/again/model.safetensors" "the same seed, the same bytes"
status 0 "--threads 1 trains" small "$work/again" --threads 1
same "$work/out/model.safetensors" "$work/again/model.safetensors" "one thread, the same bytes"
small "$work/again" --seed 1
! cmp -s "$work/out/model.safetensors" "$work/again/model.safetensors"
result $? "another seed, other bytes"

status 0 "--valid 0 trains without a test set" small "$work/none" --valid 0 --latent 3
awk -F, 'NR > 1 && $5 != "nan" { exit 1 }' "$work/none/log.csv"
result $? "the test columns are then nan"
[ ! -e "$work/none/manifold.png" ] && [ ! -e "$work/none/latent.svg" ]
result $? "three latent dimensions get no manifold"
status 1 "--valid takes no more rows than there are" small "$work/no" --valid 500

status 0 "options override a preset that follows them" "$train" "$work/preset" --latent 3 \
  --preset article --data synthetic:50 --epochs 1
says stdout "784-128-64-32-3-256-128-64-784, gaussian" "the preset gives the rest"
status 0 "--set reaches the library" "$train" "$work/set" --data synthetic:50 --epochs 1 \
  --encoder 8 --decoder 8 --set likelihood=gaussian --set gaussian_sigma=0.25 --verbose
grep -q 'gaussian_sigma *0.25' "$work/stdout"
result $? "--verbose shows what was set"
status 0 "--warmup and --binarize train" small "$work/warm" --warmup 2 --binarize bernoulli
status 0 "--binarize threshold trains" "$train" "$work/binary" --data synthetic:50 --epochs 1 \
  --binarize threshold --encoder 8 --decoder 8
says stdout "black or white" "says that the pixels are black or white"

status 2 "no epochs" "$train" "$work/no" --epochs 0
says stderr 'from 1 to' "a number out of range names the range"
status 2 "an unknown likelihood" "$train" "$work/no" --likelihood bernouli
says stderr 'did you mean "bernoulli"' "suggests the likelihood that was meant"
status 2 "an unknown library option" "$train" "$work/no" --set gausian_sigma=1
says stderr 'did you mean "gaussian_sigma"' "suggests the option that was meant"
status 2 "a value the library refuses" "$train" "$work/no" --data synthetic:50 --latent 0
status 2 "a setting without a value" "$train" "$work/no" --set beta
status 2 "a value that is missing" "$train" "$work/no" --epochs
for option in --quiet --qui; do
  status 2 "a value that is too much" "$train" "$work/no" $option=5
  says stderr "$option takes no value" "says that $option takes none"
done
status 1 "a folder that is not there" "$train" "$work/no" --data "$work/nowhere"
says stderr "$work/nowhere" "names the folder"
status 1 "an output folder that cannot be made" "$train" "$work/out/log.csv/x" --data synthetic:50
status 1 "an output folder that is a file" "$train" "$work/out/log.csv" --data synthetic:50
for file in checkpoint.safetensors model.safetensors samples.png loss.svg; do
  mkdir -p "$work/full/$file"
  status 1 "$file that cannot be written is a failure" small "$work/full"
  says stderr "$work/full/$file" "the message names $file"
  rmdir "$work/full/$file"
done
[ ! -e "$work/no" ]
result $? "wrong usage leaves no folder"
tap_done

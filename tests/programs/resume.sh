#!/bin/sh
# SPDX-License-Identifier: MIT
# resume.sh BIN: a training that was interrupted ends with the bytes of one that was not.
. "${0%/*}/common.sh"
train=$bin/vae-train

# Everything but the times.
cut_times() {
  cut -d, -f1-8 "$1"
}

same_training() {
  for file in model.safetensors samples.png reconstructions.png manifold.png latent.svg loss.svg; do
    same "$1/$file" "$2/$file" "$3: $file"
  done
  cut_times "$1/log.csv" >"$work/log1" && cut_times "$2/log.csv" >"$work/log2"
  same "$work/log1" "$work/log2" "$3: log.csv but for the times"
}

small "$work/straight" --epochs 4
small "$work/parts" --epochs 2
status 0 "resumes after two epochs" small "$work/parts" --epochs 4 --resume
same_training "$work/straight" "$work/parts" "2 + 2 epochs"
status 0 "resuming a finished training does nothing" small "$work/parts" --epochs 4 --resume
same_training "$work/straight" "$work/parts" "4 + 0 epochs"

# A run killed after it had logged an epoch and before it had saved one.
small "$work/killed" --epochs 3
cp "$work/killed/log.csv" "$work/longer"
small "$work/killed" --epochs 2
cp "$work/longer" "$work/killed/log.csv"
printf '4,1' >>"$work/killed/log.csv"
small "$work/killed" --epochs 4 --resume
same_training "$work/straight" "$work/killed" "a log too long"

varied() {
  small "$@" --set clip_norm=1 --beta 2 --lr 5e-4 --warmup 2 --set schedule=cosine \
    --set schedule_steps=10 --binarize bernoulli
}
varied "$work/varied" --epochs 1
varied "$work/varied" --epochs 3 --resume
varied "$work/whole" --epochs 3
same_training "$work/whole" "$work/varied" "with clipping, warm-up, schedule and binarisation"

# interrupt SIGNAL STATUS: ends a long training inside its first epochs, then takes it up again.
interrupt() {
  folder=$work/$1
  env --default-signal="$1" "$train" "$folder" --data synthetic:500 --encoder 32 --decoder 32 \
    --latent 2 --epochs 1000000 --checkpoint-every 3 >"$work/stdout" 2>&1 &
  process=$!
  tries=0
  while [ ! -s "$folder/checkpoint.safetensors" ] && [ $tries -lt 600 ]; do
    sleep 0.1
    tries=$((tries + 1))
  done
  kill -s "$1" $process
  wait $process
  [ $? -eq "$2" ]
  result $? "SIG$1 ends with $2"
  says stdout "--resume" "SIG$1 says how to go on"
  done_epochs=$(($(wc -l <"$folder/log.csv") - 1))
  [ ! -e "$folder/model.safetensors" ]
  result $? "SIG$1 leaves no model"
  small "$folder" --epochs $((done_epochs + 2)) --resume
  small "$folder-straight" --epochs $((done_epochs + 2))
  same_training "$folder-straight" "$folder" "after SIG$1"
}

if env --default-signal=INT true 2>/dev/null; then
  interrupt TERM 143
  interrupt INT 130
  interrupt HUP 129
else
  skip "signals" "env has no --default-signal here"
fi

# What a training that comes to nothing leaves of the one before.
whole() {
  same "$work/straight/log.csv" "$1/log.csv" "$2: the log stays"
  same "$work/straight/checkpoint.safetensors" "$1/checkpoint.safetensors" \
    "$2: the checkpoint stays"
  empty "$(find "$1" -name '.vae-*' -o -name '*.tmp')" "$2: nothing else is left"
}
cp -r "$work/straight" "$work/kept"
status 1 "a training that cannot begin" small "$work/kept" --set schedule=cosine
whole "$work/kept" "a training that cannot begin"
status 1 "a disk that is full at the first step" sh -c \
  "trap '' XFSZ; ulimit -f 64; exec '$train' '$work/kept' --data synthetic:500 --quiet"
whole "$work/kept" "a full disk"

# Killed in the first epoch, in the folder of an earlier training.
small "$work/over" --epochs 3 --seed 5
cp "$work/over/log.csv" "$work/log1"
set -- --data synthetic:500 --encoder 32 --decoder 32 --latent 2 --epochs 1 --batch-size 40 \
  --set samples=1000 --quiet
"$train" "$work/over" "$@" &
process=$!
tries=0
while cmp -s "$work/over/log.csv" "$work/log1" && [ $tries -lt 600 ]; do
  sleep 0.02
  tries=$((tries + 1))
done
kill -KILL $process 2>/dev/null
wait $process 2>/dev/null
if [ $? -eq 137 ] && [ "$(wc -l <"$work/over/log.csv")" -eq 1 ]; then
  "$train" "$work/over" "$@" --resume
  "$train" "$work/slow" "$@"
  same_training "$work/slow" "$work/over" "killed in the first epoch"
else
  skip "killed in the first epoch" "that was over too soon"
fi

cp -r "$work/parts" "$work/lost"
rm "$work/lost/log.csv"
status 0 "resumes without a log" "$train" "$work/lost" --data synthetic:500 --encoder 32 \
  --decoder 32 --latent 2 --epochs 6 --resume
says stdout "log.csv is not there: a new one begins after epoch 4" "says that it is lost"
[ "$(cut -d, -f1 "$work/lost/log.csv" | tr '\n' ' ')" = "epoch 5 6 " ]
result $? "a log begins there"
cp -r "$work/parts" "$work/foreign"
echo "my notes" >"$work/foreign/log.csv"
status 1 "a file that is no log" small "$work/foreign" --epochs 5 --resume
says stderr "cannot resume: $work/foreign/log.csv: not a log" "says what cannot be done and why"
[ "$(cat "$work/foreign/log.csv")" = "my notes" ]
result $? "it stays"
cp -r "$work/parts" "$work/planted"
echo "my notes" >"$work/notes"
ln -s ../notes "$work/planted/log.csv.part"
small "$work/planted" --epochs 5 --resume
[ "$(cat "$work/notes")" = "my notes" ] && [ -L "$work/planted/log.csv.part" ]
result $? "a link in the folder is not written through"

small "$work/seeded" --epochs 1 --seed 5
cp -r "$work/seeded" "$work/unsaid"
for seed in 0 7; do
  status 1 "--seed $seed where --seed 5 began" small "$work/seeded" --resume --seed $seed
  says stderr "the training began with --seed 5, not $seed" "says so"
done
small "$work/seeded" --resume --seed 5
small "$work/unsaid" --resume
same_training "$work/seeded" "$work/unsaid" "the seed is the checkpoint's"
small "$work/set" --epochs 1 --seed 5 --set seed=7
small "$work/set" --resume --seed 5 --set seed=7
small "$work/set-straight" --seed 5 --set seed=7
same_training "$work/set-straight" "$work/set" "--set seed"
small "$work/warm" --epochs 1 --warmup 3
cp -r "$work/warm" "$work/warmed"
small "$work/warm" --resume
small "$work/warmed" --resume --warmup 0
! cmp -s "$work/warm/model.safetensors" "$work/warmed/model.safetensors"
result $? "--warmup 0 ends the warm-up"

status 1 "no checkpoint to resume" small "$work/new" --resume
says stderr "checkpoint.safetensors" "names the checkpoint that is missing"
[ ! -e "$work/new" ]
result $? "makes no folder"
status 1 "another model" small "$work/parts" --epochs 5 --resume --latent 3
status 1 "another optimizer" small "$work/parts" --epochs 5 --resume --optimizer rmsprop
status 1 "other data" small "$work/parts" --epochs 5 --resume --data synthetic:600
head -c 2000 "$work/parts/checkpoint.safetensors" >"$work/cut"
cp "$work/cut" "$work/parts/checkpoint.safetensors"
status 1 "a truncated checkpoint" small "$work/parts" --epochs 5 --resume
same "$work/cut" "$work/parts/checkpoint.safetensors" "a checkpoint that cannot be used stays"
tap_done

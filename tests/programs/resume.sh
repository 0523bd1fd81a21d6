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
else
  skip "signals" "env has no --default-signal here"
fi

cp -r "$work/parts" "$work/planted"
echo "my notes" >"$work/notes"
ln -s ../notes "$work/planted/log.csv.part"
small "$work/planted" --epochs 5 --resume
[ "$(cat "$work/notes")" = "my notes" ] && [ -L "$work/planted/log.csv.part" ]
result $? "a link in the folder is not written through"

status 1 "no checkpoint to resume" small "$work/new" --resume
says stderr "checkpoint.safetensors" "names the checkpoint that is missing"
status 1 "another model" small "$work/parts" --epochs 5 --resume --latent 3
status 1 "another optimizer" small "$work/parts" --epochs 5 --resume --optimizer rmsprop
status 1 "other data" small "$work/parts" --epochs 5 --resume --data synthetic:600
head -c 2000 "$work/parts/checkpoint.safetensors" >"$work/cut"
cp "$work/cut" "$work/parts/checkpoint.safetensors"
status 1 "a truncated checkpoint" small "$work/parts" --epochs 5 --resume
same "$work/cut" "$work/parts/checkpoint.safetensors" "a checkpoint that cannot be used stays"
tap_done

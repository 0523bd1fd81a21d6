#!/bin/sh
# SPDX-License-Identifier: MIT
# evaluate.sh BIN: vae-evaluate measures, as text and as JSON.
. "${0%/*}/common.sh"
evaluate=$bin/vae-evaluate
small "$work/out"
model=$work/out/model.safetensors
manners vae-evaluate "$model"

# value NAME: of the JSON object on standard output.
value() {
  sed -n "s/.*\"$1\": \([^,}]*\)[,}].*/\1/p" "$work/stdout"
}

status 0 "evaluates" "$evaluate" "$model" --data synthetic:500
says stdout "rows             100" "takes the whole test set"
says stdout "cross-entropy" "says what grey pixels mean"
! grep -q '^bits' "$work/stdout"
result $? "prints no bits for grey pixels"
status 0 "prints JSON" "$evaluate" "$model" --data synthetic:500 --json
if command -v python3 >/dev/null; then
  python3 -m json.tool <"$work/stdout" >/dev/null
  result $? "it is JSON"
fi
awk -v e="$(value elbo)" -v r="$(value reconstruction)" -v k="$(value kl)" \
  'BEGIN { d = e + r + k; exit !(d < 1e-4 && d > -1e-4 && k > 0 && r > 0) }'
result $? "elbo = -(reconstruction + kl)"
[ "$(value bits_per_dimension)" = null ]
result $? "bits are null for grey pixels"
[ "$(value latent_dim)" = 2 ] && [ "$(value active_units)" -le 2 ]
result $? "counts active units"
elbo=$(value elbo)
"$evaluate" "$model" --data synthetic:500 --json --threads 1 >"$work/stdout"
[ "$(value elbo)" = "$elbo" ]
result $? "one thread, the same number"
"$evaluate" "$model" --data synthetic:500 --json --seed 1 >"$work/stdout"
[ "$(value elbo)" != "$elbo" ]
result $? "another seed, another number"
status 0 "more samples" "$evaluate" "$model" --data synthetic:500 --json --samples 5
[ "$(value elbo)" != "$elbo" ] && [ "$(value samples)" = 5 ]
result $? "are used"
status 0 "black and white pixels" "$evaluate" "$model" --data synthetic:500 --json \
  --binarize threshold
awk -v b="$(value bits_per_dimension)" -v e="$(value elbo)" \
  'BEGIN { d = b + e / log(2) / 784; exit !(b > 0 && d < 1e-6 && d > -1e-6) }'
result $? "have bits per dimension"
status 0 "stochastic pixels" "$evaluate" "$model" --data synthetic:500 --json --binarize bernoulli
[ "$(value bits_per_dimension)" != null ]
result $? "have them too"
status 2 "no samples" "$evaluate" "$model" --samples 0
status 1 "no such model" "$evaluate" "$work/nowhere" --data synthetic:500
printf x >"$work/bad"
status 1 "no model at all" "$evaluate" "$work/bad" --data synthetic:500
heard "$evaluate" "$model" --data synthetic:50
tap_done

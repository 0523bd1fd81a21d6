#!/bin/sh
# SPDX-License-Identifier: MIT
# releases.sh SOURCE_DIR BUILD_DIR LIBVAE_SO VERSION MESON: the programs of each release in
# tests/abi/releases, as they were compiled then, run with the library built now, and files go from
# one to the other.
source=$1 build=$2 so=$(readlink -f "$3") version=$4 meson=$5
here=$source/tests/abi
. "$source/tests/tap.sh"
. "$here/old_build.sh"
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
LC_ALL=C
export LC_ALL

# with OLD|NEW COMMAND...: under the library of that time or of now.
with() {
  case $1 in
  OLD) library=$old/build/lib ;;
  NEW) library=${so%/*} ;;
  esac
  shift
  LD_LIBRARY_PATH=$library${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} "$@"
}

# Programs that would get another library than the one built now.
strangers() {
  for program in "$old"/build/unit/test_* "$old"/build/examples/* "$old/build/consumer"; do
    [ -f "$program" ] && [ -x "$program" ] || continue
    found=$(with NEW ldd "$program" | sed -n 's/.*libvae\.so[.0-9]* => \(.*\) (.*/\1/p')
    [ -n "$found" ] && [ "$(readlink -f "$found")" = "$so" ] || echo "$program"
  done
}

# Why there is no program of a unit test: its log, and the first error in that.
not_built() {
  for log in "$old"/objects/test_*.log; do
    name=${log##*/}
    [ -f "$old/build/unit/${name%.log}" ] ||
      echo "# $log: $(sed -n '/error:\|undefined reference\|cannot find/{p;q;}' "$log")"
  done
}

# Runs everything, two at a time, and says what each answered: NAME.log and NAME.status.
run_all() {
  {
    for test in "$old"/build/unit/test_*; do
      echo "${test##*/} $test"
    done
    for script in "$old"/source/tests/programs/*.sh; do
      [ "${script##*/}" = common.sh ] ||
        echo "${script##*/} sh $script $old/build/examples $old/source/docs/man"
    done
    echo "consumer $old/build/consumer $scratch/consumer.safetensors"
  } >"$scratch/commands"
  (
    cd "$scratch" || exit
    CK_TAP_LOG_FILE_NAME=-
    export CK_TAP_LOG_FILE_NAME
    with NEW xargs -P 2 -I{} sh -c \
      'set -- {}; name=$1; shift; "$@" >"$name.log" 2>&1; echo $? >"$name.status"' <commands
  )
}

# A program fails but for those of its tests that are left out.
fails() {
  status=$(cat "$scratch/$1.status" 2>/dev/null)
  [ "$status" != 0 ] || return 1
  grep '^not ok' "$scratch/$1.log" >"$scratch/bad"
  [ "$status" != 1 ] || [ ! -s "$scratch/bad" ] || [ -z "$left_out" ] ||
    grep -qvE ":($(echo "$left_out" | tr , '|')):" "$scratch/bad"
}

report() {
  while read -r name command; do
    ! fails "$name"
    result $? "$release: $name with the library of now"
    [ "$tap_last" -eq 0 ] || grep -v '^ok' "$scratch/$name.log" | tail -n 20 | sed 's/^/# /'
  done <"$scratch/commands"
}

train() {
  "$old/build/examples/vae-train" "$scratch/out" --data synthetic:200 --encoder 8 --decoder 8 \
    --latent 2 --quiet "$@"
}
inspect() {
  "$old/build/examples/vae-inspect" "$1"
}

try() {
  sentence=$1
  shift
  "$@" >"$scratch/log" 2>&1
  result $? "$release: $sentence"
  [ "$tap_last" -eq 0 ] || sed 's/^/# /' "$scratch/log"
}

# refuses SENTENCE TEXT FILE FROM TO COMMAND...: with a word of the file replaced by one as long the
# command answers 1, and the text is in what it says.
refuses() {
  sentence=$1 text=$2 file=$3 from=$4 to=$5
  shift 5
  cp "$file" "$scratch/kept"
  sed "s/$from/$to/" "$scratch/kept" >"$file"
  "$@" >"$scratch/log" 2>&1
  [ $? -eq 1 ] && grep -q "$text" "$scratch/log" &&
    grep -q "written by libvae $version" "$scratch/log"
  result $? "$release: $sentence"
  [ "$tap_last" -eq 0 ] || sed 's/^/# /' "$scratch/log"
  cp "$scratch/kept" "$file"
}

# What is written now, and what a later version might write, in the hands of the old library.
exchange_files() {
  rm -rf "$scratch/out"
  model=$scratch/out/model.safetensors checkpoint=$scratch/out/checkpoint.safetensors
  try "training and saving with the library of now" with NEW train --epochs 1
  try "the old library loads a model of now" with OLD inspect "$model"
  try "the old library goes on from a checkpoint of now" with OLD train --epochs 2 --resume
  try "and the library of now from one of the old" with NEW train --epochs 3 --resume
  refuses "the old library refuses a model with an option it does not know" \
    'no option "elu_other"' "$model" elu_alpha elu_other with OLD inspect "$model"
  refuses "the old library refuses a model with a kind it does not know" \
    'unknown prior "standard_strang"' "$model" standard_normal standard_strang \
    with OLD inspect "$model"
  refuses "the old library refuses a checkpoint with an option it does not know" \
    'no option "clip_many"' "$checkpoint" clip_norm clip_many \
    with OLD train --epochs 4 --resume
}

# Whether the source stands in its own repository, with all of its history.
history_is_here() {
  top=$(git -C "$source" rev-parse --show-toplevel 2>/dev/null) &&
    [ "$(readlink -f "$top")" = "$(readlink -f "$source")" ] &&
    [ "$(git -C "$source" rev-parse --is-shallow-repository)" = false ]
}

history_is_here
history=$?
while read -r release commit count left_out; do
  case $release in '' | '#'*) continue ;; esac
  if [ $history -ne 0 ]; then
    skip "$release" "the history is not here"
    continue
  fi
  old=$build/releases/$release
  old_build "$source" "$commit" "$old" "$meson" >"$scratch/build.log" 2>&1 </dev/null
  result $? "$release: it builds"
  [ "$tap_last" -eq 0 ] || { tail -n 20 "$scratch/build.log" | sed 's/^/# /'; continue; }
  found=$(find "$old/build/unit" -name 'test_*' | wc -l)
  [ "$found" -eq "$count" ]
  result $? "$release: $found unit tests need the public headers alone, $count expected"
  [ "$tap_last" -eq 0 ] || not_built
  empty "$(strangers)" "$release: its programs get the library of now"
  run_all
  report
  [ "$(tail -n 1 "$scratch/consumer.log")" = "$version" ]
  result $? "$release: its programs see version $version"
  exchange_files
done <"$here/releases"
tap_done

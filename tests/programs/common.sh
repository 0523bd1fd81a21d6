# SPDX-License-Identifier: MIT
# What the tests of the programs share: source it with the folder of the programs in $1.
bin=$1
. "${0%/*}/../tap.sh"
unset VAE_DATA
LC_ALL=C
export LC_ALL
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# status STATUS SENTENCE COMMAND...: runs it, passes when it ends with STATUS. What it printed is in
# $work/stdout and $work/stderr.
status() {
  wanted=$1 sentence=$2
  shift 2
  "$@" >"$work/stdout" 2>"$work/stderr"
  got=$?
  [ $got -eq "$wanted" ]
  result $? "$sentence"
  [ $got -eq "$wanted" ] || sed "s/^/# $got: /" "$work/stderr"
}

# says FILE TEXT SENTENCE: passes when $work/FILE holds the text.
says() {
  grep -qF -e "$2" "$work/$1"
  result $? "$3"
  [ "$tap_last" -eq 0 ] || sed 's/^/# /' "$work/$1"
}

# same FILE FILE SENTENCE
same() {
  cmp -s "$1" "$2"
  result $? "$3"
}

bytes() {
  tail -c "+$(($2 + 1))" "$1" | head -c "$3" | od -An -tx1 | tr -d ' \n'
}

# png FILE WIDTH HEIGHT SENTENCE: signature, size and end are there.
png() {
  shape=$(printf '%08x%08x' "$2" "$3")
  [ "$(bytes "$1" 0 8)" = 89504e470d0a1a0a ] && [ "$(bytes "$1" 16 8)" = "$shape" ] &&
    [ "$(tail -c 8 "$1" | od -An -tx1 | tr -d ' \n')" = 49454e44ae426082 ]
  result $? "$4"
}

# svg FILE SENTENCE: well-formed XML where xmllint can tell, else at least whole.
svg() {
  if command -v xmllint >/dev/null; then
    xmllint --noout "$1" 2>/dev/null && grep -q '<svg xmlns' "$1"
  else
    grep -q '<svg xmlns' "$1" && [ "$(tail -n 1 "$1")" = '</svg>' ]
  fi
  result $? "$2"
}

# heard COMMAND...: what is printed must arrive, whole or line by line.
heard() {
  if ! [ -w /dev/full ]; then
    skip "a full disk" "there is no /dev/full here"
    return
  fi
  status 1 "a full disk is a failure" sh -c '"$@" >/dev/full' sh "$@"
  says stderr "cannot write to standard output: No space left" "says why"
  if ! stdbuf -oL "$1" --version >/dev/null 2>&1; then # a sanitizer lets nothing in before it
    skip "line by line" "stdbuf does not run it"
    return
  fi
  status 1 "line by line too" sh -c 'stdbuf -oL "$@" >/dev/full' sh "$@"
  says stderr "cannot write to standard output" "says so"
}

# manners PROGRAM OPERAND...: what every program does with --help, --version and wrong usage.
manners() {
  program=$1
  shift
  status 0 "$program --help" "$bin/$program" --help
  says stdout "Usage: $program" "$program --help begins with the usage"
  says stdout "Example:" "$program --help has an example"
  status 0 "$program --version" "$bin/$program" --version
  says stdout "threads" "$program --version names the threads"
  status 2 "$program without operands is wrong usage" "$bin/$program"
  status 2 "$program with an unknown option is wrong usage" "$bin/$program" "$@" --hepl
  says stderr 'did you mean "help"' "$program suggests the option that was meant"
  status 2 "$program --help=5 is wrong usage" "$bin/$program" --help=5
  says stderr "--help takes no value" "$program says that an option takes no value"
  heard "$bin/$program" --help
  status 2 "$program with one operand too many is wrong usage" "$bin/$program" "$@" extra
}

# small OUTDIR OPTION...: trains a small model in a moment.
small() {
  "$bin/vae-train" --data synthetic:500 --encoder 32 --decoder 32 --latent 2 --epochs 2 --quiet "$@"
}

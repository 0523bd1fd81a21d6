# SPDX-License-Identifier: MIT
# Test results in TAP, for the scripts under tests/: source it, end with tap_done.
tap_count=0
tap_failed=0
tap_last=0

# result STATUS SENTENCE: 0 is a pass.
result() {
  tap_last=$1
  tap_count=$((tap_count + 1))
  if [ "$1" -eq 0 ]; then
    echo "ok $tap_count - $2"
  else
    tap_failed=$((tap_failed + 1))
    echo "not ok $tap_count - $2"
  fi
}

# empty TEXT SENTENCE: passes when the text, a list of what is wrong, has nothing in it.
empty() {
  [ -z "$1" ]
  result $? "$2"
  [ -z "$1" ] || echo "$1" | sed 's/^/# /'
}

skip() {
  tap_count=$((tap_count + 1))
  echo "ok $tap_count - $1 # SKIP $2"
}

tap_done() {
  echo "1..$tap_count"
  [ "$tap_failed" -eq 0 ]
  exit $?
}

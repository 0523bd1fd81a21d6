# SPDX-License-Identifier: MIT
# What the long tests share, for them to source. Each builds in a folder of its own under
# $VAE_BUILD_DIR (build/tests), prints what fails, ends with one line that counts, and exits with 0
# when nothing failed and 77 when this machine lacks a tool.
root=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
build=${VAE_BUILD_DIR:-$root/build/tests}
mkdir -p "$build" && build=$(cd "$build" && pwd) || exit 1
LC_ALL=C
export LC_ALL
failed=0

# has TOOL...: or the test is left out.
has() {
  for tool in "$@"; do
    command -v "$tool" >/dev/null && continue
    echo "left out: $tool is not installed"
    exit 77
  done
}

# configured NAME OPTION...: a build folder $build/NAME, made when it is not there with these
# options, of this source.
configured() {
  name=$1
  shift
  wanted="$root $*"
  made=$(cat "$build/$name/options" 2>/dev/null)
  [ -f "$build/$name/build.ninja" ] && [ "$made" = "$wanted" ] && return
  rm -rf "${build:?}/$name"
  meson setup "$build/$name" "$root" -Dtests=enabled "$@" >"$build/$name.log" 2>&1 &&
    echo "$wanted" >"$build/$name/options" && return
  tail -n 20 "$build/$name.log"
  exit 1
}

compiled() {
  ninja -C "$build/$1" >"$build/$1.log" 2>&1 && return
  tail -n 40 "$build/$1.log"
  exit 1
}

# tested NAME OPTION...: meson test in that folder; what fails is printed and counted.
tested() {
  name=$1
  shift
  meson test -C "$build/$name" --no-rebuild --print-errorlogs --logbase long "$@" \
    >"$build/$name.log" 2>&1 || {
    grep -E 'FAIL|TIMEOUT|not ok|ERROR' "$build/$name.log" | head -n 40
    failed=1
  }
  sed -n 's/^\(Ok\|Fail\|Timeout\|Skipped\): */\1 /p' "$build/$name.log" | tr '\n' ' '
  echo
}

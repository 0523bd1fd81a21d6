# SPDX-License-Identifier: MIT
# For scripts to source: a release and its programs as they were, from the history.

# old_build SOURCE_DIR COMMIT FOLDER MESON: fills FOLDER, which is kept for the next run.
#   source/          the files of that commit
#   build/           its library, its programs and those of its unit tests that need no more than
#                    the public headers, linked to that library
#   objects/         what these tests are linked of, and what the compiler and the linker said of
#                    each, NAME.log
# Speed is of no matter here, so nothing is optimised.
old_build() {
  [ "$(cat "$3/complete" 2>/dev/null)" != "$2" ] || return 0
  rm -rf "$3" && mkdir -p "$3/source" "$3/objects" &&
    git -C "$1" archive "$2" | tar -x -C "$3/source" &&
    "$4" setup "$3/build" "$3/source" --buildtype=debug -Ddebug=false --default-library=shared \
      -Dblas=none -Dtests=disabled &&
    "$4" compile -C "$3/build" &&
    old_consumer "$3" && old_tests "$3" && echo "$2" >"$3/complete"
}

old_consumer() {
  ${CC:-cc} -I"$1/source/include" "$1/source/tests/consumer/consumer.c" -L"$1/build/lib" -lvae \
    -Wl,-rpath,"$1/build/lib" -o "$1/build/consumer"
}

# What does not compile reaches for the inside of the library.
old_tests() {
  (
    cd "$1/source/tests/unit" || exit
    compile="${CC:-cc} -std=c11 -O0 -w -D_POSIX_C_SOURCE=200809L -I../../include -I.
      -DVAE_SOURCE_ROOT=\"$1/source\" $(pkg-config --cflags check jansson)"
    export compile
    printf '%s\n' support/*.c test_*.c | objects=$1/objects xargs -P 2 -I{} sh -c \
      'name=${1##*/} name=${name%.c}
       $compile -c "$1" -o "$objects/$name.o" 2>"$objects/$name.log" || :' - {}
  )
  mkdir -p "$1/build/unit" && (
    cd "$1/objects" || exit
    for object in test_*.o; do
      others=$(printf '%s\n' *.o | grep -v '^test_')
      # shellcheck disable=SC2046,SC2086
      ${CC:-cc} "$object" $others -L"$1/build/lib" -lvae -Wl,-rpath,"$1/build/lib" \
        $(pkg-config --libs check jansson) -lm -lpthread \
        -o "$1/build/unit/${object%.o}" 2>>"${object%.o}.log" || :
    done
  )
}

#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds libvae, trains a model on Fashion-MNIST for ten epochs and leaves it, with pictures of what
# it does, in out/. An argument names another directory of IDX or PNG images.
root=$(cd "$(dirname "$0")/.." && pwd) || exit 1
data=${1:-/usr/share/datasets/fashion-mnist}
case $data in
/* | synthetic) ;;
*) data=$PWD/$data ;;
esac
cd "$root" || exit 1
. examples/support/packages.sh
# shellcheck disable=SC2119
need || exit 1
if [ $# -eq 0 ] && [ ! -d "$data" ]; then
  { command -v apt-get >/dev/null && need_debian dataset-fashion-mnist; } || {
    echo "No Fashion-MNIST here: training on made-up images. To use your own, give their directory."
    data=synthetic
  }
fi

build=build/quickstart
build_it() {
  if [ ! -f $build/build.ninja ]; then
    rm -rf $build
    meson setup $build -Dtests=disabled || return
  fi
  ninja -C $build
}
echo "Building (log: $build.log)"
mkdir -p build
build_it >$build.log 2>&1 || {
  tail -n 40 $build.log
  exit 1
}

programs=$build/examples
$programs/vae-train out --data "$data" --preset pytorch --epochs 10 --seed 1 &&
  $programs/vae-evaluate out/model.safetensors --data "$data" || exit 1

cat <<END

In out/
  model.safetensors    the model; Python's safetensors opens it too
  samples.png          images it made up
  reconstructions.png  test images, and what the model makes of them
  loss.svg, log.csv    how training went

Next, for example
  $programs/vae-sample out/model.safetensors --help
  $programs/vae-train out/article --data $data --preset article
END

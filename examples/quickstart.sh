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
need || exit 1
if [ $# -eq 0 ] && [ ! -d "$data" ]; then
  { command -v apt-get >/dev/null && need_debian dataset-fashion-mnist; } || {
    echo "No Fashion-MNIST here: training on made-up images. To use your own, give their directory."
    data=synthetic
  }
fi

build=build/quickstart
echo "Building (log: $build.log)"
mkdir -p build
{ [ -f $build/build.ninja ] || { rm -rf $build && meson setup $build -Dtests=disabled; }; } \
  >$build.log 2>&1 && ninja -C $build >>$build.log 2>&1 || {
  tail -n 40 $build.log
  exit 1
}

programs=$build/examples
model=out/model.safetensors
set -e
$programs/vae-train out --data "$data" --preset pytorch --epochs 10 --seed 1
$programs/vae-sample $model -o out/samples.png
$programs/vae-reconstruct $model --data "$data" -o out/reconstructions.png
$programs/vae-evaluate $model --data "$data"

cat <<END

  $model    the model, readable by libvae and by Python's safetensors
  out/samples.png          images it made up
  out/reconstructions.png  images of the test set above what the model makes of them

Next:
  $programs/vae-train --help
  $programs/vae-train out/article --data $data --preset article
END

#!/bin/sh
# SPDX-License-Identifier: MIT
# libvae and its peers on this machine, in turn, several rounds: a table of medians and ratios, and
# a bar chart.
#     TORCH=VENV/bin/python JAX=VENV/bin/python TENSORFLOW=VENV/bin/python \
#         sh compare.sh BUILD [--rounds N] [--seconds S] [--shape NAME]... [--out FOLDER]
# BUILD is libvae's build directory. A peer whose variable is not set is left out; OLD_TORCH is for
# a second PyTorch, such as the one Debian has for its own Python. Writes FOLDER/compare.json,
# compare.md and compare.svg (FOLDER: the current one).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
test $# -ge 1 || { sed -n '3,10s/^# \{0,1\}//p' "$0" >&2; exit 2; }
# OpenBLAS would choose slower kernels than the machine has.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
exec python3 "$here/compare.py" "$@"

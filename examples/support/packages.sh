# SPDX-License-Identifier: MIT
# What a build needs, for scripts to source. Debian and its kin get it installed; elsewhere the
# names are printed for the system's own package manager.

# need EXTRA...: the packages every build needs, and Debian's packages of the names given.
need() {
  if command -v apt-get >/dev/null; then
    need_debian gcc libc6-dev meson ninja-build pkg-config libjansson-dev libopenblas-dev \
      zlib1g-dev libpng-dev "$@"
  else
    need_elsewhere "$@"
  fi
}

need_debian() {
  missing=
  for package in "$@"; do
    case $(dpkg-query -W -f='${Status}' "$package" 2>/dev/null) in
    *' installed') ;;
    *) missing="$missing $package" ;;
    esac
  done
  [ -n "$missing" ] || return 0
  echo "Installing$missing"
  as_root=
  [ "$(id -u)" -eq 0 ] || as_root=sudo
  # A list that cannot be refreshed may still serve; the installation decides.
  $as_root apt-get -qq update
  # shellcheck disable=SC2086
  $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -y -o Dpkg::Use-Pty=0 install --no-install-recommends $missing >/dev/null &&
    return 0
  echo "Could not install:$missing" >&2
  return 1
}

need_elsewhere() {
  missing=
  for tool in cc meson ninja pkg-config; do
    command -v "$tool" >/dev/null || missing="$missing $tool"
  done
  libraries="jansson libpng zlib"
  case " $* " in *' check '*) libraries="$libraries check" ;; esac
  for library in $libraries; do
    pkg-config --exists "$library" 2>/dev/null || missing="$missing $library"
  done
  [ -n "$missing" ] || return 0
  cat >&2 <<END
Not found:$missing. Please install, and start again:
  Fedora  dnf install gcc gcc-c++ clang meson ninja-build pkgconf-pkg-config jansson-devel \\
            openblas-devel zlib-devel libpng-devel check-devel
  Arch    pacman -S base-devel clang meson jansson openblas zlib libpng check
  macOS   brew install meson ninja pkg-config jansson openblas libpng check
END
  return 1
}

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs the program of a release, one file that needs no library, once its checksum is found right:
#   sh install.sh [--version 0.1.0] [--to FOLDER]
# FOLDER is /usr/local/bin for root, else ~/.local/bin. DOCKERLINT_RELEASES is where releases are, for a mirror.
# The exit status is 3 when there is no such release for this machine, and 1 when anything else went wrong.
set -eu
version=0.1.0
releases=${DOCKERLINT_RELEASES:-https://github.com/dockerlint/dockerlint/releases/download}
if [ "$(id -u)" -eq 0 ]; then folder=/usr/local/bin; else folder=$HOME/.local/bin; fi

say() { printf 'dockerlint: %s\n' "$*" >&2; }
fail() {
  say "$*"
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || fail "usage: install.sh [--version VERSION] [--to FOLDER]"
  case $1 in
    --version) version=${2#v} ;;
    --to) folder=$2 ;;
    *) fail "usage: install.sh [--version VERSION] [--to FOLDER]" ;;
  esac
  shift 2
done

# download FILE: 3 when the server says that there is none.
download() {
  address=$releases/v$version/$1
  if have curl; then
    status=0
    curl --fail --silent --show-error --location --retry 3 --output "$work/$1" "$address" 2>"$work/trouble" || status=$?
    case $status in
      0) return 0 ;;
      22 | 37) return 3 ;; # HTTP says no; there is no such file
    esac
  elif have wget; then
    status=0
    wget --quiet --output-document "$work/$1" "$address" 2>"$work/trouble" || status=$?
    case $status in
      0) return 0 ;;
      8) return 3 ;; # HTTP says no
    esac
  else
    fail 'there is neither curl nor wget here'
  fi
  fail "cannot download $address: $(cat "$work/trouble")"
}

sha256() {
  if have sha256sum; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
archive=dockerlint-$version-$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m).tar.gz
for file in SHA256SUMS "$archive"; do
  if ! download "$file"; then
    say "there is no $file in the release $version at $releases"
    exit 3
  fi
done
expected=$(awk -v name="$archive" '$2 == name || $2 == "*" name { print $1 }' "$work/SHA256SUMS")
[ -n "$expected" ] || fail "SHA256SUMS of the release $version does not name $archive"
found=$(sha256 "$work/$archive")
[ "$found" = "$expected" ] || fail "$archive is not what was released: its SHA-256 is $found, not $expected"

tar -xzf "$work/$archive" -C "$work"
mkdir -p "$folder"
# In one step: a program of that name may be running.
cp "$work"/dockerlint-*/bin/dockerlint "$folder/.dockerlint.$$"
chmod 755 "$folder/.dockerlint.$$"
mv -f "$folder/.dockerlint.$$" "$folder/dockerlint"
say "$("$folder/dockerlint" --version | sed 's/^dockerlint //') is in $folder"
case $folder in
  /*) on_path=$folder ;;
  *) on_path="\$PWD/$folder" ;;
esac
case :$PATH: in
  *":$folder:"*) ;;
  *) say "put it on your PATH: export PATH=\"$on_path:\$PATH\"" ;;
esac

#!/usr/bin/env bash
# Seconds of a clean build of the program from a fresh clone, without ccache, and of a rebuild after one module file.
# Prints "CLEAN REBUILD". The UI is not part of it.
set -euo pipefail
cd "$(dirname "$0")/.."
export CCACHE_DISABLE=1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
git clone -q . "$folder/source"
seconds() { local begin=$EPOCHREALTIME; "$@" >&2; awk "BEGIN { printf \"%.1f \", $EPOCHREALTIME - $begin }"; }
configure_and_build() {
  cmake -S "$folder/source" -B "$folder/build" -G Ninja -DFAIRWARD_TESTS=OFF -DFAIRWARD_EMBED_UI=OFF
  ninja -C "$folder/build" fairward
}
seconds configure_and_build
touch "$folder/source/src/modules/booking/holds.cpp"
seconds ninja -C "$folder/build" fairward
echo

#!/usr/bin/env bash
# Makes what a package bears besides the program: manual page, changelog, completion scripts. Without names and times in
# them, so that the same source gives the same bytes. Usage: package_files.sh PROGRAM FOLDER
set -euo pipefail
program=$1
out=$2
source=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$out"
gzip -9nc "$source/deploy/debian/fairward.1" >"$out/fairward.1.gz"
gzip -9nc "$source/CHANGELOG.md" >"$out/CHANGELOG.md.gz"
version=$("$program" --version | cut -d ' ' -f 2)
printf 'fairward (%s) unstable; urgency=medium\n\n  * See CHANGELOG.md.gz.\n\n -- %s  %s\n' "$version" \
  'The authors of Fairward <authors@fairward.example>' "$(date -uR -d "@${SOURCE_DATE_EPOCH:-0}")" |
  gzip -9n >"$out/changelog.gz"
"$program" completion bash >"$out/fairward.bash"
{
  printf '#compdef fairward\n'
  "$program" completion zsh
} >"$out/_fairward"
"$program" completion fish >"$out/fairward.fish"

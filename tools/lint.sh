#!/usr/bin/env bash
# Everything that is decided without running the program: format, layers, style, clang-tidy on what changed, the UI.
# FAIRWARD_LINT_ALL=1 runs clang-tidy on every source. Runs all parts before it fails.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=()
part() {
  local name=$1
  shift
  printf '== %s\n' "$name"
  "$@" || failed+=("$name")
}

sources() { git ls-files --cached --others --exclude-standard -- 'src/*.h' 'src/*.cpp' 'tests/*.cpp' 'bench/*.cpp'; }

format_check() { sources | xargs -r "$(command -v clang-format-14 || echo clang-format)" --dry-run --Werror; }

# The commits not yet on the remote's branch, and what is not committed. Without a remote: the last commit.
changed() {
  if [ -n "${FAIRWARD_LINT_ALL:-}" ]; then
    sources
  else
    local base
    base=$(git merge-base HEAD origin/HEAD 2>/dev/null || git rev-parse --verify -q HEAD~1 || git rev-parse HEAD)
    git diff --name-only --diff-filter=d "$base" -- 'src/*.cpp'
  fi
}

tidy() {
  local files
  mapfile -t files < <(changed | grep '\.cpp$' | grep -v '_test\.cpp$')
  [ "${#files[@]}" -gt 0 ] || return 0
  # A tree of its own, as clang would build it: without precompiled headers and flags of GCC.
  cmake -S . -B build/tidy -G Ninja -DCMAKE_CXX_COMPILER=clang++-16 -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON \
    -DFAIRWARD_EMBED_UI=OFF >/dev/null || return 1
  ninja -C build/tidy fairward_sql_generated >/dev/null || return 1
  printf '%s\n' "${files[@]}" | xargs -r -P "$(nproc)" -n 4 clang-tidy-16 --quiet -p build/tidy \
    --extra-arg=-Wno-unknown-warning-option --extra-arg=-Wno-unused-command-line-argument 2>/dev/null
}

black_box() { (cd tests && ../web/node_modules/.bin/biome check .); }
web() { (cd web && npm run --silent lint && npm run --silent typecheck); }

part "format" format_check
part "layers" python3 tools/check_layers.py
part "style" python3 tools/check_style.py
part "security" python3 tools/check_security.py
part "clang-tidy" tidy
part "web" web
part "tests" black_box
if [ "${#failed[@]}" -gt 0 ]; then
  printf 'lint failed: %s\n' "${failed[*]}"
  exit 1
fi
printf 'lint passed\n'

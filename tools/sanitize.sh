#!/usr/bin/env bash
# Unit and HTTP tests under AddressSanitizer with UBSan, then under ThreadSanitizer. A finding fails the run even when
# no test noticed: every process reports into one folder, also a server whose end nobody looks at.
# FAIRWARD_SANITIZERS="asan" leaves one out; FAIRWARD_SUITES="unit http sim" chooses suites; JOBS=2 compiles faster.
set -uo pipefail
cd "$(dirname "$0")/.."
read -ra sanitizers <<<"${FAIRWARD_SANITIZERS:-asan tsan}"
read -ra suites <<<"${FAIRWARD_SUITES:-unit http}"
reports=$(mktemp -d "${TMPDIR:-/tmp}/fairward-sanitizer-XXXXXX")
trap 'rm -rf "$reports"' EXIT
failed=()

# GCC 12's ThreadSanitizer cannot start where the kernel spreads addresses wide; without the spreading it can.
fixed_addresses=()
setarch "$(uname -m)" -R true 2>/dev/null && fixed_addresses=(setarch "$(uname -m)" -R)

export ASAN_OPTIONS="log_path=$reports/asan:detect_stack_use_after_return=1:check_initialization_order=1"
export UBSAN_OPTIONS="log_path=$reports/ubsan:print_stacktrace=1"
export TSAN_OPTIONS="log_path=$reports/tsan:second_deadlock_stack=1"

sanitized() {
  local preset=$1
  cmake --preset "$preset" >/dev/null && nice ninja -C "build/$preset" -j "${JOBS:-$(nproc)}" || return 1
  nice "${fixed_addresses[@]}" python3 tools/run_tests.py --build "build/$preset" --only "${suites[@]}"
}

for preset in "${sanitizers[@]}"; do
  printf '== %s\n' "$preset"
  sanitized "$preset" || failed+=("$preset")
done

shopt -s nullglob
for report in "$reports"/*; do
  printf '\n== %s\n' "${report##*/}"
  head -n 200 "$report"
  failed+=("${report##*/}")
done
if [ "${#failed[@]}" -gt 0 ]; then
  printf 'sanitize failed: %s\n' "${failed[*]}"
  exit 1
fi
printf 'sanitize passed\n'

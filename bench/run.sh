#!/usr/bin/env bash
# Measures the product against limits of the same machine and the same run; prints one table. See docs/performance.md.
# BENCH_ROUNDS=3 BENCH_SECONDS=4 BENCH_FIVE_YEARS=1 BENCH_MILLION=0 BENCH_BUILD=0
set -euo pipefail
cd "$(dirname "$0")/.."
exec python3 bench/run.py

#!/usr/bin/env bash
# Serves a fresh demo with the built program and prints the Lighthouse figures of its public pages.
# Usage: run.sh [PROGRAM]; BENCH_LIGHTHOUSE=0 skips it.
set -euo pipefail
cd "$(dirname "$0")/../.."
[ "${BENCH_LIGHTHOUSE:-1}" = 1 ] || exit 0
program=${1:-build/release/fairward}
folder=$(mktemp -d)
port=$((20000 + RANDOM % 20000))
"$program" demo "$folder" --cities 5 --doctors 600 >"$folder/demo.log"
"$program" serve --sandbox --http.address=127.0.0.1 --http.port="$port" --data.folder="$folder" --log.level=error &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; rm -rf "$folder"' EXIT
until curl -sf "http://127.0.0.1:$port/ready" >"$folder/ready.log"; do sleep 0.2; done
export FAIRWARD_URL="http://127.0.0.1:$port"
node bench/lighthouse/run.mjs --json "${BENCH_LIGHTHOUSE_JSON:-$folder/lighthouse.json}"

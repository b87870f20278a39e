#!/usr/bin/env bash
# Fills a fresh data folder once and serves it with the sandbox gateway and wide limits, for people and for load.
# Usage: demo.sh PORT DATA
set -euo pipefail
cd "$(dirname "$0")/.."
port=${1:-8080}
data=${2:-data/demo}
program=${FAIRWARD_BIN:-build/release/fairward}

"$program" demo "$data"
printf '\nFairward:  http://127.0.0.1:%s\nAPI:       http://127.0.0.1:%s/docs\nStop with Ctrl-C.\n\n' "$port" "$port"
wide=()
for limit in address user; do
  wide+=("--limits.${limit}_per_minute=100000000" "--limits.${limit}_writes_per_minute=100000000")
done
wide+=(--limits.address_logins_per_minute=100000000 --limits.login_failures_per_minute=100000000)
exec "$program" serve --sandbox --http.address=127.0.0.1 --http.port="$port" --data.folder="$data" \
  "${wide[@]}" --log.format=text --log.level=warning

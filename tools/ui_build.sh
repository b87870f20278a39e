#!/usr/bin/env bash
# Builds web/dist when a source of the UI is newer than it.
set -euo pipefail
cd "$(dirname "$0")/../web"
if [ -f dist/index.html ]; then
  newer=$(find src public index.html vite.config.ts package-lock.json -newer dist/index.html -print -quit)
  [ -n "$newer" ] || exit 0
fi
npm run --silent build >&2
touch dist/index.html

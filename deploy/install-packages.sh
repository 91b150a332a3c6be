#!/usr/bin/env bash
# Installs the Debian packages that are missing: `build` for building and the demo, `test` for the tests as well,
# `deb` for the Debian package and its test, `container` for the images, `bench` for counting instructions,
# `faults` for the long fault run, `cluster` for many towns over NATS.
set -euo pipefail

build=(libmosquitto-dev mosquitto libsqlite3-dev libcurl4-openssl-dev libssl-dev zlib1g-dev libjs-dygraphs pkg-config)
test=("${build[@]}" mosquitto-clients openssl curl jq python3 python3-venv python3-selenium chromium chromium-driver fonts-noto-cjk poppler-utils sqlite3 strace systemd)
bench=("${build[@]}" make python3 valgrind libc6-dbg)
deb=("${build[@]}" binutils dpkg-dev debootstrap lintian openssl python3 systemd systemd-container)
container=(buildah crun mosquitto-clients openssl python3)
cluster=("${build[@]}" mosquitto-clients perl python3 curl jq)
faults=("${test[@]}" e2fsprogs xfsprogs mount iproute2 nftables faketime)

case "${1:-build}" in
  build) wanted=("${build[@]}") ;;
  test) wanted=("${test[@]}") ;;
  deb) wanted=("${deb[@]}") ;;
  container) wanted=("${container[@]}") ;;
  bench) wanted=("${bench[@]}") ;;
  cluster) wanted=("${cluster[@]}") ;;
  faults) wanted=("${faults[@]}") ;;
  *) echo "usage: $0 [build|test|deb|container|bench|cluster|faults]" >&2; exit 64 ;;
esac

if ! command -v swift >/dev/null; then
  echo "Swift 6.3 が見つかりません。 https://www.swift.org/install/linux/ の手順で入れ、PATH に加えてください。" >&2
  echo "Swift 6.3 was not found: install it as https://www.swift.org/install/linux/ says and add it to PATH." >&2
  exit 69
fi

sudo=()
[ "$(id -u)" -eq 0 ] || sudo=(sudo)

# Ends, saying what root would run, where nobody here can be root.
needs_root() {
  [ ${#sudo[@]} -eq 0 ] || command -v sudo >/dev/null || {
    echo "root で次を実行してください / run as root: $*" >&2
    exit 69
  }
}

missing=()
for package in "${wanted[@]}"; do
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "パッケージを入れます / installing: ${missing[*]}"
  needs_root apt-get install "${missing[@]}"
  "${sudo[@]}" apt-get update -qq
  # Debian starts a system broker when mosquitto is installed; the demo and the tests bring their own private one.
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# Debian 12 has a nats-server that is too old.
nats=$(dirname "$0")/nats/install.sh
if [ "${1:-build}" = cluster ] && ! "$nats" --check; then
  echo "パッケージを入れます / installing: nats-server"
  needs_root "$nats"
  "${sudo[@]}" "$nats" >/dev/null
fi

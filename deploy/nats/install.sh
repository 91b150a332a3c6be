#!/usr/bin/env bash
# nats-server 2.10.11 以上を入れます / installs nats-server 2.10.11 or later, as root. --check: 入っているかを見るだけ / only looks whether it is there.
#
# 2.9.10（Debian 12）では、強制終了のあとで戻ったノードに、いつまでも追い付かない consumer が残ることがあります（2.10.11 で直りました）。
# そのときは Debian 13 のパッケージを入れます。ほかのパッケージは変わりません（libc6 2.34 以上で動きます）。
# With 2.9.10 (Debian 12) a node that comes back after a kill may keep a consumer that never catches up (mended in 2.10.11, nats-server #5048).
# There the package of Debian 13 is taken, which runs with libc6 2.34 and changes no other package.
set -euo pipefail
wanted=2.10.11

has() {
  local version
  version=$(dpkg-query -W -f='${Version}' nats-server 2>/dev/null) && dpkg --compare-versions "$version" ge "$wanted"
}

has && exit 0
[ "${1:-}" != --check ] || exit 1
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
from=()
candidate=$(apt-cache policy nats-server | sed -n 's/^ *Candidate: //p')
if dpkg --compare-versions "${candidate:-0}" lt "$wanted"; then
  # What it needs beside libc6 comes from this Debian.
  apt-get install -y -qq --no-install-recommends adduser
  own=$(mktemp -d)
  trap 'rm -rf "$own"' EXIT
  mkdir -p "$own/lists/partial"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${MIRROR:-http://deb.debian.org/debian} trixie main" > "$own/trixie.list"
  from=(-o "Dir::Etc::SourceList=$own/trixie.list" -o Dir::Etc::SourceParts=/dev/null -o "Dir::State::Lists=$own/lists" -o APT::Sandbox::User=root)
  apt-get "${from[@]}" update -qq
fi
apt-get "${from[@]}" install -y -qq --no-install-recommends --no-remove nats-server
has || { echo "nats-server $wanted 以上を入れられませんでした / nats-server $wanted or later could not be installed" >&2; exit 1; }

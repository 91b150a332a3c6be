#!/usr/bin/env bash
# nats-server 2.10.28 以上を入れます / installs nats-server 2.10.28 or later, as root. --check: 入っているかを見るだけ /
# only looks whether it is there. --update: 新しくします / takes the newest.
#
# それより前（Debian 12 の 2.9.10、Debian 13 の 2.10.27）では、ノードが一台止まったあと、メッセージが届かないままになることがあります
# （docs/many-towns.ja.md）。そのときは次の Debian（testing）のパッケージを入れます。ほかのパッケージは変わりません（libc6 2.34 以上で動きます）。
# With earlier ones (2.9.10 of Debian 12, 2.10.27 of Debian 13) messages may stay undelivered after a node has gone (docs/many-towns.md).
# There the package of the next Debian (testing) is taken, which runs with libc6 2.34 and changes no other package.
set -euo pipefail
wanted=2.10.28

has() {
  local version
  version=$(dpkg-query -W -f='${Version}' nats-server 2>/dev/null) && dpkg --compare-versions "$version" ge "$wanted"
}

if has && [ "${1:-}" != --update ]; then exit 0; fi
[ "${1:-}" != --check ] || exit 1
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
from=()
candidate=$(apt-cache policy nats-server | sed -n 's/^ *Candidate: //p')
if dpkg --compare-versions "${candidate:-0}" lt "$wanted"; then
  # What it needs beside libc6, systemd-sysusers, comes from this Debian.
  command -v systemd-sysusers >/dev/null || apt-get install -y -qq --no-install-recommends systemd
  own=$(mktemp -d)
  trap 'rm -rf "$own"' EXIT
  mkdir -p "$own/lists/partial"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${MIRROR:-http://deb.debian.org/debian} testing main" > "$own/next.list"
  from=(-o "Dir::Etc::SourceList=$own/next.list" -o Dir::Etc::SourceParts=/dev/null -o "Dir::State::Lists=$own/lists" -o APT::Sandbox::User=root)
  apt-get "${from[@]}" update -qq
  # Its line "u!" is newer than Debian 12's systemd-sysusers; this file goes before it.
  if [ ! -e /etc/sysusers.d/nats-server.conf ] && ! echo 'u! nats -' | systemd-sysusers --dry-run - >/dev/null 2>&1; then
    mkdir -p /etc/sysusers.d
    echo 'u nats - "NATS.io server" /nonexistent /usr/sbin/nologin' > /etc/sysusers.d/nats-server.conf
  fi
fi
apt-get "${from[@]}" install -y -qq --no-install-recommends --no-remove nats-server
has || { echo "nats-server $wanted 以上を入れられませんでした / nats-server $wanted or later could not be installed" >&2; exit 1; }

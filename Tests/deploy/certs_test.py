#!/usr/bin/python3
"""mizumori-certs (deploy/mosquitto/certs.sh) with the broker settings of deploy/ and a real mosquitto: who is let in before and after a
renewal and a revocation, and what `list` says of certificates that end soon.

  certs_test.py            prints a line a check; exit code 1 when one fails
"""
from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DEPLOY = Path(__file__).resolve().parents[2] / "deploy/mosquitto"
failures = 0


def check(name: str, holds: bool, seen: object = "") -> None:
    global failures
    failures += not holds
    print(f"{'ok  ' if holds else 'FAIL'} {name}{'' if holds else f': {seen}'}")


def certs(folder: Path, *arguments: str, days: int | None = None) -> subprocess.CompletedProcess:
    environment = {**os.environ, **({"MIZUMORI_CERTS_DAYS": str(days)} if days else {})}
    return subprocess.run([str(DEPLOY / "certs.sh"), str(folder), *arguments], capture_output=True, text=True, env=environment)


class Broker:
    """mosquitto with deploy/mosquitto/mizumori.conf; only paths, the port and the list of what is revoked differ."""

    def __init__(self, home: Path, certificates: Path, revoked: bool = False):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        text = (DEPLOY / "mizumori.conf").read_text()
        text = text.replace("listener 8883", f"listener {self.port} 127.0.0.1").replace("/etc/mosquitto/certs", str(certificates))
        text = text.replace("/etc/mosquitto/mizumori.acl", str(DEPLOY / "mizumori.acl"))
        text += f"\npersistence_location {home}/\n" + (f"crlfile {certificates}/ca.crl\n" if revoked else "")
        if os.getuid() == 0:
            text += "user root\n"
        (home / "mosquitto.conf").write_text(text)
        self.process = subprocess.Popen(["/usr/sbin/mosquitto", "-c", home / "mosquitto.conf"], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)

    def __enter__(self) -> Broker:
        for _ in range(100):
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.1)
        raise SystemExit("mosquitto does not start")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()

    def accepts(self, certificates: Path, name: str, key: str | None = None) -> bool:
        done = subprocess.run(
            ["mosquitto_pub", "-h", "localhost", "-p", str(self.port), "-V", "5", "-q", "1", "--cafile", certificates / "ca.crt", "--cert",
             certificates / f"{name}.crt", "--key", certificates / f"{key or name}.key", "-t", f"water/{key or name}/nishi/m01/flow",
             "-m", '{"value":1}'], capture_output=True, timeout=30)
        return done.returncode == 0 and not done.stderr


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        home, ours, theirs = (Path(folder) / n for n in ("home", "ours", "theirs"))
        home.mkdir()
        check("no authority yet: 66", certs(ours, "client", "ina").returncode == 66)
        for arguments in (["ca"], ["server", "localhost", "127.0.0.1"], ["client", "ina"], ["client", "minowa"]):
            done = certs(ours, *arguments)
            check(f"made: {' '.join(arguments)}", done.returncode == 0, done.stderr)
        certs(theirs, "ca"), certs(theirs, "client", "ina")
        check("never overwritten: 73", certs(ours, "client", "ina").returncode == 73 and certs(ours, "ca").returncode == 73)
        check("wrong names and calls: 64", all(certs(ours, *a).returncode == 64 for a in
                                               (["client", "a/b"], ["client", "ca"], ["renew"], ["renew", "ca"], ["revoke", "ca"], ["sell"])))
        check("nothing to renew or revoke: 66", certs(ours, "renew", "no").returncode == 66 and certs(ours, "revoke", "no").returncode == 66)
        modes = {p.name: p.stat().st_mode & 0o777 for p in ours.iterdir()}
        check("keys for their owner only", all(m == 0o600 for n, m in modes.items() if n.endswith(".key")), modes)
        check("list: all have time", certs(ours, "list").returncode == 0)

        with Broker(home, ours) as broker:
            check("the broker lets in ina and minowa", broker.accepts(ours, "ina") and broker.accepts(ours, "minowa"))
            (theirs / "ca.crt").write_bytes((ours / "ca.crt").read_bytes())
            check("not one of the same name by another authority", not broker.accepts(theirs, "ina"))

        certs(ours, "client", "short", days=30)
        listed = certs(ours, "list")
        check("list: 30 days are too few, exit 1", listed.returncode == 1 and "× short: あと" in listed.stdout, listed.stdout)
        key = (ours / "ina.key").read_bytes()
        check("renewed: short, ina, server", all(certs(ours, "renew", n).returncode == 0 for n in ("short", "ina", "server")))
        listed = certs(ours, "list")
        check("list: time again, names kept", listed.returncode == 0 and "DNS:localhost, IP Address:127.0.0.1" in listed.stdout, listed.stdout)
        check("the key stays", (ours / "ina.key").read_bytes() == key)
        with Broker(home, ours) as broker:
            check("the renewed broker lets in the renewed ina", broker.accepts(ours, "ina"))
            check("and the one before, until it ends", accepts_before(broker, ours))

        check("revoked: ina", certs(ours, "revoke", "ina").returncode == 0)
        check("revoked already: 73", certs(ours, "revoke", "ina").returncode == 73)
        check("list shows it", "無効" in certs(ours, "list").stdout)
        with Broker(home, ours, revoked=True) as broker:
            check("the revoked is shut out", not broker.accepts(ours, "ina"))
            check("and so is the one before its renewal", not accepts_before(broker, ours))
            check("the others are not", broker.accepts(ours, "minowa") and broker.accepts(ours, "short"))
    print("すべて通りました / all passed" if not failures else f"失敗 / failed: {failures}")
    return 1 if failures else 0


def accepts_before(broker: Broker, certificates: Path) -> bool:
    """Whether ina's certificate of before its renewal is let in."""
    (certificates / "before.crt").write_bytes((certificates / "ina.crt.before").read_bytes())
    try:
        return broker.accepts(certificates, "before", "ina")
    finally:
        (certificates / "before.crt").unlink()


if __name__ == "__main__":
    sys.exit(main())

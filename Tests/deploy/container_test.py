#!/usr/bin/python3
"""The images of deploy/container, built and run for real: broker and service as uid 10001, certificates from mizumori-certs, a reading, a
restart, a backup. As root; buildah without a container engine (chroot isolation, the machine's network), so what compose adds (names among
containers, read-only root, limits) is not tried here.

  container_test.py [--package out/deb] [--base out/deb/base-bookworm] [--store out/container]

--package  folder with the .deb (`make deb`); without it the image compiles the sources, which needs the image of Swift from a registry
--base     a tree of Debian (debootstrap) for machines without a registry; without it docker.io/library/debian:bookworm-slim is fetched
Exit codes: 0 all hold, 1 something does not, 69 cannot be tried here.
"""
from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BASE = "docker.io/library/debian:bookworm-slim"
ID = 10001
failures = 0


def check(name: str, holds: bool, seen: object = "") -> None:
    global failures
    failures += not holds
    print(f"{'ok  ' if holds else 'FAIL'} {name}{'' if holds else f': {seen}'}", flush=True)


class Buildah:
    def __init__(self, store: Path):
        self.command = ["buildah", "--root", str(store / "storage"), "--runroot", str(store / "run"), "--storage-driver", "vfs"]
        self.environment = {**os.environ, "BUILDAH_ISOLATION": "chroot"}

    def __call__(self, *arguments: object) -> subprocess.CompletedProcess:
        return subprocess.run([*self.command, *map(str, arguments)], capture_output=True, text=True, env=self.environment)

    def must(self, *arguments: object) -> str:
        done = self(*arguments)
        if done.returncode != 0:
            sys.exit(f"buildah {arguments[0]}: {done.stderr[-2000:]}")
        return done.stdout.strip()

    def import_tree(self, tree: Path) -> None:
        container = self.must("from", "scratch")
        with tempfile.NamedTemporaryFile(suffix=".tar") as tar:
            subprocess.run(["tar", "-C", tree, "--one-file-system", "--exclude=./proc/*", "--exclude=./sys/*", "--exclude=./dev/*",
                            "--exclude=./var/cache/apt/archives/*.deb", "-cf", tar.name, "."], check=True)
            self.must("add", "-q", container, tar.name, "/")
        self.must("commit", "-q", container, BASE)
        self.must("rm", container)


class Container:
    """One image at work. Folders of the machine stand in for volumes: buildah mounts its own over them otherwise."""

    def __init__(self, buildah: Buildah, image: str, mounts: dict[Path, str], environment: dict[str, str]):
        self.buildah, self.image = buildah, image
        self.name = buildah.must("from", "--pull-never", image)
        for place in ("/var/lib/mizumori", "/var/backups/mizumori", "/var/lib/mosquitto"):
            buildah("config", "--volume", place + "-", self.name)
        self.flags = [x for source, target in mounts.items() for x in ("-v", f"{source}:{target}")]
        self.flags += [x for key, value in environment.items() for x in ("-e", f"{key}={value}")]
        self.processes: list[subprocess.Popen] = []

    def run(self, *command: str) -> subprocess.CompletedProcess:
        return self.buildah("run", *self.flags, self.name, "--", *command)

    def start(self, log: Path, *command: str) -> subprocess.Popen:
        with log.open("ab") as out:
            process = subprocess.Popen([*self.buildah.command, "run", *self.flags, self.name, "--", *command], stdout=out, stderr=out,
                                       env=self.buildah.environment)
        self.processes.append(process)
        return process

    def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                inner = descendants(process.pid)
                if inner:
                    os.kill(inner[-1], signal.SIGTERM)
                process.wait(timeout=60)
        self.buildah("rm", self.name)


def descendants(pid: int) -> list[int]:
    """The processes below one, the innermost last."""
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        found += [int(child), *descendants(int(child))]
    # Threads other than the first may be the parents.
    if not found:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += [int(child), *descendants(int(child))]
    return found


def until(seconds: float, question) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if question():
            return True
        time.sleep(0.5)
    return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def build(buildah: Buildah, options: argparse.Namespace) -> None:
    if options.base:
        buildah.import_tree(options.base)
    context = ["--build-context", f"package={options.package}"] if options.package else []
    for target in ("mosquitto", "mizumori"):
        done = buildah("build", "--format", "docker", *context, "--network", "host", "--pull-never" if options.base else "--pull", "-f",
                       ROOT / "deploy/container/Containerfile", "--target", target, "-t", f"localhost/{target}-test", ROOT)
        check(f"image {target} is built", done.returncode == 0, done.stderr[-1500:])
        if done.returncode:
            sys.exit(1)


def prepare(home: Path) -> None:
    """The steps of deploy/container/README.md before the first start."""
    for arguments in (["ca"], ["server", "localhost", "127.0.0.1"], ["client", "mizumori"], ["client", "ina"]):
        subprocess.run([str(ROOT / "deploy/mosquitto/certs.sh"), str(home / "ca"), *arguments], check=True, capture_output=True)
    for name in ("secrets", "settings", "data", "backups", "queue"):
        (home / name).mkdir()
    for name in ("ca.crt", "server.crt", "server.key", "mizumori.crt", "mizumori.key"):
        shutil.copy(home / "ca" / name, home / "secrets" / name)
    shutil.copy(ROOT / "deploy/mizumori.yaml", home / "settings")
    for place in [home / n for n in ("secrets", "data", "backups", "queue")] + list((home / "secrets").iterdir()):
        os.chown(place, ID, ID)
    home.chmod(0o755)


def exercise(buildah: Buildah, home: Path) -> None:
    broker_port, page_port = free_port(), free_port()
    conf = home / "mizumori.conf"
    conf.write_text((ROOT / "deploy/mosquitto/mizumori.conf").read_text().replace("listener 8883", f"listener {broker_port} 127.0.0.1"))
    secrets = home / "secrets"
    certs = {secrets / n: f"/etc/mosquitto/certs/{n}:ro" for n in ("ca.crt", "server.crt", "server.key")}
    broker = Container(buildah, "localhost/mosquitto-test", {home / "queue": "/var/lib/mosquitto", conf: "/etc/mosquitto/conf.d/mizumori.conf:ro", **certs}, {})
    service = Container(
        buildah, "localhost/mizumori-test",
        {home / "data": "/var/lib/mizumori", home / "backups": "/var/backups/mizumori", home / "settings": "/etc/mizumori:ro", secrets: "/run/secrets:ro"},
        {"MIZUMORI_BROKER_HOST": "localhost", "MIZUMORI_BROKER_PORT": str(broker_port), "MIZUMORI_BROKER_CA_FILE": "/run/secrets/ca.crt",
         "MIZUMORI_BROKER_CERTIFICATE_FILE": "/run/secrets/mizumori.crt", "MIZUMORI_BROKER_KEY_FILE": "/run/secrets/mizumori.key",
         "MIZUMORI_WEB_PORT": str(page_port)})
    command = ["/usr/bin/mizumori", "run", "--settings", "/etc/mizumori/mizumori.yaml", "--broker-wait", "0"]
    log = home / "log"
    try:
        unhealthy = service.run("/usr/bin/mizumori-healthcheck")
        check("health: not before it runs", unhealthy.returncode != 0)
        running = service.start(log, *command)
        check("health: not without the broker", not until(3, lambda: service.run("/usr/bin/mizumori-healthcheck").returncode == 0))
        broker.start(log, "/usr/sbin/mosquitto", "-c", "/etc/mosquitto/mosquitto.conf")
        check("health: ready with the broker", until(90, lambda: service.run("/usr/bin/mizumori-healthcheck").returncode == 0), log.read_text()[-1500:])
        inner = descendants(running.pid)[-1]
        check("the service is uid 10001", os.stat(f"/proc/{inner}").st_uid == ID)
        sent = subprocess.run(
            ["mosquitto_pub", "-h", "localhost", "-p", str(broker_port), "-V", "5", "-q", "1", "--cafile", home / "ca/ca.crt", "--cert",
             home / "ca/ina.crt", "--key", home / "ca/ina.key", "-t", "water/ina/nishi/test/flow", "-m", '{"value":1.0,"unit":"m3/h"}'])
        check("a gateway's reading is taken by the broker", sent.returncode == 0)
        shown = lambda: service.run("/usr/bin/mizumori", "sensors").stdout
        check("and stands in the service", until(20, lambda: "ina/nishi/test/flow" in shown()), shown())
        checked = service.run("/usr/bin/mizumori", "check", "--listen", "0")
        check("mizumori check: no problem with broker and certificates",
              not any(line.startswith("×") and ("broker" in line or "certificate" in line) for line in checked.stdout.splitlines()), checked.stdout)
        made = service.run("/usr/bin/mizumori", "backup", "/var/backups/mizumori")
        check("backup into its volume", made.returncode == 0 and any((home / "backups").iterdir()), made.stdout + made.stderr)
        os.kill(inner, signal.SIGTERM)
        check("SIGTERM ends it with 0", running.wait(timeout=60) == 0)
        service.start(log, *command)
        check("ready again", until(90, lambda: service.run("/usr/bin/mizumori-healthcheck").returncode == 0), log.read_text()[-1500:])
        check("the data are still there", "ina/nishi/test/flow" in shown(), shown())
    finally:
        service.close()
        broker.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", type=Path)
    parser.add_argument("--base", type=Path)
    parser.add_argument("--store", type=Path, default=ROOT / "out/container")
    options = parser.parse_args()
    if os.getuid() != 0 or not shutil.which("buildah"):
        print("root と buildah が要ります / needs root and buildah: apt-get install buildah crun", file=sys.stderr)
        return 69
    options.store.mkdir(parents=True, exist_ok=True)
    buildah = Buildah(options.store)
    build(buildah, options)
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        exercise(buildah, Path(folder))
    print("すべて通りました / all passed" if not failures else f"失敗 / failed: {failures}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

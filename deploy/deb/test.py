#!/usr/bin/python3
"""Installs, runs, upgrades, removes and purges the package on a fresh Debian, as root. `make deb-check` calls it.

  test.py --bin .build/release [--suite bookworm] [--mirror URL] [--keep]

The fresh system is made once by debootstrap and kept as out/deb/base-SUITE; each run works on a copy of it, in name spaces of its own for
mounts and processes, which end with it. The last rows boot it by systemd-nspawn, where the machine allows that.
Exit codes: 0 all passed, 1 a row failed, 64 wrong use, 69 the mirror cannot be reached.
"""
from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Callable

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from booted import Booted, NotHere  # noqa: E402
from guide import Guide  # noqa: E402
from system import OUT, Failed, Root, expect, free_port, wait  # noqa: E402

HERE = Path(__file__).resolve().parent
SETTINGS = "/etc/mizumori/mizumori.yaml"
PACKAGES = ["mosquitto", "mosquitto-clients", "logrotate", "openssl"]
# A file of ours that an administrator changed: the towns and the ports.
NOTE = "# 町の設定 / set by the administrator"


class Test:
    def __init__(self, options: argparse.Namespace):
        self.options = options
        self.root = Root(OUT / f"root-{options.suite}")
        self.broker_port, self.page_port = free_port(), free_port()
        self.debs: list[Path] = []
        self.processes: list[subprocess.Popen] = []

    # Rows, in their order.

    def builds(self) -> str:
        """packages of three versions"""
        changed = OUT / "changed.yaml"
        changed.write_text((HERE.parent / "mizumori.yaml").read_text() + "# 新しい版の説明 / words of a newer version\n")
        for version, more in (("0.1.0-1", []), ("0.1.0-2", []), ("0.1.0-3", ["--settings", str(changed)])):
            self.debs.append(Path(subprocess.run(
                ["/usr/bin/python3", HERE / "build.py", "--bin", self.options.bin, "--checkouts", self.options.checkouts, "--out", OUT / "test",
                 "--version", version, "--compression", "gzip", "--level", "1", *more], check=True, capture_output=True, text=True).stdout.strip()))
        return f"{self.debs[0].stat().st_size >> 20} MB, hardly compressed"

    def lints(self) -> str:
        """lintian finds neither errors nor warnings"""
        done = subprocess.run(["lintian", "--allow-root", "--fail-on", "error,warning", self.debs[0]], capture_output=True, text=True)
        expect(done.returncode == 0, done.stdout + done.stderr)
        return f"{(HERE / 'lintian-overrides').read_text().count('mizumori: ')} overridden with reasons"

    def fresh(self) -> str:
        """a fresh Debian"""
        base = OUT / f"base-{self.options.suite}"
        if not (base / "etc/debian_version").exists():
            shutil.rmtree(base, ignore_errors=True)
            done = subprocess.run(["debootstrap", "--variant=minbase", self.options.suite, base, self.options.mirror], capture_output=True, text=True)
            if done.returncode != 0:
                print(done.stdout[-2000:], file=sys.stderr)
                sys.exit(69)
        shutil.rmtree(self.root.folder, ignore_errors=True)
        subprocess.run(["cp", "-a", "--reflink=auto", base, self.root.folder], check=True)
        subprocess.run(["mount", "-t", "proc", "proc", self.root.at("/proc")], check=True)
        (OUT / "archives/partial").mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "--bind", OUT / "archives", self.root.at("/var/cache/apt/archives")], check=True)
        shutil.copy("/etc/resolv.conf", self.root.at("/etc/resolv.conf"))
        # Nothing is started by installing: there is no init here, and brokers of old styles would start all the same.
        self.root.at("/usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n")
        self.root.at("/usr/sbin/policy-rc.d").chmod(0o755)
        self.root.run("apt-get", "update", "-q")
        expect("mizumori" not in self.root.run("getent", "passwd"), "the user is there already")
        return "Debian " + self.root.at("/etc/debian_version").read_text().strip()

    def install(self, deb: Path, *options: str) -> str:
        shutil.copy(deb, self.root.at(f"/root/{deb.name}"))
        return self.root.run("apt-get", "install", "-y", "-q", "--no-install-recommends", *options, f"/root/{deb.name}")

    def installs(self) -> str:
        """install with dependencies"""
        self.root.run("apt-get", "install", "-y", "-q", "--no-install-recommends", *PACKAGES)
        self.install(self.debs[0])
        user = self.root.run("getent", "passwd", "mizumori").strip()
        expect(user.endswith("/nologin") and "/var/lib/mizumori" in user, user)
        expect(self.root.run("getent", "shadow", "mizumori").split(":")[1].startswith(("!", "*")), "the account is not locked")
        for path, mode in (("/var/lib/mizumori", "700 mizumori:mizumori"), ("/var/backups/mizumori", "700 mizumori:mizumori"),
                           ("/etc/mizumori/secrets", "700 mizumori:mizumori"), (SETTINGS, "644 root:root"), ("/usr/bin/mizumori", "755 root:root")):
            expect(self.root.mode(path) == mode, f"{path}: {self.root.mode(path)}")
        wants = self.root.at("/etc/systemd/system")
        expect((wants / "multi-user.target.wants/mizumori.service").is_symlink(), "the service is not enabled")
        expect((wants / "timers.target.wants/mizumori-backup.timer").is_symlink(), "the backup is not enabled")
        expect("not found" not in self.root.run("ldd", "/usr/bin/mizumori", "/usr/bin/mizumori-sim"), "a library is missing")
        return self.root.run("dpkg-query", "-W", "-f", "${db:Status-Abbrev}${Version}", "mizumori")

    def tools(self) -> str:
        """certificates, log rotation, units, man pages"""
        self.root.run("mizumori-certs", "--help")
        self.root.run("mizumori-certs", "/root/certs", "ca")
        self.root.run("mizumori-certs", "/root/certs", "client", "mizumori")
        self.root.run("openssl", "verify", "-CAfile", "/root/certs/ca.crt", "/root/certs/mizumori.crt")
        shutil.rmtree(self.root.at("/root/certs"))
        self.root.run("logrotate", "--debug", "/etc/logrotate.d/mizumori")
        for unit in ("mizumori.service", "mizumori-backup.service", "mizumori-backup.timer", "mizumori@x.service", "mizumori-backup@x.service"):
            said = self.root.run("systemd-analyze", "verify", "--man=no", f"/usr/lib/systemd/system/{unit}")
            expect("mizumori" not in said, said)
        pages = sorted(p.name for p in self.root.at("/usr/share/man/man1").glob("mizumori*"))
        # minbase leaves out nothing; systems that do without man pages say so in dpkg.cfg.d.
        expect("mizumori-backup.1.gz" in pages and "mizumori-certs.1.gz" in pages, str(pages))
        return f"{len(pages)} man pages"

    def configures(self) -> str:
        """settings by the administrator, checked"""
        text = self.root.at(SETTINGS).read_text().replace("port: 1883", f"port: {self.broker_port}").replace("port: 8080", f"port: {self.page_port}")
        self.root.at(SETTINGS).write_text(f"{NOTE}\n{text}")
        return f"ports {self.broker_port}, {self.page_port}"

    def runs(self) -> str:
        """the service as its user: a reading is stored, the page answers"""
        self.begin()
        sensor = self.publish("m01", 12.5)
        with urllib.request.urlopen(f"http://127.0.0.1:{self.page_port}/") as page:
            body = page.read().decode()
            expect(page.status == 200 and "<html" in body, body[:200])
        with urllib.request.urlopen(f"http://127.0.0.1:{self.page_port}/assets/dygraph.min.js") as script:
            expect(script.status == 200 and len(script.read()) > 50_000, "dygraphs of the system is not served")
        self.root.run("mizumori", "check", user="mizumori")
        self.end()
        return sensor

    def backs_up(self) -> str:
        """the daily backup as its user"""
        line = next(l for l in self.root.at("/usr/lib/systemd/system/mizumori-backup.service").read_text().split("\n") if l.startswith("ExecStart="))
        self.root.run(*line.removeprefix("ExecStart=").split(), user="mizumori")
        made = sorted(p.name for p in self.root.at("/var/backups/mizumori").iterdir())
        expect(len(made) == 1, str(made))
        self.root.run("mizumori", "backup", "--check", f"/var/backups/mizumori/{made[0]}", user="mizumori")
        return made[0]

    def upgrades(self) -> str:
        """upgrade: settings of the administrator and data stay, no question"""
        before = self.root.at(SETTINGS).read_text()
        self.install(self.debs[1])
        expect(self.root.at(SETTINGS).read_text() == before, "the settings were changed")
        self.begin()
        expect("m01" in self.sensors(), "the data are gone")
        self.publish("m02", 3.25)
        self.end()
        return self.root.run("dpkg-query", "-W", "-f", "${Version}", "mizumori")

    def upgrades_conflicting(self) -> str:
        """upgrade that changes the shipped settings too: both are kept"""
        before = self.root.at(SETTINGS).read_text()
        self.install(self.debs[2], "-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold")
        expect(self.root.at(SETTINGS).read_text() == before, "the settings were changed")
        expect("words of a newer version" in self.root.at(f"{SETTINGS}.dpkg-dist").read_text(), "the new settings are not beside the old ones")
        return f"{SETTINGS}.dpkg-dist"

    def keeps_disabled(self) -> str:
        """what the administrator disabled stays so"""
        link = self.root.at("/etc/systemd/system/timers.target.wants/mizumori-backup.timer")
        self.root.run("systemctl", "disable", "mizumori-backup.timer")
        expect(not link.is_symlink(), "systemctl disable did nothing")
        self.root.run("dpkg", "--force-confold", "-i", f"/root/{self.debs[2].name}")
        expect(not link.is_symlink(), "the backup was enabled again")
        return "mizumori-backup.timer"

    def removes(self) -> str:
        """remove: programs go, data and settings stay"""
        self.root.run("apt-get", "remove", "-y", "-q", "mizumori")
        expect(not self.root.at("/usr/bin/mizumori").exists() and not self.root.at("/usr/share/mizumori").exists(), "programs are left")
        expect(self.root.at(SETTINGS).read_text().startswith(NOTE), "the settings are gone")
        expect(any(self.root.at("/var/lib/mizumori").iterdir()), "the data are gone")
        return self.root.run("dpkg-query", "-W", "-f", "${db:Status-Abbrev}", "mizumori").strip()

    def reinstalls(self) -> str:
        """install again: finds its data"""
        self.install(self.debs[2], "-o", "Dpkg::Options::=--force-confold")
        found = self.sensors()
        expect("m01" in found and "m02" in found, found)
        return "m01, m02"

    def purges(self) -> str:
        """purge: nothing is left but backups and the locked account"""
        said = self.root.run("apt-get", "purge", "-y", "-q", "mizumori")
        expect("/var/backups/mizumori" in said, "it does not say that backups are kept")
        for deb in self.debs:
            self.root.at(f"/root/{deb.name}").unlink()
        left = self.root.run("find", "/", "-xdev", "(", "-name", "*mizumori*", "-o", "-user", "mizumori", ")", "-not", "-path", "/proc/*", "-not",
                             "-path", "/var/backups/mizumori*").split()
        expect(not left, f"left: {left}")
        self.root.run("dpkg-query", "-W", "mizumori", code=1)
        expect("mizumori" in self.root.run("getent", "passwd"), "the account is gone, but its backups are there")
        return "backups kept"

    def boots(self) -> str:
        """under a booted systemd: install, watch, reload, backup, upgrade, remove"""
        for place in ("/var/cache/apt/archives", "/proc"):
            subprocess.run(["umount", self.root.at(place)], check=True)
        with Booted(self.root) as booted:
            return booted.life(self.debs[0], self.debs[1])

    def guides(self) -> str:
        """docs/guide.ja.md as a script, from a bare Debian to the first alert, a restored backup and a new version"""
        (OUT / "guide.log").unlink(missing_ok=True)
        with Booted(self.root) as booted:
            return Guide(booted, self.debs[0], self.debs[1]).all()

    # What the rows need.

    def sensors(self) -> str:
        return self.root.run("mizumori", "sensors", "--json", user="mizumori")

    def ready(self) -> bool:
        service = self.processes[-1]
        expect(service.poll() is None, f"the service ended with {service.returncode}: see {OUT}/service.log")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.page_port}/readyz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def begin(self) -> None:
        """Broker and service, the latter with the command of its unit."""
        self.processes.append(self.root.start("mosquitto", "-p", str(self.broker_port), log="broker.log"))
        unit = self.root.at("/usr/lib/systemd/system/mizumori.service").read_text()
        line = next(l for l in unit.split("\n") if l.startswith("ExecStart="))
        self.processes.append(self.root.start(*line.removeprefix("ExecStart=").split(), user="mizumori", log="service.log"))
        wait("/readyz", self.ready)

    def end(self) -> None:
        """SIGTERM, as systemd sends it: both end by themselves, the service with 0."""
        service, broker = self.processes.pop(), self.processes.pop()
        service.terminate()
        expect(service.wait(30) == 0, f"the service ended with {service.returncode}")
        broker.terminate()
        broker.wait(30)

    def publish(self, sensor: str, value: float) -> str:
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
        self.root.run("mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.broker_port), "-q", "1", "-t", f"water/ina/nishi/{sensor}/flow", "-m",
                      json.dumps({"ts": stamp, "value": value, "unit": "m3/h"}))
        wait(f"reading of {sensor} in the store", lambda: f"ina/nishi/{sensor}/flow" in self.sensors().replace("\\/", "/"))
        return f"ina/nishi/{sensor}/flow"

    def rows(self) -> list[Callable[[], str]]:
        return [self.builds, self.lints, self.fresh, self.installs, self.tools, self.configures, self.runs, self.backs_up, self.upgrades,
                self.upgrades_conflicting, self.keeps_disabled, self.removes, self.reinstalls, self.purges, self.boots,
                self.guides]

    def all(self) -> int:
        """Each row builds on those before it: the first that fails ends the run."""
        for log in ("service.log", "broker.log"):
            (OUT / log).unlink(missing_ok=True)
        code = 0
        print("| row | result | |\n|---|---|---|")
        for row in self.rows():
            try:
                state, text = "pass", row()
            except NotHere as reason:
                state, text = "not here", str(reason)
            except (Failed, subprocess.SubprocessError, OSError) as error:
                state, text, code = "FAIL", f"{error} {getattr(error, 'stderr', '') or ''}".strip(), 1
            print(f"| {row.__doc__} | {state} | {text} |", flush=True)
            if code:
                break
        for process in self.processes:
            process.kill()
        for place in ("/var/cache/apt/archives", "/proc"):
            subprocess.run(["umount", "-l", self.root.at(place)], capture_output=True)
        if not code and not self.options.keep:
            shutil.rmtree(self.root.folder, ignore_errors=True)
        return code


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=Path, default=HERE.parents[1] / ".build/release")
    parser.add_argument("--checkouts", type=Path, default=HERE.parents[1] / ".build/checkouts")
    parser.add_argument("--suite", default="bookworm")
    parser.add_argument("--mirror", default="http://deb.debian.org/debian")
    parser.add_argument("--keep", action="store_true", help="keep the system that was tested")
    options = parser.parse_args()
    if os.geteuid() != 0:
        print("root で実行してください / run it as root", file=sys.stderr)
        sys.exit(64)
    if os.environ.get("MIZUMORI_DEB_INSIDE") != "1":
        # The kernel ends everything in it when the first process ends.
        os.environ["MIZUMORI_DEB_INSIDE"] = "1"
        os.execvp("unshare", ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", sys.executable, *sys.argv])
    OUT.mkdir(parents=True, exist_ok=True)
    sys.exit(Test(options).all())


if __name__ == "__main__":
    main()

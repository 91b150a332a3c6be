"""The package under a real systemd: the Debian in the folder is booted by systemd-nspawn, with a network of its own."""
from __future__ import annotations

import json
import shutil
import subprocess
import time
from pathlib import Path

from system import ENVIRONMENT, OUT, Root, expect, wait

SENSOR = "ina/nishi/boot/flow"


class NotHere(Exception):
    """This machine cannot boot a system in a folder."""


class Booted:
    """One boot; its end powers the system off."""

    def __init__(self, root: Root):
        self.root = root
        self.nspawn: subprocess.Popen | None = None
        self.leader = ""

    def __enter__(self) -> Booted:
        if not shutil.which("systemd-nspawn"):
            raise NotHere("systemd-nspawn is missing: apt-get install systemd-container")
        # Network is needed for these, so before the boot.
        self.root.run("apt-get", "install", "-y", "-q", "--no-install-recommends", "systemd-sysv", "dbus", "curl", "libjs-dygraphs", "libmosquitto1",
                      "libcurl4", "libsqlite3-0", "ca-certificates", "procps", "sudo")
        self.root.at("/usr/sbin/policy-rc.d").unlink(missing_ok=True)
        log = open(OUT / "boot.log", "wb")
        self.nspawn = subprocess.Popen(
            ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--boot", "--private-network", "--console=pipe", "-D",
             self.root.folder], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + 90
        while True:
            if self.nspawn.poll() is not None or time.monotonic() > end:
                raise NotHere(f"it does not boot here, see {OUT}/boot.log: " + (OUT / "boot.log").read_text(errors="replace")[-300:].strip())
            children = subprocess.run(["pgrep", "-P", str(self.nspawn.pid)], capture_output=True, text=True).stdout.split()
            if children:
                self.leader = children[0]
                if self.said("systemctl", "is-system-running") in ("running", "degraded"):
                    return self
            time.sleep(0.5)

    def __exit__(self, *_: object) -> None:
        if self.nspawn and self.nspawn.poll() is None:
            self.said("systemctl", "poweroff")
            try:
                self.nspawn.wait(60)
            except subprocess.TimeoutExpired:
                self.nspawn.kill()

    def process(self, *command: str) -> subprocess.CompletedProcess:
        return subprocess.run(["nsenter", "-t", self.leader, "-a", *command], capture_output=True, text=True, env=ENVIRONMENT)

    def said(self, *command: str) -> str:
        """What a command says, whether it succeeds or not."""
        return self.process(*command).stdout.strip()

    def run(self, *command: str) -> str:
        done = self.process(*command)
        expect(done.returncode == 0, f"{' '.join(command)} → {done.returncode}: {(done.stdout + done.stderr)[-1500:]}")
        return done.stdout.strip()

    def journal(self, unit: str = "mizumori") -> str:
        return self.said("journalctl", "--no-pager", "-u", unit, "-o", "cat")

    def active(self) -> bool:
        return self.said("systemctl", "is-active", "mizumori") == "active"

    def number(self, unit: str = "mizumori") -> str:
        return self.run("systemctl", "show", "-p", "MainPID", "--value", unit)

    def install(self, deb: Path) -> None:
        shutil.copy(deb, self.root.at(f"/root/{deb.name}"))
        self.run("dpkg", "-i", f"/root/{deb.name}")

    def life(self, first: Path, second: Path) -> str:
        self.install(first)
        wait("the service after its installation", self.active, 120)
        expect(self.said("systemctl", "is-active", "mizumori-backup.timer") == "active", "the timer of the backup does not run")
        self.publishes()
        self.is_watched()
        self.run("systemctl", "reload", "mizumori")
        wait("SIGHUP taken", lambda: self.active() and self.answers(), 60)
        self.run("systemctl", "start", "mizumori-backup")
        expect("backup made" in self.journal("mizumori-backup"), self.journal("mizumori-backup"))
        self.begin_instance()
        self.rotates()
        self.run("systemctl", "start", "mizumori-backup@two")
        expect(any(self.root.at("/var/backups/mizumori/two").glob("mizumori-*/mizumori.db")), self.journal("mizumori-backup@two"))
        before, other = self.number(), self.number("mizumori@two")
        self.install(second)
        wait("the service after the upgrade", lambda: self.active() and self.number() != before, 120)
        wait("the instance after the upgrade", lambda: self.number("mizumori@two") not in ("0", other), 60)
        expect(SENSOR in self.sensors(), "the data are gone after the upgrade")
        score = self.said("systemd-analyze", "security", "--no-pager", "mizumori").split("level for")[-1].strip()
        self.run("dpkg", "--remove", "mizumori")
        expect(not self.active(), "removed, and it still runs")
        expect(self.number("mizumori@two") == "0", "removed, and its instance still runs")
        return score

    def begin_instance(self) -> None:
        """A second Mizumori on the same machine, of the template unit."""
        text = self.root.at("/etc/mizumori/mizumori.yaml").read_text()
        text = text.replace("directory: /var/lib/mizumori", "directory: /var/lib/mizumori/two").replace("port: 8080", "port: 8081")
        self.root.at("/etc/mizumori/two.yaml").write_text(text.replace("client_id: mizumori", "client_id: mizumori-two"))
        self.run("systemctl", "start", "mizumori@two")

    def rotates(self) -> None:
        """The logs of the service and of its instance are set aside, and both go on in new ones."""
        for place in ("", "/two"):
            log = self.root.at(f"/var/lib/mizumori{place}/events.jsonl")
            log.write_text("{}\n")
            self.run("chown", "mizumori:", f"/var/lib/mizumori{place}/events.jsonl")
        before = self.number(), self.number("mizumori@two")
        self.run("logrotate", "--force", "/etc/logrotate.d/mizumori")
        for place in ("", "/two"):
            owner = self.run("stat", "-c", "%U", f"/var/lib/mizumori{place}/events.jsonl.1")
            expect(owner == "mizumori", f"the log that was set aside belongs to {owner}")
            wait(f"a new log in /var/lib/mizumori{place}", lambda: self.root.at(f"/var/lib/mizumori{place}/events.jsonl").exists())
        expect(before == (self.number(), self.number("mizumori@two")), "rotating the log has restarted a service")

    def answers(self) -> bool:
        return self.said("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "http://127.0.0.1:8080/readyz") == "200"

    def sensors(self) -> str:
        return self.run("setpriv", "--reuid=mizumori", "--regid=mizumori", "--init-groups", "mizumori", "sensors", "--json").replace("\\/", "/")

    def publishes(self) -> None:
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
        self.run("mosquitto_pub", "-h", "127.0.0.1", "-q", "1", "-t", f"water/{SENSOR}", "-m",
                 json.dumps({"ts": stamp, "value": 6.5, "unit": "m3/h"}))
        wait("the reading in the store", lambda: SENSOR in self.sensors())

    def is_watched(self) -> None:
        """Killed, or standing still for longer than the watchdog allows (10 s here instead of a minute), it comes back by itself."""
        place = self.root.at("/etc/systemd/system/mizumori.service.d/watchdog.conf")
        place.parent.mkdir()
        place.write_text("[Service]\nWatchdogSec=10\n")
        self.run("systemctl", "daemon-reload")
        self.run("systemctl", "restart", "mizumori")
        for signal in ("KILL", "STOP"):
            before = self.number()
            self.run("kill", f"-{signal}", before)
            wait(f"restart after SIG{signal}", lambda: self.active() and self.number() not in ("0", before), 120)
        expect("watchdog" in self.journal().lower(), "it was not the watchdog")
        place.unlink()
        place.parent.rmdir()
        self.run("systemctl", "daemon-reload")

#!/usr/bin/python3
"""card.py --program .build/release/mizumori: what a day of readings writes to an SD card, as its block device sees it. As root.

The real service runs with its data on an ext4 of its own (a loop device) and gets readings from a real mosquitto, evenly spread, in real
time: what the file system writes by the clock does not show in fast motion. Each line is the time since the line before it, made a day of.
The first ten minutes are left out, since commits that were saved up are used then. States of the detector come some times a day: rarely one
falls into a line. --mount takes options of mount(8); --data lines of the section `data` of the settings.
"""

import argparse
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Tests" / "faults"))

from frame.broker import Broker  # noqa: E402
from frame.publisher import Publisher, reading  # noqa: E402
from frame.service import Service  # noqa: E402

PAGES = 2100
"""Of the log, which then keeps its size: the service begins it anew at 2,000."""


def system(*command):
    return subprocess.run([str(c) for c in command], check=True, capture_output=True, text=True).stdout.strip()


class Card:
    """A file system of its own."""

    def __init__(self, folder, options):
        self.image, self.mount = folder / "card.img", folder / "card"
        with open(self.image, "wb") as file:
            file.truncate(1 << 30)
        system("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", self.image)
        self.device = system("losetup", "-f", "--show", self.image)
        self.mount.mkdir()
        system("mount", "-o", options, self.device, self.mount)

    def written(self):
        """Bytes that the device has been given."""
        return int(Path(f"/sys/block/{Path(self.device).name}/stat").read_text().split()[6]) * 512

    def close(self):
        system("umount", self.mount)
        system("losetup", "-d", self.device)


class Meters:
    """Readings in turn, `per_minute` of as many meters."""

    def __init__(self, port, per_minute):
        self.publisher, self.per_minute, self.sent = Publisher(port), per_minute, 0
        self.publisher.connect()
        self.began = time.monotonic()

    def send(self, until):
        while time.monotonic() < until:
            time.sleep(max(0, self.began + self.sent * 60 / self.per_minute - time.monotonic()))
            n, turn = self.sent % self.per_minute, self.sent // self.per_minute
            self.publisher.publish([reading(f"z{n // 20}/m{n}", int(time.time()), 12 + self.sent * 7919 % 100 / 10, turn)])
            self.sent += 1


def grow_log(database):
    """The log of a service that runs for days has its size: files that grow cost more."""
    connection = sqlite3.connect(database, isolation_level=None, timeout=30)
    connection.execute("CREATE TABLE card (x)")
    connection.execute("INSERT INTO card VALUES (zeroblob(?))", (PAGES * 4096,))
    connection.execute("DROP TABLE card")
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
    connection.close()


def figures(card, service, meters):
    io = dict(line.split(": ") for line in Path(f"/proc/{service.process.pid}/io").read_text().splitlines())
    commits = sum(v for k, v in service.metrics().items() if k.startswith("mizumori_commits_total"))
    return [card.written(), int(io["wchar"]), int(io["write_bytes"]), commits, meters.sent, time.monotonic()]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=1800)
    parser.add_argument("--skip", type=float, default=600, help="seconds before the first line")
    parser.add_argument("--every", type=float, default=300)
    parser.add_argument("--per-minute", type=int, default=200)
    parser.add_argument("--mount", default="defaults,noatime")
    parser.add_argument("--data", default="checkpoint_s: 60")
    a = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "broker").mkdir()
        (folder / "service").mkdir()
        broker = Broker(folder / "broker", lines=("max_inflight_messages 20", "log_type error"))
        card = Card(folder, a.mount)
        service = Service(a.program.resolve(), folder / "service", broker.port, data=card.mount / "data", data_lines=a.data)
        try:
            broker.start()
            service.start_ready()
            meters = Meters(broker.port, a.per_minute)
            end = time.monotonic() + a.skip + a.seconds
            meters.send(time.monotonic() + min(75, a.skip))
            grow_log(card.mount / "data" / "mizumori.db")
            meters.send(end - a.seconds)
            first = before = figures(card, service, meters)
            while time.monotonic() < end:
                meters.send(min(end, time.monotonic() + a.every))
                now = figures(card, service, meters)
                tell("", before, now)
                before = now
            tell("all: ", first, before)
        finally:
            service.kill()
            broker.kill()
            card.close()


def tell(head, before, now):
    device, handed, blocks, commits, sent, seconds = (b - a for a, b in zip(before, now))
    day = 86_400 / seconds / 1e6
    print(f"{head}{seconds:.0f} s, {sent / seconds * 60:.0f} readings and {commits / seconds * 60:.1f} commits a minute; a day: "
          f"{device * day:.0f} MB to the device, {blocks * day:.0f} MB of it the service's own blocks, {handed * day:.0f} MB handed over",
          flush=True)


if __name__ == "__main__":
    main()

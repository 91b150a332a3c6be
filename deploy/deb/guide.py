"""docs/guide.ja.md as a script: its commands are run as they stand, by a user with sudo, on the booted Debian.

What the machine cannot do here (a network, a USB stick, Teams itself) has a stand-in in `STAND_INS`, with the reason. A command of the
guide that fails, or does not show what the guide promises, fails the row.
"""
from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from booted import Booted
from system import OUT, expect, wait

GUIDE = Path(__file__).resolve().parents[2] / "docs/guide.ja.md"
SETTINGS = "/etc/mizumori/mizumori.yaml"
USER = "tantou"
PORT = 9000
# A pattern of a command, what is run instead (None: nothing), why.
STAND_INS: list[tuple[str, str | None, str]] = [
    (r"timedatectl set-ntp", None, "a container has the clock of its host"),
    (r"apt update", None, "no network inside"),
    (r"^ssh ", None, "there is no second machine"),
    (r"nano ", None, "what the guide says to write is written by the block that follows"),
    (r"systemctl edit", None, "the same"),
    (r"(apt install) (\./mizumori_\S+_(amd|arm)64\.deb)", None, "the file has another name here: see `install`"),
    (r"(mizumori demo .*)", r"\1 --seconds 60", "nobody presses Ctrl-C"),
    (r"cat > (\S+)'", rf"echo http://127.0.0.1:{PORT}/ > \1'", "a receiver on this machine stands for Teams"),
    (r"/media/usb/(…|mizumori-…)", "/media/usb/mizumori-*", "the guide leaves the name of the backup open"),
    (r"sudo mount /mnt/backup", "sudo chown mizumori: /mnt/backup", "a folder stands for the USB stick"),
]
# What a command must show: the 確かめる of the guide.
PROMISES: list[tuple[str, str]] = [
    (r"systemctl status m", r"active \(running\)"), (r"mizumori demo", r"漏水|突発"), (r"journalctl -u mizumori", "購読が確認されました"),
    (r"mizumori check$", r"\A(?!(.|\n)*×)(.|\n)*○"), (r"backup --check", "控えは使えます"), (r"restore", "戻しました"),
    (r"--write", "ina/kita/hokubu/flow"),
]


@dataclass(frozen=True)
class Step:
    section: str
    kind: str
    """"run", "yaml" or "ini"."""
    text: str


def steps(path: Path = GUIDE) -> list[Step]:
    """Commands and what is to be written into files, in their order."""
    found, section = [], ""
    for part in re.finditer(r"^## ([^\n]*)$|^```(\w*)\n(.*?)^```", path.read_text(), re.MULTILINE | re.DOTALL):
        if part.group(1):
            section = part.group(1)
        elif part.group(2):
            found.append(Step(section, part.group(2), part.group(3)))
        else:
            for line in re.sub(r"\\\n\s*", "", part.group(3)).split("\n"):
                if line.startswith("$ "):
                    found.append(Step(section, "run", re.sub(r"\s{2,}#.*", "", line[2:]).strip()))
    return found


def merged(settings: str, wanted: str) -> str:
    """The settings with the keys of `wanted`, as somebody would type them: in place of the line of that key, commented or not."""
    section = ""
    for entry in re.findall(r"^\S.*\n|^  \S.*\n(?:   .*\n)*", wanted, re.MULTILINE):
        if not entry.startswith(" "):
            section = entry.strip().rstrip(":")
            continue
        key = entry.split(":")[0].strip()
        head = re.search(rf"^{section}:.*\n", settings, re.MULTILINE)
        expect(head, f"the settings have no {section}:")
        end = re.search(r"^\w", settings[head.end():], re.MULTILINE)
        stop = head.end() + end.start() if end else len(settings)
        body, times = re.subn(rf"^  (# )?{key}:.*\n", lambda _: entry, settings[head.end():stop], count=1, flags=re.MULTILINE)
        settings = settings[:head.end()] + (body if times else entry + body) + settings[stop:]
    return settings


class Guide:
    def __init__(self, booted: Booted, first: Path, second: Path):
        self.booted, self.debs = booted, [first, second]
        self.seconds: dict[str, float] = {}
        self.left_out = 0

    def all(self) -> str:
        """From the bare Debian to restored data; the figure."""
        self.prepare()
        begin, alert = time.monotonic(), 0.0
        receiver = self.receiver()
        try:
            for step in steps():
                start = time.monotonic()
                self.do(step)
                if "test-sink" in step.text:
                    wait("the test message at the receiver", lambda: self.told(), 20)
                if step.text == "sudo systemctl reload mizumori" and not alert:
                    self.first_alert()
                    alert = time.monotonic() - begin
                self.seconds[step.section] = self.seconds.get(step.section, 0) + time.monotonic() - start
        finally:
            receiver.kill()
        count = sum(s.kind == "run" for s in steps())
        return (f"{count} commands, {self.left_out} of them left out with a reason; first alert after {alert:.0f} s of machine time, "
                f"all {time.monotonic() - begin:.0f} s")

    def prepare(self) -> None:
        b = self.booted
        b.run("dpkg", "--purge", "mizumori")
        shutil.rmtree(b.root.at("/var/backups/mizumori"), ignore_errors=True)
        b.run("useradd", "--create-home", "--shell", "/bin/bash", USER)
        b.root.at(f"/etc/sudoers.d/{USER}").write_text(f"{USER} ALL=(ALL) NOPASSWD: ALL\n")
        for place in (f"/home/{USER}/", "/media/usb/"):
            b.root.at(place).mkdir(exist_ok=True)
        # As adduser of Debian 12 makes it: the service's user cannot look into it.
        b.root.at(f"/home/{USER}").chmod(0o700)
        for deb in self.debs:
            shutil.copy(deb, b.root.at(f"/home/{USER}/{deb.name}"))
        now = datetime.now(timezone(timedelta(hours=9))).replace(minute=0, second=0)
        rows = [f"{now - timedelta(hours=h):%Y/%m/%d %H:%M},{12 + h % 24 / 4:.2f}" for h in range(24 * 60, 1, -1)]
        b.root.at(f"/home/{USER}/時報.csv").write_text("日時,北部(m3/h)\n" + "\n".join(rows) + "\n")

    def do(self, step: Step) -> None:
        if step.kind == "yaml" and not step.text.startswith(" "):
            place = self.booted.root.at(SETTINGS)
            text = step.text
            if "teams:" in text:
                # http, and to this machine: both are refused without being asked for.
                text = text.rstrip("\n") + "\n      allow_addresses: [127.0.0.1]\n"
            place.write_text(merged(place.read_text(), text))
        elif step.kind == "ini":
            place = self.booted.root.at("/etc/systemd/system/mizumori-backup.service.d/override.conf")
            place.parent.mkdir(exist_ok=True)
            place.write_text(step.text)
            self.booted.run("systemctl", "daemon-reload")
            self.user("sudo systemctl start mizumori-backup && sudo ls /mnt/backup/ | grep mizumori-")
        elif step.kind == "run":
            self.command(step.text)

    def command(self, text: str) -> None:
        if re.search(r"apt install \./mizumori", text):
            return self.said(text, self.user(f"sudo apt install -y ./{self.debs.pop(0).name}"))
        for pattern, instead, _ in STAND_INS:
            if re.search(pattern, text):
                if instead is None:
                    self.left_out += 1
                    return None
                text = re.sub(pattern, instead, text)
        self.said(text, self.user(text))
        if "mosquitto_pub" in text:
            wait("the reading sent by hand", lambda: "ina/nishi/test/flow" in self.booted.sensors(), 20)
        return None

    def said(self, text: str, output: str) -> None:
        for pattern, promise in PROMISES:
            if re.search(pattern, text):
                expect(re.search(promise, output), f"{text}: the guide promises {promise!r}, but: {output[-1500:]}")

    def user(self, command: str) -> str:
        """As the reader types it: in the home of a user with sudo. What it says, on both streams."""
        done = self.booted.process("runuser", "-l", USER, "-c", f"export LC_ALL=C.UTF-8; {{ {command}; }} 2>&1")
        with open(OUT / "guide.log", "a") as log:
            log.write(f"$ {command}\n{done.stdout}{done.stderr}\n")
        expect(done.returncode == 0, f"{command} → {done.returncode}: {(done.stdout + done.stderr)[-1500:]}")
        return done.stdout

    def first_alert(self) -> None:
        """A meter that sent each minute is silent for an hour while others go on: 通信断."""
        now = int(time.time())
        for number, ago in enumerate([*range(7200, 3600, -60), 0]):
            meter = "m01" if ago else "m02"
            self.booted.run(
                "mosquitto_pub", "-h", "localhost", "-p", "8883", "-V", "5", "-q", "1", "--cafile", "/root/ca/ca.crt", "--cert", "/root/ca/ina.crt",
                "--key", "/root/ca/ina.key", "-t", f"water/ina/nishi/{meter}/flow", "-m",
                json.dumps({"ts": now - ago, "value": 10 + number % 7, "unit": "m3/h"}))
        wait("the first alert at the receiver", lambda: "通信断" in self.told(), 60)

    def receiver(self) -> subprocess.Popen:
        """Answers 202 as Teams does and keeps what it got, in the network of the booted system."""
        self.got = OUT / "guide-received.txt"
        self.got.write_text("")
        program = (
            "import http.server, sys\n"
            "class H(http.server.BaseHTTPRequestHandler):\n"
            "    def do_POST(self):\n"
            "        open(sys.argv[2], 'ab').write(self.rfile.read(int(self.headers['Content-Length'])) + b'\\n')\n"
            "        self.send_response(202); self.end_headers()\n"
            "    def log_message(self, *a): pass\n"
            "http.server.ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), H).serve_forever()\n")
        return subprocess.Popen(
            ["nsenter", "-t", self.booted.leader, "-n", sys.executable, "-c", program, str(PORT), str(self.got)])

    def told(self) -> str:
        text = self.got.read_text()
        return text + "\n".join(json.dumps(json.loads(line), ensure_ascii=False) for line in text.splitlines() if line)

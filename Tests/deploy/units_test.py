#!/usr/bin/python3
"""The units of deploy/: how exposed they are (systemd-analyze security, at most 1.5), that systemd understands them, and that the templates
for several instances are hardened as those for a single instance are.

  units_test.py       exit code 1 when something does not hold, 0 also where there is no systemd-analyze (it says so)
"""
from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNITS = sorted([*(DEPLOY / "systemd").glob("*.service")])
HIGHEST = 1.5
# What may differ between mizumori.service and mizumori@.service.
OWN = ("Description=", "After=", "ConditionPathExists=", "ExecStart=", "ExecStartPre=", "StateDirectory=")
failures = 0


def check(name: str, holds: bool, seen: object = "") -> None:
    global failures
    failures += not holds
    print(f"{'ok  ' if holds else 'FAIL'} {name}{'' if holds else f': {seen}'}")


def directives(unit: Path) -> list[str]:
    return [line for line in unit.read_text().splitlines() if line and not line.startswith("#")]


def exposure(unit: Path) -> float:
    said = subprocess.run(["systemd-analyze", "security", "--offline=true", unit], capture_output=True, text=True)
    found = re.search(r"Overall exposure level for .*: ([0-9.]+)", said.stdout)
    return float(found.group(1)) if found else 10


def understood(unit: Path) -> str:
    """What `systemd-analyze verify` complains of; programs that are not installed here are none of its business."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / unit.name
        text = re.sub(r"^(ExecStart|ExecStartPre|ExecReload)=(-?)/\S+", r"\1=\2/bin/true", unit.read_text(), flags=re.MULTILINE)
        place.write_text(re.sub(r"^Documentation=.*\n", "", text, flags=re.MULTILINE))
        said = subprocess.run(["systemd-analyze", "verify", "--man=no", place], capture_output=True, text=True)
        return "\n".join(line for line in said.stderr.splitlines() if unit.name in line)


def main() -> int:
    if not shutil.which("systemd-analyze"):
        print("systemd-analyze がありません / not here: no systemd-analyze (apt-get install systemd)")
        return 0
    for unit in UNITS:
        found = exposure(unit)
        check(f"{unit.name}: exposure {found} ≤ {HIGHEST}", found <= HIGHEST)
        complaint = understood(unit)
        check(f"{unit.name}: understood by systemd", not complaint, complaint)
    for name in ("mizumori", "mizumori-backup"):
        one, many = (directives(DEPLOY / "systemd" / f"{name}{at}.service") for at in ("", "@"))
        differing = sorted(line for line in set(one) ^ set(many) if not line.startswith(OWN))
        check(f"{name}@.service is as hardened as {name}.service", not differing, differing)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

"""A Debian in a folder: to run commands in it as root or as the service's user."""
from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path
from typing import Callable

OUT = Path(__file__).resolve().parents[2] / "out/deb"
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}


class Failed(Exception):
    pass


def expect(true: object, text: str) -> None:
    if not true:
        raise Failed(text)


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait(what: str, condition: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        expect(time.monotonic() < end, f"{what}: not within {seconds:.0f} s")
        time.sleep(0.3)


class Root:
    """A Debian in a folder."""

    def __init__(self, folder: Path):
        self.folder = folder

    def at(self, path: str) -> Path:
        return self.folder / path.lstrip("/")

    def start(self, *command: str, user: str | None = None, log: str | None = None) -> subprocess.Popen:
        inside = ["chroot", str(self.folder)]
        if user:
            inside += ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "--no-new-privs"]
        output = open(OUT / log, "ab") if log else subprocess.PIPE
        return subprocess.Popen([*inside, *command], stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=ENVIRONMENT)

    def run(self, *command: str, user: str | None = None, code: int = 0) -> str:
        process = self.start(*command, user=user)
        said = process.communicate()[0].decode(errors="replace")
        expect(process.returncode == code, f"{' '.join(command)} → {process.returncode}: {said[-1500:]}")
        return said

    def mode(self, path: str) -> str:
        return self.run("stat", "-c", "%a %U:%G", path).strip()

"""Faults at chosen system calls of a running process."""
from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

from .checks import Failed, NotHere, eventually


class Strace:
    """strace that is attached to all threads of a process, with `inject=` expressions such as `fdatasync:signal=SIGKILL:when=3`.

    strace counts calls for each thread. It ignores `signal=` in an injection that has `delay_enter=` too.
    """

    program = "/usr/bin/strace"

    def __init__(self, pid: int, injections: list[str], log: Path, only: str | None = None) -> None:
        if not os.access(self.program, os.X_OK):
            raise NotHere("strace is not installed")
        self.log = log
        calls = ",".join(dict.fromkeys(i.split(":", 1)[0] for i in injections))
        paths = ["-P", only] if only else []
        self.process = subprocess.Popen(
            [self.program, "-f", "-q", "-o", str(log), "-e", f"trace={calls}", *paths,
             *(part for i in injections for part in ("-e", f"inject={i}")), "-p", str(pid)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if not eventually(5, lambda: self._is_attached(pid), every=0.005):
            self.process.kill()
            said = self.process.communicate()[1].decode(errors="replace")
            raise Failed(f"strace did not attach: {said}")

    def _is_attached(self, pid: int) -> bool:
        """Whether every thread has its tracer. A process that has ended counts as well, also one that nobody has waited for yet: an
        injection can be fatal before this has looked once."""
        try:
            tasks = os.listdir(f"/proc/{pid}/task")
            return self._has_ended(pid) or all(self._tracer(pid, t) == self.process.pid for t in tasks)
        except FileNotFoundError:
            return not os.path.exists(f"/proc/{pid}") or self.process.poll() is not None

    @staticmethod
    def _has_ended(pid: int) -> bool:
        return any(line.startswith(("State:\tZ", "State:\tX")) for line in Path(f"/proc/{pid}/status").read_text().splitlines())

    @staticmethod
    def _tracer(pid: int, task: str) -> int:
        for line in Path(f"/proc/{pid}/task/{task}/status").read_text().splitlines():
            if line.startswith("TracerPid:"):
                return int(line.split()[1])
        return 0

    def detach(self) -> None:
        """Ends the injection; the process goes on."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.process.stderr:
            self.process.stderr.close()

    def hits(self) -> int:
        """How many calls were injected."""
        return self.log.read_text(errors="replace").count("(INJECTED)") if self.log.exists() else 0


def command(injections: list[str], log: Path) -> tuple[str, ...]:
    """The prefix that starts a program under strace with these injections."""
    calls = ",".join(dict.fromkeys(i.split(":", 1)[0] for i in injections))
    return (Strace.program, "-f", "-qqq", "-o", str(log), "-e", f"trace={calls}", *(p for i in injections for p in ("-e", f"inject={i}")))

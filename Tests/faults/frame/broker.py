"""A real mosquitto on a loopback port."""
from __future__ import annotations

import signal
import socket
import subprocess
from pathlib import Path

from .checks import Failed, eventually
from .ports import free_port

DEFAULTS = {
    "allow_anonymous": "true",
    "persistence": "true",
    "autosave_interval": "5",
    "max_inflight_messages": "500",
    "max_queued_messages": "500000",
    "max_queued_bytes": "134217728",
    "log_type": "all",
}


class Broker:
    """mosquitto with its own configuration and persistence. `lines` of mosquitto.conf replace the defaults of the same name."""

    program = "/usr/sbin/mosquitto"

    def __init__(self, directory: Path, lines: tuple[str, ...] = (), port: int | None = None, listener: bool = True) -> None:
        self.directory = directory
        self.port = port or free_port()
        given = {line.split(" ", 1)[0] for line in lines}
        defaults = [f"{key} {value}" for key, value in DEFAULTS.items() if key not in given]
        first = [f"listener {self.port} 127.0.0.1"] if listener else []
        text = "\n".join([*first, "user root", f"persistence_location {directory}/", *defaults, *lines]) + "\n"
        (directory / "mosquitto.conf").write_text(text.replace("$DIR", str(directory)))
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        return (self.directory / "mosquitto.log").read_text(errors="replace")

    def start(self, prefix: tuple[str, ...] = ()) -> None:
        """Starts it (again) and waits until it accepts connections. `prefix` is put before the command, e.g. `ip netns exec x`."""
        with (self.directory / "mosquitto.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*prefix, self.program, "-c", str(self.directory / "mosquitto.conf")], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        if prefix:
            return
        if not eventually(10, self._accepts, every=0.02):
            raise Failed(f"mosquitto did not start:\n{self.log[-1000:]}")

    def _accepts(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise Failed(f"mosquitto ended with {self.process.returncode}:\n{self.log[-1000:]}")
        with socket.socket() as s:
            return s.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        """SIGTERM: it saves its sessions."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL: what it has not saved is lost."""
        self._end(signal.SIGKILL)

    def _end(self, number: int) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(number)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

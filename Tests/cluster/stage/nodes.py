"""Three NATS nodes on the loopback, with the very files of deploy/nats."""
from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from frame import Failed, check, eventually
from frame.ports import free_port

from .towns import TOWNS

DEPLOY = Path(__file__).resolve().parents[3] / "deploy/nats"
PROGRAM = "/usr/sbin/nats-server"
COUNT = 3


def leader(of: dict[str, Any]) -> str:
    return str(of.get("cluster", {}).get("leader", "none"))


class Nodes:
    """A cluster in `directory`. Nodes are numbered 0, 1, 2."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        shutil.copy(DEPLOY / "node.conf", directory)
        done = subprocess.run([str(DEPLOY / "users.sh"), str(directory), *TOWNS], capture_output=True, text=True, timeout=120)
        check(done.returncode == 0, f"users.sh: {done.stderr}")
        self.mqtt = [free_port() for _ in range(COUNT)]
        self._monitor = [free_port() for _ in range(COUNT)]
        cluster = [free_port() for _ in range(COUNT)]
        self._environments = [
            {
                **os.environ, "NATS_NODE": f"n{n + 1}", "NATS_CLIENTS": f"127.0.0.1:{free_port()}",
                "NATS_MONITOR": f"127.0.0.1:{self._monitor[n]}",
                "NATS_PEERS": " ".join(f"127.0.0.1:{m}" for m in self._monitor if m != self._monitor[n]),
                "NATS_CLUSTER": f"127.0.0.1:{cluster[n]}",
                "NATS_MQTT": f"127.0.0.1:{self.mqtt[n]}", "NATS_STORE": str(directory / f"store{n + 1}"),
                **{f"NATS_ROUTE_{i + 1}": f"nats://127.0.0.1:{port}" for i, port in enumerate(cluster)},
            }
            for n in range(COUNT)
        ]
        self._processes: list[subprocess.Popen[bytes] | None] = [None] * COUNT

    def password(self, user: str) -> str:
        return (self.directory / "passwords" / user).read_text().strip()

    def start(self, *nodes: int) -> None:
        """Starts these nodes, or all, without waiting."""
        for n in nodes or range(COUNT):
            with (self.directory / f"node{n + 1}.log").open("ab") as log:
                self._processes[n] = subprocess.Popen(
                    [PROGRAM, "-c", str(self.directory / "node.conf")], env=self._environments[n], stdin=subprocess.DEVNULL, stdout=log,
                    stderr=log, cwd=self.directory)

    def wait_healthy(self, within: float = 60) -> None:
        """Until every running node says that JetStream is complete there, and takes MQTT connections."""
        check(eventually(within, lambda: all(self._healthy(n) for n in self.running), every=0.2), f"not healthy:\n{self.log[-2000:]}")

    def heal(self, within: float, until: Callable[[], object] = lambda: True) -> int:
        """Until all are healthy and the condition holds; meanwhile each node is looked at by the script of deploy/nats, every ten seconds
        instead of each minute. Returns how many nodes it has restarted."""
        restarts, end = 0, time.monotonic() + within
        while not (all(self._healthy(n) for n in self.running) and until()):
            check(time.monotonic() < end, f"not well within {within:g} s, {restarts} nodes restarted:\n{self.backlog()}\n{self.log[-2000:]}")
            time.sleep(10)
            for n in self.running:
                if self._health_script(n):
                    self.stop(n)
                    self.start(n)
                    restarts += 1
        return restarts

    def _health_script(self, n: int) -> bool:
        """Whether it wants the node restarted."""
        environment = {**self._environments[n], "NATS_STATE": str(self.directory / f"health{n + 1}"), "NATS_RESTART": "echo restart"}
        done = subprocess.run([str(DEPLOY / "node-health.sh")], env=environment, capture_output=True, text=True, timeout=30)
        check(done.returncode == 0, f"node-health.sh: {done.stderr}")
        return done.stdout == "restart\n"

    def stop(self, n: int) -> None:
        """As systemd does it."""
        process = self._processes[n]
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
        self._processes[n] = None

    def kill(self, *nodes: int) -> None:
        """SIGKILL."""
        for n in nodes:
            process = self._processes[n]
            if process is not None and process.poll() is None:
                process.send_signal(signal.SIGKILL)
                process.wait()
            self._processes[n] = None

    def close(self) -> None:
        self.kill(*range(COUNT))

    @property
    def running(self) -> list[int]:
        return [n for n, p in enumerate(self._processes) if p is not None]

    @property
    def log(self) -> str:
        return "".join(f.read_text(errors="replace") for f in sorted(self.directory.glob("node*.log")))

    def backlog(self) -> str:
        """What each running node says of streams that hold messages, and of consumers that some node says are not through. Only what a
        consumer's leader says of pending messages is true; the others tell what was replicated to them."""
        lines: list[str] = []
        seen: list[tuple[int, dict[str, Any]]] = []
        for n in self.running:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self._monitor[n]}/jsz?accounts=1&streams=1&consumers=1", timeout=10) as answer:
                    accounts = json.load(answer).get("account_details", [])
            except (OSError, ValueError) as error:
                lines.append(f"node {n + 1}: {error}")
                continue
            seen += [(n, s) for a in accounts for s in a.get("stream_detail", [])]
        late = {c["name"] for _, s in seen for c in s.get("consumer_detail", []) if c["num_pending"] or c["num_ack_pending"]}
        for n, s in seen:
            state = s["state"]
            lines.append(
                f"node {n + 1} {s['name']}: {state['messages']} messages, {state['first_seq']} to {state['last_seq']}, leader {leader(s)}")
            lines += [
                f"  {c['name']}: {c['num_pending']} pending, {c['num_ack_pending']} unacknowledged, delivered to {c['delivered']['stream_seq']}, "
                f"floor {c['ack_floor']['stream_seq']}, leader {leader(c)}"
                for c in s.get("consumer_detail", []) if c["name"] in late
            ]
        return "\n".join(lines)

    def stored_bytes(self) -> int:
        """Of all that the first node keeps."""
        return sum(f.stat().st_size for f in (self.directory / "store1").rglob("*.blk"))

    def _healthy(self, n: int) -> bool:
        process = self._processes[n]
        if process is None or process.poll() is not None:
            raise Failed(f"node {n + 1} ended:\n{self.log[-2000:]}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._monitor[n]}/healthz", timeout=2) as answer:
                healthy = answer.status == 200
        except OSError:
            return False
        with socket.socket() as s:
            return healthy and s.connect_ex(("127.0.0.1", self.mqtt[n])) == 0

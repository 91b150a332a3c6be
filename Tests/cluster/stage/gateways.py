"""The gateways of the towns: one connection each, in the town's own name."""
from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Iterable

from frame import Failed, Message, Publisher
from frame.publisher import packet, text

from .nodes import Nodes
from .order import Reading


class Gateway(Publisher):
    """One town's. When its node goes away it goes to the next, and sends again, in order, what was not confirmed: as any gateway with a
    store must."""

    PATIENCE = 120.0
    """Seconds without progress after which it gives up."""

    def __init__(self, nodes: Nodes, town: str, first: int) -> None:
        super().__init__(0, client_id=f"gateway-{town}", window=50)
        self._ports, self._node = nodes.mqtt, first
        self._user, self._password = town, nodes.password(town)
        self.reconnects = 0

    def connect(self) -> None:
        self.close()
        s = socket.create_connection(("127.0.0.1", self._ports[self._node]), timeout=10)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Clean session, user name and password.
        s.sendall(packet(0x10, text("MQTT") + b"\x04\xc2\x00\x00" + text(self._client_id) + text(self._user) + text(self._password)))
        answer = s.recv(4)
        if len(answer) != 4 or answer[0] != 0x20:
            raise ConnectionError(f"no CONNACK: {answer!r}")
        if answer[3] != 0:
            raise Failed(f"{self._user} was refused: {answer!r}")
        self._socket = s

    def deliver(self, messages: list[Message]) -> None:
        """Until all are confirmed, each at the position that it has."""
        left, since = messages, time.monotonic()
        while left:
            before = len(self.confirmed)
            try:
                self.publish(left, timeout=10)
            except OSError:
                self.close()
                self._node = (self._node + 1) % len(self._ports)
                self.reconnects += 1
            done = {id(m) for m in self.confirmed[before:]}
            left = [m for m in left if id(m) not in done]
            if done:
                since = time.monotonic()
            elif left:
                if time.monotonic() - since > self.PATIENCE:
                    raise Failed(f"{self._user}: nothing was confirmed for {self.PATIENCE:g} s")
                time.sleep(0.2)


class Gateways:
    """All towns', each on a thread of its own while it sends. They keep step: nobody begins a minute before all have had the one before
    confirmed. Otherwise the towns that lag would rightly be told of as late."""

    def __init__(self, nodes: Nodes, towns: Iterable[str], source: random.Random) -> None:
        self._all = {t: Gateway(nodes, t, source.randrange(len(nodes.mqtt))) for t in towns}
        self._threads: list[threading.Thread] = []
        self._failures: list[BaseException] = []

    def begin(self, messages: Iterable[Message]) -> None:
        """Sends these in the background; each town's in their order. All towns have the same times."""
        steps: dict[str, dict[int, list[Message]]] = {}
        for m in messages:
            steps.setdefault(m.topic.split("/")[1], {}).setdefault(m.time, []).append(m)
        pace = threading.Barrier(len(steps))
        self._threads = [threading.Thread(target=self._run, args=(t, list(s.values()), pace), daemon=True) for t, s in steps.items()]
        for thread in self._threads:
            thread.start()

    def wait(self, within: float = 300) -> None:
        end = time.monotonic() + within
        for thread in self._threads:
            thread.join(max(0, end - time.monotonic()))
            if thread.is_alive() and not self._failures:
                raise Failed(f"the gateways have not sent everything within {within:g} s: {self.confirmed_count} confirmed")
        if self._failures:
            raise self._failures[0]

    def send(self, messages: Iterable[Message], within: float = 300) -> None:
        self.begin(messages)
        self.wait(within)

    @property
    def is_sending(self) -> bool:
        return any(t.is_alive() for t in self._threads)

    @property
    def confirmed(self) -> list[Message]:
        return [m for g in self._all.values() for m in g.confirmed]

    @property
    def confirmed_readings(self) -> set[Reading]:
        return {(m.sensor, m.time, m.seq) for m in self.confirmed}

    @property
    def confirmed_count(self) -> int:
        return sum(len(g.confirmed) for g in self._all.values())

    @property
    def reconnects(self) -> int:
        return sum(g.reconnects for g in self._all.values())

    def close(self) -> None:
        for g in self._all.values():
            g.close()

    def _run(self, town: str, steps: list[list[Message]], pace: threading.Barrier) -> None:
        try:
            for messages in steps:
                self._all[town].deliver(messages)
                pace.wait()
        except threading.BrokenBarrierError:
            pass  # Another one has failed, and says why.
        except BaseException as error:
            self._failures.append(error)
            pace.abort()

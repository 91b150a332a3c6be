"""A publisher that knows which of its messages the broker has taken over."""
from __future__ import annotations

import random
import select
import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass

from .checks import Failed


@dataclass(frozen=True, slots=True)
class Message:
    """One message; of a reading also who, when (Unix ms) and its sequence number."""

    topic: str
    payload: bytes
    sensor: str = ""
    time: int = 0
    seq: int = 0
    retained: bool = False


def reading(sensor: str, time: int, value: float, seq: int, municipality: str = "test") -> Message:
    """A flow of the meter `zone/sensor` at `time` (Unix seconds), in m³/h."""
    payload = f'{{"ts":{time},"value":{value:g},"unit":"m3/h","seq":{seq}}}'.encode()
    return Message(f"water/{municipality}/{sensor}/flow", payload, sensor, time * 1000, seq)


class Publisher:
    """MQTT 3.1.1 with QoS 1. A message counts as confirmed when its PUBACK has come; at most `window` are under way.

    It speaks the protocol itself, since a burst of 10⁵ messages a second and the exact set of confirmed ones are what the rows need.
    """

    def __init__(self, port: int, host: str = "127.0.0.1", client_id: str | None = None, window: int = 400) -> None:
        self._address = (host, port)
        self._client_id = client_id or f"publisher-{random.getrandbits(48):x}"
        self._window = window
        self._socket: socket.socket | None = None
        self._next = 0
        self._under_way: dict[int, Message] = {}
        self._input = b""
        self.confirmed: list[Message] = []

    def connect(self) -> None:
        """Connects with a clean session. Messages that were under way stay unconfirmed."""
        self.close()
        s = socket.create_connection(self._address, timeout=10)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        s.sendall(packet(0x10, text("MQTT") + b"\x04\x02\x00\x00" + text(self._client_id)))
        answer = s.recv(4)
        if len(answer) != 4 or answer[0] != 0x20 or answer[3] != 0:
            raise Failed(f"the broker refused the publisher: {answer!r}")
        self._socket = s

    def publish(self, messages: Iterable[Message], timeout: float = 60) -> int:
        """Publishes all and waits for the PUBACKs. Returns how many were confirmed; an `OSError` says that the connection broke, and
        `confirmed` then holds those that made it."""
        if self._socket is None:
            self.connect()
        before = len(self.confirmed)
        output = bytearray()
        for m in messages:
            output += self._packet(m)
            if len(self._under_way) >= self._window:
                self._exchange(output, timeout, self._window // 2)
        self._exchange(output, timeout, 0)
        return len(self.confirmed) - before

    def close(self) -> None:
        if self._socket is not None:
            try:
                self._socket.sendall(b"\xe0\x00")
            except OSError:
                pass
            self._socket.close()
        self._socket = None
        self._under_way.clear()
        self._input = b""

    def _packet(self, m: Message) -> bytes:
        self._next = self._next % 65535 + 1
        self._under_way[self._next] = m
        return packet(0x33 if m.retained else 0x32, text(m.topic) + struct.pack(">H", self._next) + m.payload)

    def _exchange(self, output: bytearray, timeout: float, until: int) -> None:
        """Writes `output` and reads PUBACKs until at most `until` messages are under way."""
        s = self._socket
        assert s is not None
        while output or len(self._under_way) > until:
            readable, writable, _ = select.select([s], [s] if output else [], [], timeout)
            if not readable and not writable:
                raise TimeoutError(f"no PUBACK for {timeout} s, {len(self._under_way)} under way")
            if readable:
                self._take(s.recv(65536))
            if writable:
                s.setblocking(False)
                try:
                    del output[: s.send(output)]
                except BlockingIOError:
                    pass
                finally:
                    s.settimeout(10)

    def _take(self, data: bytes) -> None:
        if not data:
            raise ConnectionError("the broker closed the connection")
        self._input += data
        whole = len(self._input) // 4 * 4
        for at in range(0, whole, 4):
            kind, _, id = struct.unpack(">BBH", self._input[at : at + 4])
            if kind != 0x40:
                raise Failed(f"the broker sent {kind:#x} instead of PUBACK")
            message = self._under_way.pop(id, None)
            if message is not None:
                self.confirmed.append(message)
        self._input = self._input[whole:]


def text(s: str) -> bytes:
    raw = s.encode()
    return struct.pack(">H", len(raw)) + raw


def packet(kind: int, body: bytes) -> bytes:
    """A control packet with its length in the variable form of MQTT."""
    length, rest = b"", len(body)
    while True:
        rest, digit = divmod(rest, 128)
        length += bytes([digit | (128 if rest else 0)])
        if not rest:
            return bytes([kind]) + length + body

"""The history of a data directory as its blocks say, by a reader of its own: what the program writes is checked by other code than its own.

The form stands in docs/decisions/0012-compact-history.md."""
from __future__ import annotations

import math
import sqlite3
import struct
from typing import Any

Row = tuple[int, int, int, int, int, "float | None"]
"""(number, slot, event time, arrival, sequence, value), times in Unix ms; no value: None."""

BIAS = 8
RAW_JOURNAL, RAW_PART = 15, 255
FACTORS = (1, 3.6, 0.06, 0.001, 3600, 60, 1.0 / 24, 1000, 100, 0.1, 0.01)


def whole(n: int) -> int:
    """As 64 bits with a sign: additions wrap around."""
    n &= (1 << 64) - 1
    return n - (1 << 64) if n >> 63 else n


class Bytes:
    """Numbers from bytes, one after the other."""

    def __init__(self, data: bytes) -> None:
        # The last four are the checksum, which the program looks at.
        self.data, self.at = data[:-4], 0

    def byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def unsigned(self) -> int:
        value = shift = 0
        while True:
            b = self.byte()
            value |= (b & 0x7F) << shift
            if b < 0x80:
                return value
            shift += 7

    def signed(self) -> int:
        v = self.unsigned()
        return (v >> 1) ^ -(v & 1)

    def bits(self) -> float:
        self.at += 8
        return struct.unpack_from("<d", self.data, self.at - 8)[0]

    def column(self, count: int) -> list[int]:
        order = self.byte()
        out = [self.signed() for _ in range(min(order, count))]
        while len(out) < count:
            n = min(64, count - len(out))
            head, least = self.byte(), self.signed()
            divisor = self.unsigned() if head & 0x80 else 1
            width = head & 0x7F
            size = (n * width + 7) // 8
            packed = int.from_bytes(self.data[self.at : self.at + size], "little")
            self.at += size
            out += [whole(least + (packed >> i * width & (1 << width) - 1) * divisor) for i in range(n)]
        for d in range(order, 0, -1):
            for i in range(d, count):
                out[i] = whole(out[i] + out[i - 1])
        return out


def journal(data: bytes, first: int) -> list[Row]:
    b = Bytes(data)
    if b.byte() != 1:
        raise ValueError("a journal of another version")
    out: list[Row] = []
    time = sequence = 0
    for n in range(b.unsigned()):
        head = b.unsigned()
        slot = (head >> 4) - BIAS
        time = whole(time + b.signed())
        arrival = whole(time + b.signed())
        sequence = whole(sequence + b.signed())
        value = None if slot < 0 else b.bits() if head & 15 == RAW_JOURNAL else b.signed() / 10.0 ** (head & 15)
        out.append((first + n, slot, time, arrival, sequence, number(value)))
    return out


def part(data: bytes, slot: int, first: int) -> list[Row]:
    b = Bytes(data)
    if b.byte() != 1:
        raise ValueError("a part of another version")
    count = b.unsigned()
    ordinals, times, delays, sequences = (b.column(count) for _ in range(4))
    values: list[float | None] = [None] * count
    if slot >= 0:
        code = b.byte()
        if code == RAW_PART:
            values = [struct.unpack("<d", struct.pack("<q", v))[0] for v in b.column(count)]
        else:
            factor, scale = FACTORS[code // 10], 10.0 ** (code % 10)
            values = [v / scale if factor == 1 else v / scale * factor for v in b.column(count)]
            for _ in range(b.unsigned()):
                place = b.unsigned()
                values[place] = b.bits()
    return [
        (first + ordinals[i], slot, times[i], whole(times[i] + delays[i]), sequences[i], number(values[i])) for i in range(count)]


def number(value: float | None) -> float | None:
    """As the table of versions before 7 had it."""
    return None if value is None or math.isnan(value) else value


class History:
    """All rows, in order of arrival. Blocks never change, so what was read once is kept."""

    def __init__(self) -> None:
        self.blocks: dict[tuple[Any, ...], list[Row]] = {}

    def rows(self, connection: sqlite3.Connection) -> list[Row]:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "history" in tables:
            return connection.execute("SELECT id, slot, time, arrival, seq, value FROM history ORDER BY id").fetchall()
        if "journal" not in tables:
            return []
        connection.execute("BEGIN")
        try:
            out: list[Row] = []
            for p, first, end in connection.execute(
                    "SELECT p.id, s.first, substr(p.data, -4) FROM part p JOIN segment s ON s.number = p.id >> 32").fetchall():
                out += self.block(connection, "part", "id", p, end, lambda d, p=p, f=first: part(d, (p & 0xFFFFFFFF) - BIAS, f))
            out.sort()
            for first, end in connection.execute("SELECT first, substr(data, -4) FROM journal ORDER BY first").fetchall():
                out += self.block(connection, "journal", "first", first, end, lambda d, f=first: journal(d, f))
            return out
        finally:
            connection.execute("COMMIT")

    def block(self, connection: sqlite3.Connection, table: str, name: str, key: int, end: bytes, read: Any) -> list[Row]:
        known = (table, key, end)
        if known not in self.blocks:
            (data,) = connection.execute(f"SELECT data FROM {table} WHERE {name} = ?", (key,)).fetchone()
            self.blocks[known] = read(data)
        return self.blocks[known]

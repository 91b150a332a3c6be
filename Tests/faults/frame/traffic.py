"""Readings whose alerts are known beforehand."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .publisher import Message, reading

START = 1_767_225_600
"""2026-01-01 00:00 UTC, Unix seconds."""
GAP_KIND = 16
"""`EventKind.gap`"""
OPENED, CLOSED = 1, 4
"""`EventChange`"""


@dataclass(frozen=True)
class Wave:
    """Some meters that send each minute, are silent for two hours and come back: each makes one gap that opens and closes.

    Waves of a higher number have other meters and lie later in event time.
    """

    number: int
    meters: int = 4
    before: int = 40
    after: int = 30
    """Readings of each meter before and after the silence."""

    SPACING = 6 * 3600

    def sensors(self) -> list[str]:
        return [f"z{self.number % 7}/w{self.number}m{m}" for m in range(self.meters)]

    def messages(self) -> Iterator[Message]:
        start = START + self.number * self.SPACING
        minutes = [*range(self.before), *range(self.before + 120, self.before + 120 + self.after)]
        for seq, minute in enumerate(minutes):
            for m, sensor in enumerate(self.sensors()):
                yield reading(sensor, start + minute * 60, 10 + (seq * 3 + m) % 7, seq)

    def last_before_gap(self) -> int:
        """Unix ms of the last reading before the silence."""
        return (START + self.number * self.SPACING + (self.before - 1) * 60) * 1000


def missing_gaps(waves: list[Wave], events: list[tuple[str, int, int]]) -> list[str]:
    """Meters whose gap was not opened and closed exactly once, given the stored transitions of kind `gap`."""
    found: dict[tuple[str, int], int] = {}
    first: dict[str, int] = {}
    for sensor, onset, change in events:
        first[sensor] = min(first.get(sensor, onset), onset)
    for sensor, onset, change in events:
        if onset == first[sensor] and change in (OPENED, CLOSED):
            found[sensor, change] = found.get((sensor, change), 0) + 1
    return [s for w in waves for s in w.sensors() if found.get((s, OPENED)) != 1 or found.get((s, CLOSED)) != 1]

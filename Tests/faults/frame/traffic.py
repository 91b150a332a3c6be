"""Readings whose alerts are known beforehand."""
from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

from .publisher import Message, reading

START = 1_767_225_600
"""2026-01-01 00:00 UTC, Unix seconds."""
DAY = 86_400
"""Seconds."""
BURST_KIND, INCIPIENT_KIND, GAP_KIND, STUCK_KIND, RANGE_KIND, UNIT_KIND, SKEW_KIND, LIMIT_KIND = 1, 2, 16, 17, 18, 22, 23, 25
"""`EventKind`"""
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


def usual(second: int, noise: random.Random) -> float:
    """m³/h of a zone of some hundred households in Japan at a Unix second: low at night, two peaks by day."""
    hour = (second + 9 * 3600) % DAY / 3600
    daily = 6 + 5 * math.exp(-((hour - 7.5) ** 2) / 4) + 6 * math.exp(-((hour - 19) ** 2) / 7) - 3.5 * math.exp(-((hour - 2.5) ** 2) / 9)
    return max(0.1, daily * noise.gauss(1, 0.04))


def ranged(sensors: list[str]) -> str:
    """Settings of meters that can show 0 to 250: what lies beyond is a fault after three readings and ends with the first good one."""
    return "sensors:\n" + "".join(f"  test/{s}/flow: {{range: [0, 250], interval_s: 60}}\n" for s in sensors)


def minutes(sensors: list[str], first: int, count: int, value: float) -> list[Message]:
    """Readings of some minutes, counted from `START`, about a value."""
    return [reading(s, START + n * 60, value + n % 3, n) for n in range(first, first + count) for s in sensors]

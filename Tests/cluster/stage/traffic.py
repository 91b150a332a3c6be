"""Readings of all towns whose alerts are known beforehand."""
from __future__ import annotations

from collections.abc import Iterator, Sequence

from frame import Message, reading
from frame.traffic import CLOSED, OPENED, START

SPACING = 6 * 3600
BEFORE, SILENCE, AFTER = 40, 120, 30
"""Minutes: readings, then none, then readings again."""


def meter(town: str, wave: int) -> str:
    return f"z/{town}_w{wave}"


def wave(towns: Sequence[str], number: int) -> Iterator[Message]:
    """A meter a town sends each minute, is silent for two hours and comes back: one gap that opens and closes. Sorted by time."""
    start = START + number * SPACING
    for seq, minute in enumerate([*range(BEFORE), *range(BEFORE + SILENCE, BEFORE + SILENCE + AFTER)]):
        for n, town in enumerate(towns):
            yield reading(meter(town, number), start + minute * 60, 10 + (seq * 3 + n) % 7, seq, municipality=town)


def steady(towns: Sequence[str], number: int, meters: int, minutes: int) -> Iterator[Message]:
    """Readings of `meters` meters a town, a minute apart: nothing comes of them."""
    start = START + number * SPACING
    for seq in range(minutes):
        for n, town in enumerate(towns):
            for m in range(meters):
                yield reading(f"{meter(town, number)}m{m}", start + seq * 60, 10 + (seq * 3 + n + m) % 7, seq, municipality=town)


def gaps_wrong(towns: Sequence[str], waves: Sequence[int], events: list[tuple[str, int, int]]) -> list[str]:
    """Meters whose gap was not opened and closed exactly once, given (sensor, onset, change) of the stored transitions."""
    first: dict[str, int] = {}
    for sensor, onset, _ in events:
        first[sensor] = min(first.get(sensor, onset), onset)
    found: dict[tuple[str, int], int] = {}
    for sensor, onset, change in events:
        if onset == first[sensor]:
            found[sensor, change] = found.get((sensor, change), 0) + 1
    meters = [meter(t, w) for w in waves for t in towns]
    return [m for m in meters if found.get((m, OPENED)) != 1 or found.get((m, CLOSED)) != 1]

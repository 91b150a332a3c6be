"""Whether readings came in the order in which they were sent."""
from __future__ import annotations

from collections.abc import Iterable

Reading = tuple[str, int, int]


def town(sensor: str) -> str:
    """Meters are called `z/{town}_…` in the run, where a name is `zone/sensor`."""
    return sensor.split("/")[1].split("_")[0]


def out_of_order(stored: Iterable[Reading]) -> int:
    """Readings that were stored behind a later one of the same town. A gateway sends a town's readings by time."""
    newest: dict[str, int] = {}
    wrong = 0
    for sensor, time, _ in stored:
        t = town(sensor)
        if time < newest.get(t, time):
            wrong += 1
        newest[t] = max(time, newest.get(t, time))
    return wrong

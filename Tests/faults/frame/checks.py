"""What must hold, and how a row says that it does not."""
from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .database import Database
    from .publisher import Message


class Failed(Exception):
    """The requirement is not met; the text says how."""


class NotHere(Exception):
    """The fault cannot be injected on this machine; the text says why."""


def check(condition: object, text: str) -> None:
    if not condition:
        raise Failed(text)


def eventually(seconds: float, condition: Callable[[], object], every: float = 0.05) -> bool:
    """Asks until the condition holds; false when it does not within `seconds`."""
    end = time.monotonic() + seconds
    while True:
        if condition():
            return True
        if time.monotonic() >= end:
            return False
        time.sleep(every)


def zero_loss(database: Database, confirmed: Iterable[Message], told: Iterable[str] | None = None) -> str:
    """Every confirmed reading is stored once, and `alerts_whole` holds. Returns the figure; raises `Failed`."""
    wanted = {(m.sensor, m.time, m.seq) for m in confirmed}
    stored = database.readings()
    lost = wanted.difference(stored)
    check(not lost, f"{len(lost)} of {len(wanted)} acknowledged readings lost, e.g. {sorted(lost)[:3]}")
    twice = len(stored) - len(set(stored))
    check(twice == 0, f"{twice} readings stored more than once")
    return f"{len(wanted)} readings and {alerts_whole(database, told)} transitions, lost 0"


def alerts_whole(database: Database, told: Iterable[str] | None = None) -> int:
    """Every transition has one line in the log, in order, and (with `told`, the webhook ids that arrived) was told; the database is whole.
    Returns the number of transitions; raises `Failed`."""
    keys = database.transition_keys()
    check(len(keys) == len(set(keys)), "a transition is stored twice")
    lines = database.log_ids()
    check(lines == keys, f"events.jsonl has {len(lines)} lines for {len(keys)} transitions, or in another order")
    if told is not None:
        arrived = set(told)
        check(arrived <= set(keys), f"told but not stored: {sorted(arrived.difference(keys))[:3]}")
        untold = set(database.told_keys()) - arrived
        check(not untold, f"{len(untold)} alerts were never told, e.g. {database.deliveries_of(sorted(untold)[:3])}")
    check(database.integrity() == "ok", f"integrity_check: {database.integrity()}")
    return len(keys)

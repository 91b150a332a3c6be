"""Row 24: damaged databases. Never a crash loop, never in silence, never a reading of today lost."""
from __future__ import annotations

import collections
import random
import shutil
import sqlite3
from collections.abc import Callable

from frame import Context, Database, Failed, Publisher, Service, check, eventually, row
from frame.traffic import Wave

CONFIGURATION = 78
PAGE = 4096
STARTS = 4
"""How often its supervisor may have to start it until it stays."""
WATCHED = 4.0
"""Seconds that it must stay: the look through the whole database begins 2 s after the start."""


def one_bit(raw: bytearray, choice: random.Random) -> None:
    """One bit at a random place."""
    at = choice.randrange(len(raw) * 8)
    raw[at // 8] ^= 1 << at % 8


def one_page(raw: bytearray, choice: random.Random) -> None:
    """A page full of other bytes, as a worn-out card gives back."""
    at = choice.randrange(len(raw) // PAGE) * PAGE
    raw[at : at + PAGE] = choice.randbytes(PAGE)


def cut_short(raw: bytearray, choice: random.Random) -> None:
    """The end of the file is missing."""
    del raw[choice.randrange(len(raw)) :]


DAMAGES: dict[str, Callable[[bytearray, random.Random], None]] = {"bit": one_bit, "page": one_page, "end": cut_short}


@row(24, "壊れたデータベース / corrupt database", "bit flips")
def corrupt(context: Context) -> str:
    broker = context.broker()
    service = context.service(broker)
    publisher = Publisher(broker.port)
    service.start_ready()
    for n in range(8):
        publisher.publish(Wave(n, meters=6).messages())
    service.wait_stored(len(publisher.confirmed))
    service.stop_in_order()
    # Into the file with what stands in the log, or the log would repair what is damaged.
    fold = sqlite3.connect(service.database.file)
    fold.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    fold.close()
    whole = context.directory / "whole"
    service.data.rename(whole)
    before = content(Database(whole))
    results: collections.Counter[str] = collections.Counter()
    unnoticed: list[str] = []
    for n in range(context.count(20, least=3)):
        for name, damage in DAMAGES.items():
            shutil.rmtree(service.data, ignore_errors=True)
            shutil.copytree(whole, service.data)
            raw = bytearray((whole / "mizumori.db").read_bytes())
            damage(raw, context.random)
            (service.data / "mizumori.db").write_bytes(raw)
            found = live_on(service, publisher, Wave(100 + 3 * n + list(DAMAGES).index(name)))
            if found == "noticed nothing":
                found = silent(service, before)
                if found.startswith("UNNOTICED"):
                    unnoticed.append(f"{name} {n}")
            results[f"{name}: {found}"] += 1
            service.kill()
    context.log(", ".join(f"{k} {v}" for k, v in sorted(results.items())))
    check(not unnoticed, f"structural damage was not noticed: {unnoticed} of {dict(results)}")
    return "; ".join(f"{v} × {k}" for k, v in sorted(results.items()))


def live_on(service: Service, publisher: Publisher, wave: Wave) -> str:
    """Starts it as a supervisor does until it takes and keeps a new wave. Returns how it took the damage."""
    messages = list(wave.messages())
    starts, mark = 0, len(service.log)
    while starts < STARTS:
        starts += 1
        service.start()
        publisher.publish(messages)
        took = eventually(20, lambda: not service.is_running or taken(service) >= len(messages))
        check(took, f"runs and takes nothing:\n{service.log[-1500:]}")
        # What comes of it is written and told within a second; damage that it meets ends it.
        if service.wait(WATCHED) is None:
            if service.metric("mizumori_databases_set_aside") >= 1:
                check("データベースが壊れていた" in service.log[mark:], "set aside without a word")
                return "set aside with words"
            if "索引が壊れていたため作り直しました" in service.log[mark:]:
                return "indexes made anew with words"
            return "noticed nothing"
        if service.wait(0) == CONFIGURATION:
            return "refused with words, untouched"
    raise Failed(f"a crash loop: {starts} starts\n{service.log[-2000:]}")


def taken(service: Service) -> float:
    """Readings that it has accepted or knew already, since its start."""
    metrics = service.metrics()
    return metrics.get("mizumori_readings_total", 0) + metrics.get("mizumori_duplicate_readings_total", 0)


def content(database: Database) -> list[list[tuple[object, ...]]]:
    return [database.query(f'SELECT * FROM "{t}" ORDER BY 1') for t in ("sensor", "event", "transition")] + [database.history()]


def silent(service: Service, before: list[list[tuple[object, ...]]]) -> str:
    """What a damage was that the service did not notice."""
    try:
        if service.database.integrity() != "ok":
            return "UNNOTICED damage"
        now = content(service.database)
    except sqlite3.Error as error:
        return f"UNNOTICED damage: {error}"
    if all(set(old) <= set(new) for old, new in zip(before, now, strict=True)):
        return "harmless, all rows as before"
    return "a value changed that SQLite cannot check"

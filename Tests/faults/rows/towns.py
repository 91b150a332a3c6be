"""Rows 8, 9, 15, 16, 17, 20, 21: what meters and lines do to the readings, judged by the running service."""
from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable

from frame import Context, Message, Service, check, reading, row, zero_loss
from frame.traffic import (
    BURST_KIND, CLOSED, DAY, GAP_KIND, INCIPIENT_KIND, OPENED, SKEW_KIND, START, STUCK_KIND, UNIT_KIND, usual,
)

def course(
    sensor: str, days: float, context: Context, change: Callable[[int, float], float | None] = lambda day_second, v: v, step: int = 600,
    start: int = START, shift: int = 0,
) -> list[Message]:
    """Readings of one meter. `change(seconds since the start, value)` may alter or leave out (None) a value; `shift` moves its clock."""
    noise = random.Random(f"{context.random.random()}{sensor}")
    out = []
    for n, second in enumerate(range(start, start + int(days * DAY), step)):
        value = change(second - start, usual(second, noise))
        if value is not None:
            out.append(reading(sensor, second + shift, float(f"{value:.4g}"), n))
    return out


def merged(parts: Iterable[list[Message]], order: Callable[[Message], float] = lambda m: m.time) -> list[Message]:
    return sorted((m for p in parts for m in p), key=order)


def kinds(service: Service, sensor: str) -> dict[tuple[int, int], int]:
    """How often each (kind, change) came out of a meter."""
    rows = service.database.query(
        "SELECT t.kind, t.change, count(*) FROM transition t JOIN sensor s ON s.slot = t.slot "
        "WHERE s.zone || '/' || s.sensor = ? GROUP BY 1, 2", sensor)
    return {(k, c): n for k, c, n in rows}


def transitions(service: Service) -> list[tuple[object, ...]]:
    return sorted(service.database.query(
        "SELECT s.zone, s.sensor, t.kind, t.change, t.first_onset, t.excess FROM transition t JOIN sensor s ON s.slot = t.slot"))


@row(8, "10 分以内の順序の乱れ / out of order ≤ 10 min", "the same readings sorted and shuffled, to two services")
def out_of_order(context: Context) -> str:
    burst = 17 * DAY + 9 * 3600
    meters = [f"z/m{n}" for n in range(4)]
    all = merged(
        course(s, 19, context, lambda t, v, leaks=n < 2: v + (5 if leaks and t >= burst else 0), step=120) for n, s in enumerate(meters))
    late = context.random
    shuffled = merged([all], order=lambda m: m.time / 1000 + late.uniform(0, 600))
    services = []
    for messages in (all, shuffled):
        service, publisher = context.fed(messages, within=180)
        service.stop_in_order()
        zero_loss(service.database, publisher.confirmed)
        services.append(service)
    sorted_events, shuffled_events = map(transitions, services)
    leaks = [e for e in sorted_events if e[2] in (BURST_KIND, INCIPIENT_KIND) and e[3] == OPENED]
    check({e[1] for e in leaks} == {"m0", "m1"}, f"the leaks must be found: {leaks}")
    check(sorted_events == shuffled_events, f"judged otherwise: {set(sorted_events) ^ set(shuffled_events)}")
    moved = sum(a is not b for a, b in zip(all, shuffled))
    return f"{len(all)} readings, {moved} out of place: the same {len(sorted_events)} transitions"


@row(9, "数時間遅れてまとめて届く / hours late (gateway flush)", "replay")
def flush(context: Context) -> str:
    """Two gateways: one loses its uplink for six hours of the morning, three days in a row, and then sends everything at once."""
    receiver = context.receiver()

    def arrival(m: Message) -> float:
        day, second = divmod(m.time // 1000 - START, DAY)
        return START + day * DAY + 11 * 3600 if m.sensor.startswith("late") and day >= 16 and 5 * 3600 <= second < 11 * 3600 else m.time // 1000

    meters = [f"{zone}/m{n}" for zone in ("late", "fine") for n in range(5)]
    all = merged((course(s, 19, context) for s in meters), order=arrival)
    service, publisher = context.fed(all, receiver=receiver)
    service.wait_told()
    figure = zero_loss(service.database, publisher.confirmed, receiver.ids())
    leaks = [s for s in meters for k in (BURST_KIND, INCIPIENT_KIND) if kinds(service, s).get((k, OPENED))]
    check(not leaks, f"leaks were told of {leaks}")
    others = [s for s in meters if s.startswith("fine") and kinds(service, s)]
    check(not others, f"meters that were in time are blamed: {others}")
    return f"5 meters, 3 flushes of 6 h: no leak told; {figure}"


@row(15, "NaN, Inf, ±1e308", "table")
def not_numbers(context: Context) -> str:
    bad = ["NaN", "Infinity", "-Infinity", "nan", "1e308", "-1e308", "1e400", "-1e400", '"NaN"', "null", "1e-400x"]
    plain = merged(course(s, 17, context) for s in ("z/a", "z/b"))
    mixed: list[Message] = []
    sent = 0
    for m in plain:
        mixed.append(m)
        if context.random.random() < 0.3:
            value = context.random.choice(bad)
            mixed.append(Message(m.topic, f'{{"ts":{m.time // 1000 + 60},"value":{value},"unit":"m3/h"}}'.encode()))
            sent += 1
    states = []
    for messages in (plain, mixed):
        service, _ = context.fed(messages, stored=len(plain))
        time.sleep(1.2)
        rejected = sum(service.rejected().values())
        check(rejected == len(messages) - len(plain), f"{rejected} refused of {len(messages) - len(plain)}")
        service.stop_in_order()
        states.append(service.database.one("SELECT state FROM checkpoint ORDER BY id DESC LIMIT 1"))
    check(states[0] == states[1], "the detector's state differs")
    return f"{sent} bad values among {len(plain)} readings: all refused, the detector's {len(states[0])} bytes of state identical"


@row(16, "単位の誤り 60 倍・1000 倍 / unit wrong by 60 or 1000", "readings of a meter whose sender changes its unit")
def unit(context: Context) -> str:
    changed = 16 * DAY + 10 * 3600
    factors = {"z/m60": 60, "z/m1000": 1000, "z/d60": 1 / 60, "z/d1000": 1 / 1000}
    # What trickles past a closed valve is as small, and no matter of units.
    valves = {"z/valve60": 60, "z/valve1000": 1000}
    service = judged(context, [
        course(s, 19, context, lambda t, v, f=f: v * (f if changed <= t < changed + DAY else 1)) for s, f in factors.items()]
        + [course(s, 19, context, lambda t, v, f=f: 8 / f + v / f / 100 if changed <= t < changed + DAY else v) for s, f in valves.items()])
    for s in valves:
        found = kinds(service, s)
        check(not any(k in (BURST_KIND, INCIPIENT_KIND, UNIT_KIND) for k, _ in found), f"{s}: a closed valve is blamed: {found}")
    for s in factors:
        found = kinds(service, s)
        check(found.get((UNIT_KIND, OPENED)) == 1, f"{s}: a unit alarm is missing or repeated: {found}")
        check(not any(k in (BURST_KIND, INCIPIENT_KIND) for k, _ in found), f"{s}: taken for a leak: {found}")
        # The day afterwards is judged by what was usual before: nothing was learnt from the wrong day.
        check(found.get((UNIT_KIND, CLOSED)) == 1, f"{s}: the alarm must end with the fault: {found}")
    delays = [service.database.one(
        "SELECT min(t.time) FROM transition t JOIN sensor s ON s.slot = t.slot WHERE s.sensor = ? AND t.kind = ?", s[2:], UNIT_KIND)
        for s in factors]
    hours = ", ".join(f"{(t / 1000 - START - changed) / 3600:.0f} h" for t in delays)
    return f"×60, ×1000, ÷60, ÷1000: one unit alarm each, after {hours}, with its end; nothing learnt; closed valves are no matter of units"


@row(17, "60 日かけて増える漏水 / slow leak over 60 days", "readings of a meter that loses a little more each day")
def slow(context: Context) -> str:
    sizes = {f"z/slow{p}": p for p in (20, 40, 80)}
    grown: list[list[Message]] = []
    for s, percent in sizes.items():
        full = 8 * percent / 100
        grown.append(course(s, 85, context, lambda t, v, full=full: v + full * min(1, max(0, (t - 20 * DAY) / (60 * DAY)))))
    quiet = [f"z/quiet{n}" for n in range(9)]
    service = judged(context, [*grown, *(course(s, 85, context) for s in quiet)])
    delays = {}
    for s, percent in sizes.items():
        opened = service.database.query(
            "SELECT min(t.time) FROM transition t JOIN sensor s ON s.slot = t.slot "
            "WHERE s.zone || '/' || s.sensor = ? AND t.kind IN (1, 2) AND t.change = 1 AND t.time >= ?", s, (START + 20 * DAY) * 1000)
        check(opened[0][0] is not None, f"the leak of {percent} % was never found: {kinds(service, s)}")
        delays[percent] = (opened[0][0] / 1000 - START) / DAY - 20
        still = service.database.one(
            "SELECT e.is_open FROM event e JOIN sensor s ON s.slot = e.slot WHERE s.zone || '/' || s.sensor = ? AND e.kind IN (1, 2) "
            "ORDER BY e.opened DESC LIMIT 1", s)
        check(still == 1, f"the leak of {percent} % was learnt: its event has ended while it goes on")
    false = {s: kinds(service, s) for s in quiet if any(k in (BURST_KIND, INCIPIENT_KIND) for k, _ in kinds(service, s))}
    check(not false, f"false alerts: {false}")
    return ", ".join(f"{p} % of the mean found on day {d:.0f} of 60" for p, d in delays.items()) + "; open to the end, no false alert"


@row(20, "センサーの時計 ±2 時間 / sensor clock ±2 h", "readings with a shifted clock, with the time of today")
def skew(context: Context) -> str:
    start = (int(time.time()) // 600) * 600 - 18 * DAY
    wrong = 17 * DAY
    right = [course(f"z/m{n}", 18, context, start=start) for n in range(3)]
    behind = course("z/behind", 18, context, start=start)
    behind = [m if m.time // 1000 - start < wrong else reading(m.sensor, m.time // 1000 - 7200, value_of(m), m.seq) for m in behind]
    ahead = course("z/ahead", 18, context, start=start)
    sent = {id(m): m.time for p in (*right, behind, ahead) for m in p}
    for m, old in zip(behind, course("z/behind", 18, context, start=start)):
        sent[id(m)] = old.time
    service, publisher = context.fed(merged([*right, behind, ahead], order=lambda m: sent[id(m)]), stored=0)
    # Now the clock of the last one is set two hours ahead: that is the future, and can only be seen live.
    now = int(time.time())
    publisher.publish([reading("z/ahead", now + 7200 + n, 10, 10_000 + n) for n in range(30)])
    service.wait_told()
    time.sleep(1.5)
    for s in ("z/behind", "z/ahead"):
        found = kinds(service, s)
        check(found.get((SKEW_KIND, OPENED)) == 1, f"{s}: one skew event expected: {found}")
        check(all(k == SKEW_KIND for k, _ in found), f"{s}: more than a skew event: {found}")
    check(not any(kinds(service, f"z/m{n}") for n in range(3)), "meters with right clocks are blamed")
    return "one skew event each for −2 h and +2 h, nothing else"


@row(21, "指示の固着・無通信 / stuck, silent", "readings of meters that stick or fall silent")
def stuck_and_silent(context: Context) -> str:
    begin, end = 16 * DAY + 8 * 3600, 18 * DAY + 8 * 3600
    service = judged(context, [
        course("z/stuck", 20, context, lambda t, v: 7.77 if begin <= t < end else v),
        course("z/silent", 20, context, lambda t, v: None if begin <= t < end else v),
        course("z/fine", 20, context),
    ])
    for s, kind in (("z/stuck", STUCK_KIND), ("z/silent", GAP_KIND)):
        found = kinds(service, s)
        check(found == {(kind, OPENED): 1, (kind, CLOSED): 1}, f"{s}: one fault and one recovery expected: {found}")
    check(not kinds(service, "z/fine"), f"the third meter is blamed: {kinds(service, 'z/fine')}")
    return "one fault and one recovery each"


def judged(context: Context, parts: list[list[Message]]) -> Service:
    """A service that has got these readings in the order of their times, and told what came of them."""
    service, _ = context.fed(merged(parts), within=300)
    service.wait_told()
    return service


def value_of(m: Message) -> float:
    import json

    return float(json.loads(m.payload)["value"])

"""Rows 5 and 7: a day's backlog, and messages that come twice."""
from __future__ import annotations

import random
import time
from collections.abc import Iterator

from frame import Context, Message, Publisher, Service, check, reading, row, zero_loss
from frame.checks import Failed
from frame.traffic import BURST_KIND, DAY, GAP_KIND, START, Wave, missing_gaps, usual

INTERVAL = 600
"""Seconds between readings."""


def series(sensor: str, begin: int, end: int, noise: random.Random, leak_from: int | None = None) -> Iterator[Message]:
    """The readings of one meter from `begin` to `end` (Unix seconds), each ten minutes; 5 m³/h leak from `leak_from` on."""
    for second in range(begin, end, INTERVAL):
        leak = 5 if leak_from is not None and second >= leak_from else 0
        yield reading(sensor, second, round(usual(second, noise) + leak, 2), (second - START) // INTERVAL)


def merged(parts: list[Iterator[Message]]) -> list[Message]:
    """By time, as meters send them."""
    return sorted((m for p in parts for m in p), key=lambda m: m.time)


@row(5, "サービスの停止 24 時間 / service down 24 h", "SIGTERM")
def down_for_a_day(context: Context) -> str:
    """A day of many meters waits in the broker, with bursts at the three meters whose habits had been learnt before."""
    broker, receiver = context.broker(), context.receiver()
    service = context.service(broker, receiver=receiver)
    publisher = Publisher(broker.port)
    learnt = [f"east/learnt{n}" for n in range(3)]
    others = [f"west/m{n}" for n in range(context.count(500, least=50))]
    left = START + 20 * DAY
    service.start_ready()
    publisher.publish(merged([series(s, START, left, context.random) for s in learnt]))
    service.wait_stored(len(publisher.confirmed))
    check(not service.database.events(BURST_KIND), "a leak was reported while there was none")
    service.stop_in_order()
    burst = {s: left + (4 + 5 * n) * 3600 for n, s in enumerate(learnt)}
    backlog = publisher.publish(merged(
        [series(s, left, left + DAY, context.random, burst[s]) for s in learnt] + [series(s, left, left + DAY, context.random) for s in others]))
    begin = time.monotonic()
    service.start_ready()
    service.wait_stored(len(publisher.confirmed), within=120)
    seconds = time.monotonic() - begin
    service.wait_told()
    figure = zero_loss(service.database, publisher.confirmed, receiver.ids())
    opened = {s: onset // 1000 for s, onset, change in service.database.events(BURST_KIND) if change == 1}
    check(set(opened) == set(learnt), f"bursts reported at {sorted(opened)}, expected at {learnt}")
    off = max(abs(opened[s] - burst[s]) / 60 for s in learnt)
    check(off <= 120, f"the begin of a burst is off by {off:.0f} min")
    others_told = service.database.one("SELECT count(*) FROM transition t JOIN sensor s ON s.slot = t.slot WHERE s.zone = 'west'")
    check(others_told == 0, f"{others_told} false alerts of meters that were only late")
    return f"{backlog} readings drained in {seconds:.1f} s, 3 of 3 bursts told once (begin ± {off:.0f} min), no false alert; {figure}"


@row(7, "重複 / duplicates", "replay")
def duplicates(context: Context) -> str:
    """The same waves once to one service, and several times, mixed up and across restarts, to another: same rows, same judgements."""
    brokers = [context.broker(), context.broker()]
    once, many = (context.service(b) for b in brokers)
    waves = [Wave(n) for n in range(context.count(40, least=4))]
    rounds = 3
    once.start_ready()
    many.start_ready()
    to_once, to_many = (Publisher(b.port) for b in brokers)
    for wave in waves:
        plain = list(wave.messages())
        to_once.publish(plain)
        to_many.publish(doubled(plain, context.random))
    for _ in range(rounds):
        many.stop_in_order()
        to_many.publish(m for w in waves for m in w.messages())
        many.start_ready()
        drained(many)
    wanted = sum(1 for w in waves for _ in w.messages())
    once.wait_stored(wanted)
    figures = [zero_loss(s.database, [m for w in waves for m in w.messages()]) for s in (once, many)]
    events = [transitions(s) for s in (once, many)]
    check(events[0] == events[1], f"judged otherwise: {sorted(events[0] ^ events[1])[:4]}")
    check(not missing_gaps(waves, many.database.events(GAP_KIND)), "alerts are missing or doubled")
    return f"{rounds + 1.5:g} times each: one row and one judgement each; {figures[1]}"


def doubled(messages: list[Message], choice: random.Random) -> list[Message]:
    """Half of them come again, at once or up to 50 messages later."""
    places = [(float(n), m) for n, m in enumerate(messages)]
    places += [(n + 0.5 + choice.choice((0, choice.random() * 50)), m) for n, m in enumerate(messages) if choice.random() < 0.5]
    return [m for _, m in sorted(places, key=lambda p: p[0])]


def transitions(service: Service) -> set[tuple[str, int, int, int]]:
    return set(service.database.query(
        "SELECT s.sensor, t.kind, t.change, t.first_onset FROM transition t JOIN sensor s ON s.slot = t.slot"))


def drained(service: Service, within: float = 60) -> None:
    """Waits until messages have come and none comes any more."""
    end, last = time.monotonic() + within, -1.0
    while time.monotonic() < end:
        now = service.metric("mizumori_messages_total")
        if now == last and now > 0:
            return
        last = now
        time.sleep(1)
    raise Failed("messages keep coming")

"""Row 6: ten times the load, steady and with faults."""
from __future__ import annotations

import random
import signal
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from frame import Broker, Context, Failed, Message, Publisher, Receiver, Service, alerts_whole, check, eventually, reading, row
from frame.receiver import Answer, Request
from frame.traffic import CLOSED, GAP_KIND, OPENED, START

METERS = 5_000
"""A joint site of several towns."""
ROUND = 1.5
"""Real seconds in which each meter sends the reading of one minute: 3,333 readings a second, ten times what 20,000 meters (the default of
`limits.max_sensors`) make that send each minute."""
RSS_LIMIT = 128.0
"""MB"""
ABSENT, LEAVERS = 12, 20
"""For so many rounds that many meters are silent, others from each round on: gaps that must be told once."""
SETTINGS = "detection:\n  gap_minutes: 8\n  interval_s: 60\n"


@dataclass(frozen=True)
class Town:
    """Which meter sends in which round. Event time goes on a minute a round."""

    rounds: int

    def absent(self, meter: int) -> range:
        """The rounds that a meter leaves out."""
        first = 3 + meter // LEAVERS
        return range(first, first + ABSENT) if first + ABSENT < self.rounds - 1 else range(0)

    def messages(self, n: int) -> Iterator[Message]:
        for m in range(METERS):
            if n not in self.absent(m):
                yield reading(name(m), START + n * 60, 10 + (n * 3 + m) % 7, n)

    def leavers(self) -> list[int]:
        return [m for m in range(METERS) if self.absent(m)]

    def sent(self, n: int) -> int:
        return METERS - sum(n in self.absent(m) for m in self.leavers())


def name(meter: int) -> str:
    return f"z{meter % 50}/m{meter}"


class Load:
    """Publishes the town at its pace on a thread of its own, again until it is confirmed."""

    def __init__(self, town: Town, port: int) -> None:
        self._town = town
        self._publisher = Publisher(port)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.error: BaseException | None = None
        self.behind = 0.0
        """Seconds by which the publisher itself was late, at most."""

    def start(self) -> None:
        self._thread.start()

    @property
    def is_done(self) -> bool:
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            begin = time.monotonic()
            for n in range(self._town.rounds):
                messages = list(self._town.messages(n))
                for at in range(0, len(messages), 400):
                    due = begin + (n + at / len(messages)) * ROUND
                    self.behind = max(self.behind, time.monotonic() - due)
                    time.sleep(max(0.0, due - time.monotonic()))
                    self._confirm(messages[at : at + 400])
        except BaseException as error:
            self.error = error

    def _confirm(self, chunk: list[Message]) -> None:
        """Until the broker has confirmed all of it, over as many connections as that takes."""
        for _ in range(300):
            try:
                self._publisher.publish(chunk)
            except (OSError, Failed):
                time.sleep(0.1)
            confirmed = set(self._publisher.confirmed)
            self._publisher.confirmed.clear()
            chunk = [m for m in chunk if m not in confirmed]
            if not chunk:
                return
            try:
                self._publisher.connect()
            except (OSError, Failed):
                time.sleep(0.1)
        raise Failed("the broker confirms nothing any more")


class Memory:
    """Resident memory of the service, sampled twice a second over all its starts."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.samples: list[float] = []

    def sample(self) -> None:
        rss = self._service.rss()
        if rss > 0:
            self.samples.append(rss)

    def figure(self) -> str:
        # The first ones see a process that is just being started.
        first = self.samples[min(20, len(self.samples) - 1)]
        return f"RSS first {first:.0f}, last {self.samples[-1]:.0f}, max {max(self.samples):.0f} MB"


def check_town(service: Service, town: Town, receiver: Receiver) -> str:
    """All readings of all rounds once, each gap opened and closed and told once, nothing else told."""
    database = service.database
    meters_at: defaultdict[int, list[int]] = defaultdict(list)
    for _, slot, time, _, _, _ in database.history():
        if slot >= 0:
            meters_at[time].append(slot)
    stored = {time: (len(slots), len(set(slots))) for time, slots in meters_at.items()}
    total = 0
    for n in range(town.rounds):
        rows, meters = stored.get((START + n * 60) * 1000, (0, 0))
        check(rows == meters == town.sent(n), f"round {n}: {rows} rows of {meters} meters instead of {town.sent(n)}")
        total += rows
    counts = Counter((sensor, change) for sensor, _, change in database.events(GAP_KIND))
    wanted = Counter((name(m), change) for m in town.leavers() for change in (OPENED, CLOSED))
    check(counts == wanted, f"gaps: {list((wanted - counts).items())[:4]} missing, {list((counts - wanted).items())[:4]} too many")
    transitions = alerts_whole(database, receiver.ids())
    check(transitions == sum(wanted.values()), f"{transitions - sum(wanted.values())} alerts of other kinds")
    resent = len(receiver.ids()) - len(set(receiver.ids()))
    return f"{total} readings sent and stored, {transitions} alerts told ({resent} again with their id), lost 0"


class SlowReceiver:
    """Answers at once or, while it is slow, within a second."""

    def __init__(self, choice: random.Random) -> None:
        self._choice = choice
        self.is_slow = False

    def answer(self, request: Request, number: int) -> Answer:
        return Answer(204, delay=self._choice.random() if self.is_slow else 0)


def prepare(context: Context, rounds: int, slow: SlowReceiver) -> tuple[Broker, Receiver, Service, Town, Load, Memory]:
    broker, receiver = context.broker("log_type error"), context.receiver(answer=slow.answer)
    service = context.service(broker, receiver=receiver, extra=SETTINGS)
    town = Town(rounds)
    service.start_ready()
    return broker, receiver, service, town, Load(town, broker.port), Memory(service)


def finish(service: Service, town: Town, load: Load, memory: Memory) -> None:
    if load.error is not None:
        raise load.error
    service.wait_stored(sum(town.sent(n) for n in range(town.rounds)), within=180)
    service.wait_told(within=180)
    memory.sample()


@row(6, "10 倍の負荷 / 10× load", "publisher", part="load", limit=900)
def load(context: Context) -> str:
    """3,333 readings a second without faults."""
    seconds = context.count(180, least=24)
    _, receiver, service, town, source, memory = prepare(context, max(30, round(seconds / ROUND)), SlowReceiver(context.random))
    begin = time.monotonic()
    source.start()
    slowest = 0.0
    while not source.is_done:
        memory.sample()
        asked = time.monotonic()
        check(service.get("/readyz")[0] == 200, "not ready under load")
        slowest = max(slowest, time.monotonic() - asked)
        time.sleep(0.5)
    passed = time.monotonic() - begin
    finish(service, town, source, memory)
    figure = check_town(service, town, receiver)
    check(max(memory.samples) <= RSS_LIMIT, f"{memory.figure()}: more than {RSS_LIMIT:g} MB")
    service.stop_in_order()
    return f"{passed:.0f} s at {METERS / ROUND:.0f} readings/s; {figure}; {memory.figure()}; /readyz ≤ {slowest * 1000:.0f} ms"


class Faults:
    """What happens to the town while it sends."""

    def __init__(self, broker: Broker, service: Service, slow: SlowReceiver, choice: random.Random) -> None:
        self._broker, self._service, self._slow, self._choice = broker, service, slow, choice
        self.counts: Counter[str] = Counter()

    def strike(self) -> None:
        faults = {
            "broker restarts": self._restart_broker, "kills": self._kill, "orderly restarts": self._restart, "reloads": self._reload,
            "slow spells": self._turn_slow,
        }
        fault = self._choice.choice(list(faults))
        self.counts[fault] += 1
        faults[fault]()

    def _restart_broker(self) -> None:
        self._broker.stop()
        time.sleep(self._choice.uniform(0, 3))
        self._broker.start()

    def _kill(self) -> None:
        self._service.kill()
        time.sleep(self._choice.uniform(0, 3))
        self._service.start()

    def _restart(self) -> None:
        self._service.stop_in_order()
        self._service.start()

    def _reload(self) -> None:
        text = self._service.settings.read_text()
        if self._choice.random() < 0.5:
            text = text.replace("utility:\n", f"utility:\n  name: 町{sum(self.counts.values())}\n", 1) if "name: 町" not in text else text
        self._service.settings.write_text(text)
        # A service that has just been started may not listen to signals yet.
        if eventually(10, lambda: self._service.get("/readyz")[0] in (200, 503)):
            self._service.signal(signal.SIGHUP)

    def _turn_slow(self) -> None:
        self._slow.is_slow = not self._slow.is_slow


@row(6, "10 倍の負荷と無作為の障害 / soak: 10× load with random faults", "publisher, signals", part="soak", limit=3 * 3600)
def soak(context: Context) -> str:
    """As `load`, while broker, service, settings and receiver have a fault every 10 to 30 s."""
    slow = SlowReceiver(random.Random(context.random.random()))
    broker, receiver, service, town, source, memory = prepare(context, max(30, round(context.soak_minutes * 60 / ROUND)), slow)
    faults = Faults(broker, service, slow, context.random)
    begin = time.monotonic()
    source.start()
    following = begin + context.random.uniform(10, 30)
    while not source.is_done:
        memory.sample()
        check(service.is_running, f"the service ended by itself:\n{service.log[-2000:]}")
        if time.monotonic() >= following:
            faults.strike()
            following = time.monotonic() + context.random.uniform(10, 30)
        time.sleep(0.5)
    slow.is_slow = False
    service.wait_ready(within=90)
    finish(service, town, source, memory)
    figure = check_town(service, town, receiver)
    check(max(memory.samples) <= RSS_LIMIT, f"{memory.figure()}: more than {RSS_LIMIT:g} MB")
    service.stop_in_order()
    told = ", ".join(f"{n} {f}" for f, n in sorted(faults.counts.items()))
    return f"{(time.monotonic() - begin) / 60:.1f} min at {METERS / ROUND:.0f} readings/s with {told}; {figure}; {memory.figure()}"

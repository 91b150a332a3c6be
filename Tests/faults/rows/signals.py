"""Rows 26, 33 and 34: rotation, reloads with mistakes, ends and hangs."""
from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time

from frame import Broker, Context, Publisher, Receiver, Service, Strace, check, eventually, reading, row, zero_loss
from frame.receiver import Answer
from frame.traffic import START, ranged

from .endpoint import SENSORS, trouble


class Load:
    """Readings with alerts among them, published on a thread of its own until `end`."""

    def __init__(self, context: Context, port: int) -> None:
        self.publisher = Publisher(port)
        self._stop = threading.Event()
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        context.at_end(self._stop.set)

    def _run(self) -> None:
        minute = 0
        try:
            while not self._stop.is_set():
                minute = trouble(self.publisher, minute)
                time.sleep(0.05)
        except Exception as error:
            self._error = error

    def end(self) -> None:
        self._stop.set()
        self._thread.join(60)
        if self._error:
            raise self._error


def parts(context: Context) -> tuple[Broker, Receiver, Service]:
    """A broker, a receiver of all alerts, and a service with the meters of `trouble`, not started yet."""
    broker, receiver = context.broker(), context.receiver()
    return broker, receiver, context.service(broker, receiver=receiver, extra=ranged(SENSORS))


@row(26, "記録の入れ替え / log rotation", "rename and SIGHUP under load")
def rotation(context: Context) -> str:
    broker, receiver, service = parts(context)
    service.start_ready()
    load = Load(context, broker.port)
    turns = context.count(30, least=5)
    log = service.data / "events.jsonl"
    for n in range(turns):
        time.sleep(context.random.uniform(0.1, 0.5))
        check(eventually(10, log.exists), "the log must be there")
        log.rename(service.data / f"events.{n:03}")
        service.signal(signal.SIGHUP)
    load.end()
    service.wait_stored(len(load.publisher.confirmed))
    keys = service.database.transition_keys

    def lines() -> list[str]:
        import json

        files = [*sorted(service.data.glob("events.0*")), log]
        return [json.loads(line)["data"]["id"] for f in files if f.exists() for line in f.read_text().splitlines()]

    check(eventually(30, lambda: lines() == keys(), every=0.3), f"{len(lines())} lines for {len(keys())} transitions over {turns} rotations")
    check(eventually(60, lambda: service.database.pending() == 0, every=0.2), "deliveries are left")
    service.stop_in_order()
    return f"{turns} rotations under load: {len(keys())} lines in {turns + 1} files, none lost, none twice, in order"


#: What somebody may do to the settings, and a word of the answer.
MISTAKES = {
    "unknown key": ("\nbrokre: {}\n", "brokre"),
    "bad number": ("\nlimits: {max_sensors: many}\n", "max_sensors"),
    "bad YAML": ("\nlimits: {max_sensors: 1\n", "YAML"),
    "tab": ("\n\tlimits: 1\n", "YAML"),
    "twice": ("\nutility: {name: a}\n", "utility"),
    "secret missing": ('\nzones: {}\nspecial_days: [soon]\n', "special_days"),
    "bad zone": ("\nzones: {x: {name: a}}\n", "zones"),
    "bad work": ("\nworks: [{name: a}]\n", "works"),
    "bad topic": ("\ntopics: [{pattern: a/b}]\n", "topics"),
    "range": ("\nlimits: {future_s: -1}\n", "future_s"),
    "list": ("\nlimits: [1, 2]\n", "limits"),
    "bytes": ("\nlimits: \x01\n", ":"),
}


@row(33, "SIGHUP での設定の誤り / bad settings at SIGHUP", "a dozen mistakes, under load")
def bad_settings(context: Context) -> str:
    broker, receiver, service = parts(context)
    supervisor = Supervisor(context, service, limit=60)
    service.wait_ready()
    load = Load(context, broker.port)
    good = service.settings.read_text()
    pid = service.pid
    for name, (text, word) in MISTAKES.items():
        before = len(service.log)
        service.settings.write_text(good + text)
        service.signal(signal.SIGHUP)
        check(eventually(10, lambda: "mistakes in the settings" in service.log[before:]), f"{name}: nothing is said:\n{service.log[before:][-400:]}")
        said = service.log[before:]
        check(word in said and "mizumori.yaml" in said, f"{name}: neither place nor word: {said[-400:]}")
        check(service.is_running and service.pid == pid and service.metric("mizumori_subscribed") == 1, f"{name}: the service was disturbed")
    service.settings.unlink()
    service.signal(signal.SIGHUP)
    time.sleep(1)
    service.settings.write_text(good.replace("municipality: test", "municipality: test\n  name: 新しい名前"))
    service.signal(signal.SIGHUP)
    check(eventually(15, lambda: "新しい名前" in service.get("/api/v1/overview")[1]), "a good file must be taken over afterwards")
    check(eventually(15, lambda: supervisor.said.count("READY=1") > len(MISTAKES) + 2), "systemd is not told that reloads ended")
    # Told of a stop in a reload, it would kill the service after TimeoutStopSec.
    check("STOPPING=1" not in supervisor.said, "systemd is told of a stop that is none")
    time.sleep(1)
    load.end()
    service.wait_stored(len(load.publisher.confirmed))
    service.wait_told()
    return f"{len(MISTAKES) + 1} mistakes named with file and line, old settings kept, then a good file taken; " + zero_loss(
        service.database, load.publisher.confirmed, receiver.ids())


@row(34, "SIGTERM、ハング / SIGTERM; hang", "signals; delayed system calls; a supervisor in systemd's part", part="term")
def term(context: Context) -> str:
    broker, receiver, service = parts(context)
    # The session must exist before anything is published.
    service.start_ready()
    service.stop_in_order()
    load = Load(context, broker.port)
    slowest = 0.0
    stops = context.count(50, least=5)
    for _ in range(stops):
        service.start_ready()
        time.sleep(context.random.uniform(0, 0.8))
        begin = time.monotonic()
        code = service.stop(within=10)
        slowest = max(slowest, time.monotonic() - begin)
        check(code == 0, f"exit code {code}:\n{service.log[-600:]}")
    # A receiver that never answers must not hold up the end.
    receiver.answer = lambda _r, _n: Answer(204, delay=15)
    service.start_ready()
    time.sleep(1)
    begin = time.monotonic()
    check(service.stop(within=12) == 0, "exit code")
    slowest = max(slowest, time.monotonic() - begin)
    receiver.answer = lambda _r, _n: Answer(204)
    check(slowest <= 5, f"the end took {slowest:.1f} s")
    load.end()
    service.start_ready()
    service.wait_stored(len(load.publisher.confirmed))
    # What was broken off waits for its second try, 5 s or 5 min later.
    keys = set(service.database.told_keys())
    if not eventually(20, lambda: keys <= set(receiver.ids()), every=0.2):
        left = service.database.query("SELECT count(*), max(attempts) FROM delivery WHERE state = 0")[0]
        check(left[0] > 0, "an alert is neither told nor waiting")
        return f"{stops + 1} ends in ≤ {slowest:.1f} s, {left[0]} broken off wait for their next slot; " + zero_loss(
            service.database, load.publisher.confirmed)
    return f"{stops + 1} ends in ≤ {slowest:.1f} s; " + zero_loss(service.database, load.publisher.confirmed, receiver.ids())


class Supervisor:
    """What systemd does of a unit with Type=notify and WatchdogSec: it listens, kills what is silent for too long, and starts it again."""

    def __init__(self, context: Context, service: Service, limit: float) -> None:
        self.service, self.limit, self.restarts = service, limit, 0
        path = context.directory / "notify"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._socket.settimeout(0.05)
        self.said: list[str] = []
        service.environment = {**os.environ, "NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": str(int(limit * 1e6)), "SWIFT_BACKTRACE": "enable=no"}
        self._stop = threading.Event()
        context.at_end(self._stop.set)
        self.start()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def start(self) -> None:
        self.service.start()
        self._fed = time.monotonic() + 20

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                text = self._socket.recv(4096).decode()
                self.said.append(text)
                if "WATCHDOG=1" in text or "READY=1" in text:
                    self._fed = time.monotonic()
            except TimeoutError:
                pass
            if time.monotonic() - self._fed > self.limit and not self._stop.is_set():
                self.restarts += 1
                self.service.kill()
                self.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(10)


@row(34, "SIGTERM、ハング / SIGTERM; hang", "SIGSTOP and delayed fdatasync; a supervisor in systemd's part", part="hang")
def hang(context: Context) -> str:
    broker, receiver, service = parts(context)
    supervisor = Supervisor(context, service, limit=6)
    service.wait_ready()
    check(eventually(5, lambda: any("READY=1" in s for s in supervisor.said)), "READY=1 was not said")
    check(eventually(10, lambda: sum("WATCHDOG=1" in s for s in supervisor.said) >= 2), "WATCHDOG=1 was not said")
    load = Load(context, broker.port)
    time.sleep(12)
    check(supervisor.restarts == 0, "a service at work was taken for one that hangs")
    service.signal(signal.SIGSTOP)
    check(eventually(20, lambda: supervisor.restarts == 1), "a stopped service must be started again")
    service.wait_ready(30)
    # Only the commit hangs, all other threads run: the watchdog must not be fed.
    strace = Strace(service.pid, ["fdatasync:delay_enter=60000000"], service.directory / "strace.txt")
    check(eventually(30, lambda: supervisor.restarts == 2), f"a hanging commit must be noticed; said: {supervisor.said[-3:]}")
    strace.detach()
    service.wait_ready(30)
    load.end()
    service.wait_stored(len(load.publisher.confirmed))
    supervisor.stop()
    service.wait_told()
    check(service.stop() == 0, "exit code")
    heard = {s.split("=")[0] for s in supervisor.said}
    check({"READY", "WATCHDOG", "STATUS"} <= heard, f"heard {heard}")
    return "SIGSTOP and a hanging commit: 2 restarts, none without cause; " + zero_loss(
        service.database, load.publisher.confirmed, receiver.ids())


@row(34, "混んだ機械での SIGTERM / SIGTERM on a busy machine", "programs that take all processors, while the database is looked through", part="busy")
def busy(context: Context) -> str:
    """The look through the database, 2 s after a start, has the lowest priority and may get no turn: the end must not wait for it."""
    broker = context.broker()
    service = context.service(broker)
    service.start_ready()
    publisher = Publisher(broker.port, window=2000)
    meters, minutes = 1000, context.count(1500, least=300)
    for minute in range(minutes):
        publisher.publish([reading(f"z/m{m}", START + minute * 60, 10 + (minute * 3 + m) % 7, minute) for m in range(meters)])
    service.wait_stored(meters * minutes)
    service.stop_in_order()
    hogs = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2 * (os.cpu_count() or 1))]
    for h in hogs:
        context.at_end(h.kill)
    times = []
    for _ in range(context.count(5, least=2)):
        service.start_ready()
        time.sleep(3 + context.random.random())
        begin = time.monotonic()
        code = service.stop(within=60)
        times.append(time.monotonic() - begin)
        check(code == 0, f"ended with {code}")
    check(max(times) <= 5, f"ended after {max(times):.1f} s")
    stored = service.database.count()
    check(stored == meters * minutes, f"{stored} of {meters * minutes} readings")
    return f"{len(times)} ends in ≤ {max(times):.1f} s with {len(hogs)} programs that never wait on {os.cpu_count()} processors; {stored} readings, lost 0"

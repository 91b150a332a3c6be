"""Rows 27, 28 and 29: receivers that are away, slow or wrong."""
from __future__ import annotations

import ssl
import subprocess
import threading
import time

from frame import Context, Publisher, Receiver, Service, Strace, check, eventually, row, zero_loss
from frame.clock import FakeClock
from frame.receiver import Answer, Request
from frame.traffic import minutes, ranged

SENSORS = [f"z/m{n}" for n in range(20)]


def hooks(service: Service, receivers: dict[str, Receiver], timeout: int = 20) -> str:
    """A webhook for each receiver, by name."""
    service.secret("hook.secret", Receiver.SECRET)
    items = "".join(
        f'    - {{name: {name}, url: "{r.url}", secret_file: hook.secret, timeout_s: {timeout}, allow_addresses: ["127.0.0.1"]}}\n'
        for name, r in receivers.items())
    return f"alerts:\n  webhooks:\n{items}"


def trouble(publisher: Publisher, first: int, times: int = 1) -> int:
    """Faults of all meters that come and go; returns the minute after them."""
    for _ in range(times):
        publisher.publish(minutes(SENSORS, first, 20, 10) + minutes(SENSORS, first + 20, 20, 300))
        first += 40
    publisher.publish(minutes(SENSORS, first, 40, 10))
    return first + 40


@row(27, "通知先の停止 24 時間 / endpoint down 24 h", "nobody listens; the day passes by libfaketime, hour by hour")
def down(context: Context) -> str:
    clock = FakeClock(context.directory)
    broker, receiver = context.broker(), context.receiver()
    service = context.service(broker, extra=ranged(SENSORS), prefix=clock.prefix)
    is_up = threading.Event()
    receiver.answer = lambda _request, _n: Answer(204 if is_up.is_set() else 503)
    service.add_settings(hooks(service, {"hook": receiver}))
    service.start_ready()
    publisher = Publisher(broker.port)
    minute = trouble(publisher, 0, 2)
    service.wait_stored(len(publisher.confirmed))
    hours = range(1, 25) if context.scale >= 1 else (1, 4, 10, 24)
    for hour in hours:
        clock.turn(f"+{hour}h")
        # The worker looks every 30 s of the monotonic clock, or when something new comes: that is what happens here.
        minute = trouble(publisher, minute)
        service.wait_stored(len(publisher.confirmed))
        time.sleep(1.0)
    attempts = len(receiver.requests)
    failed = service.database.one("SELECT count(*) FROM delivery WHERE state = 2")
    is_up.set()
    clock.turn("+25h")
    for _ in range(40):
        if service.database.pending() == 0:
            break
        minute = trouble(publisher, minute)
        time.sleep(1)
        clock.turn(f"+{26 + _}h")
    service.wait_told(within=90)
    left = service.database.one("SELECT count(*) FROM delivery WHERE state = 2")
    check(left == 0 == failed, f"{left} deliveries given up within a day")
    service.wait_stored(len(publisher.confirmed))
    figure = zero_loss(service.database, publisher.confirmed, receiver.ids())
    return f"{attempts} attempts in vain over 24 h, then all delivered; {figure}"


@row(28, "遅い、429、5xx、TLS の誤り、転送、410 / slow, 429, 5xx, TLS error, redirect, 410", "receivers that answer so")
def wrong_answers(context: Context) -> str:
    broker = context.broker()
    good, slow, busy, broken, gone = (context.receiver() for _ in range(5))
    elsewhere = context.receiver()
    slow.answer = lambda _r, _n: Answer(204, delay=8)
    busy.answer = lambda _r, n: Answer(429, {"Retry-After": "9"}) if n == 1 else Answer(204)
    broken.answer = lambda _r, n: Answer(500) if n == 1 else Answer(204)
    gone.answer = lambda _r, _n: Answer(410)
    moved = context.receiver(answer=lambda _r, _n: Answer(307, {"Location": elsewhere.url}))
    tls = context.receiver(tls=self_signed(context))
    all = {"good": good, "slow": slow, "busy": busy, "broken": broken, "gone": gone, "moved": moved, "tls": tls}
    service = context.service(broker, extra=ranged(SENSORS))
    service.add_settings(hooks(service, all))
    service.start_ready()
    publisher = Publisher(broker.port)
    plain = context.count(2000, least=1000)

    def rate(first: int) -> float:
        """Readings a second of meters that have nothing to tell."""
        before, begin = len(publisher.confirmed), time.monotonic()
        publisher.publish(minutes(SENSORS, first, plain, 10))
        service.wait_stored(len(publisher.confirmed))
        return (len(publisher.confirmed) - before) / (time.monotonic() - begin)

    quiet = rate(0)
    minute = trouble(publisher, plain, context.count(20, least=4))
    service.wait_stored(len(publisher.confirmed))
    told = set(service.database.told_keys())
    check(eventually(30, lambda: told <= set(good.ids())), f"the good one got {len(good.ids())} of {len(told)} while others were in trouble")
    # The slow one is at its first alerts, the others wait for their next tries.
    busy_rate = rate(minute)
    check(busy_rate >= quiet / 2, f"ingest is held up: {busy_rate:.0f} readings/s instead of {quiet:.0f}")
    check(len(slow.ids()) < len(told), "the slow one must still be at it")
    check(eventually(100, lambda: len(busy.requests) > 3), "the busy one must be tried again")
    wait = busy.requests[1].arrived - busy.requests[0].arrived
    check(wait >= 55, f"429: called again after {wait:.0f} s, though it asked for a rest")
    check(len(gone.requests) == 1, f"410: called {len(gone.requests)} times")
    check(not elsewhere.requests, "a redirect was followed")
    check(not tls.requests, "a certificate that nobody vouches for was trusted")
    check(eventually(30, lambda: len(broken.requests) > len(told)), "5xx: must be tried again")
    first = broken.requests[0]
    again = [r for r in broken.requests[1:] if r.id == first.id]
    check(bool(again) and again[0].body == first.body, "5xx: the same id and body must come again")
    listed = service.run_list()
    check("gone" in listed and "410" in listed, f"mizumori deliveries does not name the disabled one: {listed}")
    figure = zero_loss(service.database, publisher.confirmed)
    return f"ingest {busy_rate / quiet:.2f} × that before; {len(told)} alerts: good one complete, 410 called once, redirect and TLS refused; {figure}"


def self_signed(context: Context) -> ssl.SSLContext:
    key = context.directory / "self.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", str(key), "-out", str(key) + ".crt",
         "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(str(key) + ".crt", str(key))
    return tls


@row(29, "2xx の直後の強制終了 / killed after 2xx", "strace kills at the write that records the answer")
def after_success(context: Context) -> str:
    broker, receiver = context.broker(), context.receiver()
    service = context.service(broker, receiver=receiver, extra=ranged(SENSORS))
    service.start_ready()
    publisher = Publisher(broker.port)
    minute = 0
    dead = 0
    state: dict[str, Strace] = {}
    armed = threading.Event()

    def answer(_request: Request, _n: int) -> Answer:
        if armed.is_set():
            armed.clear()
            state["strace"] = Strace(service.pid, ["pwrite64:signal=SIGKILL:when=1"], service.directory / "strace.txt")
        return Answer(204)

    receiver.answer = answer
    rounds = context.count(20, least=3)
    for _ in range(rounds):
        armed.set()
        minute = trouble(publisher, minute)
        if eventually(15, lambda: not service.is_running):
            dead += 1
        if "strace" in state:
            state.pop("strace").detach()
        armed.clear()
        service.kill()
        service.start_ready()
        service.wait_stored(len(publisher.confirmed))
        service.wait_told(within=90)
    ids = receiver.ids()
    again = len(ids) - len(set(ids))
    check(dead > 0, "the service was never killed at that moment")
    check(again > 0, "nothing was sent again: the answer must have been on disk before the kill")
    bodies: dict[str, set[bytes]] = {}
    for r in receiver.requests:
        bodies.setdefault(r.id, set()).add(r.body)
    check(all(len(b) == 1 for b in bodies.values()), "one id with two bodies")
    figure = zero_loss(service.database, publisher.confirmed, ids)
    return f"{dead} kills, {again} sent again with the same id and body; {figure}"

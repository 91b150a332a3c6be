"""Row 32: random requests to the page, clients that never finish theirs, and passwords that are guessed."""
from __future__ import annotations

import json
import os
import random
import resource
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from frame import Context, Publisher, Service, check, eventually, row, zero_loss
from frame.http import exchange, request
from frame.traffic import Wave


def descriptors(service: Service) -> int:
    return len(os.listdir(f"/proc/{service.pid}/fd"))


@row(32, "でたらめな要求 / API fuzzed", "random methods, paths, queries, headers, bodies and bytes", part="fuzz")
def fuzz(context: Context) -> str:
    n = context.count(50_000, least=10_000)
    broker = context.broker()
    service = context.service(broker)
    service.start_ready()
    publisher = Publisher(broker.port)
    publisher.publish(Wave(0).messages())
    service.wait_stored(len(publisher.confirmed))
    before = descriptors(service)
    raws = [request(random.Random(context.random.getrandbits(64))) for _ in range(n)]
    waves = [list(Wave(1 + k).messages()) for k in range(10)]
    answers: Counter[int] = Counter()
    with ThreadPoolExecutor(8) as pool:
        for k, wave in enumerate(waves):
            part = raws[k * n // 10 : (k + 1) * n // 10]
            running = pool.map(lambda raw: exchange(service.port, raw), part)
            publisher.publish(wave)
            for raw, status in zip(part, running):
                answers[status] += 1
                check(status < 500, f"{status} for {raw[:300]!r}")
                check(status >= 0, f"neither answered nor closed: {raw[:300]!r}")
    check(service.is_running, f"the service ended:\n{service.log[-1500:]}")
    check(answers[200] > n // 50, f"only {answers[200]} of {n} requests were good ones: {dict(answers)}")
    service.wait_stored(len(publisher.confirmed))
    check(service.get("/api/v1/overview")[0] == 200, "the page must answer afterwards")
    # One more connection to the database is the page's.
    check(eventually(20, lambda: descriptors(service) <= before + 2, every=0.2), f"{descriptors(service)} descriptors, {before} before")
    rss = service.rss()
    check(rss <= 192, f"{rss:.0f} MB resident")
    service.stop_in_order()
    kept = zero_loss(service.database, publisher.confirmed)
    return f"{n} requests, 5xx 0, {answers[200]} × 200, {answers[0]} closed without an answer, {rss:.0f} MB; {kept}"


@row(32, "遅い客 500 / 500 slow clients", "sockets that send a byte a second", part="slow")
def slow(context: Context) -> str:
    clients, seconds = 500, max(15, context.count(60))
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit[1], limit[1]))
    context.at_end(resource.setrlimit, resource.RLIMIT_NOFILE, limit)
    broker = context.broker()
    service = context.service(broker)
    service.start_ready()
    before = descriptors(service)
    publisher = Publisher(broker.port)
    sockets = [socket.create_connection(("127.0.0.1", service.port), timeout=5) for _ in range(clients)]
    for s in sockets:
        context.at_end(s.close)
        s.sendall(b"GET /api/v1/overview HTTP/1.1\r\nHost: localhost\r\nX: ")
    end, waits, refused, most, number = time.monotonic() + seconds, [], 0, 0, 0
    while time.monotonic() < end:
        for s in sockets:
            try:
                s.send(b"a")
            except OSError:
                pass  # The server has had enough of it.
        publisher.publish(Wave(number).messages())
        number += 1
        begin = time.monotonic()
        status = service.get("/api/v1/overview")[0]
        check(status in (0, 200), f"{status} for others")
        refused += status == 0
        waits.append(time.monotonic() - begin)
        most = max(most, descriptors(service))
        time.sleep(1)
    check(service.is_running, f"the service ended:\n{service.log[-1500:]}")
    service.wait_stored(len(publisher.confirmed), within=10)
    check(most <= before + clients + 30, f"{most} descriptors for {clients} clients, {before} before")
    check(refused == 0 and max(waits) <= 2, f"others: {refused} refused, at worst {max(waits):.1f} s")
    for s in sockets:
        s.close()
    check(eventually(20, lambda: descriptors(service) <= before + 10, every=0.2), f"{descriptors(service)} descriptors afterwards, {before} before")
    service.stop_in_order()
    kept = zero_loss(service.database, publisher.confirmed)
    return f"{clients} clients for {seconds} s: others answered in {max(waits):.2f} s at worst, {most} descriptors; {kept}"


@row(32, "パスワードの総当たり / login brute force", "8 clients that guess, at one name and at many", part="login")
def login(context: Context) -> str:
    broker = context.broker()
    service = context.service(broker)
    service.settings.write_text(service.settings.read_text().replace("login: false", "login: true"))
    for name in ("yamada", "suzuki"):
        service.account("add", name, password="the right password")
    service.start_ready()
    publisher = Publisher(broker.port)
    publisher.publish(Wave(0).messages())
    answers: Counter[int] = Counter()
    tries = context.count(400, least=100)
    # Half of the guesses are at one account, the others at names that are drawn.
    names = ["yamada" if k % 2 else f"user{context.random.getrandbits(20):x}" for k in range(tries)]
    with ThreadPoolExecutor(8) as pool:
        running = pool.map(lambda k: enter(service, names[k], f"guess number {k}"), range(tries))
        publisher.publish(m for n in range(1, 6) for m in Wave(n).messages())
        answers.update(running)
    check(set(answers) == {401, 429}, f"answers {dict(answers)}")
    # Four guesses at yamada are answered; at a drawn name it is one or two.
    check(answers[401] <= tries // 2 + 4, f"{answers[401]} of {tries} guesses were compared")
    check(enter(service, "yamada", "the right password") == 429, "the name that was guessed at must be closed")
    check(enter(service, "suzuki", "the right password") == 200, "others must come in")
    service.wait_stored(len(publisher.confirmed))
    rss = service.rss()
    check(rss <= 128, f"{rss:.0f} MB resident")
    service.stop_in_order()
    kept = zero_loss(service.database, publisher.confirmed)
    return f"{tries} guesses: {answers[429]} refused without a look, the account closed for 15 min, others come in, {rss:.0f} MB; {kept}"


def enter(service: Service, name: str, password: str) -> int:
    body = json.dumps({"name": name, "password": password}).encode()
    return exchange(service.port, (
        f"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n").encode() + body, timeout=60)

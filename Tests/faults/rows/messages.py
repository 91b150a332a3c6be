"""Rows 10, 11, 12, 13, 14, 18: what arrives at the broker that should not."""
from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

from frame import Broker, Context, Message, Publisher, Receiver, Service, check, eventually, reading, row, zero_loss
from frame.traffic import LIMIT_KIND, START

DEPLOY = Path(__file__).resolve().parents[3] / "deploy" / "mosquitto"


def received(service: Service, n: int, within: float = 120) -> None:
    check(eventually(within, lambda: service.metric("mizumori_messages_total") >= n, every=0.2), f"{n} messages must be received")


@row(10, "保持された電文の洪水 / retained flood", "publisher")
def retained(context: Context) -> str:
    n = context.count(50_000, least=5000)
    broker = context.broker()
    publisher = Publisher(broker.port, window=2000)
    publisher.publish(
        Message(f"water/test/z{k % 50}/r{k}/flow", f'{{"ts":{START},"value":{k % 20},"unit":"m3/h"}}'.encode(), retained=True) for k in range(n))
    service = context.service(broker, extra="limits: {max_sensors: 2000}")
    service.start_ready(within=60)
    received(service, n)
    counted = service.metric("mizumori_retained_messages_total")
    check(counted == n, f"{counted:g} of {n} retained messages counted")
    cap = service.rejected().get("sensor_cap", 0)
    check(cap == n - 2000, f"{cap} refused beyond 2000 sensors")
    rss = service.rss()
    check(rss <= 128, f"{rss:.0f} MB resident")
    service.stop_in_order()
    return f"{n} retained messages, all counted, 2000 sensors taken and {cap} refused, {rss:.0f} MB"


@row(11, "でたらめなセンサー名 100,000 / 100,000 invented sensor ids", "publisher")
def invented(context: Context) -> str:
    n = context.count(100_000, least=10_000)
    broker, receiver = context.broker(), context.receiver()
    service = context.service(broker, receiver=receiver, extra="limits: {max_sensors: 500}")
    service.start_ready()
    publisher = Publisher(broker.port, window=2000)
    known = [f"known/m{k}" for k in range(100)]

    def round(minute: int) -> list[Message]:
        return [reading(s, START + minute * 60, 10 + minute % 3, minute) for s in known]

    good = [m for minute in range(60) for m in round(minute)]
    publisher.publish(good)
    service.wait_stored(len(good))
    flood = [Message(f"water/test/x/{context.random.getrandbits(60):x}-{k}/flow", b'{"ts":%d,"value":1}' % START) for k in range(n)]
    for part in range(10):
        publisher.publish(flood[part * n // 10 : (part + 1) * n // 10])
        more = round(60 + part)
        publisher.publish(more)
        good += more
    received(service, n + len(good))
    check(eventually(20, lambda: set((m.sensor, m.time) for m in good) <= {(s, t) for s, t, _ in service.database.readings()}),
          "readings of known sensors are missing")
    cap = service.rejected().get("sensor_cap", 0)
    check(cap == n - 400, f"{cap} refused, expected {n - 400}")
    notices = service.get("/api/v1/overview")[1].count("limits.max_sensors")
    check(notices <= 2, f"the page has {notices} notices")
    lines = service.log.count("limits.max_sensors")
    check(1 <= lines <= 20, f"{lines} lines in the log")
    rss = service.rss()
    check(rss <= 128, f"{rss:.0f} MB resident")
    check(eventually(20, lambda: limit_events(service, receiver) == [(1, 1)]), f"one event, told once: {limit_events(service, receiver)}")
    service.stop_in_order()
    # Still full, and refused again: that is the same event. With room it ends.
    service.start_ready()
    publisher.publish(flood[-10:])
    received(service, 10)
    service.stop_in_order()
    check(limit_events(service, receiver) == [(1, 1)], f"told again after a restart: {limit_events(service, receiver)}")
    service.settings.write_text(service.settings.read_text().replace("max_sensors: 500", "max_sensors: 600"))
    service.start_ready()
    check(eventually(20, lambda: limit_events(service, receiver) == [(1, 1), (4, 1)]), f"its end: {limit_events(service, receiver)}")
    service.stop_in_order()
    return (f"{n} ids: 400 taken, {cap} refused; one event, told once, ended when there was room; {lines} log lines (1st, 2nd, 4th …), one notice "
            f"on the page, known sensors complete, {rss:.0f} MB")


def limit_events(service: Service, receiver: Receiver) -> list[tuple[int, int]]:
    """(change, how often the receiver was told) of each transition of a full table."""
    ids = receiver.ids()
    rows = service.database.query("SELECT change, transition_key FROM transition WHERE kind = ? ORDER BY seq", LIMIT_KIND)
    return [(change, ids.count(key)) for change, key in rows]


#: The table of bad input: payload, the reason under which it is counted.
BAD: list[tuple[str, bytes, str]] = [
    ("empty", b"", "payload_empty"),
    ("truncated", b'{"ts":1767225600,"value":1', "json_syntax"),
    ("deep", b"[" * 100_000, "json_syntax"),
    ("utf8", b'{"ts":1767225600,"value":1,"unit":"m3/h\xff"}', "utf8"),
    ("twice", b'{"ts":1767225600,"value":1,"value":2}', "duplicate_key"),
    ("nan", b'{"ts":1767225600,"value":NaN}', "json_syntax"),
    ("1e400", b'{"ts":1767225600,"value":1e400}', "number_range"),
    ("1e308", b'{"ts":1767225600,"value":1e308}', "value_range"),
    ("negative", b'{"ts":1767225600,"value":-12}', "negative_flow"),
    ("text", b'{"ts":1767225600,"value":"12"}', "value_type"),
    ("2099", b'{"ts":"2099-01-01T00:00:00Z","value":1}', "timestamp_future"),
    ("unit", b'{"ts":1767225600,"value":1,"unit":"furlong"}', "unit_unknown"),
    ("nul", b'{"ts":1767225600,"value":1,"unit":"m3/h\x00"}', "json_syntax"),
]


@row(12, "1 MB の電文、誤った電文 / 1 MB payload and the table of bad input", "publisher")
def bad_input(context: Context) -> str:
    broker = context.broker()
    service = context.service(broker)
    service.start_ready()
    publisher = Publisher(broker.port)
    big = b'{"ts":1767225600,"value":1,"pad":"' + b"x" * (1 << 20) + b'"}'
    rounds = context.count(50, least=5)
    good: list[Message] = []
    for n in range(rounds):
        for name, payload, _ in [*BAD, ("big", big, "")]:
            publisher.publish([Message(f"water/test/bad/{name}/flow", payload)])
        publisher.publish([Message("water/test/bad/..%3Cscript%3E/flow", b"1")])
        good.append(reading("z/good", START + n * 60, 10 + n % 3, n))
        publisher.publish(good[-1:])
    service.wait_stored(len(good))
    received(service, rounds * (len(BAD) + 3))
    time.sleep(1.2)
    found = service.rejected()
    wanted: dict[str, int] = {}
    for _, _, reason in BAD:
        wanted[reason] = wanted.get(reason, 0) + rounds
    for reason, count in wanted.items():
        check(found.get(reason) == count, f"{reason}: {found.get(reason)} instead of {count}; all: {found}")
    check(found.get("sensor_id_charset") == rounds, f"sensor_id_charset: {found}")
    large = {k: v for k, v in found.items() if k not in wanted and k != "sensor_id_charset"}
    check(list(large.values()) == [rounds], f"the large ones: {large}")
    service.stop_in_order()
    # Nothing waits in the broker: all were acknowledged.
    service.start_ready()
    time.sleep(1)
    again = service.metric("mizumori_messages_total")
    check(again == 0, f"{again:g} messages came again")
    figure = zero_loss(service.database, good)
    return f"{rounds} × {len(BAD) + 2} kinds, each counted under its reason (1 MB: {next(iter(large))}), all acknowledged; {figure}"


@row(13, "同じ ID の別のクライアント / second client with our id", "mosquitto_sub with our client id")
def takeover(context: Context) -> str:
    broker, receiver = context.broker(), context.receiver()
    service = context.service(broker, receiver=receiver)
    service.start_ready()
    publisher = Publisher(broker.port)
    publisher.publish(reading("z/m", START + n * 60, 10 + n % 3, n) for n in range(100))
    service.wait_stored(100)
    seconds = max(20.0, 60 * context.scale)
    # It keeps the session, as a second instance of the service would.
    other = subprocess.Popen(
        ["mosquitto_sub", "-p", str(broker.port), "-i", "mizumori-faults", "-c", "-q", "1", "-t", "elsewhere"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(seconds)
        connects = service.metric("mizumori_reconnects_total")
        takeovers = service.metric("mizumori_takeovers_total")
    finally:
        other.kill()
        other.wait()
    check(takeovers >= 1 and "client_id" in service.log, f"the take-over is not reported: {takeovers:g}\n{service.log[-600:]}")
    check(connects <= 3 + seconds / 6, f"{connects:g} connections in {seconds:g} s: the two throw each other out")
    back = time.monotonic()
    service.wait_ready(within=150)
    back = time.monotonic() - back
    publisher.publish(reading("z/m", START + n * 60, 10 + n % 3, n) for n in range(100, 200))
    service.wait_stored(200)
    service.wait_told()
    figure = zero_loss(service.database, publisher.confirmed, receiver.ids())
    return f"{takeovers:g} take-overs reported, {connects:g} connections in {seconds:g} s, back {back:.0f} s after the other had gone; {figure}"


@row(14, "別の町のトピックへの書き込み / a town writes to another's topic", "the ACL of deploy/, TLS, client certificates")
def acl(context: Context) -> str:
    certs = context.directory / "certs"
    for arguments in (["ca"], ["server", "localhost", "127.0.0.1"], ["client", "test"], ["client", "takato"], ["client", "mizumori"]):
        subprocess.run([str(DEPLOY / "certs.sh"), str(certs), *arguments], check=True, capture_output=True)
    shutil.copy(DEPLOY / "mizumori.acl", context.directory / "acl")
    text = (DEPLOY / "mizumori.conf").read_text()
    broker = Broker(context.directory, listener=False)
    text = text.replace("listener 8883", f"listener {broker.port} 127.0.0.1").replace("/etc/mosquitto/certs", str(certs))
    text = text.replace("/etc/mosquitto/mizumori.acl", str(context.directory / "acl"))
    (context.directory / "mosquitto.conf").write_text(f"user root\npersistence_location {context.directory}/\n" + text)
    context.at_end(broker.kill)
    broker.start()
    service = context.service(broker, broker_lines=f"ca_file: {certs}/ca.crt\ncertificate_file: {certs}/mizumori.crt\nkey_file: {certs}/mizumori.key")
    service.start_ready()

    def publish(town: str, topic: str, n: int) -> None:
        lines = "".join(f'{{"ts":{START + k * 60},"value":10}}\n' for k in range(n))
        subprocess.run(
            ["mosquitto_pub", "-p", str(broker.port), "--cafile", f"{certs}/ca.crt", "--cert", f"{certs}/{town}.crt", "--key",
             f"{certs}/{town}.key", "-q", "1", "-t", topic, "-l"], input=lines.encode(), check=True, capture_output=True, timeout=60)

    n = context.count(200, least=20)
    for topic in ("water/test/z/m/flow", "water/test/z/m/total", "mizumori/status", "water/test/z/m/event"):
        publish("takato", topic, n)
    publish("test", "water/test/z/m/flow", n)
    service.wait_stored(n)
    time.sleep(1)
    towns = service.database.query("SELECT municipality, count(*) FROM sensor WHERE slot >= 0 GROUP BY 1")
    check(towns == [("test", 1)] and service.database.count() == n, f"{service.database.count()} readings stored of {towns}")
    messages = service.metric("mizumori_messages_total")
    check(messages == n, f"{messages:g} messages instead of {n}")
    return f"{4 * n} of another town: 0 delivered; {n} of its own: {n}"


@row(18, "未来と 1970 年の時刻 / future or 1970 timestamps", "publisher")
def wrong_times(context: Context) -> str:
    broker = context.broker()
    service = context.service(broker)
    service.start_ready()
    publisher = Publisher(broker.port)
    now = int(time.time())
    good = [reading("z/m", now - 86_400 + n * 60, 10 + n % 3, n) for n in range(600)]
    publisher.publish(good)
    service.wait_stored(len(good))
    wrong = [0, 1, 3600, now + 3600, now + 400 * 86_400, 4_102_444_800, now * 1_000_000]
    for n, ts in enumerate(wrong * 3):
        publisher.publish([Message("water/test/z/m/flow", b'{"ts":%d,"value":10,"seq":%d}' % (ts, 10_000 + n))])
    more = [reading("z/m", now - 86_400 + n * 60, 10 + n % 3, n) for n in range(600, 700)]
    publisher.publish(more)
    service.wait_stored(len(good) + len(more))
    time.sleep(1.2)
    found = service.rejected()
    refused = sum(found.values())
    check(refused == 3 * len(wrong), f"{refused} of {3 * len(wrong)} refused: {found}; stored {service.database.count()}")
    leaks = service.database.one("SELECT count(*) FROM transition WHERE kind IN (1, 2, 16)")
    check(leaks == 0, "judged by a wrong time")
    return f"{3 * len(wrong)} refused ({', '.join(f'{v} {k}' for k, v in sorted(found.items()))}), {len(good) + len(more)} others stored, no alert but of the clock"

"""Rows 2 and 3: the broker goes away."""
from __future__ import annotations

import time

from frame import Context, Message, Publisher, Service, check, row, zero_loss
from frame.traffic import GAP_KIND, Wave, missing_gaps


@row(2, "ブローカーの再起動 / broker restart", "SIGTERM")
def restart(context: Context) -> str:
    """In the middle of traffic, down for up to 4 s. Each time with a new connection, for one that has not held for a minute is made anew
    ever more slowly, and what is measured is the restart of a broker that has worked."""
    broker, receiver = context.broker(), context.receiver()
    service = context.service(broker, receiver=receiver)
    publisher = Publisher(broker.port)
    slowest, rounds = 0.0, context.count(20, least=3)
    waves = [Wave(n) for n in range(rounds)]
    for wave in waves:
        service.start_ready()
        messages = list(wave.messages())
        cut = context.random.randrange(len(messages))
        publisher.connect()
        publisher.publish(messages[:cut])
        broker.stop()
        time.sleep(context.random.uniform(0, 4))
        broker.start()
        up = time.monotonic()
        publisher.connect()
        publisher.publish(messages[cut:])
        service.wait_stored(len(publisher.confirmed), within=15)
        slowest = max(slowest, time.monotonic() - up)
        service.stop_in_order()
    service.start_ready()
    service.wait_told()
    figure = zero_loss(service.database, publisher.confirmed, receiver.ids())
    check(not missing_gaps(waves, service.database.events(GAP_KIND)), "alerts are missing")
    check(slowest <= 10, f"subscribed again and drained only after {slowest:.1f} s")
    return f"{rounds} restarts, subscribed again and drained ≤ {slowest:.1f} s; {figure}"


AUTOSAVE = 5
"""Seconds between two savings of the broker's memory in `deploy/mosquitto`."""


@row(3, "ブローカーの強制終了 / broker kill -9", "kill")
def kill(context: Context) -> str:
    """Killed with messages in its queue while the service is away (the worst case), and under the running service. What was confirmed to
    the publisher longer ago than the autosave interval must be there; what is lost of the rest is counted."""
    broker = context.broker(f"autosave_interval {AUTOSAVE}")
    service = context.service(broker)
    publisher = Publisher(broker.port)
    service.start_ready()
    # The session itself must have been saved once.
    time.sleep(AUTOSAVE + 2)
    lost, oldest, sent, rounds = 0, 0.0, 0, context.count(12, least=2)
    for n in range(rounds):
        is_away = n % 2 == 0
        if is_away:
            service.stop_in_order()
        waves = [Wave(10 * n + k, meters=8) for k in range(10)]
        confirmed = trickle(publisher, waves, context.random.uniform(AUTOSAVE + 1, 2 * AUTOSAVE + 1))
        broker.kill()
        died = time.monotonic()
        broker.start()
        if is_away:
            service.start_ready()
        service.wait_ready()
        publisher.connect()
        settle(service)
        stored = set(service.database.readings())
        gone = [(m, at) for m, at in confirmed if (m.sensor, m.time, m.seq) not in stored]
        sent += len(confirmed)
        lost += len(gone)
        oldest = max([oldest, *(died - at for _, at in gone)])
        if not is_away:
            service.stop_in_order()
            service.start_ready()
    check(service.database.integrity() == "ok", "integrity_check")
    # The broker looks at its clock once a second, and saving takes its time.
    check(oldest <= AUTOSAVE + 1.5, f"a reading confirmed {oldest:.1f} s before the kill was lost: more than the autosave window")
    return f"{rounds} kills, half of them with the service away: {lost} of {sent} confirmed readings lost, the oldest {oldest:.1f} s before the kill"


def trickle(publisher: Publisher, waves: list[Wave], seconds: float) -> list[tuple[Message, float]]:
    """Publishes for so long, evenly. Returns the confirmed messages with the moment of the confirmation."""
    messages = [m for w in waves for m in w.messages()]
    begin, at, out = time.monotonic(), 0, []
    while (passed := time.monotonic() - begin) < seconds:
        upto = min(len(messages), int(len(messages) * passed / seconds) + 1)
        before = len(publisher.confirmed)
        publisher.publish(messages[at:upto])
        out += [(m, time.monotonic()) for m in publisher.confirmed[before:]]
        at = upto
        time.sleep(0.02)
    return out


def settle(service: Service) -> None:
    """Waits until nothing more comes: the broker has no queue left for the service."""
    last = -1.0
    while (now := service.metric("mizumori_messages_total")) != last:
        last = now
        time.sleep(1.5)

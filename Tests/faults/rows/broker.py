"""Rows 2 and 3: the broker goes away."""
from __future__ import annotations

import time

from frame import Context, Publisher, check, row, zero_loss
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
        check(service.stop() == 0, "the service did not end in order")
    service.start_ready()
    service.wait_told()
    figure = zero_loss(service.database, publisher.confirmed, receiver.ids())
    check(not missing_gaps(waves, service.database.events(GAP_KIND)), "alerts are missing")
    check(slowest <= 10, f"subscribed again and drained only after {slowest:.1f} s")
    return f"{rounds} restarts, subscribed again and drained ≤ {slowest:.1f} s; {figure}"
